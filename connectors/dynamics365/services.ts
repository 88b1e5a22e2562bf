import { Decimal } from "decimal.js";
import { recordDifference, serviceOperation } from "./apply-service.ts";
import type { Row } from "./client.ts";
import { listOf, sameValue, textOf, type Content } from "./content.ts";
import { findOrder, lineOf, lineUnknown } from "./find-order.ts";
import type { Erp, Operation } from "./operation.ts";

/** CancelSalesOrder. A cancelled order is cancelled again without a word, and nothing is done. */
export const cancelSalesOrder: Operation = serviceOperation({
  name: "CancelSalesOrder",
  trace: "salesOrder.cancel",
  evidence: ["SalesOrderNumber", "SalesOrderStatus"],
  difference: (record, { SalesOrderNumber }) =>
    record === SalesOrderNumber
      ? undefined
      : `sales order ${record} was cancelled, wanted ${textOf(SalesOrderNumber)}`,
});

/** PostGoodsIssue: the packing slip, and with the ERP's setting the invoice. */
export const postGoodsIssue: Operation = serviceOperation({
  name: "PostPackingSlip",
  trace: "packingSlip.post",
  request: packingSlip,
  evidence: ["PackingSlipNumber", "InvoiceNumber"],
  record: { set: "ILKPackingSlipLines", key: "PackingSlipNumber" },
  difference: slipDifference,
});

const MOVED = {
  ItemNumber: "ItemNumber",
  Quantity: "Quantity",
  ItemBatchNumber: "ItemBatchNumber",
  FromInventoryStatusId: "FromInventoryStatusId",
  InventoryStatusId: "FromInventoryStatusId",
  ToInventoryStatusId: "ToInventoryStatusId",
};

export const setStockStatus: Operation = serviceOperation({
  name: "SetInventoryStatus",
  trace: "stock.setStatus",
  evidence: ["Document"],
  record: { set: "ILKInventoryChanges", key: "Document" },
  difference: recordDifference(MOVED),
});

export const scrapStock: Operation = serviceOperation({
  name: "ScrapInventory",
  trace: "stock.scrap",
  evidence: ["Document", "VoucherNumber"],
  record: { set: "ILKInventoryChanges", key: "Document" },
  difference: recordDifference(MOVED),
});

/** RequestProduction: released at once, for the demand of the order it replaces or of the sales line it names. */
export const requestProduction: Operation = serviceOperation({
  name: "RequestProduction",
  trace: "productionOrder.create",
  request: productionRequest,
  evidence: ["ProductionOrderNumber"],
  record: { set: "ProductionOrderHeaders", key: "ProductionOrderNumber" },
  difference: recordDifference({
    ItemNumber: "ItemNumber",
    Quantity: "ScheduledQuantity",
    ReplacesProductionOrderNumber: "ILKReplacesProductionOrderNumber",
  }),
});

/** The ERP knows a line by its lot id, which only it gives. */
async function packingSlip(erp: Erp, content: Content, signal: AbortSignal) {
  const number = textOf(content["SalesOrderNumber"]);
  const order = await findOrder(erp, number, signal);
  if ("class" in order) return order;
  const lines: Content[] = [];
  for (const { LineNumber, ...line } of listOf(content["Lines"])) {
    const held = lineOf(order, LineNumber);
    if (!held) return lineUnknown(number, LineNumber);
    lines.push({ InventoryLotId: held["InventoryLotId"], ...line });
  }
  return { ...content, Lines: lines };
}

function slipDifference(record: string, request: Content, held: readonly Row[]): string | undefined {
  const [first] = held;
  if (!first) return `packing slip ${record} is not there any more`;
  if (!sameValue(request["SalesOrderNumber"], first["SalesOrderNumber"]))
    return `packing slip ${record} is for ${textOf(first["SalesOrderNumber"])}, wanted ${textOf(request["SalesOrderNumber"])}`;
  const wanted = sums(listOf(request["Lines"]), "Quantity");
  const delivered = sums(held, "DeliveredQuantity");
  for (const line of new Set([...wanted.keys(), ...delivered.keys()])) {
    const [want, has] = [wanted.get(line) ?? new Decimal(0), delivered.get(line) ?? new Decimal(0)];
    if (!want.eq(has)) return `of line ${line} ${has.toFixed()} were delivered, wanted ${want.toFixed()}`;
  }
  return undefined;
}

function sums(rows: readonly Row[], field: string): Map<string, Decimal> {
  const byLine = new Map<string, Decimal>();
  for (const row of rows) {
    const line = textOf(row["InventoryLotId"]);
    byLine.set(line, (byLine.get(line) ?? new Decimal(0)).plus(textOf(row[field]) || 0));
  }
  return byLine;
}

async function productionRequest(erp: Erp, { Demand, ...content }: Content, signal: AbortSignal) {
  const demand = listOf(Demand);
  // With it come its item, its site and its demand.
  if (content["ReplacesProductionOrderNumber"] !== undefined || demand.length === 0) return content;
  const [line, ...others] = demand;
  if (others.length > 0)
    return {
      class: "reject",
      code: "DYNAMICS_PEGGING_SEVERAL",
      reason: `the production order would be for ${demand.length} sales lines`,
    } as const;
  const number = textOf(line!["SalesOrderNumber"]);
  const order = await findOrder(erp, number, signal);
  if ("class" in order) return order;
  const held = lineOf(order, line!["LineNumber"]);
  if (!held) return lineUnknown(number, line!["LineNumber"]);
  return { ...content, DemandSalesOrderLineInventoryLotId: held["InventoryLotId"] };
}
