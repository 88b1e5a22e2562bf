/** One order as the tests tell it: ten pumps, made at a plant, checked, entered, confirmed. */
import { join } from "node:path";
import { loadContracts } from "../../../src/contract/registry.ts";
import { event, given as givenOf, type ToldEvent } from "../../../src/testing/index.ts";
import process from "../index.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../../contracts")]);
export const given = (...events: ToldEvent[]) => givenOf(process, events, contracts);

export const q = (value: string | number) => ({ value: String(value), unit: "C62" });
export const KEY = "SO-1001";
const wantedLine = { line: 1, item: "PUMP-200", quantity: q(10), requestedDate: "2026-03-20" };
export const wanted = { salesOrder: KEY, customer: "C-77", shippingPolicy: "partial", lines: [wantedLine] };
/** The person to talk to is personal: nothing after the ledger may carry it. */
export const requested = event(
  "OrderRequested",
  { ...wanted, contact: { name: "Erika Mustermann" } },
  { time: "2026-03-02T08:00:00Z" },
);
export const changeTo = (quantity: number) =>
  event("OrderChangeRequested", {
    salesOrder: KEY,
    lines: [{ line: 1, quantity: q(quantity) }],
    reason: "less is needed",
  });
export const cancelWanted = event("OrderCancelRequested", { salesOrder: KEY, reason: "project stopped" });

export const checkedWith = (...verdicts: object[]) => event("OrderChecked", { salesOrder: KEY, verdicts });
export const passed = checkedWith(
  { subject: "credit", verdict: "pass" },
  { subject: "item", verdict: "pass", line: 1 },
  { subject: "availability", verdict: "fail", line: 1, message: "not in stock" },
);
export const creditFailed = checkedWith({
  subject: "credit",
  verdict: "fail",
  message: "limit exceeded by 5,000",
});

export const heldLine = (quantity = 10, confirmedDate = "2026-03-24") => ({
  line: 1,
  item: "PUMP-200",
  quantity: q(quantity),
  schedule: [{ scheduleLine: 1, quantity: q(quantity), confirmedDate }],
});
export const inErp = (more: object = {}) => ({
  salesOrder: KEY,
  document: "SO-000123",
  customer: "C-77",
  lines: [heldLine()],
  ...more,
});
export const created = event("OrderCreated", inErp());
export const changedInErp = (quantity: number) =>
  event("OrderChanged", inErp({ lines: [heldLine(quantity)] }));
export const cancelledInErp = event("OrderCancelled", { salesOrder: KEY, document: "SO-000123" });
export const rejectedByErp = event("OrderRejected", {
  salesOrder: KEY,
  reasons: [{ message: "item is blocked" }],
});
/** Checked, entered and confirmed. */
export const open = [requested, passed, created] as const;

const operation = (number: string, more: object = {}) => ({
  operation: number,
  workCenter: `WC-${number}`,
  reporting: false,
  ...more,
});
export const released = (workOrder = "WO-1", salesOrders: readonly string[] = [KEY]) =>
  event("WorkOrderReleased", {
    workOrder,
    productionOrder: workOrder.replace("WO", "PO"),
    item: "PUMP-200",
    quantity: q(10),
    bomRevision: "B",
    routingRevision: "2",
    mode: "mto",
    plannedStart: "2026-03-09T06:00:00+01:00",
    plannedEnd: "2026-03-12T14:00:00+01:00",
    components: [],
    operations: [
      operation("10"),
      operation("20", { pointOfNoReturn: true }),
      operation("30", { reporting: true }),
    ],
    pegging: salesOrders.map((salesOrder) => ({ salesOrder, line: 1 })),
  });
export const ofWork = (name: string, more: object = {}, workOrder = "WO-1") =>
  event(name, { workOrder, ...more });
export const started = (number: string) => ofWork("OperationStarted", { operation: number });
export const reported = (number: string, good: number, scrap = 0) =>
  ofWork("OperationCompleted", {
    operation: number,
    confirmation: 1,
    good: q(good),
    scrap: q(scrap),
    rework: q(0),
    last: false,
  });
export const holdRefused = ofWork("WorkOrderRejected", {
  request: "hold",
  reasons: [{ message: "the furnace cannot be stopped" }],
});
/** Confirmed, released to the plant, begun. */
export const running = [...open, released(), ofWork("WorkOrderStarted"), reported("10", 4, 1)] as const;
export const issued = (quantity: number) =>
  event("GoodsIssued", {
    salesOrder: KEY,
    document: "PS-1",
    lines: [{ line: 1, item: "PUMP-200", quantity: q(quantity) }],
  });

export const tell = (status: string, more: object = {}) => ({
  name: "tell",
  target: "crm",
  type: "UpdateOrderStatus",
  payload: { salesOrder: KEY, status, ...more },
});
export const promise = { document: "SO-000123", confirmedDate: "2026-03-24" };
export const toErp = (name: string, type: string, payload: object) => ({
  name,
  target: "erp",
  type,
  payload,
});
export const check = toErp("check", "CheckOrder", wanted);
export const create = toErp("create", "CreateSalesOrder", wanted);
export const change = (quantity: number) =>
  toErp("change", "ChangeSalesOrder", { ...changeTo(quantity).data, document: "SO-000123" });
export const cancel = (more: object = { document: "SO-000123", reason: "project stopped" }) =>
  toErp("cancel", "CancelSalesOrder", { salesOrder: KEY, ...more });
export const holdRequested = (cause: string, reason: string, workOrder = "WO-1") => ({
  name: "WorkOrderHoldRequested",
  data: {
    workOrder,
    productionOrder: workOrder.replace("WO", "PO"),
    hold: `salesOrder.${KEY}`,
    cause,
    reason,
  },
});
export const holdEnded = (reason: string, workOrder = "WO-1") => ({
  name: "WorkOrderHoldEnded",
  data: { workOrder, productionOrder: workOrder.replace("WO", "PO"), hold: `salesOrder.${KEY}`, reason },
});
export const aCase = (kind: string, owner: string) => ({ kind, owner }) as { kind: string; owner: "finance" };
