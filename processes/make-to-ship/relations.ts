/** Whom an event concerns, and what it teaches of what belongs together. */
import type { EventData, LedgerEvent, Link, ObjectRef, ProcessDefinition } from "../../src/process/index.ts";
import type { Order } from "./state.ts";

type Definition = ProcessDefinition<Order>;
type Events = Definition["events"];
type Named = Partial<
  Record<"salesOrder" | "lot" | "serial" | "workOrder" | "productionOrder" | "hold", string>
>;

const DAY_MS = 86_400_000;
/** The ERP tells of a production order before it tells of its receipts, but the second may be read first. */
const WAIT_MS = 7 * DAY_MS;

/** What a production order without pegging serves. */
const FOR_NOBODY = "stock";

const bySalesOrder = ({ data }: LedgerEvent) => [{ key: (data as { salesOrder: string }).salesOrder }];
const nobody = () => [];
/** What is made to stock, or lies there for nobody, is linked to no order and concerns none. */
const via = (kind: string, id: string | undefined) =>
  id === undefined ? [] : [{ via: { kind, id }, waitMs: 0 }];

function byPegging(pegging: readonly { salesOrder: string }[]) {
  return [...new Set(pegging.map(({ salesOrder }) => salesOrder))].map((key) => ({ key }));
}

const byGoods = ({ data }: LedgerEvent) => {
  const { lot, serial, workOrder, productionOrder } = data as Named;
  return [
    ...via("lot", lot),
    ...via("serial", serial),
    ...via("workOrder", workOrder),
    ...via("productionOrder", productionOrder),
  ];
};
const byHold = ({ data }: LedgerEvent) => via("qualityHold", (data as Named).hold);
const byHeldOrder = ({ data }: LedgerEvent) => {
  const { salesOrder } = data as Named;
  return salesOrder === undefined ? [] : [{ key: salesOrder }];
};
const bySupply = ({ data }: LedgerEvent) =>
  byPegging((data as EventData["interlock.ProductionOrderReleased.v1"]).pegging);

export const correlations: Events = {
  OrderCreated: bySalesOrder,
  OrderChanged: bySalesOrder,
  OrderCancelled: bySalesOrder,
  PromiseDateChanged: bySalesOrder,
  OrderRejected: bySalesOrder,
  CreditHoldPlaced: byHeldOrder,
  CreditHoldReleased: byHeldOrder,
  ProductionOrderPlanned: bySupply,
  ProductionOrderReleased: bySupply,
  ProductionOrderChanged: bySupply,
  WorkOrderReleased: ({ data }) =>
    byPegging((data as EventData["interlock.WorkOrderReleased.v1"]).pegging ?? []),
  ProductionReceiptPosted: ({ data }) => {
    const { productionOrder, pegging } = data as EventData["interlock.ProductionReceiptPosted.v1"];
    if (pegging) return byPegging(pegging);
    return [{ via: { kind: "productionOrder", id: productionOrder }, waitMs: WAIT_MS, unless: FOR_NOBODY }];
  },
  PurchaseReceiptPosted: ({ data }) =>
    byPegging((data as EventData["interlock.PurchaseReceiptPosted.v1"]).pegging ?? []),
  StockStatusChanged: byGoods,
  InventoryAdjusted: byGoods,
  LotProduced: nobody,
  LotSplit: nobody,
  LotMerged: nobody,
  MaterialConsumed: byGoodsMade,
  ConsumptionCorrected: byGoodsMade,
  ComponentReplaced: byGoods,
  QualityHoldRaised: byGoods,
  QualityHoldReleased: byHold,
  DispositionDecided: byHold,
  GoodsHeld: byGoods,
  GoodsFreed: byGoods,
  ShipmentPicked: bySalesOrder,
  ShipmentConfirmed: bySalesOrder,
  GoodsIssued: bySalesOrder,
  InvoicePosted: bySalesOrder,
};

/** The lot in it is what went in, not what came out. */
function byGoodsMade({ data }: LedgerEvent) {
  return via("workOrder", (data as Named).workOrder);
}

const link = (child: ObjectRef, kind: string, id: string, quantity?: string): Link => ({
  child,
  parent: { kind, id },
  ...(quantity !== undefined && { quantity }),
});

function pegged({ data, plant = "any" }: LedgerEvent): Link[] {
  const { productionOrder, pegging } = data as EventData["interlock.ProductionOrderReleased.v1"];
  const child = { kind: "productionOrder", id: productionOrder };
  if (pegging.length === 0) return [link(child, FOR_NOBODY, plant)];
  return pegging.map(({ salesOrder, quantity }) => link(child, "salesOrder", salesOrder, quantity?.value));
}

/** Each lot and serial number that is told with goods came out of, or lies there for, something. */
function lotsOf(
  lots: EventData["interlock.ProductionReceiptPosted.v1"]["lots"],
  kind: string,
  id: string,
): Link[] {
  return (lots ?? []).flatMap(({ lot, serial, quantity }) => [
    ...(lot === undefined ? [] : [link({ kind: "lot", id: lot }, kind, id, quantity.value)]),
    ...(serial === undefined ? [] : [link({ kind: "serial", id: serial }, kind, id)]),
  ]);
}

/** Whoever has a shipment in hand finds its order. */
function shipped({ data }: LedgerEvent): Link[] {
  const { salesOrder, shipment } = data as { salesOrder: string; shipment: string };
  return [link({ kind: "shipment", id: shipment }, "salesOrder", salesOrder)];
}

export const links: NonNullable<Definition["links"]> = {
  ProductionOrderPlanned: pegged,
  ProductionOrderReleased: pegged,
  ProductionOrderChanged: pegged,
  WorkOrderReleased: ({ data }) => {
    const { workOrder, productionOrder } = data as EventData["interlock.WorkOrderReleased.v1"];
    return [link({ kind: "workOrder", id: workOrder }, "productionOrder", productionOrder)];
  },
  LotProduced: ({ data }) => {
    const { workOrder, lot, serial, quantity } = data as EventData["interlock.LotProduced.v1"];
    return [
      ...(lot === undefined ? [] : [link({ kind: "lot", id: lot }, "workOrder", workOrder, quantity.value)]),
      ...(serial === undefined ? [] : [link({ kind: "serial", id: serial }, "workOrder", workOrder)]),
    ];
  },
  ProductionReceiptPosted: ({ data }) => {
    const { productionOrder, lots } = data as EventData["interlock.ProductionReceiptPosted.v1"];
    return lotsOf(lots, "productionOrder", productionOrder);
  },
  PurchaseReceiptPosted: ({ data }) => {
    const { pegging = [], lots } = data as EventData["interlock.PurchaseReceiptPosted.v1"];
    return pegging.flatMap(({ salesOrder }) => lotsOf(lots, "salesOrder", salesOrder));
  },
  LotSplit: ({ data }) => {
    const { lot, into } = data as EventData["interlock.LotSplit.v1"];
    return into
      .filter((part) => part.lot !== lot)
      .map((part) => link({ kind: "lot", id: part.lot }, "lot", lot));
  },
  LotMerged: ({ data }) => {
    const { from, lot } = data as EventData["interlock.LotMerged.v1"];
    return from
      .filter((part) => part.lot !== lot)
      .map((part) => link({ kind: "lot", id: lot }, "lot", part.lot));
  },
  ShipmentConfirmed: shipped,
  InvoicePosted: ({ data }) => {
    const { salesOrder, invoice } = data as EventData["interlock.InvoicePosted.v1"];
    return [link({ kind: "invoice", id: invoice }, "salesOrder", salesOrder)];
  },
  // A hold belongs to what it lies on, so that its end, which may name nothing else, finds the same orders.
  QualityHoldRaised: ({ data }) => {
    const { hold, lot, serial, workOrder, productionOrder } =
      data as EventData["interlock.QualityHoldRaised.v1"];
    const on = { lot, serial, workOrder, productionOrder };
    return Object.entries(on).flatMap(([kind, id]) =>
      id === undefined ? [] : [link({ kind: "qualityHold", id: hold }, kind, id)],
    );
  },
};

const creditHold = (value: boolean) => {
  return ({ data }: LedgerEvent) => {
    const { customer, salesOrder } = data as { customer: string; salesOrder?: string };
    return salesOrder === undefined ? [{ kind: "creditHold", key: customer, value }] : [];
  };
};

export const factsTold: NonNullable<Definition["facts"]> = {
  CreditHoldPlaced: creditHold(true),
  CreditHoldReleased: creditHold(false),
};

/** The customer's credit decides whether goods may leave. */
export const factsOf: NonNullable<Definition["factsFor"]> = ({ customer }, { data }) => {
  const { customer: told } = data as { customer?: string };
  const customers = [...new Set([customer, told])].filter((each) => each !== undefined && each !== "");
  return customers.map((key) => ({ kind: "creditHold", key: key! }));
};
