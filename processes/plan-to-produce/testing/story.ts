/** One production order as the tests tell it: ten pumps for one sales order, two operations, made of housings and seals. */
import { join } from "node:path";
import { loadContracts } from "../../../src/contract/registry.ts";
import { event, given as givenOf, type ToldEvent } from "../../../src/testing/index.ts";
import process from "../index.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const given = (...events: readonly ToldEvent[]) => givenOf(process, events, contracts);

export const q = (value: string | number) => ({ value: String(value), unit: "C62" });
export const KEY = "PO-500";
export const ITEM = "PUMP-200";

export const content = {
  item: ITEM,
  quantity: q(10),
  bomRevision: "B",
  routingRevision: "2",
  mode: "mto",
  plannedStart: "2026-03-02T10:00:00+01:00",
  plannedEnd: "2026-03-04T14:00:00+01:00",
  components: [
    { line: 1, item: "HOUSING", quantity: q(10), operation: "10", issueMethod: "manual" },
    { line: 2, item: "SEAL", quantity: q(20), operation: "20", issueMethod: "backflush" },
  ],
  operations: [
    { operation: "10", workCenter: "WC-MILL", reporting: false },
    { operation: "20", workCenter: "WC-ASSY", reporting: true },
  ],
  pegging: [{ salesOrder: "SO-1001", line: 1 }],
};

export const itemKnown = event("ItemChanged", {
  item: ITEM,
  baseUnit: "C62",
  lifecycle: "approved",
  plants: [{ plant: "lyon", active: true }],
});
export const ordered = event("OrderCreated", {
  salesOrder: "SO-1001",
  document: "SO-000123",
  customer: "C-77",
  lines: [
    {
      line: 1,
      item: ITEM,
      quantity: q(10),
      schedule: [{ scheduleLine: 1, quantity: q(10), confirmedDate: "2026-03-24" }],
    },
  ],
});
export const told = (name: string, more: object = {}): ToldEvent =>
  event(name, { productionOrder: KEY, ...more }, { plant: "lyon" });
export const planned = told("ProductionOrderPlanned", content);
export const released = told("ProductionOrderReleased", content);
export const changed = (more: object) => told("ProductionOrderChanged", { ...content, ...more });

export const ofWork = (name: string, more: object = {}, workOrder = KEY) =>
  event(name, { workOrder, productionOrder: KEY, ...more }, { plant: "lyon" });
export const accepted = ofWork("WorkOrderAccepted", { request: "release" });
export const refusedBy = (request: string, message = "the mill is being moved") =>
  ofWork("WorkOrderRejected", { request, reasons: [{ message }] });
export const began = ofWork("WorkOrderStarted");

interface Amounts {
  good?: number;
  scrap?: number;
  rework?: number;
}
const pieces = ({ good = 0, scrap = 0, rework = 0 }: Amounts) => ({
  good: q(good),
  scrap: q(scrap),
  rework: q(rework),
});
export const report = (operation: string, confirmation: number, amounts: Amounts, more: object = {}) =>
  ofWork("OperationCompleted", { operation, confirmation, ...pieces(amounts), last: false, ...more });
export const correction = (operation: string, confirmation: number, corrects: number, amounts: Amounts) =>
  ofWork("OperationCorrected", { operation, confirmation, corrects, ...pieces(amounts) });
export const used = (item: string, confirmation: number, quantity: number, more: object = {}) =>
  ofWork("MaterialConsumed", { confirmation, item, quantity: q(quantity), precision: "order", ...more });
export const usedCorrected = (item: string, confirmation: number, corrects: number, quantity: number) =>
  ofWork("ConsumptionCorrected", { confirmation, corrects, item, quantity: q(quantity), precision: "order" });
export const completed = ofWork("WorkOrderCompleted");

let documents = 0;
const document = () => `J-${++documents}`;
export const confirmedInErp = (operation: string, good: number, scrap = 0) =>
  told("ProductionConfirmed", { operation, document: document(), good: q(good), scrap: q(scrap) });
export const receivedInErp = (quantity: number, status = "unrestricted") =>
  told("ProductionReceiptPosted", { document: document(), item: ITEM, quantity: q(quantity), status });
export const issuedInErp = (item: string, quantity: number, automatic = false) =>
  told("ConsumptionPosted", { document: document(), item, quantity: q(quantity), automatic });

/** To stock, so that no customer is asked for: released at once. */
export const forStock = { ...content, mode: "mts", pegging: [] };
export const atPlant: readonly ToldEvent[] = [itemKnown, told("ProductionOrderReleased", forStock)];
export const taken: readonly ToldEvent[] = [...atPlant, accepted];
/** Ten milled, four assembled. */
export const running: readonly ToldEvent[] = [
  ...taken,
  began,
  report("10", 1, { good: 10 }),
  used("HOUSING", 2, 10),
  report("20", 3, { good: 4 }),
];
export const echoed: readonly ToldEvent[] = [
  confirmedInErp("10", 10),
  issuedInErp("HOUSING", 10),
  confirmedInErp("20", 4),
  receivedInErp(4),
];
/** All made but one scrapped, all of it posted but the last receipt. */
export const nearlyDone: readonly ToldEvent[] = [
  ...running,
  ...echoed,
  report("20", 4, { good: 5, scrap: 1 }),
  completed,
  confirmedInErp("20", 5, 1),
];

export const toErp = (name: string, type: string, payload: object) => ({
  name,
  target: "erp",
  type,
  payload: { productionOrder: KEY, ...payload },
});
export const toPlant = (name: string, type: string, payload: object) => ({
  name,
  target: "mes",
  type,
  payload: { workOrder: KEY, productionOrder: KEY, ...payload },
});
export const start = (startedAt: string) =>
  toErp("start", "StartProductionOrder", { workOrder: KEY, startedAt });
export const confirm = (
  operation: string,
  confirmation: number,
  amounts: Amounts,
  reportedAt: string,
  more: object = {},
) =>
  toErp("confirm", "ConfirmOperation", {
    workOrder: KEY,
    operation,
    confirmation,
    ...pieces(amounts),
    reportedAt,
    last: false,
    ...more,
  });
export const receive = (confirmation: number, quantity: number, reportedAt: string, more: object = {}) =>
  toErp("receive", "ReceiveProduction", {
    workOrder: KEY,
    operation: "20",
    confirmation,
    item: ITEM,
    quantity: q(quantity),
    status: "unrestricted",
    reportedAt,
    ...more,
  });
export const aCase = (kind: string, owner = "plant-operations") =>
  ({ kind, owner }) as { kind: string; owner: "quality" };
/** A moment of the story, as the ledger writes it. */
export const at = (time: string) => `2026-03-02T${time}:00.000000Z`;
export const timed = (told: ToldEvent, time: string): ToldEvent => ({
  ...told,
  time: `2026-03-02T${time}:00Z`,
});
