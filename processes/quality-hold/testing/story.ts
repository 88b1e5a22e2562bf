/** Goods as the tests tell them: a lot of ten pumps made of a lot of castings, for one sales order. */
import { join } from "node:path";
import { loadContracts } from "../../../src/contract/registry.ts";
import { event, given as givenOf, type ToldEvent } from "../../../src/testing/index.ts";
import process from "../index.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const given = (...events: readonly ToldEvent[]) => givenOf(process, events, contracts);

export const q = (value: string | number) => ({ value: String(value), unit: "C62" });
export const ITEM = "PUMP-200";
export const LOT = "L-90";
export const ORDER = "PO-500";

export const released = event("WorkOrderReleased", {
  workOrder: ORDER,
  productionOrder: ORDER,
  item: ITEM,
  quantity: q(10),
  bomRevision: "B",
  routingRevision: "2",
  mode: "mto",
  plannedStart: "2026-03-09T06:00:00+01:00",
  plannedEnd: "2026-03-12T14:00:00+01:00",
  components: [],
  operations: [],
  pegging: [{ salesOrder: "SO-1001", line: 1 }],
});
export const lotMade = event("LotProduced", {
  workOrder: ORDER,
  productionOrder: ORDER,
  item: ITEM,
  lot: LOT,
  quantity: q(10),
  precision: "lot",
});
export const receipt = (quantity: number, status = "unrestricted", lot: string | undefined = LOT) =>
  event("ProductionReceiptPosted", {
    productionOrder: ORDER,
    document: "PR-1",
    item: ITEM,
    quantity: q(quantity),
    status,
    ...(lot !== "" && { lots: [{ lot, quantity: q(quantity) }] }),
  });
export const bought = event("PurchaseReceiptPosted", {
  document: "PU-1",
  item: "CASTING",
  quantity: q(50),
  status: "unrestricted",
  lots: [{ lot: "L-77", quantity: q(50) }],
});
export const used = event("MaterialConsumed", {
  workOrder: ORDER,
  confirmation: 2,
  item: "CASTING",
  lot: "L-77",
  quantity: q(10),
  precision: "lot",
  outputLot: LOT,
});
/** The lot of pumps in stock. */
export const inStock: readonly ToldEvent[] = [lotMade, receipt(10)];

export const hold = (name: string, more: object = { lot: LOT }) =>
  event("QualityHoldRaised", { hold: name, reason: { message: "porous" }, ...more });
export const release = (name: string, more: object = { lot: LOT }) =>
  event("QualityHoldReleased", { hold: name, ...more });
export const passedOn = (name: string, more: object = { lot: LOT }) =>
  event("HoldPassedOn", { hold: name, ...more, because: "lot L-77 is in it" });
export const takenOff = (name: string, more: object = { lot: LOT }) =>
  event("HoldTakenOff", { hold: name, ...more });
export const decide = (name: string, decisions: object[], last = false, more: object = {}) =>
  event("DispositionDecided", { hold: name, decisions, last, ...more });
const shipped = (lot: string, quantity: number) => ({
  shipment: "SO-1001.S1",
  salesOrder: "SO-1001",
  lines: [{ line: 1, item: ITEM, quantity: q(quantity), lots: [{ lot, quantity: q(quantity) }] }],
});
export const ready = event("ShipmentReady", { ...shipped(LOT, 10), complete: true });
export const left = event("ShipmentConfirmed", { ...shipped(LOT, 10), shippedOn: "2026-03-12" });

export const ofLot = { lot: LOT, item: ITEM, workOrder: ORDER, productionOrder: ORDER };
export const counted = (
  name: "GoodsHeld" | "GoodsFreed",
  holds: number,
  holdName: string,
  more: object = {},
) => ({
  name,
  data: {
    ...ofLot,
    holds,
    hold: holdName,
    because: name === "GoodsHeld" ? "porous" : "released by quality",
    ...more,
  },
});
export const setStatus = (quantity: number, from: string, to: string, holdName: string, reason: string) => ({
  name: "stock",
  target: "erp",
  type: "SetStockStatus",
  payload: { item: ITEM, lot: LOT, quantity: q(quantity), from, to, hold: holdName, reason },
});
export const echo = (quantity: number, from: string, to: string) =>
  event("StockStatusChanged", { item: ITEM, lot: LOT, quantity: q(quantity), from, to });
export const scrapStock = (quantity: number, holdName: string, more: object = {}) => ({
  name: "scrap",
  target: "erp",
  type: "ScrapStock",
  payload: { item: ITEM, lot: LOT, quantity: q(quantity), status: "blocked", hold: holdName, ...more },
});
export const risk = (because: string, since: string, holdName: string, more: object = {}) => ({
  name: "OrderAtRisk",
  data: {
    salesOrder: "SO-1001",
    line: 1,
    because,
    since,
    hold: holdName,
    productionOrder: ORDER,
    lot: LOT,
    ...more,
  },
});
export const aCase = (kind: string, owner = "quality") =>
  ({ kind, owner }) as { kind: string; owner: "quality" };
export const at = (time: string) => `2026-03-02T${time}:00.000000Z`;
export const timed = (told: ToldEvent, time: string): ToldEvent => ({
  ...told,
  time: `2026-03-02T${time}:00Z`,
});
