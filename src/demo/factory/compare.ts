/** Holds what the systems say of the same orders against each other. Knows nothing of how it came about. */
import { Decimal } from "decimal.js";
import type { CrmOrder, ErpOrder, Production, Told, Work } from "./read-back.ts";

/** One sales order, told by all systems: each figure from the one whose business it is. */
export interface Row {
  readonly order: string;
  readonly customer: string;
  readonly item: string;
  /** The CRM's. */
  readonly ordered: string;
  /** The ERP's: of all production orders that serve it. */
  readonly released: string;
  /** The plants'. */
  readonly good: string;
  readonly scrap: string;
  readonly rework: string;
  /** The ERP's. */
  readonly received: string;
  readonly blocked: string;
  readonly scrappedLater: string;
  readonly shipped: string;
  readonly invoiced: string;
  readonly promised: string;
  readonly revision: string;
  /** The CRM's. */
  readonly status: string;
  readonly agrees: boolean;
  /** What does not agree, in words. */
  readonly differences: readonly string[];
}

export interface Report {
  readonly agrees: boolean;
  readonly rows: readonly Row[];
  /** What holds, or does not, for all of it. */
  readonly sums: readonly { readonly what: string; readonly holds: boolean }[];
}

const DONE = { crm: "Invoiced", erp: "Invoiced", production: "Completed", work: "completed" };

export function compare(orders: readonly string[], told: Told): Report {
  const rows = orders.map((order) => compareOrder(order, told));
  const productions = told.productions.filter(({ salesOrder }) => orders.includes(salesOrder));
  const good = total(rows.map((row) => row.good));
  const shipped = total(rows.map((row) => row.shipped));
  const blocked = total(rows.map((row) => row.blocked));
  const scrappedLater = total(rows.map((row) => row.scrappedLater));
  const kept = total(productions.flatMap(({ lots }) => lots.map((lot) => free(told, lot))));
  const sums = [
    {
      what: `good ${good} = shipped ${shipped} + blocked ${blocked} + scrapped later ${scrappedLater} + in stock ${kept}`,
      holds: same(good, total([shipped, blocked, scrappedLater, kept])),
    },
    {
      what: `issued = bill of materials x pieces that went in, for ${productions.length} production orders`,
      holds: productions.every((each) => materialDifferences(each, workOf(told, each)).length === 0),
    },
    { what: `the ERP's postings balance to ${told.balance}`, holds: same(told.balance, "0") },
    {
      what: `${told.repeated.length} of our calls had their effect twice${list(told.repeated)}`,
      holds: told.repeated.length === 0,
    },
    { what: `each order is in the ERP once`, holds: isOnceEach(orders, told) },
  ];
  return {
    agrees: rows.every(({ agrees }) => agrees) && sums.every(({ holds }) => holds),
    rows,
    sums,
  };
}

function compareOrder(order: string, told: Told): Row {
  const crm = told.crm.find(({ number }) => number === order);
  const erp = told.erp.find(({ number }) => number === order);
  const productions = told.productions.filter(
    ({ salesOrder, status }) => salesOrder === order && status !== "Canceled",
  );
  const works = productions.map((production) => workOf(told, production));
  const lots = productions.flatMap((production) => production.lots);
  const figures = {
    ordered: crm?.quantity ?? "-",
    released: total(productions.map(({ quantity }) => quantity)),
    good: total(works.map((work) => goodOf(work))),
    scrap: total(works.flatMap((work) => work?.operations.map(({ scrap }) => scrap) ?? [])),
    rework: total(works.map((work) => work?.reworked ?? "0")),
    received: total(productions.map(({ received }) => received)),
    blocked: total(lots.map((lot) => stockOf(told, lot, (status) => status !== "Available"))),
    scrappedLater: total(
      told.scrapped.filter(({ lot }) => lots.includes(lot)).map(({ quantity }) => quantity),
    ),
    shipped: erp?.shipped ?? "-",
    invoiced: erp?.invoiced ?? "-",
    promised: erp?.promised ?? "-",
    revision: [...new Set(productions.map(({ revision }) => revision))].join("+"),
    status: crm?.status ?? "-",
  };
  const differences = [
    ...salesDifferences(crm, erp),
    ...(productions.length === 0 ? ["nothing was released for it"] : []),
    ...productions.flatMap((production) => productionDifferences(production, workOf(told, production))),
    ...stayed(figures, lots, told),
  ];
  return {
    order,
    customer: crm?.customer ?? "-",
    item: erp?.item ?? "-",
    ...figures,
    agrees: differences.length === 0,
    differences,
  };
}

function salesDifferences(crm: CrmOrder | undefined, erp: ErpOrder | undefined): string[] {
  if (!crm) return ["the CRM does not have it"];
  if (!erp) return ["the ERP does not have it"];
  return [
    ...unequal(crm.quantity, erp.quantity, "ordered in the CRM", "in the ERP"),
    ...unequal(erp.quantity, erp.shipped, "ordered in the ERP", "shipped"),
    ...unequal(erp.shipped, erp.invoiced, "shipped", "invoiced"),
    ...unequal(erp.shipped, total(erp.lots.map(({ quantity }) => quantity)), "shipped", "on packing slips"),
    ...(crm.promised === erp.promised
      ? []
      : [`the ERP promises ${erp.promised}, the CRM shows ${crm.promised || "no day"}`]),
    ...(crm.status === DONE.crm ? [] : [`the CRM shows ${crm.status || "no status"}, not ${DONE.crm}`]),
    ...(erp.status === DONE.erp ? [] : [`the ERP has it as ${erp.status}, not ${DONE.erp}`]),
    ...(erp.onHold ? ["the ERP has it on credit hold"] : []),
  ];
}

function productionDifferences(production: Production, work: Work | undefined): string[] {
  const { number, operations } = production;
  const of = `${number}: `;
  if (!work) return [`${of}no plant has it`];
  const byOperation = operations.flatMap(({ operation, good, scrap }) => {
    const at = work.operations.find((each) => each.operation === operation);
    return [
      ...unequal(good, at?.good ?? "0", `good in operation ${operation} in the ERP`, "at the plant"),
      ...unequal(scrap, at?.scrap ?? "0", `scrap in operation ${operation} in the ERP`, "at the plant"),
    ];
  });
  return [
    ...unequal(production.quantity, work.quantity, "released in the ERP", "at the plant"),
    ...byOperation,
    ...unequal(goodOf(work), production.received, "good at the plant", "received in the ERP"),
    ...materialDifferences(production, work),
    ...(production.revision === work.revision
      ? []
      : [`revision ${production.revision} in the ERP, ${work.revision} at the plant`]),
    ...(production.status === DONE.production ? [] : [`the ERP has it as ${production.status}`]),
    ...(work.status === DONE.work ? [] : [`the plant has it as ${work.status}`]),
  ].map((what) => of + what);
}

/** What the ERP issued, what the plant used, and what the bill of materials wants for the pieces that went in. */
function materialDifferences({ components, quantity }: Production, work: Work | undefined): string[] {
  return components.flatMap(({ item, issued, planned }) => {
    const used = work?.used.find((each) => each.item === item);
    const wanted = new Decimal(planned).div(quantity).times(piecesInto(work, used?.operation ?? null));
    return [
      ...unequal(issued, used?.quantity ?? "0", `of ${item} issued in the ERP`, "used at the plant"),
      ...unequal(issued, wanted.toFixed(), `of ${item} issued in the ERP`, "by the bill of materials"),
    ];
  });
}

function piecesInto(work: Work | undefined, operation: string | null): string {
  const at = work?.operations.find((each) => each.operation === operation) ?? work?.operations[0];
  return total([at?.good ?? "0", at?.scrap ?? "0"]);
}

/** Everything received went somewhere. */
function stayed(
  {
    received,
    shipped,
    blocked,
    scrappedLater,
  }: Pick<Row, "received" | "shipped" | "blocked" | "scrappedLater">,
  lots: readonly string[],
  told: Told,
): string[] {
  if (shipped === "-") return [];
  const kept = total(lots.map((lot) => free(told, lot)));
  return unequal(
    received,
    total([shipped, blocked, scrappedLater, kept]),
    "received",
    "shipped, blocked, scrapped later and in stock",
  );
}

function workOf({ works }: Told, { number }: Production): Work | undefined {
  return works.find((work) => work.number === number);
}

function goodOf(work: Work | undefined): string {
  return work?.operations.find(({ reporting }) => reporting)?.good ?? "0";
}

function free(told: Told, lot: string): string {
  return stockOf(told, lot, (status) => status === "Available");
}

function stockOf({ stock }: Told, lot: string, isMeant: (status: string) => boolean): string {
  return total(stock.filter((row) => row.lot === lot && isMeant(row.status)).map(({ quantity }) => quantity));
}

function isOnceEach(orders: readonly string[], { erp }: Told): boolean {
  return orders.every((order) => erp.filter(({ number }) => number === order).length === 1);
}

function total(amounts: readonly string[]): string {
  return amounts
    .filter((amount) => amount !== "-")
    .reduce((sum, amount) => sum.plus(amount), new Decimal(0))
    .toFixed();
}

function same(one: string, other: string): boolean {
  return new Decimal(one).eq(other);
}

function unequal(one: string, other: string, first: string, second: string): string[] {
  return same(one, other) ? [] : [`${one} ${first}, ${other} ${second}`];
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}
