import { test } from "vitest";
import { event, rejected } from "../../src/testing/index.ts";
import { CHECK_CASES } from "./check.ts";
import { ENDING_CASES } from "./confirmed.ts";
import * as story from "./testing/story.ts";
import { aCase, given, KEY, open, promise, q, tell, toErp } from "./testing/story.ts";

const CONFIRMED = [...CHECK_CASES, "CONFIRMATION_OVERDUE", "CHANGE_IMPOSSIBLE"];
const onHold = tell("on-hold", { ...promise, message: "Waits for the release of a credit hold." });
const customerHeld = event("CreditHoldPlaced", { customer: "C-77" });
const customerFree = event("CreditHoldReleased", { customer: "C-77" });
const orderHeld = event("CreditHoldPlaced", { customer: "C-77", salesOrder: KEY });
const orderFree = event("CreditHoldReleased", { customer: "C-77", salesOrder: KEY });
const riskAt = (since: string) => ({
  name: "OrderAtRisk",
  data: { salesOrder: KEY, because: "a credit hold stops its delivery", since, customer: "C-77" },
});

test("the promised dates are told, by line where they differ", () => {
  given(story.requested, story.passed)
    .when(story.created)
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: CONFIRMED, timers: {} });
  const second = { ...story.heldLine(5, "2026-04-02"), line: 2 };
  given(story.requested, story.passed)
    .when(event("OrderCreated", story.inErp({ lines: [story.heldLine(), second] })))
    .then({
      phase: "open",
      effects: [
        tell("confirmed", {
          document: "SO-000123",
          confirmedDate: "2026-04-02",
          lines: [
            { line: 1, confirmedDate: "2026-03-24" },
            { line: 2, confirmedDate: "2026-04-02" },
          ],
        }),
      ],
      closedCases: CONFIRMED,
    });
});

test("an order that was born in the ERP joins here", () => {
  given()
    .when(story.created)
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: CONFIRMED });
  given(story.created)
    .when(story.changeTo(8))
    .then({
      phase: "changing",
      effects: [story.change(8), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
});

test("an order that the ERP holds on credit waits with finance until it is released", () => {
  given(story.requested, story.passed)
    .when({ ...event("OrderCreated", story.inErp({ creditHold: true })), time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "open",
      effects: [onHold],
      derived: [riskAt("2026-03-02T09:00:00.000000Z")],
      cases: [aCase("CREDIT_HOLD", "finance")],
      closedCases: CONFIRMED,
    });
  given(story.requested, story.passed, event("OrderCreated", story.inErp({ creditHold: true })))
    .when(orderFree)
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: ["CREDIT_HOLD"] });
  given(story.requested, story.passed, event("OrderCreated", story.inErp({ creditHold: true })))
    .when(event("OrderChanged", story.inErp({ creditHold: false })))
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: ["CREDIT_HOLD"] });
});

test("a customer that comes on credit hold puts its orders at risk", () => {
  given(...open)
    .when({ ...customerHeld, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "open",
      effects: [onHold],
      derived: [riskAt("2026-03-02T09:00:00.000000Z")],
      cases: [aCase("CREDIT_HOLD", "finance")],
    });
  given(...open, customerHeld)
    .when(customerFree)
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: ["CREDIT_HOLD"] });
});

test("an order that is held twice waits for both releases", () => {
  given(...open, customerHeld)
    .when(orderHeld)
    .then({ phase: "open" });
  given(...open, customerHeld, orderHeld)
    .when(customerFree)
    .then({ phase: "open" });
  given(...open, orderHeld, customerHeld)
    .when(orderFree)
    .then({ phase: "open" });
  given(...open, customerHeld, orderHeld, customerFree)
    .when(orderFree)
    .then({ phase: "open", effects: [tell("confirmed", promise)], closedCases: ["CREDIT_HOLD"] });
});

test("a hold that is placed while the order is entered counts with its confirmation", () => {
  given(story.requested, story.passed)
    .when(customerHeld)
    .thenIgnored(/tells with the order/);
  given(story.requested, story.passed, customerHeld)
    .when({ ...story.created, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "open",
      effects: [onHold],
      derived: [riskAt("2026-03-02T09:00:00.000000Z")],
      cases: [aCase("CREDIT_HOLD", "finance")],
      closedCases: CONFIRMED,
    });
});

test("another promise is told with its cause", () => {
  given(...open)
    .when(event("PromiseDateChanged", { salesOrder: KEY, line: 1, newDate: "2026-03-27", cause: "rework" }))
    .then({
      phase: "open",
      effects: [tell("confirmed", { document: "SO-000123", confirmedDate: "2026-03-27", message: "rework" })],
      closedCases: ["PROMISE_REFUSED"],
    });
});

test("what another process finds at risk is told", () => {
  given(...open)
    .when(
      event("OrderAtRisk", {
        salesOrder: KEY,
        because: "lot L-77 is held",
        hold: "H-7",
        projectedDate: "2026-03-26",
      }),
    )
    .then({
      phase: "open",
      effects: [tell("at-risk", { ...promise, projectedDate: "2026-03-26", message: "lot L-77 is held" })],
    });
});

test("a risk does not hide that the order is on credit hold", () => {
  given(...open, customerHeld)
    .when(event("OrderAtRisk", { salesOrder: KEY, because: "a credit hold stops its delivery" }))
    .then({
      phase: "open",
      effects: [tell("on-hold", { ...promise, message: "a credit hold stops its delivery" })],
    });
});

test("a later projected day is proposed to the ERP, an earlier one only told", () => {
  const projected = (newDate: string, parts?: object[]) =>
    event("ProjectedDateChanged", { salesOrder: KEY, line: 1, newDate, ...(parts && { parts }) });
  given(...open)
    .when(projected("2026-03-26", [{ part: "hold", minutes: 960, message: "H-7" }]))
    .then({
      phase: "open",
      effects: [
        tell("at-risk", { ...promise, projectedDate: "2026-03-26", message: "hold: H-7" }),
        toErp("propose", "ProposePromiseDate", {
          salesOrder: KEY,
          document: "SO-000123",
          line: 1,
          date: "2026-03-26",
          reason: "hold: H-7",
        }),
      ],
    });
  given(...open)
    .when(projected("2026-03-20"))
    .then({ phase: "open", effects: [tell("confirmed", { ...promise, projectedDate: "2026-03-20" })] });
  given(...open, projected("2026-03-26"))
    .when(rejected("propose", "date is a holiday"))
    .then({ phase: "open", withdrawn: ["propose"], cases: [aCase("PROMISE_REFUSED", "customer-service")] });
});

test("the first start is told, the rest of the plant's news is kept for who asks", () => {
  given(...open)
    .when(story.released())
    .then({ phase: "open" });
  given(...open, story.released())
    .when(story.ofWork("WorkOrderStarted"))
    .then({ phase: "open", effects: [tell("in-production", promise)] });
  given(...open, story.released(), story.ofWork("WorkOrderStarted"), story.released("WO-2"))
    .when(story.ofWork("WorkOrderStarted", {}, "WO-2"))
    .then({ phase: "open" });
  given(...open, story.released(), story.ofWork("WorkOrderStarted"))
    .when(event("PromiseDateChanged", { salesOrder: KEY, line: 1, newDate: "2026-03-24" }))
    .then({ phase: "open", effects: [tell("in-production", promise)], closedCases: ["PROMISE_REFUSED"] });
});

test("the order is done when all of it has shipped, as it was ordered or as it is now", () => {
  given(...open)
    .when(story.issued(4))
    .then({ phase: "open" });
  given(...open, story.issued(4))
    .when(story.issued(6))
    .then({ phase: "shipped", closedCases: ENDING_CASES });
  given(...open, story.issued(4))
    .when(story.changedInErp(4))
    .then({ phase: "shipped", effects: [tell("partly-shipped", promise)], closedCases: ENDING_CASES });
});

test("a quantity in another unit is not added up: a person has to look", () => {
  given(...open)
    .when(
      event("GoodsIssued", {
        salesOrder: KEY,
        document: "PS-1",
        lines: [{ line: 1, item: "PUMP-200", quantity: { value: "4", unit: "KGM" } }],
      }),
    )
    .thenHeld(/KGM cannot be compared with/);
});

test("what the ERP rejects after all ends with a case", () => {
  given(...open)
    .when(story.rejectedByErp)
    .then({
      phase: "ended",
      effects: [tell("rejected", { ...promise, message: "item is blocked" })],
      cases: [aCase("ORDER_REJECTED", "customer-service")],
      closedCases: ENDING_CASES,
    });
});

test("what a clerk changes in the ERP is told", () => {
  given(...open)
    .when(event("OrderChanged", story.inErp({ lines: [{ ...story.heldLine(), quantity: q(12) }] })))
    .then({ phase: "open", effects: [tell("confirmed", promise)] });
});
