import { exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { PLANNED_ORDERS, plannedFor, productionFor } from "../planning/planned-order.ts";
import { cancelProduction, pastReturn } from "../production/change-order.ts";
import { refuse } from "../refusal.ts";
import {
  findSalesOrder,
  linesOf,
  SALES_LINES,
  SALES_ORDERS,
  tellSalesOrder,
  type SalesOrder,
} from "./sales-order.ts";

/**
 * Cancels an order with all that is planned and produced for it. Not once something was delivered, nor past a point
 * of no return. What was received before stays in stock, free for others.
 */
export function cancelSalesOrder(erp: Erp, call: Call, number: string, reason: string): SalesOrder {
  const order = findSalesOrder(erp, number);
  if (order.SalesOrderStatus === "Canceled") return order;
  const lines = linesOf(erp, number);
  if (lines.some((line) => exact(line.ILKDeliveredQuantity).gt(0)))
    refuse(
      "AlreadyDelivered",
      `Sales order ${number} cannot be cancelled: goods have been delivered`,
      "SalesOrderNumber",
    );
  const production = lines.flatMap((line) => productionFor(erp, line.InventoryLotId));
  for (const each of production) {
    const refusal = pastReturn(erp, each);
    if (refusal) throw refusal;
  }
  erp.record(call, "salesOrder.cancel", number, { reason });
  for (const each of production)
    if (each.ProductionOrderStatus !== "Completed")
      cancelProduction(erp, call, each.ProductionOrderNumber, `sales order ${number} was cancelled`);
  for (const line of lines) {
    for (const planned of plannedFor(erp, line.InventoryLotId))
      erp.change(PLANNED_ORDERS, planned, { PlannedOrderStatus: "Canceled" });
    erp.change(SALES_LINES, line, { SalesOrderLineStatus: "Canceled" });
  }
  const cancelled = erp.change(SALES_ORDERS, order, {
    SalesOrderStatus: "Canceled",
    ILKIsOnCreditHold: "No",
    ILKRevision: order.ILKRevision + 1,
    ...(call.reference === "" ? {} : { ILKReference: call.reference }),
  });
  tellSalesOrder(erp, call, number, "Canceled");
  return cancelled;
}
