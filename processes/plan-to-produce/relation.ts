/** Whom an event concerns, and what it teaches of what belongs together. */
import type { EventData, LedgerEvent, Link, ProcessDefinition } from "../../src/process/index.ts";

const DAY_MS = 86_400_000;

type Definition = ProcessDefinition;

const byOrder = ({ data }: LedgerEvent) => [{ key: (data as { productionOrder: string }).productionOrder }];
/**
 * Plants know their work order, some the production order too. One that nothing is known of waits for the part of a split that
 * may still be told, and is then a case: a plant that works without an order.
 */
const byWork = ({ data }: LedgerEvent) => {
  const { workOrder, productionOrder } = data as { workOrder: string; productionOrder?: string };
  return productionOrder === undefined
    ? [{ via: { kind: "workOrder", id: workOrder }, waitMs: DAY_MS }]
    : [{ key: productionOrder }];
};
/** Goods that came out of a work order; others, such as bought lots, concern no production order. */
const byGoods = ({ data }: LedgerEvent) => {
  const { workOrder, productionOrder } = data as EventData["interlock.GoodsHeld.v1"];
  if (productionOrder !== undefined) return [{ key: productionOrder }];
  return workOrder === undefined ? [] : [{ via: { kind: "workOrder", id: workOrder }, waitMs: 0 }];
};
const nobody = () => [];

export const correlations: Definition["events"] = {
  ProductionOrderPlanned: byOrder,
  ProductionOrderReleased: byOrder,
  ProductionOrderChanged: byOrder,
  ProductionOrderHeld: byOrder,
  ProductionOrderResumed: byOrder,
  ProductionOrderCancelled: byOrder,
  ProductionOrderClosed: byOrder,
  ProductionConfirmed: byOrder,
  ProductionReceiptPosted: byOrder,
  ConsumptionPosted: byOrder,
  GateOverridden: byOrder,
  WorkOrderHoldRequested: byWork,
  WorkOrderHoldEnded: byWork,
  WorkOrderAccepted: byWork,
  WorkOrderRejected: byWork,
  WorkOrderStarted: byWork,
  WorkOrderHeld: byWork,
  WorkOrderResumed: byWork,
  WorkOrderSplit: byWork,
  WorkOrderCompleted: byWork,
  WorkOrderAborted: byWork,
  OperationStarted: byWork,
  OperationCompleted: byWork,
  OperationCorrected: byWork,
  MaterialConsumed: byWork,
  ConsumptionCorrected: byWork,
  GoodsHeld: byGoods,
  GoodsFreed: byGoods,
  // told by this process: it teaches which work order serves which production order
  WorkOrderReleased: nobody,
  // these reach the orders that rely on the facts in them
  OrderCreated: nobody,
  OrderChanged: nobody,
  CreditHoldPlaced: nobody,
  CreditHoldReleased: nobody,
  ItemChanged: nobody,
  BomRevised: nobody,
  RoutingRevised: nobody,
};

function pegged({ data }: LedgerEvent): Link[] {
  const { productionOrder, pegging } = data as EventData["interlock.ProductionOrderReleased.v1"];
  return pegging.map(({ salesOrder, quantity }) => ({
    child: { kind: "productionOrder", id: productionOrder },
    parent: { kind: "salesOrder", id: salesOrder },
    ...(quantity && { quantity: quantity.value }),
  }));
}

export const links: NonNullable<Definition["links"]> = {
  ProductionOrderPlanned: pegged,
  ProductionOrderReleased: pegged,
  ProductionOrderChanged: pegged,
  WorkOrderReleased: ({ data }) => {
    const { workOrder, productionOrder } = data as EventData["interlock.WorkOrderReleased.v1"];
    return [
      {
        child: { kind: "workOrder", id: workOrder },
        parent: { kind: "productionOrder", id: productionOrder },
      },
    ];
  },
  WorkOrderSplit: ({ data }) => {
    const { workOrder, into } = data as EventData["interlock.WorkOrderSplit.v1"];
    return into
      .filter((part) => part.workOrder !== workOrder)
      .map((part) => ({
        child: { kind: "workOrder", id: part.workOrder },
        parent: { kind: "workOrder", id: workOrder },
        quantity: part.quantity.value,
      }));
  },
};
