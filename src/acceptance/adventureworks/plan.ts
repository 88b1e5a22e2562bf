/** What is sold and what is made for it: sales orders, production orders, and which is marked for which. */
import type { Company } from "./company.ts";
import { holdsOn } from "./company.ts";
import { dayOf, groupBy, type Row, type Tables } from "./tables.ts";

export interface SalesOrder {
  /** The customer's own number of it: the CRM and the ERP number it by themselves. */
  readonly reference: string;
  readonly customer: string;
  readonly requestedDate: string;
  readonly lines: readonly SalesLine[];
}

interface SalesLine {
  readonly line: number;
  readonly product: string;
  readonly quantity: number;
  readonly price: string;
}

export interface ProductionOrder {
  readonly number: string;
  readonly product: string;
  readonly quantity: number;
  readonly good: number;
  readonly scrap: number;
  readonly scrapReason: string | undefined;
  readonly start: string;
  readonly end: string;
  /** None: it is told of by its end alone. */
  readonly operations: readonly { readonly operation: string; readonly minutes: number }[];
  readonly markings: readonly Marking[];
}

export interface Marking {
  /** Of the sales order. */
  readonly reference: string;
  readonly line: number;
  readonly quantity: number;
}

/** One time through the tables. What is made first is listed first. */
export interface Round {
  readonly salesOrders: readonly SalesOrder[];
  /** Steps, one after the other: what a step uses was made in those before. */
  readonly steps: readonly (readonly ProductionOrder[])[];
}

/** @param most of the tables' work orders, for who wants a look at some of it */
export function planRound(tables: Tables, company: Company, round: number, most: number): Round {
  const suffix = round === 1 ? "" : `-${round}`;
  const salesOrders = readSalesOrders(tables, suffix, most);
  const markings = markFor(tables, salesOrders, most);
  const reasons = new Map(tables.scrapReasons.map((row) => [row["ScrapReasonID"]!, row["Name"]!]));
  const routing = groupBy(tables.routing, "WorkOrderID");
  const orders = tables.workOrders.slice(0, most).map((row): ProductionOrder => {
    const id = row["WorkOrderID"]!;
    const reason = row["ScrapReasonID"]!.replace(/\.0$/, "");
    return {
      number: `W-${id.padStart(4, "0")}${suffix}`,
      product: row["ProductID"]!,
      quantity: Number(row["OrderQty"]),
      good: Number(row["StockedQty"]),
      scrap: Number(row["ScrappedQty"]),
      scrapReason: reason === "" ? undefined : reasons.get(reason)!,
      start: dayOf(row["StartDate"]!),
      end: dayOf(row["EndDate"]!),
      operations: (routing.get(id) ?? []).map((step) => ({
        operation: step["OperationSequence"]!,
        minutes: Math.round(Number(step["ActualResourceHrs"]) * 60),
      })),
      markings: markings.get(id) ?? [],
    };
  });
  const levels = levelsOf(tables, company);
  const byLevel = Map.groupBy(orders, ({ product }) => levels(product));
  const steps = [...byLevel.keys()].toSorted((a, b) => a - b).map((level) => byLevel.get(level)!);
  return { salesOrders, steps };
}

function readSalesOrders(tables: Tables, suffix: string, most: number): SalesOrder[] {
  const accounts = new Map(tables.customers.map((row) => [row["CustomerID"]!, row["AccountNumber"]!]));
  const headers = new Map(tables.salesOrders.map((row) => [row["SalesOrderID"]!, row]));
  const found = [...groupBy(tables.salesLines, "SalesOrderID")].map(([id, lines]) => {
    const header = headers.get(id)!;
    return {
      reference: `${header["SalesOrderNumber"]}${suffix}`,
      customer: accounts.get(header["CustomerID"]!)!,
      requestedDate: dayOf(header["DueDate"]!),
      lines: lines.map((row, n) => ({
        line: n + 1,
        product: row["ProductID"]!,
        quantity: Number(row["OrderQty"]),
        price: priceOf(row),
      })),
    };
  });
  if (most >= tables.workOrders.length) return found;
  // Of some of the work orders: the sales orders that these can serve, whole.
  const good = goodOf(tables, most);
  return found.filter(({ lines }) => {
    const fits = lines.every(({ product, quantity }) => (good.get(product) ?? 0) >= quantity);
    if (fits) for (const { product, quantity } of lines) good.set(product, good.get(product)! - quantity);
    return fits;
  });
}

/** What is paid for one, to the cent: an org keeps no more. */
function priceOf(row: Row): string {
  const full = Number(row["UnitPrice"]) * (1 - Number(row["UnitPriceDiscount"]));
  return (Math.round((full + Number.EPSILON) * 100) / 100).toFixed(2);
}

/** The pieces of each product are marked for the lines that want it, the first order first. */
function markFor(
  tables: Tables,
  salesOrders: readonly SalesOrder[],
  most: number,
): ReadonlyMap<string, Marking[]> {
  const markings = new Map<string, Marking[]>();
  const sources = new Map(
    [...groupBy(tables.workOrders.slice(0, most), "ProductID")].map(([product, rows]) => [
      product,
      rows.map((row) => ({ id: row["WorkOrderID"]!, left: Number(row["StockedQty"]) })),
    ]),
  );
  for (const { reference, lines } of salesOrders)
    for (const { line, product, quantity } of lines) {
      let wanted = quantity;
      for (const source of sources.get(product) ?? []) {
        const taken = Math.min(wanted, source.left);
        if (taken === 0) continue;
        source.left -= taken;
        wanted -= taken;
        markings.set(source.id, [...(markings.get(source.id) ?? []), { reference, line, quantity: taken }]);
      }
    }
  return markings;
}

function goodOf(tables: Tables, most: number): Map<string, number> {
  const good = new Map<string, number>();
  for (const row of tables.workOrders.slice(0, most))
    good.set(row["ProductID"]!, (good.get(row["ProductID"]!) ?? 0) + Number(row["StockedQty"]));
  return good;
}

/** How many made parts lie below a product, one in the other: they are made before it. */
function levelsOf(tables: Tables, company: Company): (product: string) => number {
  const lines = groupBy(tables.billLines, "ProductAssemblyID");
  const day = dayOf(tables.workOrders[0]!["StartDate"]!);
  const known = new Map<string, number>();
  const level = (product: string): number => {
    const before = known.get(product);
    if (before !== undefined) return before;
    const parts = (lines.get(product) ?? [])
      .filter((row) => holdsOn(row, day))
      .map((row) => row["ComponentID"]!)
      .filter((part) => company.isMade(part));
    const found = 1 + Math.max(0, ...parts.map(level));
    known.set(product, found);
    return found;
  };
  return level;
}

/** What has to lie there before anything is made, by product. */
export interface Opening {
  /** From the inventory file; nothing of what is both made and sold. */
  readonly stock: ReadonlyMap<string, number>;
  /** What the orders use or sell beyond that and beyond what is made. */
  readonly topUps: ReadonlyMap<string, number>;
}

export function planOpening(tables: Tables, company: Company, { salesOrders, steps }: Round): Opening {
  const stock = new Map<string, number>();
  for (const row of tables.inventory) {
    const product = row["ProductID"]!;
    if (company.isMade(product) && company.isSold(product)) continue;
    stock.set(product, (stock.get(product) ?? 0) + Number(row["Quantity"]));
  }
  const lines = groupBy(tables.billLines, "ProductAssemblyID");
  const balance = new Map(stock);
  const add = (product: string, quantity: number) =>
    balance.set(product, (balance.get(product) ?? 0) + quantity);
  for (const order of steps.flat()) {
    add(order.product, order.good);
    for (const row of lines.get(order.product) ?? [])
      if (holdsOn(row, order.start))
        add(row["ComponentID"]!, -(order.good + order.scrap) * Number(row["PerAssemblyQty"]));
  }
  for (const { lines: sold } of salesOrders)
    for (const { product, quantity } of sold) add(product, -quantity);
  const short = [...balance].filter(([, quantity]) => quantity < 0);
  return { stock, topUps: new Map(short.map(([product, quantity]) => [product, -quantity])) };
}
