import { postVoucher } from "../costing/ledger.ts";
import { plain, sum } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, hasLots } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { checkStatus, resolvePlace } from "../stock/place.ts";
import { lotFor, moveStock } from "../stock/stock.ts";
import { defineTable, type RowOf } from "../store/table.ts";
import { PACKING_SLIPS } from "./delivery.ts";
import { linesOf } from "./sales-order.ts";

export const RETURN_ORDERS = defineTable(
  "returnOrder",
  {
    dataAreaId: "text",
    ReturnOrderNumber: "text",
    SalesOrderNumber: "text",
    InventoryLotId: "text",
    ItemNumber: "text",
    Quantity: "decimal",
    ItemBatchNumber: "text",
    ReasonCode: "text",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "ReturnOrderNumber"],
  ["SalesOrderNumber", "InventoryLotId"],
);

/** Goods that come back: into inspection unless told otherwise, never more than was delivered of a lot. */
export function createReturn(
  erp: Erp,
  call: Call,
  request: RequestReader,
): RowOf<typeof RETURN_ORDERS.fields> {
  const number = request.text("SalesOrderNumber");
  const lineLot = request.text("InventoryLotId");
  const line = linesOf(erp, number).find((each) => each.InventoryLotId === lineLot);
  if (!line) refuse("UnknownLine", `Sales order ${number} has no line ${lineLot}`, "InventoryLotId");
  const product = findProduct(erp, line.ItemNumber);
  const quantity = request.positive("Quantity");
  const given = request.text("ItemBatchNumber", "");
  const slips = erp.store.find(PACKING_SLIPS, { InventoryLotId: lineLot });
  const batch = given || (hasLots(product) && slips.length === 1 ? (slips[0]?.ItemBatchNumber ?? "") : "");
  const delivered = sum(
    slips.filter((slip) => slip.ItemBatchNumber === batch).map((slip) => slip.DeliveredQuantity),
  );
  const returned = sum(
    erp.store
      .find(RETURN_ORDERS, { InventoryLotId: lineLot })
      .filter((each) => each.ItemBatchNumber === batch)
      .map((each) => each.Quantity),
  );
  if (returned.plus(quantity).gt(delivered))
    refuse(
      "OverReturn",
      `${plain(quantity)} of item ${line.ItemNumber}${batch === "" ? "" : `, batch ${batch}`} cannot be returned: ${plain(delivered)} were delivered, ${plain(returned)} returned`,
      "Quantity",
    );
  const place = resolvePlace(erp, { site: line.ShippingSiteId, warehouse: line.ShippingWarehouseId });
  const status = checkStatus(request.text("InventoryStatusId", "Inspection"));
  const returnNumber = erp.nextNumber("RET");
  erp.record(call, "returnOrder.create", returnNumber, {
    salesOrder: number,
    item: line.ItemNumber,
    quantity: plain(quantity),
  });
  const spot = { ...place, batch: lotFor(erp, product, batch), status };
  moveStock(erp, call, product, spot, quantity, returnNumber);
  const voucher = postVoucher(erp, call, { date: erp.clock.today(), text: `Return ${returnNumber}` }, [
    ["inventory", "costOfGoodsSold", quantity.times(product.UnitCost)],
  ]);
  return erp.create(RETURN_ORDERS, {
    ReturnOrderNumber: returnNumber,
    SalesOrderNumber: number,
    InventoryLotId: lineLot,
    ItemNumber: line.ItemNumber,
    Quantity: plain(quantity),
    ItemBatchNumber: batch,
    ReasonCode: request.text("ReasonCode", ""),
    VoucherNumber: voucher,
    ILKReference: call.reference,
  });
}
