import { postVoucher } from "../costing/ledger.ts";
import { findCustomer, refuseOnHold } from "../customer/customer.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { pickStock } from "../stock/stock.ts";
import { defineTable } from "../store/table.ts";
import { postInvoice } from "./invoice.ts";
import { statusOf } from "./line-amount.ts";
import {
  findSalesOrder,
  linesOf,
  SALES_LINES,
  SALES_ORDERS,
  tellSalesOrder,
  type SalesLine,
} from "./sales-order.ts";

export const PACKING_SLIPS = defineTable(
  "packingSlip",
  {
    dataAreaId: "text",
    PackingSlipNumber: "text",
    LineNumber: "int",
    SalesOrderNumber: "text",
    InventoryLotId: "text",
    ItemNumber: "text",
    DeliveredQuantity: "decimal",
    ItemBatchNumber: "text",
    InventoryWarehouseId: "text",
    DeliveryDate: "date",
    TrackingNumber: "text",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "PackingSlipNumber", "LineNumber"],
  ["SalesOrderNumber", "InventoryLotId"],
);

type Shipment = { line: SalesLine; quantity: Exact; batch: string; warehouse: string; location: string };

/** Goods issue: stock of status Available leaves the house, its cost with it; invoiced at once by default. */
export function postPackingSlip(
  erp: Erp,
  call: Call,
  request: RequestReader,
): { packingSlip: string; invoice: string } {
  const number = request.text("SalesOrderNumber");
  const order = findSalesOrder(erp, number);
  if (order.SalesOrderStatus !== "Backorder")
    refuse(
      "OrderEnded",
      `Sales order ${number} cannot be delivered: it is ${order.SalesOrderStatus}`,
      "SalesOrderNumber",
    );
  if (order.ILKIsOnCreditHold === "Yes")
    refuse(
      "CreditHold",
      `Sales order ${number} is on credit hold: ${order.ILKCreditHoldReason}`,
      "SalesOrderNumber",
    );
  refuseOnHold(
    findCustomer(erp, order.OrderingCustomerAccountNumber, "SalesOrderNumber"),
    "SalesOrderNumber",
  );
  const date = request.date("DeliveryDate", erp.clock.today());
  const tracking = request.text("TrackingNumber", "");
  const open = linesOf(erp, number).filter((line) => line.SalesOrderLineStatus === "Backorder");
  const shipments = request.has("Lines")
    ? request.list("Lines").map((line) => readShipment(open, line, number))
    : open.map((line) => ({ line, quantity: openOf(line), batch: "", warehouse: "", location: "" }));
  if (shipments.length === 0) refuse("NothingToDeliver", `Sales order ${number} has nothing left to deliver`);
  const slip = erp.nextNumber("PS");
  erp.record(call, "packingSlip.post", slip, {
    salesOrder: number,
    lines: shipments.map(({ line, quantity }) => `${line.ItemNumber} ${plain(quantity)}`).join(", "),
  });
  let count = 0;
  for (const shipment of shipments) {
    const line = erp.store.get(SALES_LINES, shipment.line) ?? shipment.line;
    const product = findProduct(erp, line.ItemNumber);
    const tolerance = exact(product.ILKOverdeliveryPercentage).plus(100).div(100);
    const delivered = exact(line.ILKDeliveredQuantity).plus(shipment.quantity);
    if (delivered.gt(exact(line.OrderedSalesQuantity).times(tolerance)))
      refuse(
        "OverDelivery",
        `${plain(delivered)} of item ${line.ItemNumber} would be delivered, more than the ${line.OrderedSalesQuantity} ordered with tolerance`,
        "Quantity",
      );
    const warehouse = shipment.warehouse || line.ShippingWarehouseId;
    const from = { site: line.ShippingSiteId, warehouse, location: shipment.location, batch: shipment.batch };
    const picks = pickStock(erp, call, product, from, shipment.quantity, slip);
    const voucher = postVoucher(erp, call, { date, text: `Packing slip ${slip} ${line.ItemNumber}` }, [
      ["costOfGoodsSold", "inventory", shipment.quantity.times(product.UnitCost)],
    ]);
    for (const pick of picks)
      erp.create(PACKING_SLIPS, {
        PackingSlipNumber: slip,
        LineNumber: ++count,
        SalesOrderNumber: number,
        InventoryLotId: line.InventoryLotId,
        ItemNumber: line.ItemNumber,
        DeliveredQuantity: plain(pick.quantity),
        ItemBatchNumber: pick.batch,
        InventoryWarehouseId: pick.warehouse,
        DeliveryDate: date,
        TrackingNumber: tracking,
        VoucherNumber: voucher,
        ILKReference: call.reference,
      });
    erp.change(SALES_LINES, line, {
      ILKDeliveredQuantity: plain(delivered),
      SalesOrderLineStatus: delivered.gte(line.OrderedSalesQuantity) ? "Delivered" : "Backorder",
    });
  }
  const lines = linesOf(erp, number);
  if (
    order.ILKShippingPolicy === "Complete" &&
    lines.some((line) => line.SalesOrderLineStatus === "Backorder")
  )
    refuse("NotComplete", `Sales order ${number} is delivered complete or not at all`, "Lines");
  erp.change(SALES_ORDERS, order, {
    SalesOrderStatus: statusOf(order, lines),
    ILKRevision: order.ILKRevision + 1,
    ...(call.reference === "" ? {} : { ILKReference: call.reference }),
  });
  erp.tell(call, "ILKPackingSlipPostedBusinessEvent", {
    SalesOrderNumber: number,
    PackingSlipNumber: slip,
    ILKReference: call.reference,
  });
  tellSalesOrder(erp, call, number, "Delivered");
  const invoice = erp.settings.autoInvoice ? postInvoice(erp, call, number, date, slip).InvoiceNumber : "";
  return { packingSlip: slip, invoice };
}

function readShipment(open: readonly SalesLine[], request: RequestReader, number: string): Shipment {
  const lot = request.text("InventoryLotId");
  const line = open.find((each) => each.InventoryLotId === lot);
  if (!line)
    refuse("UnknownLine", `Sales order ${number} has no open line ${lot}`, request.field("InventoryLotId"));
  return {
    line,
    quantity: request.positive("Quantity"),
    batch: request.text("ItemBatchNumber", ""),
    warehouse: request.text("WarehouseId", ""),
    location: request.text("WarehouseLocationId", ""),
  };
}

function openOf(line: SalesLine): Exact {
  return exact(line.OrderedSalesQuantity).minus(line.ILKDeliveredQuantity);
}
