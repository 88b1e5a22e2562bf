import type { EffectPayload } from "../../src/connector/index.ts";

export type CreateSalesOrder = EffectPayload["CreateSalesOrder.v1"];
export type ChangeSalesOrder = EffectPayload["ChangeSalesOrder.v1"];
export type CancelSalesOrder = EffectPayload["CancelSalesOrder.v1"];
export type UpdateOrderStatus = EffectPayload["UpdateOrderStatus.v1"];

export type OrderLine = CreateSalesOrder["lines"][number];
/** What a line should become; what it does not name stays as it is. */
export type LineChange = Pick<OrderLine, "line"> & Partial<OrderLine>;

/** All effects of one sales order go out in order. */
export function laneOf({ salesOrder }: { readonly salesOrder: string }): string {
  return `salesOrder/${salesOrder}`;
}
