/** What the systems' own books say, beside what the tables say. */
import type { Figure } from "../acceptance.ts";
import { type ErpBook, readErpBook } from "./erp-book.ts";
import { type Expected, expectedOf } from "./expected.ts";
import type { Round } from "./plan.ts";
import type { Played } from "./play.ts";
import { readCrmSale, readErpSales } from "./sales-view.ts";
import { type Works, SYSTEM_NAMES } from "./works.ts";
import type { Tables } from "./tables.ts";

export interface Compared {
  readonly tables: Tables;
  readonly rounds: readonly Round[];
  readonly played: Played;
  readonly most: number;
}

/** @param report told of each single thing that differs */
export async function compare(
  works: Works,
  { tables, rounds, played, most }: Compared,
  report: (line: string) => void,
): Promise<Figure[]> {
  const times = rounds.length;
  const sold = new Set(rounds[0]!.salesOrders.map(({ reference }) => reference));
  const expected = expectedOf(tables, sold, most);
  const book = await readErpBook(works);
  const of = new Differing(report);
  return [
    ...productionFigures(expected, book, times, of),
    ...(await costFigures(works)),
    ...stockFigures(expected, book, times, of),
    ...(await salesFigures(works, expected, book, { rounds, played }, of)),
    ...(await repeatedFigures(works)),
    ...(await caseFigures(works, report)),
    { what: "times the hub was killed", expected: 2, seen: played.kills },
  ];
}

function productionFigures(expected: Expected, book: ErpBook, times: number, of: Differing): Figure[] {
  const all = [...book.productions.values()];
  const sum = (pick: (each: (typeof all)[number]) => number) => all.reduce((n, each) => n + pick(each), 0);
  const cards = (each: (typeof all)[number]) => [...each.confirmed.values()];
  const scrapOf = (each: (typeof all)[number]) =>
    each.scrapped + cards(each).reduce((n, { scrapped }) => n + scrapped, 0);
  return [
    { what: "production orders", expected: expected.orders * times, seen: all.length },
    { what: "pieces ordered", expected: expected.ordered * times, seen: sum(({ quantity }) => quantity) },
    { what: "good pieces in stock", expected: expected.good * times, seen: sum(({ good }) => good) },
    { what: "scrapped pieces", expected: expected.scrapped * times, seen: sum(scrapOf) },
    {
      what: "orders with scrap",
      expected: expected.ordersWithScrap * times,
      seen: all.filter((each) => scrapOf(each) > 0).length,
    },
    {
      what: "orders started exactly once",
      expected: expected.orders * times,
      seen: all.filter(({ started }) => started === 1).length,
    },
    {
      what: "orders finished exactly once",
      expected: expected.orders * times,
      seen: all.filter(({ ended }) => ended === 1).length,
    },
    {
      what: "orders confirmed by operation",
      expected: expected.routedOrders * times,
      seen: all.filter(({ confirmed }) => confirmed.size > 0).length,
    },
    {
      what: "operations confirmed",
      expected: expected.steps * times,
      seen: sum(({ confirmed }) => confirmed.size),
    },
    { what: "hours posted", expected: (expected.hours * times).toFixed(2), seen: book.hours.toFixed(2) },
    {
      what: "orders confirmed or received otherwise than the table says",
      expected: 0,
      seen: of.count("production order", [...book.productions], ([number, each]) =>
        differenceOf(expected.confirmed.get(workOrderOf(number)), each),
      ),
    },
  ];
}

/** `W-0012-3` is work order 12 the third time over. */
function workOrderOf(number: string): string {
  return String(Number(number.split("-")[1]));
}

function differenceOf(
  wanted: ReadonlyMap<string, { good: number; scrapped: number }> | undefined,
  { confirmed, good, scrapped }: { confirmed: typeof wanted & object; good: number; scrapped: number },
): string | undefined {
  if (!wanted) return "the table does not have it";
  const seen = wanted.has("") ? new Map([["", { good, scrapped }]]) : confirmed;
  const text = (table: typeof seen) =>
    [...table]
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([operation, made]) => `${operation || "all"}: ${made.good} good, ${made.scrapped} scrapped`)
      .join("; ");
  if (text(seen) !== text(wanted)) return `${text(seen)}, not ${text(wanted)}`;
  const last = [...wanted.values()].at(-1)!;
  return good === last.good ? undefined : `${good} received, not ${last.good}`;
}

async function costFigures(works: Works): Promise<Figure[]> {
  const { accounts, total, unbalanced } = (await works.ask("erp", "ledger-balance")) as {
    accounts: Record<string, string>;
    total: string;
    unbalanced: string[];
  };
  const inProcess = Object.entries(accounts).find(([name]) => name.includes("process"));
  return [
    { what: "sum of all cost postings", expected: 0, seen: Number(total) },
    { what: "vouchers that do not balance", expected: 0, seen: unbalanced.length },
    { what: "cost left in process", expected: 0, seen: Number(inProcess?.[1] ?? "0") },
  ];
}

function stockFigures(expected: Expected, book: ErpBook, times: number, of: Differing): Figure[] {
  const { stock, adjusted, used } = book;
  const items = new Set([...expected.moved.keys(), ...stock.keys()]);
  return [
    {
      what: "components used otherwise than the bills say",
      expected: 0,
      seen: of.count("component", [...new Set([...used.keys(), ...expected.used.keys()])], (item) =>
        unequal(used.get(item), (expected.used.get(item) ?? 0) * times),
      ),
    },
    {
      what: "items that lie there in another quantity than is left of them",
      expected: 0,
      seen: of.count("item", [...items], (item) =>
        unequal((stock.get(item) ?? 0) - (adjusted.get(item) ?? 0), (expected.moved.get(item) ?? 0) * times),
      ),
    },
    { what: "least that ever lay there of any item", expected: 0, seen: book.least },
  ];
}

async function salesFigures(
  works: Works,
  expected: Expected,
  book: ErpBook,
  { rounds, played }: { readonly rounds: readonly Round[]; readonly played: Played },
  of: Differing,
): Promise<Figure[]> {
  const times = rounds.length;
  const sales = await readErpSales(works);
  const orders = rounds.flatMap(({ salesOrders }) => salesOrders);
  const productions = rounds.flatMap(({ steps }) => steps.flat());
  const receivedAt = new Map<string, number>();
  for (const { number, markings } of productions)
    for (const { reference } of markings)
      receivedAt.set(
        reference,
        Math.max(receivedAt.get(reference) ?? 0, book.productions.get(number)?.receivedAt ?? Infinity),
      );
  const marked = new Set(
    productions.flatMap(({ markings }) => markings.map(({ reference, line }) => `${reference}/${line}`)),
  );
  const numberOf = (reference: string) => played.numbers.get(reference)!;
  const saleOf = (reference: string) => book.sales.get(numberOf(reference));
  const views = new Map(
    await inTurns(orders, async ({ reference }) => {
      const number = numberOf(reference);
      return [number, await readCrmSale(works, number)] as const;
    }),
  );
  return [
    { what: "sales orders", expected: expected.salesOrders * times, seen: book.sales.size },
    {
      what: "sales lines of made items, marked for production",
      expected: expected.madeLines * times,
      seen: marked.size,
    },
    {
      what: "pieces shipped",
      expected: expected.pieces * times,
      seen: [...sales.values()].reduce((sum, { shipped }) => sum + shipped, 0),
    },
    {
      what: "sales orders shipped exactly once",
      expected: expected.salesOrders * times,
      seen: orders.filter(({ reference }) => saleOf(reference)?.shippedAt.length === 1).length,
    },
    {
      what: "sales orders invoiced exactly once",
      expected: expected.salesOrders * times,
      seen: orders.filter(({ reference }) => saleOf(reference)?.invoices === 1).length,
    },
    {
      what: "sales orders of another amount than the table's",
      expected: 0,
      seen: of.count("sales order", [...sales.values()], ({ reference, cents }) =>
        unequal(cents, expected.amounts.get(reference.replace(/-\d+$/, ""))),
      ),
    },
    {
      what: "shipments before their receipts",
      expected: 0,
      seen: of.count("sales order", orders, ({ reference }) => {
        const shipped = saleOf(reference)?.shippedAt[0] ?? 0;
        return shipped > (receivedAt.get(reference) ?? 0)
          ? undefined
          : `${reference} was shipped before all of it was received`;
      }),
    },
    {
      what: "sales orders that the CRM shows otherwise than the ERP has them",
      expected: 0,
      seen: of.count("sales order", [...sales], ([number, { status, promised, lines }]) =>
        unequal(JSON.stringify(views.get(number)), JSON.stringify({ status, promised, lines })),
      ),
    },
  ];
}

async function repeatedFigures(works: Works): Promise<Figure[]> {
  return Promise.all(
    SYSTEM_NAMES.map(async (system) => {
      const { appliedMoreThanOnce } = (await works.ask(system, "book/summary")) as {
        appliedMoreThanOnce: string[];
      };
      return {
        what: `calls that did something twice in ${system}`,
        expected: 0,
        seen: appliedMoreThanOnce.length,
      };
    }),
  );
}

/** The data justifies none: it has no order that makes more or less than was ordered without saying so. */
async function caseFigures(works: Works, report: (line: string) => void): Promise<Figure[]> {
  const { body } = await works.api("/v1/cases?state=open&limit=200");
  const open = body.items as { kind: string; title: string }[];
  for (const { kind, title } of open.slice(0, 20)) report(`open case ${kind}: ${title}`);
  return [{ what: "cases left open", expected: 0, seen: open.length }];
}

/** Some at a time. */
async function inTurns<Item, Found>(
  items: readonly Item[],
  look: (item: Item) => Promise<Found>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (let n = 0; n < items.length; n += 8)
    found.push(...(await Promise.all(items.slice(n, n + 8).map(look))));
  return found;
}

function unequal(
  seen: number | string | undefined,
  expected: number | string | undefined,
): string | undefined {
  return (seen ?? 0) === (expected ?? 0) ? undefined : `${seen}, not ${expected}`;
}

/** Counts what differs, and names the first of each kind. */
class Differing {
  readonly #report: (line: string) => void;

  constructor(report: (line: string) => void) {
    this.#report = report;
  }

  count<Item>(what: string, items: readonly Item[], differs: (item: Item) => string | undefined): number {
    const found = items.flatMap((item) => {
      const why = differs(item);
      return why === undefined ? [] : [`${what} ${nameOf(item)}: ${why}`];
    });
    for (const line of found.slice(0, 5)) this.#report(line);
    return found.length;
  }
}

function nameOf(item: unknown): string {
  if (Array.isArray(item)) return String(item[0]);
  return typeof item === "string" ? item : ((item as { reference?: string }).reference ?? "");
}
