import { join } from "node:path";
import { expect, test } from "vitest";
import { loadContracts } from "../../src/contract/registry.ts";
import {
  applied,
  cancelled,
  event,
  fired,
  given as givenOf,
  markedApplied,
  rejected,
  type ToldEvent,
  withdrawalRefused,
  withdrawn,
} from "../../src/testing/index.ts";
import process from "./index.ts";
import { changed } from "./state.ts";

const contracts = loadContracts([join(import.meta.dirname, "../../contracts")]);
const given = (...events: ToldEvent[]) => givenOf(process, events, contracts);

const lines = [
  { line: 1, item: "PUMP-200", quantity: { value: "12", unit: "C62" } },
  { line: 2, item: "SEAL-9", quantity: { value: "24", unit: "C62" } },
];
const order = { salesOrder: "SO-1001", customer: "C-7", lines };
/** The person to talk to is personal: nothing after the ledger may carry it. */
const contact = { name: "Erika Mustermann" };
const requested = event("OrderRequested", { ...order, contact }, { time: "2026-03-02T08:00:00Z" });
const confirmed = event("OrderConfirmed", {
  salesOrder: "SO-1001",
  document: "4711",
  confirmedDate: "2026-03-24",
});
const refused = event("OrderRejected", { salesOrder: "SO-1001", reasons: [{ message: "item is blocked" }] });
const holdPlaced = event("CreditHoldPlaced", { customer: "C-7" });
const holdReleased = event("CreditHoldReleased", { customer: "C-7" });
const more = [{ line: 1, quantity: { value: "15", unit: "C62" } }];
const changeWanted = event("OrderChangeRequested", { salesOrder: "SO-1001", lines: more });
const cancelWanted = event("OrderCancelRequested", { salesOrder: "SO-1001" });

const create = { name: "create", target: "erp", type: "CreateSalesOrder", payload: order };
const cancel = (known: object = {}) => ({
  name: "cancel",
  target: "erp",
  type: "CancelSalesOrder",
  payload: { salesOrder: "SO-1001", ...known },
});
const change = {
  name: "change",
  target: "erp",
  type: "ChangeSalesOrder",
  payload: { salesOrder: "SO-1001", document: "4711", lines: more },
};
const tell = (status: string, rest: object = {}) => ({
  name: "tell",
  target: "crm",
  type: "UpdateOrderStatus",
  payload: { salesOrder: "SO-1001", status, ...rest },
});
const promise = { document: "4711", confirmedDate: "2026-03-24" };
const atRisk = (because: string, since: string) => ({
  name: "OrderAtRisk",
  data: { salesOrder: "SO-1001", because, since, customer: "C-7" },
});
const ALL_CASES = ["CREDIT_HOLD", "CONFIRMATION_OVERDUE", "CHANGE_REFUSED", "CANCEL_REFUSED"];

test("an order is entered in the ERP, and its confirmation awaited for four hours", () => {
  given()
    .when(requested)
    .then({
      phase: "creating",
      effects: [create, tell("received")],
      timers: { overdue: "2026-03-02T12:00:00.000000Z" },
    });
});

test("the confirmation is told to the CRM and ends the wait", () => {
  given(requested, applied("create"))
    .when(confirmed)
    .then({
      phase: "confirmed",
      effects: [tell("confirmed", promise)],
      timers: {},
      closedCases: ["CONFIRMATION_OVERDUE", "CREDIT_HOLD"],
    });
});

test("what the ERP applied, or a person says it did, is remembered", () => {
  for (const end of [applied("create"), markedApplied("create")])
    given(requested, end)
      .when(cancelWanted)
      .then({ phase: "cancelling", effects: [cancel(), tell("cancel-pending")], withdrawn: ["change"] });
});

test("a confirmation that does not come becomes a case and is told", () => {
  given(requested, applied("create"))
    .when({ ...fired("overdue"), time: "2026-03-02T12:00:00Z" })
    .then({
      phase: "creating",
      derived: [
        {
          name: "ConfirmationOverdue",
          data: {
            salesOrder: "SO-1001",
            waitingSince: "2026-03-02T08:00:00.000000Z",
            dueAt: "2026-03-02T12:00:00.000000Z",
            waitingFor: "erp",
          },
        },
      ],
      cases: [{ kind: "CONFIRMATION_OVERDUE", owner: "customer-service" }],
      timers: {},
    });
});

test("an order that the ERP rejects ends with a case for customer service", () => {
  for (const before of [[requested], [requested, confirmed]])
    given(...before)
      .when(refused)
      .then({
        phase: "closed",
        effects: [tell("rejected", { ...(before.length > 1 && promise), message: "item is blocked" })],
        cases: [{ kind: "ORDER_REJECTED", owner: "customer-service" }],
        closedCases: ALL_CASES,
      });
});

test("a refused create stays open for a person, who may correct it or give it up", () => {
  given(requested)
    .when(rejected("create", "unknown item"))
    .then({ phase: "creating", effects: [tell("rejected", { message: "unknown item" })] });
  given(requested, rejected("create", "unknown item"))
    .when(cancelled("create"))
    .then({
      phase: "closed",
      effects: [tell("cancelled", { message: "The order was not entered." })],
      closedCases: ALL_CASES,
    });
});

test("requests that overtake their order wait for it, and are then worked in", () => {
  given().when(cancelWanted).thenDeferred();
  given().when(changeWanted).thenDeferred();
  given(changeWanted, requested)
    .when(confirmed)
    .then({
      phase: "confirmed",
      effects: [tell("confirmed", promise), change, tell("change-pending", promise)],
      closedCases: ["CONFIRMATION_OVERDUE", "CREDIT_HOLD"],
    });
});

test("a customer on credit hold: the order waits for the release", () => {
  given(holdPlaced)
    .when(requested)
    .then({
      phase: "on-hold",
      effects: [tell("received", { message: "Waits for the release of a credit hold." })],
      cases: [{ kind: "CREDIT_HOLD", owner: "finance" }],
    });
  given(holdPlaced, requested)
    .when(holdReleased)
    .then({ phase: "creating", effects: [create], closedCases: ["CREDIT_HOLD"] });
});

test("a hold of a single order says nothing of its customer's others", () => {
  given(event("CreditHoldPlaced", { customer: "C-7", salesOrder: "SO-9" }))
    .when(requested)
    .then({ phase: "creating", effects: [create, tell("received")] });
});

test("while it waits, the order is changed and cancelled without the ERP", () => {
  given(holdPlaced, requested, changeWanted)
    .when(holdReleased)
    .then({
      phase: "creating",
      effects: [{ ...create, payload: { ...order, lines: [{ ...lines[0], ...more[0] }, lines[1]] } }],
      closedCases: ["CREDIT_HOLD"],
    });
  given(holdPlaced, requested)
    .when(cancelWanted)
    .then({ phase: "closed", effects: [tell("cancelled")], closedCases: ALL_CASES });
  given(holdPlaced, requested)
    .when(
      event("OrderChangeRequested", {
        salesOrder: "SO-1001",
        lines: [{ line: 9, requestedDate: "2026-04-01" }],
      }),
    )
    .then({ phase: "on-hold", cases: [{ kind: "CHANGE_REFUSED", owner: "customer-service" }] });
});

test("an order entered by hand in the ERP while it waited is confirmed, and at risk", () => {
  given(holdPlaced, requested)
    .when({ ...confirmed, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "confirmed",
      effects: [
        tell("confirmed", promise),
        tell("at-risk", { ...promise, message: "The customer is on credit hold." }),
      ],
      derived: [atRisk("the customer is on credit hold", "2026-03-02T09:00:00.000000Z")],
      closedCases: ["CONFIRMATION_OVERDUE", "CREDIT_HOLD"],
    });
});

test("a credit hold takes back an order that is not sent yet", () => {
  given(requested)
    .when(holdPlaced)
    .then({ phase: "creating", withdrawn: ["create"] });
  given(requested, holdPlaced)
    .when(withdrawn("create"))
    .then({
      phase: "on-hold",
      effects: [tell("received", { message: "Waits for the release of a credit hold." })],
      cases: [{ kind: "CREDIT_HOLD", owner: "finance" }],
      timers: {},
    });
  given(requested, holdPlaced, holdReleased)
    .when(withdrawn("create"))
    .then({ phase: "creating", effects: [create] });
});

test("too late to take it back, the order is at risk", () => {
  const message = "The customer came on credit hold while the order was sent.";
  given(requested, holdPlaced)
    .when({ ...withdrawalRefused("create"), time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "creating",
      effects: [tell("at-risk", { message })],
      derived: [
        atRisk("the customer came on credit hold while the order was sent", "2026-03-02T09:00:00.000000Z"),
      ],
    });
  given(requested, holdPlaced, holdReleased).when(withdrawalRefused("create")).then({ phase: "creating" });
});

test("an order that the ERP holds is at risk while its customer is on hold", () => {
  given(requested, applied("create"))
    .when({ ...holdPlaced, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "creating",
      derived: [atRisk("the customer is on credit hold", "2026-03-02T09:00:00.000000Z")],
    });
  given(requested, confirmed)
    .when({ ...holdPlaced, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "confirmed",
      effects: [tell("at-risk", { ...promise, message: "The customer is on credit hold." })],
      derived: [atRisk("the customer is on credit hold", "2026-03-02T09:00:00.000000Z")],
    });
  given(requested, confirmed, holdPlaced)
    .when(holdReleased)
    .then({ phase: "confirmed", effects: [tell("confirmed", promise)] });
});

test("a confirmed order is changed in the ERP", () => {
  given(requested).when(changeWanted).thenDeferred();
  given(requested, confirmed)
    .when(changeWanted)
    .then({ phase: "confirmed", effects: [change, tell("change-pending", promise)] });
  given(requested, confirmed, changeWanted)
    .when(applied("change"))
    .then({ phase: "confirmed", effects: [tell("changed", promise)], closedCases: ["CHANGE_REFUSED"] });
});

test("a refused change frees the order's lane and becomes a case", () => {
  given(requested, confirmed, changeWanted)
    .when(rejected("change", "already picked"))
    .then({
      phase: "confirmed",
      effects: [tell("confirmed", { ...promise, message: "The change was refused: already picked" })],
      withdrawn: ["change"],
      cases: [{ kind: "CHANGE_REFUSED", owner: "customer-service" }],
    });
  given(requested, confirmed, changeWanted)
    .when(cancelled("change"))
    .then({ phase: "confirmed", effects: [tell("confirmed", promise)] });
});

test("before the ERP has it, a cancelled order is taken back", () => {
  given(requested)
    .when(cancelWanted)
    .then({ phase: "cancelling", effects: [tell("cancel-pending")], withdrawn: ["create"], timers: {} });
  for (const gone of [withdrawn("create"), cancelled("create")])
    given(requested, cancelWanted)
      .when(gone)
      .then({ phase: "closed", effects: [tell("cancelled")], closedCases: ALL_CASES });
  given(requested, cancelWanted)
    .when(rejected("create", "unknown item"))
    .then({
      phase: "closed",
      effects: [tell("cancelled")],
      withdrawn: ["create", "cancel"],
      closedCases: ALL_CASES,
    });
});

test("too late to take it back, the order is cancelled in the ERP, once", () => {
  given(requested, cancelWanted)
    .when(withdrawalRefused("create"))
    .then({ phase: "cancelling", effects: [cancel()] });
  given(requested, cancelWanted)
    .when(applied("create"))
    .then({ phase: "cancelling", effects: [cancel()] });
  given(requested, cancelWanted)
    .when(confirmed)
    .then({ phase: "cancelling", effects: [cancel({ document: "4711" })] });
  given(requested, cancelWanted, withdrawalRefused("create"), confirmed)
    .when(applied("create"))
    .then({ phase: "cancelling" });
  given(requested, cancelWanted, applied("create"))
    .when(applied("cancel"))
    .then({ phase: "closed", effects: [tell("cancelled")], closedCases: ALL_CASES });
});

test("a confirmed order is cancelled in the ERP, unless it refuses", () => {
  given(requested, confirmed)
    .when(cancelWanted)
    .then({
      phase: "cancelling",
      effects: [cancel({ document: "4711" }), tell("cancel-pending", promise)],
      withdrawn: ["change"],
    });
  given(requested, confirmed, cancelWanted)
    .when(rejected("cancel", "already shipped"))
    .then({
      phase: "confirmed",
      effects: [tell("confirmed", { ...promise, message: "It could not be cancelled: already shipped" })],
      withdrawn: ["cancel"],
      cases: [{ kind: "CANCEL_REFUSED", owner: "customer-service" }],
    });
  given(requested, confirmed, cancelWanted)
    .when(cancelled("cancel"))
    .then({ phase: "confirmed", effects: [tell("confirmed", promise)] });
  given(requested, confirmed, cancelWanted)
    .when(refused)
    .then({
      phase: "closed",
      effects: [tell("cancelled", promise)],
      withdrawn: ["cancel"],
      closedCases: ALL_CASES,
    });
});

test("a change that came during a cancellation is made when the order stands after all", () => {
  given(requested, confirmed, cancelWanted).when(changeWanted).thenDeferred();
  given(requested, confirmed, cancelWanted, changeWanted)
    .when(cancelled("cancel"))
    .then({
      phase: "confirmed",
      effects: [tell("confirmed", promise), change, tell("change-pending", promise)],
    });
});

test("a confirmation after the end is a case, everything else is over", () => {
  given(requested, refused)
    .when(confirmed)
    .then({ phase: "closed", cases: [{ kind: "CONFIRMED_AFTER_END", owner: "customer-service" }] });
  given(requested, refused)
    .when(cancelWanted)
    .thenIgnored(/has ended/);
  given(requested, refused)
    .when(holdPlaced)
    .thenIgnored(/has ended/);
});

test("news from before its cancellation that is read after it opens no case", () => {
  const past = [requested, cancelWanted, applied("create"), applied("cancel", { document: "4711" })];
  const told = (time: string) => event("OrderConfirmed", { ...confirmed.data }, { time });
  given(...past)
    .when(told("2026-03-02T08:00:30Z"))
    .then({ phase: "closed" });
  given(...past)
    .when(told("2026-03-02T09:00:00Z"))
    .then({ phase: "closed", cases: [{ kind: "CONFIRMED_AFTER_END", owner: "customer-service" }] });
});

test("an order born in the ERP is nothing to this process", () => {
  given()
    .when(confirmed)
    .thenIgnored(/born in the ERP/);
});

test("taking the last line out leaves no order", () => {
  const none = { value: "0", unit: "C62" };
  expect(
    changed(order, { salesOrder: "SO-1001", lines: [1, 2].map((line) => ({ line, quantity: none })) }),
  ).toBeUndefined();
});
