/**
 * What must come out, computed from the tables alone by plain code: it shares nothing with what plays the orders but the reading
 * of the tables, and knows nothing of Interlock.
 */
import type { Row, Tables } from "./tables.ts";

export interface Expected {
  readonly orders: number;
  readonly ordered: number;
  readonly good: number;
  readonly scrapped: number;
  readonly ordersWithScrap: number;
  readonly routedOrders: number;
  readonly steps: number;
  readonly hours: number;
  /** By the number of a work order, then by operation; orders without steps have the operation "". */
  readonly confirmed: ReadonlyMap<string, ReadonlyMap<string, { good: number; scrapped: number }>>;
  /** By product number: what is more or less of it afterwards. */
  readonly moved: ReadonlyMap<string, number>;
  /** By component, how much of it went into products. */
  readonly used: ReadonlyMap<string, number>;
  readonly salesOrders: number;
  readonly salesLines: number;
  readonly madeLines: number;
  readonly pieces: number;
  /** In cents, by the customer's reference, without tax. */
  readonly amounts: ReadonlyMap<string, number>;
}

/** @param sold the references of the sales orders that are played @param most so many work orders */
export function expectedOf(tables: Tables, sold: ReadonlySet<string>, most: number): Expected {
  const names = new Map<string, string>();
  const made = new Set<string>();
  for (const row of tables.products) {
    names.set(row["ProductID"]!, row["ProductNumber"]!);
    if (row["MakeFlag"] === "1") made.add(row["ProductID"]!);
  }
  const work = tables.workOrders.slice(0, most);
  const steps = new Map<string, Row[]>();
  for (const row of tables.routing) {
    const own = steps.get(row["WorkOrderID"]!);
    if (own) own.push(row);
    else steps.set(row["WorkOrderID"]!, [row]);
  }
  const moved = new Map<string, number>();
  const used = new Map<string, number>();
  const confirmed = new Map<string, Map<string, { good: number; scrapped: number }>>();
  let [ordered, good, scrapped, ordersWithScrap, routedOrders, stepCount, hours] = [0, 0, 0, 0, 0, 0, 0];
  for (const row of work) {
    const [stocked, lost] = [Number(row["StockedQty"]), Number(row["ScrappedQty"])];
    ordered += Number(row["OrderQty"]);
    good += stocked;
    scrapped += lost;
    if (lost > 0) ordersWithScrap += 1;
    add(moved, names.get(row["ProductID"]!)!, stocked);
    for (const line of tables.billLines) {
      if (line["ProductAssemblyID"] !== row["ProductID"]) continue;
      if (line["StartDate"]!.slice(0, 10) > row["StartDate"]!) continue;
      if (line["EndDate"] !== "" && line["EndDate"]!.slice(0, 10) < row["StartDate"]!) continue;
      const quantity = (stocked + lost) * Number(line["PerAssemblyQty"]);
      add(used, names.get(line["ComponentID"]!)!, quantity);
      add(moved, names.get(line["ComponentID"]!)!, -quantity);
    }
    const own = steps.get(row["WorkOrderID"]!) ?? [];
    if (own.length > 0) routedOrders += 1;
    stepCount += own.length;
    for (const step of own) hours += Number(step["ActualResourceHrs"]);
    // The last step has what is stocked and what is scrapped, those before pass all of it on.
    const table = new Map<string, { good: number; scrapped: number }>();
    for (const [n, step] of own.entries()) {
      const last = n === own.length - 1;
      table.set(step["OperationSequence"]!, {
        good: last ? stocked : stocked + lost,
        scrapped: last ? lost : 0,
      });
    }
    if (own.length === 0) table.set("", { good: stocked, scrapped: lost });
    confirmed.set(row["WorkOrderID"]!, table);
  }
  const references = new Map(
    tables.salesOrders.map((row) => [row["SalesOrderID"]!, row["SalesOrderNumber"]!]),
  );
  const amounts = new Map<string, number>();
  let [salesLines, madeLines, pieces] = [0, 0, 0];
  for (const row of tables.salesLines) {
    const reference = references.get(row["SalesOrderID"]!)!;
    if (!sold.has(reference)) continue;
    salesLines += 1;
    if (made.has(row["ProductID"]!)) madeLines += 1;
    const quantity = Number(row["OrderQty"]);
    pieces += quantity;
    add(moved, names.get(row["ProductID"]!)!, -quantity);
    // The org keeps a price to the cent.
    const cents = Math.round(Number(row["UnitPrice"]) * (1 - Number(row["UnitPriceDiscount"])) * 100);
    add(amounts, reference, cents * quantity);
  }
  return {
    orders: work.length,
    ordered,
    good,
    scrapped,
    ordersWithScrap,
    routedOrders,
    steps: stepCount,
    hours,
    confirmed,
    moved,
    used,
    salesOrders: amounts.size,
    salesLines,
    madeLines,
    pieces,
    amounts,
  };
}

function add(sums: Map<string, number>, key: string, quantity: number): void {
  sums.set(key, (sums.get(key) ?? 0) + quantity);
}
