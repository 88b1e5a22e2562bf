import { Decimal } from "decimal.js";
import type { Row } from "./client.ts";
import { listOf, textOf } from "./content.ts";
import type { Reader } from "./reader.ts";
import type { BusinessEvent, Told } from "./told.ts";

const PARTS: Readonly<Record<string, string>> = {
  Rescheduled: "changed",
  QuantityChanged: "changed",
  Revised: "changed",
  Held: "held",
  Resumed: "resumed",
  Canceled: "cancelled",
  Completed: "closed",
};

export async function tellRelease(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  return tellOrder("released", event, reader);
}

/** Starts and reports are told by the journals that were posted. */
export async function tellStatus(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const part = PARTS[textOf(event["ILKChange"])];
  return part === undefined ? [] : tellOrder(part, event, reader);
}

async function tellOrder(part: string, event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const number = textOf(event["ProductionOrderNumber"]);
  const order = await orderOf(reader, number);
  if (!order) return [];
  const {
    ProductionOrderBillOfMaterialLines,
    ProductionOrderRouteOperations,
    ILKProductionMarkings,
    ...header
  } = order;
  const components = (ProductionOrderBillOfMaterialLines ?? []) as Row[];
  const operations = (ProductionOrderRouteOperations ?? []) as Row[];
  const items = [header["ItemNumber"], ...components.map((row) => row["ItemNumber"])].map(textOf);
  const products = await productsOf(reader, items);
  const lot = textOf(header["DemandSalesOrderLineInventoryLotId"]);
  // One line that the order was planned for, or all those that planners marked it for.
  const demand =
    lot === ""
      ? ((ILKProductionMarkings ?? []) as Row[])
      : await reader.find("SalesOrderLines", "InventoryLotId", lot);
  return [
    { part, object: `productionOrder/${number}`, order: header, components, operations, products, demand },
  ];
}

const JOURNALS: Readonly<Record<string, string>> = {
  RouteCard: "RouteCardProductionJournalEntries",
  PickingList: "PickingListProductionJournalEntries",
  ReportAsFinished: "ReportAsFinishedProductionJournalEntries",
};

/** The financial echo: what a journal has posted, line by line; a receipt with all its lots is one. */
export async function tellPosting(event: BusinessEvent, reader: Reader): Promise<readonly Told[]> {
  const type = textOf(event["JournalType"]);
  const set = JOURNALS[type];
  const number = textOf(event["ProductionOrderNumber"]);
  if (set === undefined) return [];
  const rows = await reader.find(set, "JournalNumber", textOf(event["JournalNumber"]), {
    orderBy: "JournalLineNumber",
  });
  const order = await orderOf(reader, number);
  if (!order || rows.length === 0) return [];
  const products = await productsOf(reader, [textOf(order["ItemNumber"])]);
  const object = `productionOrder/${number}`;
  const item = { ItemNumber: order["ItemNumber"], ProductionSiteId: order["ProductionSiteId"] };
  if (type === "ReportAsFinished") {
    const received = { part: "received", object, order: item, products, rows };
    const row = isRouted(order) ? undefined : confirmedBy(rows);
    return row ? [received, { part: "confirmed", object, order: item, products, row }] : [received];
  }
  const part = type === "RouteCard" ? "confirmed" : "consumed";
  return rows.map((row) => ({ part, object, order: item, products, row }));
}

function isRouted(order: Row): boolean {
  return listOf(order["ProductionOrderRouteOperations"]).length > 0;
}

/** Without a route nothing but its reports as finished confirms an order; one of nothing only ended it. */
function confirmedBy(rows: readonly Row[]): Row | undefined {
  const sum = (field: string) =>
    rows.reduce((total, row) => total.plus(textOf(row[field]) || 0), new Decimal(0)).toFixed();
  const [first] = rows;
  const [good, scrap] = [sum("ReportedGoodInventoryQuantity"), sum("ReportedErrorInventoryQuantity")];
  if (!first || (good === "0" && scrap === "0")) return undefined;
  const { JournalNumber, ReportAsFinishedDate: ConsumptionDate, ILKReference } = first;
  return { JournalNumber, ConsumptionDate, ILKReference, GoodQuantity: good, ErrorQuantity: scrap };
}

async function orderOf(reader: Reader, number: string): Promise<Row | undefined> {
  const [order] = await reader.find("ProductionOrderHeaders", "ProductionOrderNumber", number, {
    expand: "ProductionOrderBillOfMaterialLines,ProductionOrderRouteOperations,ILKProductionMarkings",
  });
  return order;
}

export async function productsOf(reader: Reader, items: readonly string[]): Promise<readonly Row[]> {
  const names = [...new Set(items)].toSorted();
  const found = await Promise.all(names.map((name) => reader.find("ReleasedProductsV2", "ItemNumber", name)));
  return found.flat();
}
