/** One order as the tests tell it: ten pumps in two deliveries and a seal from stock, made at a plant. */
import { join } from "node:path";
import { loadContracts } from "../../../src/contract/registry.ts";
import { event, given as givenOf, type ToldEvent } from "../../../src/testing/index.ts";
import process from "../index.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const given = (...events: ToldEvent[]) => givenOf(process, events, contracts);

export const KEY = "SO-1001";
export const q = (value: string | number) => ({ value: String(value), unit: "C62" });
export const pumps = (quantities: readonly number[] = [6, 4], more: object = {}) => ({
  line: 1,
  item: "PUMP-200",
  quantity: q(quantities.reduce((a, b) => a + b, 0)),
  schedule: quantities.map((quantity, i) => ({
    scheduleLine: i + 1,
    quantity: q(quantity),
    confirmedDate: `2026-03-2${i}`,
  })),
  supply: "make",
  ...more,
});
export const motors = (supply: "make" | "stock" | "buy" = "buy") => ({
  line: 2,
  item: "MOTOR-5",
  quantity: q(2),
  schedule: [{ scheduleLine: 1, quantity: q(2), confirmedDate: "2026-03-20" }],
  supply,
});
export const held = (lines: readonly object[] = [pumps()], more: object = {}) => ({
  salesOrder: KEY,
  document: "SO-000123",
  customer: "C-77",
  shippingPolicy: "partial",
  lines,
  ...more,
});
export const ordered = (lines?: readonly object[], more?: object) => event("OrderCreated", held(lines, more));
export const changed = (lines?: readonly object[], more?: object) => event("OrderChanged", held(lines, more));

type Peg = { salesOrder: string; line: number; quantity?: ReturnType<typeof q> };
export const ours: Peg = { salesOrder: KEY, line: 1 };
export const supply = (pegging: readonly Peg[] = [ours], productionOrder = "PO-1") =>
  event("ProductionOrderReleased", {
    productionOrder,
    item: "PUMP-200",
    quantity: q(10),
    itemRevision: "B",
    bomRevision: "B",
    routingRevision: "2",
    mode: "mto",
    plannedStart: "2026-03-09T06:00:00+01:00",
    plannedEnd: "2026-03-12T14:00:00+01:00",
    components: [],
    operations: [],
    pegging,
  });
export const workReleased = event("WorkOrderReleased", { ...supply().data, workOrder: "WO-1" });
export const lots = (...pairs: readonly [string, number][]) =>
  pairs.map(([lot, quantity]) => ({ lot, quantity: q(quantity) }));
export const receipt = (quantity: number, more: object = {}) =>
  event("ProductionReceiptPosted", {
    productionOrder: "PO-1",
    document: "RF-1",
    item: "PUMP-200",
    quantity: q(quantity),
    status: "unrestricted",
    ...more,
  });
/** So many pumps of a lot. */
export const received = (quantity: number, lot: string, more: object = {}) =>
  receipt(quantity, { lots: lots([lot, quantity]), ...more });

export const line = (quantity: number, more: object = {}) => ({
  line: 1,
  item: "PUMP-200",
  quantity: q(quantity),
  ...more,
});
export const customerHeld = event("CreditHoldPlaced", { customer: "C-77" });
export const customerFree = event("CreditHoldReleased", { customer: "C-77" });
export const holdRaised = (hold: string, scope: object) =>
  event("QualityHoldRaised", { hold, ...scope, reason: { message: "porous" } });
export const holdReleased = (hold: string, scope: object) => event("QualityHoldReleased", { hold, ...scope });
export const shipped = (lines: readonly object[], more: object = {}, shipment = `${KEY}.S1`) =>
  event("ShipmentConfirmed", { shipment, salesOrder: KEY, lines, shippedOn: "2026-03-20", ...more });
export const issued = (document: string, lines: readonly object[], more: object = {}) =>
  event("GoodsIssued", { salesOrder: KEY, document, lines, postedOn: "2026-03-20", ...more });
export const invoiced = (invoice: string, more: object = {}) =>
  event("InvoicePosted", { salesOrder: KEY, invoice, ...more });

const toWarehouse = (name: string, type: string, payload: object) => ({ name, target: "wms", type, payload });
export const release = (lines: readonly object[], shipment = `${KEY}.S1`) =>
  toWarehouse("release", "ReleaseShipment", {
    shipment,
    salesOrder: KEY,
    document: "SO-000123",
    customer: "C-77",
    lines,
  });
export const hold = (reason: string, shipment = `${KEY}.S1`) =>
  toWarehouse("hold", "HoldShipment", { shipment, salesOrder: KEY, reason });
export const tell = (status: string, more: object = {}) => ({
  name: "tell",
  target: "crm",
  type: "UpdateOrderStatus",
  payload: { salesOrder: KEY, status, document: "SO-000123", ...more },
});
export const ready = (lines: readonly object[], complete: boolean, more: object = {}) => ({
  name: "ShipmentReady",
  data: {
    shipment: `${KEY}.S1`,
    salesOrder: KEY,
    customer: "C-77",
    shippingPolicy: "partial",
    lines,
    complete,
    ...more,
  },
});
export const issue = (lines: readonly object[], shipment = `${KEY}.S1`) => ({
  name: "issue",
  target: "erp",
  type: "PostGoodsIssue",
  payload: { shipment, salesOrder: KEY, document: "SO-000123", lines, postingDate: "2026-03-20" },
});
export const asset = (payload: object) => ({
  name: "asset",
  target: "crm",
  type: "UpsertAsset",
  payload: {
    item: "PUMP-200",
    customer: "C-77",
    salesOrder: KEY,
    line: 1,
    shippedOn: "2026-03-20",
    warrantyStart: "2026-03-20",
    ...payload,
  },
});
export const notice = (lines: readonly object[], more: object = {}) => ({
  name: "notice",
  target: "edi",
  type: "SendShipNotice",
  payload: {
    shipment: `${KEY}.S1`,
    salesOrder: KEY,
    customer: "C-77",
    lines,
    shippedOn: "2026-03-20",
    ...more,
  },
});
export const aCase = (kind: string, owner: string) => ({ kind, owner }) as { kind: string; owner: "finance" };
