/** Whom an event concerns, and what it teaches of what belongs together. */
import type { EventData, FactKey, LedgerEvent, Link, ProcessDefinition } from "../../src/process/index.ts";
import type { Order, Wanted } from "./state.ts";

/** A decision relies on a hundred facts at most; of a longer order the first items count, the rest are checked with the hour. */
const MOST_ITEMS = 90;

type Definition = ProcessDefinition<Order>;
type Events = Definition["events"];

const bySalesOrder = ({ data }: LedgerEvent) => [{ key: (data as { salesOrder: string }).salesOrder }];
/** Plants know only their work order. What is made to stock is linked to no order and concerns none. */
const byWorkOrder = ({ data }: LedgerEvent) => [
  { via: { kind: "workOrder", id: (data as { workOrder: string }).workOrder }, waitMs: 0 },
];
const byProductionOrder = ({ data }: LedgerEvent) => [
  { via: { kind: "productionOrder", id: (data as { productionOrder: string }).productionOrder }, waitMs: 0 },
];
/** A hold of one order; that of a customer reaches the orders that rely on the fact. */
const byHeldOrder = ({ data }: LedgerEvent) => {
  const { salesOrder } = data as { salesOrder?: string };
  return salesOrder === undefined ? [] : [{ key: salesOrder }];
};
const nobody = () => [];

export const correlations: Events = {
  QuoteAccepted: bySalesOrder,
  OrderRequested: bySalesOrder,
  OrderChangeRequested: bySalesOrder,
  OrderCancelRequested: bySalesOrder,
  OrderRecheckRequested: bySalesOrder,
  OrderChecked: bySalesOrder,
  OrderCreated: bySalesOrder,
  OrderChanged: bySalesOrder,
  OrderCancelled: bySalesOrder,
  OrderRejected: bySalesOrder,
  PromiseDateChanged: bySalesOrder,
  OrderAtRisk: bySalesOrder,
  ProjectedDateChanged: bySalesOrder,
  ShipmentReady: bySalesOrder,
  GoodsIssued: bySalesOrder,
  CreditHoldPlaced: byHeldOrder,
  CreditHoldReleased: byHeldOrder,
  CustomerChanged: nobody,
  ItemChanged: nobody,
  ProductionOrderPlanned: nobody,
  ProductionOrderReleased: nobody,
  ProductionOrderChanged: nobody,
  ProductionOrderCancelled: byProductionOrder,
  WorkOrderReleased: ({ data }) => {
    const { pegging = [] } = data as EventData["interlock.WorkOrderReleased.v1"];
    return [...new Set(pegging.map(({ salesOrder }) => salesOrder))].map((key) => ({ key }));
  },
  WorkOrderStarted: byWorkOrder,
  WorkOrderHeld: byWorkOrder,
  WorkOrderResumed: byWorkOrder,
  WorkOrderRejected: byWorkOrder,
  WorkOrderCompleted: byWorkOrder,
  WorkOrderAborted: byWorkOrder,
  OperationStarted: byWorkOrder,
  OperationCompleted: byWorkOrder,
  OperationCorrected: byWorkOrder,
};

function pegged({ data }: LedgerEvent): Link[] {
  const { productionOrder, pegging } = data as EventData["interlock.ProductionOrderReleased.v1"];
  return pegging.map(({ salesOrder, quantity }) => ({
    child: { kind: "productionOrder", id: productionOrder },
    parent: { kind: "salesOrder", id: salesOrder },
    ...(quantity && { quantity: quantity.value }),
  }));
}

/** What others call an order: whoever has any of these numbers finds its story. */
function named({ data }: LedgerEvent): Link[] {
  const { salesOrder, quote, customerReference, document, shipment } = data as {
    salesOrder: string;
    quote?: string;
    customerReference?: string;
    document?: string;
    shipment?: string;
  };
  const names = { quote, customerOrder: customerReference, erpOrder: document, shipment };
  return Object.entries(names).flatMap(([kind, id]) =>
    id === undefined ? [] : [{ child: { kind, id }, parent: { kind: "salesOrder", id: salesOrder } }],
  );
}

export const links: NonNullable<Definition["links"]> = {
  QuoteAccepted: named,
  OrderRequested: named,
  OrderCreated: named,
  ShipmentReady: named,
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
};

const creditHold = (value: boolean) => {
  return ({ data }: LedgerEvent) => {
    const { customer, salesOrder } = data as { customer: string; salesOrder?: string };
    return salesOrder === undefined ? [{ kind: "creditHold", key: customer, value }] : [];
  };
};

/** A changed limit or item wakes the orders that failed for it: they are checked again. */
export const factsTold: NonNullable<Definition["facts"]> = {
  CreditHoldPlaced: creditHold(true),
  CreditHoldReleased: creditHold(false),
  CustomerChanged: ({ data }) => {
    const { customer, creditLimit } = data as EventData["interlock.CustomerChanged.v1"];
    return creditLimit ? [{ kind: "creditLimit", key: customer, value: creditLimit }] : [];
  },
  ItemChanged: ({ data }) => {
    const { item, lifecycle } = data as EventData["interlock.ItemChanged.v1"];
    return [{ kind: "itemStatus", key: item, value: lifecycle }];
  },
};

/** Credit counts as long as the order lives; what a check rests on, until the ERP has it. */
export function factsOf(state: Order, { data }: LedgerEvent): FactKey[] {
  const told = data as Partial<Wanted>;
  const customers = [state.customer, told.customer].filter(
    (customer) => customer !== undefined && customer !== "",
  );
  const { lines = [] } = state.wanted ?? (state.created ? {} : told);
  const items = state.created || !Array.isArray(lines) ? [] : lines.map(({ item }) => item);
  return [
    ...[...new Set(customers as string[])].flatMap((key) => [
      { kind: "creditHold", key },
      ...(state.created ? [] : [{ kind: "creditLimit", key }]),
    ]),
    ...[...new Set(items)].slice(0, MOST_ITEMS).map((key) => ({ kind: "itemStatus", key })),
  ];
}
