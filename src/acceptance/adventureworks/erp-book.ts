/** The ERP's own book of what really happened, read from its first entry on and summed up. */
import type { Works } from "./works.ts";

interface Entry {
  readonly sequence: number;
  readonly operation: string;
  readonly object: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface Production {
  readonly item: string;
  readonly quantity: number;
  readonly started: number;
  readonly ended: number;
  /** Route cards, by operation. */
  readonly confirmed: ReadonlyMap<string, { readonly good: number; readonly scrapped: number }>;
  /** Reported as finished. */
  readonly good: number;
  readonly scrapped: number;
  /** Where the last good piece was received. */
  readonly receivedAt: number;
}

export interface Sale {
  /** Where each packing slip was posted. */
  readonly shippedAt: readonly number[];
  readonly invoices: number;
}

export interface ErpBook {
  readonly productions: ReadonlyMap<string, Production>;
  readonly sales: ReadonlyMap<string, Sale>;
  readonly hours: number;
  /** By item: what lies there, and what of it was put there by hand. */
  readonly stock: ReadonlyMap<string, number>;
  readonly adjusted: ReadonlyMap<string, number>;
  readonly used: ReadonlyMap<string, number>;
  /** By item, the least there ever was. */
  readonly least: number;
}

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] };

export async function readErpBook(works: Works): Promise<ErpBook> {
  const productions = new Map<string, Mutable<Production>>();
  const sales = new Map<string, { shippedAt: number[]; invoices: number }>();
  const [stock, adjusted, used] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  let [hours, least] = [0, 0];
  for await (const { sequence, operation, object, facts } of entriesOf(works)) {
    const number = (name: string) => Number(facts[name] ?? "0");
    const production = productions.get(object);
    switch (operation) {
      case "productionOrder.create":
        productions.set(object, newProduction(facts["item"]!, number("quantity")));
        break;
      case "productionOrder.start":
        production!.started += 1;
        break;
      case "productionOrder.routeCard": {
        hours += number("hours");
        const before = production!.confirmed.get(facts["operation"]!) ?? { good: 0, scrapped: 0 };
        const after = {
          good: before.good + number("good"),
          scrapped: before.scrapped + number("scrapped"),
        };
        production!.confirmed = new Map([...production!.confirmed, [facts["operation"]!, after]]);
        break;
      }
      case "productionOrder.reportFinished":
        production!.good += number("good");
        production!.scrapped += number("scrapped");
        if (number("good") !== 0) production!.receivedAt = sequence;
        break;
      case "productionOrder.end":
        production!.ended += 1;
        break;
      case "consumption":
        add(used, facts["item"]!, number("quantity"));
        break;
      case "stock":
        least = Math.min(least, add(stock, object, number("quantity")));
        break;
      case "stock.adjust":
        add(adjusted, facts["item"]!, number("quantity"));
        break;
      case "salesOrder.create":
        sales.set(object, { shippedAt: [], invoices: 0 });
        break;
      case "packingSlip.post":
        sales.get(facts["salesOrder"]!)!.shippedAt.push(sequence);
        break;
      case "invoice.post":
        sales.get(facts["salesOrder"]!)!.invoices += 1;
        break;
      default:
    }
  }
  return { productions, sales, hours, stock, adjusted, used, least };
}

function newProduction(item: string, quantity: number): Mutable<Production> {
  const nothing = { started: 0, ended: 0, good: 0, scrapped: 0, receivedAt: 0 };
  return { item, quantity, ...nothing, confirmed: new Map() };
}

async function* entriesOf(works: Works): AsyncGenerator<Entry> {
  let after = 0;
  for (;;) {
    const { entries, next } = (await works.ask("erp", `book?after=${after}&limit=5000`)) as {
      entries: Entry[];
      next: number;
    };
    yield* entries;
    if (entries.length === 0) return;
    after = next;
  }
}

function add(sums: Map<string, number>, key: string, quantity: number): number {
  const sum = (sums.get(key) ?? 0) + quantity;
  sums.set(key, sum);
  return sum;
}
