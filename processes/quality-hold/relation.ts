/** Whom an event concerns: goods are named by what they are called on the floor. And what it teaches of their origin. */
import type { EventData, FactKey, LedgerEvent, Link, ProcessDefinition } from "../../src/process/index.ts";
import { type Goods, keyOf, type Name, namedIn } from "./state.ts";

const DAY_MS = 86_400_000;
/** A decision may be read before the hold it is about. */
const HOLD_WAIT_MS = 3 * DAY_MS;

type Definition = ProcessDefinition<Goods>;
type Lots = readonly { readonly lot?: string; readonly serial?: string }[];

const keys = (...names: readonly (Name | undefined)[]) => {
  const found = names.filter((name) => name !== undefined).map(keyOf);
  return [...new Set(found)].map((key) => ({ key }));
};
const named = ({ data }: LedgerEvent) => keys(namedIn(data as object));
const lotsOf = (lots: Lots | undefined) => (lots ?? []).map((each) => namedIn(each));
const byHold = ({ data }: LedgerEvent) => [
  { via: { kind: "qualityHold", id: (data as { hold: string }).hold }, waitMs: HOLD_WAIT_MS },
];
const byShipped = ({ data }: LedgerEvent) => {
  const { lines } = data as EventData["interlock.ShipmentReady.v1"];
  return keys(...lines.flatMap(({ lots }) => lotsOf(lots)));
};
/** Goods with numbers of their own, and the work order they came out of; others count as its pieces. */
const byReceipt = ({ data }: LedgerEvent) => {
  const { lots, productionOrder } = data as EventData["interlock.ProductionReceiptPosted.v1"];
  return keys(...lotsOf(lots), namedIn({ productionOrder }));
};
const traced = ({ data }: LedgerEvent) => {
  const { lot, serial } = data as { lot?: string; serial?: string };
  return keys(namedIn({ ...(lot && { lot }), ...(serial && { serial }) }));
};
const nobody = () => [];

export const correlations: Definition["events"] = {
  QualityHoldRaised: named,
  QualityHoldReleased: byHold,
  DispositionDecided: (event) => {
    const { decisions } = event.data as EventData["interlock.DispositionDecided.v1"];
    return [...byHold(event), ...keys(...lotsOf(decisions))];
  },
  HoldPassedOn: named,
  HoldTakenOff: named,
  // of an item as such it reaches the goods that rely on the fact
  GoodsHeld: nobody,
  GoodsFreed: nobody,
  WorkOrderReleased: named,
  WorkOrderCompleted: ({ data }) => keys(namedIn({ workOrder: (data as { workOrder: string }).workOrder })),
  WorkOrderAborted: ({ data }) => keys(namedIn({ workOrder: (data as { workOrder: string }).workOrder })),
  // teach for whom it is made
  ProductionOrderReleased: nobody,
  ProductionOrderChanged: nobody,
  LotProduced: ({ data }) => {
    const { lot, serial, workOrder } = data as EventData["interlock.LotProduced.v1"];
    return keys(namedIn({ ...(lot && { lot }), ...(serial && { serial }) }), namedIn({ workOrder }));
  },
  LotSplit: ({ data }) => {
    const { lot, into } = data as EventData["interlock.LotSplit.v1"];
    return keys(namedIn({ lot }), ...lotsOf(into));
  },
  LotMerged: ({ data }) => {
    const { lot, from } = data as EventData["interlock.LotMerged.v1"];
    return keys(namedIn({ lot }), ...lotsOf(from));
  },
  MaterialConsumed: traced,
  ComponentReplaced: ({ data }) =>
    keys(...lotsOf([(data as EventData["interlock.ComponentReplaced.v1"]).installed])),
  ProductionReceiptPosted: byReceipt,
  PurchaseReceiptPosted: ({ data }) =>
    keys(...lotsOf((data as EventData["interlock.PurchaseReceiptPosted.v1"]).lots)),
  ConsumptionPosted: traced,
  StockStatusChanged: ({ data }) => {
    const { lot, serial, productionOrder } = data as EventData["interlock.StockStatusChanged.v1"];
    return keys(
      namedIn({
        ...(lot && { lot }),
        ...(serial && { serial }),
        ...(productionOrder && { productionOrder }),
      }),
    );
  },
  InventoryAdjusted: traced,
  ShipmentReady: byShipped,
  ShipmentConfirmed: byShipped,
};

const link = (
  child: Name,
  parent: { readonly kind: string; readonly id: string },
  quantity?: string,
): Link => ({
  child: { kind: child.kind, id: child.id },
  parent,
  ...(quantity !== undefined && { quantity }),
});

export const links: NonNullable<Definition["links"]> = {
  /** So that its end, which may name nothing but the hold, finds the goods. */
  QualityHoldRaised: ({ data }) => {
    const { hold } = data as EventData["interlock.QualityHoldRaised.v1"];
    const goods = namedIn(data as object);
    return goods
      ? [{ child: { kind: "qualityHold", id: hold }, parent: { kind: "goods", id: keyOf(goods) } }]
      : [];
  },
  LotProduced: ({ data }) => {
    const { workOrder, quantity, ...numbers } = data as EventData["interlock.LotProduced.v1"];
    const goods = namedIn({ ...numbers, productionOrder: workOrder });
    return goods ? [link(goods, { kind: "workOrder", id: workOrder }, quantity.value)] : [];
  },
  MaterialConsumed: ({ data }) => {
    const { lot, serial, outputLot, outputSerial, workOrder, quantity } =
      data as EventData["interlock.MaterialConsumed.v1"];
    const input = namedIn({ ...(lot && { lot }), ...(serial && { serial }) });
    const output = namedIn({
      ...(outputLot && { lot: outputLot }),
      ...(outputSerial && { serial: outputSerial }),
      workOrder,
    });
    return input && output ? [link(input, { kind: output.kind, id: output.id }, quantity.value)] : [];
  },
};

/** Sales orders that wait for what is made, for the orders at risk. */
const MOST_ORDERS = 50;
const peggedTo = ({ data }: LedgerEvent) => {
  const { productionOrder, pegging = [] } = data as EventData["interlock.WorkOrderReleased.v1"];
  const lines = pegging.slice(0, MOST_ORDERS).map(({ salesOrder, line }) => ({ salesOrder, line }));
  return [{ kind: "peggedTo", key: productionOrder, value: lines }];
};
/** How many holds lie on an item, or on one revision of it. */
const itemHold = ({ data }: LedgerEvent) => {
  const { lot, serial, workOrder, item, itemRevision, holds } = data as EventData["interlock.GoodsHeld.v1"];
  if (item === undefined || lot !== undefined || serial !== undefined || workOrder !== undefined) return [];
  const key = itemRevision === undefined ? item : `${item}@${itemRevision}`;
  return [{ kind: "itemHold", key, value: holds }];
};

export const factsTold: NonNullable<Definition["facts"]> = {
  ProductionOrderReleased: peggedTo,
  ProductionOrderChanged: peggedTo,
  WorkOrderReleased: peggedTo,
  GoodsHeld: itemHold,
  GoodsFreed: itemHold,
};

interface Told {
  readonly item?: string;
  readonly itemRevision?: string;
  readonly productionOrder?: string;
  readonly workOrder?: string;
}

export function factsOf(
  { name, item, itemRevision, productionOrder }: Goods,
  { data }: LedgerEvent,
): FactKey[] {
  if (name.kind === "item") return [];
  const told = data as Told;
  const found = new Map<string, FactKey>();
  const add = (kind: string, key: string | undefined) => {
    if (key !== undefined) found.set(`${kind}/${key}`, { kind, key });
  };
  // the item may be heard of with one event and its revision with another
  for (const each of [item, told.item]) {
    add("itemHold", each);
    for (const revision of [itemRevision, told.itemRevision])
      if (each !== undefined && revision !== undefined) add("itemHold", `${each}@${revision}`);
  }
  for (const order of [productionOrder, told.productionOrder, told.workOrder]) add("peggedTo", order);
  if (name.kind === "workOrder") add("peggedTo", name.id);
  return [...found.values()];
}
