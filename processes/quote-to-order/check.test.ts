import { expect, test } from "vitest";
import {
  applied,
  cancelled,
  event,
  fired,
  rejected,
  withdrawalRefused,
  withdrawn,
} from "../../src/testing/index.ts";
import { CHECK_CASES } from "./check.ts";
import { ENDING_CASES } from "./confirmed.ts";
import { changed } from "./lines.ts";
import * as story from "./testing/story.ts";
import { aCase, cancel, check, create, given, KEY, q, requested, tell, toErp } from "./testing/story.ts";

const others = (...open: string[]) => CHECK_CASES.filter((kind) => !open.includes(kind));
const failing = (subject: string, more: object = {}) =>
  story.checkedWith({ subject, verdict: "fail", message: "no", ...more });
const unavailable = story.checkedWith({ subject: "credit", verdict: "unavailable" });
const CONFIRMED = [...CHECK_CASES, "CONFIRMATION_OVERDUE", "CHANGE_IMPOSSIBLE"];

test("an order is asked about before it is entered, and the person to talk to stays behind", () => {
  given()
    .when(requested)
    .then({
      phase: "checking",
      effects: [check, tell("received")],
      timers: { answer: "2026-03-02T12:00:00.000000Z" },
    });
});

test("an accepted quote is an order with its number", () => {
  const { salesOrder: _, ...rest } = story.wanted;
  const quote = { quote: "Q-1", salesOrder: KEY, ...rest };
  given()
    .when(event("QuoteAccepted", quote))
    .then({ phase: "checking", effects: [check, tell("received")] });
  given(event("QuoteAccepted", quote))
    .when(story.passed)
    .then({
      phase: "creating",
      effects: [toErp("create", "CreateSalesOrder", quote)],
      closedCases: CHECK_CASES,
    });
});

test("what passes is entered; what is not in stock is promised later and passes too", () => {
  given(requested)
    .when({ ...story.passed, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "creating",
      effects: [create],
      timers: { answer: "2026-03-02T13:00:00.000000Z" },
      closedCases: CHECK_CASES,
    });
});

test("a failed credit is finance's, and is checked again when the customer's hold goes, or its limit changes", () => {
  given(requested)
    .when({ ...story.creditFailed, time: "2026-03-02T09:00:00Z" })
    .then({
      phase: "blocked",
      effects: [tell("on-hold", { message: "Does not pass: credit." })],
      cases: [aCase("CREDIT_FAILED", "finance")],
      closedCases: others("CREDIT_FAILED"),
      timers: { recheck: "2026-03-02T10:00:00.000000Z" },
    });
  for (const news of [
    event("CreditHoldReleased", { customer: "C-77" }),
    event("CustomerChanged", { customer: "C-77", creditLimit: { amount: "90000", currency: "EUR" } }),
    event("OrderRecheckRequested", { salesOrder: KEY }),
    fired("recheck"),
  ])
    given(requested, story.creditFailed)
      .when(news)
      .then({ phase: "checking", effects: [check] });
  given(requested, story.creditFailed, fired("recheck"))
    .when(story.passed)
    .then({ phase: "creating", effects: [create], closedCases: CHECK_CASES });
});

test.each([
  ["item", "ITEM_FAILED"],
  ["configuration", "CONFIGURATION_FAILED"],
  ["price", "PRICE_FAILED"],
  ["tax", "TAX_FAILED"],
])("a failed %s is customer service's", (subject, kind) => {
  given(requested)
    .when(failing(subject, { line: 1, remedy: "set it right" }))
    .then({
      phase: "blocked",
      effects: [tell("on-hold", { message: `Does not pass: ${subject}.` })],
      cases: [aCase(kind, "customer-service")],
      closedCases: others(kind),
    });
});

test("each failing thing has its own case, and what passes at last closes its own", () => {
  const two = story.checkedWith(
    { subject: "credit", verdict: "fail" },
    { subject: "price", verdict: "fail", line: 1 },
    { subject: "price", verdict: "fail", line: 2 },
  );
  given(requested)
    .when(two)
    .then({
      phase: "blocked",
      effects: [tell("on-hold", { message: "Does not pass: credit, price." })],
      cases: [aCase("CREDIT_FAILED", "finance"), aCase("PRICE_FAILED", "customer-service")],
      closedCases: others("CREDIT_FAILED", "PRICE_FAILED"),
    });
  given(requested, two)
    .when(story.creditFailed)
    .then({
      phase: "blocked",
      effects: [tell("on-hold", { message: "Does not pass: credit." })],
      cases: [aCase("CREDIT_FAILED", "finance")],
      closedCases: others("CREDIT_FAILED"),
    });
});

test("an item that changed has the orders that failed for it checked again", () => {
  given(requested, failing("item"))
    .when(event("ItemChanged", { item: "PUMP-200", baseUnit: "C62", lifecycle: "approved" }))
    .then({ phase: "checking", effects: [check] });
});

test("a system that cannot say is asked again soon; the third time somebody looks", () => {
  given(requested)
    .when({ ...unavailable, time: "2026-03-02T09:00:00Z" })
    .then({ phase: "blocked", timers: { recheck: "2026-03-02T09:10:00.000000Z" } });
  given(requested, unavailable, fired("recheck"), unavailable, fired("recheck"))
    .when(unavailable)
    .then({ phase: "blocked", cases: [aCase("CHECK_UNAVAILABLE", "it")] });
});

test("a question that is refused is taken back and asked again later", () => {
  given(requested)
    .when(rejected("check", "no such service"))
    .then({ phase: "blocked", withdrawn: ["check"], cases: [aCase("CHECK_UNAVAILABLE", "it")] });
  given(requested)
    .when(cancelled("check"))
    .then({ phase: "blocked", withdrawn: ["check"], cases: [aCase("CHECK_UNAVAILABLE", "it")] });
});

test("a question that the ERP took and whose answer is lost is asked again", () => {
  given(requested)
    .when({ ...applied("check"), time: "2026-03-02T08:01:00Z" })
    .then({
      phase: "checking",
      timers: { answer: "2026-03-02T12:00:00.000000Z", recheck: "2026-03-02T08:11:00.000000Z" },
    });
  given(requested, applied("check"))
    .when(fired("recheck"))
    .then({ phase: "checking", effects: [check] });
  const lost = [applied("check"), fired("recheck")];
  given(requested, ...lost, ...lost, applied("check"))
    .when(fired("recheck"))
    .then({ phase: "checking", effects: [check], cases: [aCase("CHECK_UNAVAILABLE", "it")] });
});

test("a question without an answer becomes a case", () => {
  given(requested)
    .when(fired("answer"))
    .then({ phase: "checking", cases: [aCase("CHECK_UNAVAILABLE", "it")] });
});

test("before it is entered, a change is worked in and checked, and a cancellation ends it", () => {
  const less = { ...story.wanted, lines: [{ ...story.wanted.lines[0], quantity: q(8) }] };
  given(requested).when(story.changeTo(8)).thenDeferred();
  given(requested, story.creditFailed)
    .when(story.changeTo(8))
    .then({ phase: "checking", effects: [toErp("check", "CheckOrder", less)] });
  given(requested, story.creditFailed, story.changeTo(8))
    .when(story.passed)
    .then({
      phase: "creating",
      effects: [toErp("create", "CreateSalesOrder", less)],
      closedCases: CHECK_CASES,
    });
  given(requested, story.creditFailed)
    .when(story.changeTo(0))
    .then({ phase: "blocked", cases: [aCase("CHANGE_IMPOSSIBLE", "customer-service")] });
  for (const before of [[requested], [requested, story.creditFailed]])
    given(...before)
      .when(story.cancelWanted)
      .then({
        phase: "ended",
        effects: [tell("cancelled")],
        withdrawn: ["check"],
        closedCases: [...CHECK_CASES, "CHANGE_IMPOSSIBLE"],
      });
});

test("requests that overtake their order wait for it", () => {
  given().when(story.cancelWanted).thenDeferred();
  given().when(story.released()).thenDeferred();
  given(story.cancelWanted)
    .when(requested)
    .then({
      phase: "ended",
      effects: [check, tell("received"), tell("cancelled")],
      withdrawn: ["check"],
      closedCases: [...CHECK_CASES, "CHANGE_IMPOSSIBLE"],
    });
});

test("an order that somebody enters in the ERP meanwhile is confirmed as it is there", () => {
  for (const before of [[requested], [requested, story.creditFailed], [requested, story.passed], []])
    given(...before)
      .when(story.created)
      .then({
        phase: "open",
        effects: [tell("confirmed", story.promise)],
        closedCases: CONFIRMED,
        timers: {},
      });
});

test("no word from the ERP becomes a case and is told", () => {
  given(requested, { ...story.passed, time: "2026-03-02T09:00:00Z" }, applied("create"))
    .when({ ...fired("answer"), time: "2026-03-02T13:00:00Z" })
    .then({
      phase: "creating",
      derived: [
        {
          name: "ConfirmationOverdue",
          data: {
            salesOrder: KEY,
            waitingSince: "2026-03-02T09:00:00.000000Z",
            dueAt: "2026-03-02T13:00:00.000000Z",
            waitingFor: "erp",
          },
        },
      ],
      cases: [aCase("CONFIRMATION_OVERDUE", "customer-service")],
    });
});

test("a refused create stays open for a person, who may correct it or give it up", () => {
  const entered = [requested, story.passed];
  given(...entered)
    .when(rejected("create", "unknown item"))
    .then({ phase: "creating", effects: [tell("rejected", { message: "unknown item" })] });
  given(...entered, rejected("create", "unknown item"))
    .when(cancelled("create"))
    .then({
      phase: "ended",
      effects: [tell("cancelled", { message: "The order was not entered." })],
      closedCases: ["CONFIRMATION_OVERDUE"],
    });
});

test("an order that the ERP rejects ends with a case for customer service", () => {
  given(requested, story.passed)
    .when(story.rejectedByErp)
    .then({
      phase: "ended",
      effects: [tell("rejected", { message: "item is blocked" })],
      cases: [aCase("ORDER_REJECTED", "customer-service")],
      closedCases: ENDING_CASES,
    });
});

test("while it is being entered, a cancelled order is taken back, or cancelled behind the create, once", () => {
  const entering = [requested, story.passed];
  given(...entering)
    .when(story.cancelWanted)
    .then({ phase: "cancelling", effects: [tell("cancel-pending")], withdrawn: ["create"], timers: {} });
  for (const gone of [withdrawn("create"), cancelled("create")])
    given(...entering, story.cancelWanted)
      .when(gone)
      .then({ phase: "ended", effects: [tell("cancelled")], closedCases: ENDING_CASES });
  for (const refusal of [rejected("create", "unknown item"), story.rejectedByErp])
    given(...entering, story.cancelWanted)
      .when(refusal)
      .then({
        phase: "ended",
        effects: [tell("cancelled")],
        withdrawn: ["create", "cancel"],
        closedCases: ENDING_CASES,
      });
  for (const late of [withdrawalRefused("create"), applied("create")])
    given(...entering, story.cancelWanted)
      .when(late)
      .then({ phase: "cancelling", effects: [cancel({})] });
  given(...entering, story.cancelWanted)
    .when(story.created)
    .then({ phase: "cancelling", effects: [cancel({ document: "SO-000123" })] });
  given(...entering, story.cancelWanted, withdrawalRefused("create"), applied("create"))
    .when(story.created)
    .then({ phase: "cancelling" });
  given(...entering, applied("create"))
    .when(story.cancelWanted)
    .then({ phase: "cancelling", effects: [cancel({}), tell("cancel-pending")] });
});

test("a change takes lines out, adds some, and leaves no empty order", () => {
  const order = { ...story.wanted, shippingPolicy: "partial" as const };
  const line = { line: 2, item: "SEAL-9", quantity: q(3) };
  expect(changed(order, { salesOrder: KEY, lines: [line] })?.lines).toHaveLength(2);
  expect(changed(order, { salesOrder: KEY, lines: [{ line: 1, quantity: q(0) }, line] })?.lines).toEqual([
    line,
  ]);
  expect(changed(order, { salesOrder: KEY, lines: [{ line: 1, quantity: q(0) }] })).toBeUndefined();
  expect(
    changed(order, { salesOrder: KEY, lines: [{ line: 9, requestedDate: "2026-04-01" }] }),
  ).toBeUndefined();
});
