import { test } from "vitest";
import { applied, cancelled, event, fired, rejected } from "../../src/testing/index.ts";
import { ENDING_CASES } from "./confirmed.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  cancel,
  cancelWanted,
  change,
  changeTo,
  given,
  holdEnded,
  holdRequested,
  KEY,
  ofWork,
  open,
  promise,
  released,
  running,
  tell,
} from "./testing/story.ts";

const AFTER_ANSWER = ["PLANT_SILENT", "ANSWER_OVERDUE"];
const CHANGED = ["CHANGE_REFUSED", "CHANGE_IMPOSSIBLE", "ANSWER_OVERDUE"];
const holdForChange = holdRequested("customer-change", "less is needed");
const holdForCancel = holdRequested("customer-cancel", "project stopped");
const held = ofWork("WorkOrderHeld");
const stays = holdEnded("it stays as it was");

test("before release a change goes to the ERP at once", () => {
  given(...open)
    .when({ ...changeTo(8), time: "2026-03-03T08:00:00Z" })
    .then({
      phase: "changing",
      effects: [change(8), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
      timers: { answer: "2026-03-03T12:00:00.000000Z" },
    });
  given(...open, changeTo(8), applied("change"))
    .when(story.changedInErp(8))
    .then({ phase: "open", effects: [tell("changed", promise)], closedCases: CHANGED, timers: {} });
});

test("in operation the work stops first, and goes on when the ERP has changed the order", () => {
  given(...running)
    .when({ ...changeTo(8), time: "2026-03-03T08:00:00Z" })
    .then({
      phase: "holding",
      effects: [tell("change-pending", promise)],
      derived: [holdForChange],
      timers: { plant: "2026-03-03T12:00:00.000000Z" },
    });
  given(...running, changeTo(8))
    .when(held)
    .then({ phase: "changing", effects: [change(8)], closedCases: ["PLANT_SILENT"] });
  given(...running, changeTo(8), held)
    .when(story.changedInErp(8))
    .then({
      phase: "open",
      effects: [tell("changed", promise)],
      derived: [holdEnded("the order was changed")],
      closedCases: CHANGED,
    });
});

test("more, another date or another price stop nobody", () => {
  const later = event("OrderChangeRequested", {
    salesOrder: KEY,
    lines: [{ line: 1, requestedDate: "2026-05-01" }],
  });
  for (const [wish, ...effects] of [
    [changeTo(12), change(12)],
    [later, { ...change(0), payload: { ...later.data, document: "SO-000123" } }],
  ] as const)
    given(...running)
      .when(wish)
      .then({
        phase: "changing",
        effects: [...effects, tell("change-pending", promise)],
        closedCases: ["PLANT_SILENT"],
      });
});

test("work that also serves others, or other lines, goes on", () => {
  given(...open, released("WO-1", [KEY, "SO-1002"]))
    .when(changeTo(8))
    .then({
      phase: "changing",
      effects: [change(8), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
});

test("all plants concerned have to stop; one that is done or held has nothing to stop", () => {
  const two = [...running, released("WO-2"), released("WO-3"), ofWork("WorkOrderHeld", {}, "WO-3")];
  given(...two)
    .when(changeTo(8))
    .then({
      phase: "holding",
      effects: [tell("change-pending", promise)],
      derived: ["WO-1", "WO-2", "WO-3"].map((name) =>
        holdRequested("customer-change", "less is needed", name),
      ),
    });
  given(...two, changeTo(8))
    .when(held)
    .then({ phase: "holding" });
  for (const end of ["WorkOrderCompleted", "WorkOrderAborted", "WorkOrderHeld"])
    given(...two, changeTo(8), held)
      .when(ofWork(end, {}, "WO-2"))
      .then({ phase: "changing", effects: [change(8)], closedCases: ["PLANT_SILENT"] });
  given(...two, changeTo(8), held)
    .when(event("ProductionOrderCancelled", { productionOrder: "PO-2" }))
    .then({ phase: "changing", effects: [change(8)], closedCases: ["PLANT_SILENT"] });
});

test("work that is held already is asked to stay so, and nobody is waited for", () => {
  given(...running, held)
    .when(changeTo(8))
    .then({
      phase: "changing",
      derived: [holdForChange],
      effects: [change(8), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
});

test("a plant that does not stop: the work goes on, and a person hears what was made so far", () => {
  given(...running, changeTo(8))
    .when(story.holdRefused)
    .then({
      phase: "open",
      effects: [
        tell("in-production", {
          ...promise,
          message: "It could not be changed: the plant does not stop WO-1: the furnace cannot be stopped",
        }),
      ],
      derived: [stays],
      cases: [aCase("CHANGE_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
      timers: {},
    });
});

test("the point of no return is passed before the plant has stopped", () => {
  given(...running, changeTo(8))
    .when(story.reported("10", 2))
    .then({ phase: "holding" });
  given(...running, changeTo(8))
    .when(story.started("20"))
    .then({
      phase: "open",
      effects: [
        tell("in-production", {
          ...promise,
          message: "It could not be changed: operation 20 of WO-1 has begun, after which there is no return",
        }),
      ],
      derived: [stays],
      cases: [aCase("CHANGE_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
    });
});

test("after a point of no return nobody is asked: a person agrees with the customer", () => {
  for (const [wish, kind, what] of [
    [changeTo(8), "CHANGE_TOO_LATE", "changed"],
    [cancelWanted, "CANCEL_TOO_LATE", "cancelled"],
  ] as const)
    given(...running, story.started("20"))
      .when(wish)
      .then({
        phase: "open",
        effects: [
          tell("in-production", {
            ...promise,
            message: `It could not be ${what}: operation 20 of WO-1 has begun, after which there is no return.`,
          }),
        ],
        cases: [aCase(kind, "customer-service")],
      });
});

test("a change of what is not there, or that leaves nothing, is a person's", () => {
  const unknown = event("OrderChangeRequested", {
    salesOrder: KEY,
    lines: [{ line: 7, requestedDate: "2026-05-01" }],
  });
  const other = event("OrderChangeRequested", { salesOrder: KEY, lines: [{ line: 1, item: "PUMP-300" }] });
  for (const [wish, why] of [
    [unknown, "line 7 is not in the order, and a new line needs an item and a quantity"],
    [other, "line 1 is PUMP-200: another item is a new line"],
    [changeTo(0), "it leaves no line: an order is cancelled, not emptied"],
  ] as const)
    given(...open)
      .when(wish)
      .then({
        phase: "open",
        effects: [tell("confirmed", { ...promise, message: `It could not be changed: ${why}.` })],
        cases: [aCase("CHANGE_IMPOSSIBLE", "customer-service")],
      });
});

test("after receipt a change is the ERP's alone", () => {
  given(...running, ofWork("WorkOrderCompleted"))
    .when(changeTo(8))
    .then({
      phase: "changing",
      effects: [change(8), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
});

test("after shipment only what has not shipped can be changed, and nothing be cancelled", () => {
  given(...open, story.issued(4))
    .when(changeTo(5))
    .then({
      phase: "changing",
      effects: [change(5), tell("change-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
  for (const [wish, kind, what] of [
    [changeTo(3), "CHANGE_TOO_LATE", "changed"],
    [cancelWanted, "CANCEL_TOO_LATE", "cancelled"],
  ] as const) {
    given(...open, story.issued(4))
      .when(wish)
      .then({
        phase: "open",
        effects: [
          tell("partly-shipped", {
            ...promise,
            message: `It could not be ${what}: 4 of line 1 have shipped.`,
          }),
        ],
        cases: [aCase(kind, "customer-service")],
      });
    given(...open, story.issued(10))
      .when(wish)
      .then({
        phase: "shipped",
        effects: [
          tell("shipped", { ...promise, message: `It could not be ${what}: all of it has shipped.` }),
        ],
        cases: [aCase(kind, "customer-service")],
      });
  }
});

test("a plant that does not answer becomes a case, and its answer still counts", () => {
  given(...running, changeTo(8))
    .when(fired("plant"))
    .then({ phase: "holding", cases: [aCase("PLANT_SILENT", "plant-operations")] });
  given(...running, changeTo(8), fired("plant"))
    .when(held)
    .then({ phase: "changing", effects: [change(8)], closedCases: ["PLANT_SILENT"] });
});

test("what the ERP refuses is taken back, the work goes on, and a person hears what was made so far", () => {
  given(...running, changeTo(8), held)
    .when(rejected("change", "credit limit"))
    .then({
      phase: "open",
      effects: [
        tell("in-production", {
          ...promise,
          message: "It could not be changed: the ERP refused it: credit limit",
        }),
      ],
      derived: [stays],
      withdrawn: ["change"],
      cases: [aCase("CHANGE_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
    });
  given(...running, changeTo(8), held)
    .when(cancelled("change"))
    .then({
      phase: "open",
      effects: [tell("in-production", promise)],
      derived: [stays],
      closedCases: ["ANSWER_OVERDUE"],
    });
});

test("an ERP that does not tell becomes a case", () => {
  given(...open, changeTo(8))
    .when(fired("answer"))
    .then({ phase: "changing", cases: [aCase("ANSWER_OVERDUE", "customer-service")] });
  given(...open, cancelWanted)
    .when(fired("answer"))
    .then({ phase: "cancelling", cases: [aCase("ANSWER_OVERDUE", "customer-service")] });
});

test("wishes are done one after the other", () => {
  given(...running, changeTo(8))
    .when(cancelWanted)
    .thenDeferred();
  given(...running, changeTo(8), held, cancelWanted)
    .when(story.changedInErp(8))
    .then({
      phase: "cancelling",
      effects: [tell("changed", promise), cancel(), tell("cancel-pending", promise)],
      derived: [holdEnded("the order was changed"), holdForCancel],
      closedCases: [...CHANGED, "PLANT_SILENT"],
    });
});

test("before release an order is cancelled in the ERP at once", () => {
  given(...open)
    .when(cancelWanted)
    .then({
      phase: "cancelling",
      effects: [cancel(), tell("cancel-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
  for (const end of [story.cancelledInErp, applied("cancel")])
    given(...open, cancelWanted)
      .when(end)
      .then({
        phase: "ended",
        effects: [tell("cancelled", promise)],
        withdrawn: ["change"],
        closedCases: ENDING_CASES,
        timers: {},
      });
});

test("in operation the work stops, the ERP cancels, and the end comes with that of the production order", () => {
  given(...running)
    .when(cancelWanted)
    .then({ phase: "holding", effects: [tell("cancel-pending", promise)], derived: [holdForCancel] });
  given(...running, cancelWanted)
    .when(held)
    .then({ phase: "cancelling", effects: [cancel()], closedCases: ["PLANT_SILENT"] });
  given(...running, cancelWanted, held)
    .when({ ...story.cancelledInErp, time: "2026-03-03T08:00:00Z" })
    .then({
      phase: "ending",
      effects: [tell("cancelled", promise)],
      withdrawn: ["change"],
      closedCases: ENDING_CASES,
      timers: { leftover: "2026-03-03T12:00:00.000000Z" },
    });
  for (const end of [
    event("ProductionOrderCancelled", { productionOrder: "PO-1" }),
    ofWork("WorkOrderAborted"),
    ofWork("WorkOrderCompleted"),
  ])
    given(...running, cancelWanted, held, story.cancelledInErp)
      .when(end)
      .then({ phase: "ended", timers: {} });
});

test("work that the ERP keeps after a cancellation does not stand still for ever", () => {
  given(...running, cancelWanted, held, story.cancelledInErp)
    .when(fired("leftover"))
    .then({
      phase: "ended",
      derived: [holdEnded("the ERP keeps the production order")],
      cases: [aCase("MADE_FOR_NOBODY", "plant-operations")],
    });
});

test("after receipt an order can be cancelled, and a person decides what becomes of the goods", () => {
  const made = [...running, ofWork("WorkOrderCompleted")];
  given(...made)
    .when(cancelWanted)
    .then({
      phase: "cancelling",
      effects: [cancel(), tell("cancel-pending", promise)],
      closedCases: ["PLANT_SILENT"],
    });
  given(...made, cancelWanted)
    .when(story.cancelledInErp)
    .then({
      phase: "ended",
      effects: [tell("cancelled", promise)],
      withdrawn: ["change"],
      cases: [aCase("MADE_FOR_NOBODY", "customer-service")],
      closedCases: ENDING_CASES,
    });
});

test("a cancellation that the plant or the ERP refuses leaves the order as it was", () => {
  const refused = (message: string) => tell("in-production", { ...promise, message });
  given(...running, cancelWanted)
    .when(story.holdRefused)
    .then({
      phase: "open",
      effects: [
        refused("It could not be cancelled: the plant does not stop WO-1: the furnace cannot be stopped"),
      ],
      derived: [stays],
      cases: [aCase("CANCEL_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
    });
  given(...running, cancelWanted, held)
    .when(rejected("cancel", "already picked"))
    .then({
      phase: "open",
      effects: [refused("It could not be cancelled: the ERP refused it: already picked")],
      derived: [stays],
      withdrawn: ["cancel"],
      cases: [aCase("CANCEL_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
    });
  given(...running, cancelWanted, held)
    .when(cancelled("cancel"))
    .then({
      phase: "open",
      effects: [tell("in-production", promise)],
      derived: [stays],
      closedCases: ["ANSWER_OVERDUE"],
    });
  given(story.requested, story.passed, cancelWanted, applied("create"))
    .when(rejected("cancel", "already picked"))
    .then({
      phase: "open",
      effects: [
        tell("confirmed", { message: "It could not be cancelled: the ERP refused it: already picked" }),
      ],
      withdrawn: ["cancel"],
      cases: [aCase("CANCEL_REFUSED", "customer-service")],
      closedCases: AFTER_ANSWER,
    });
});

test("an order that the ERP cancels by itself ends, whatever was under way", () => {
  for (const before of [open, [...open, changeTo(8)]])
    given(...before)
      .when(story.cancelledInErp)
      .then({
        phase: "ended",
        effects: [tell("cancelled", promise)],
        withdrawn: ["change"],
        closedCases: ENDING_CASES,
      });
  given(...running, changeTo(8))
    .when(story.cancelledInErp)
    .then({
      phase: "ending",
      effects: [tell("cancelled", promise)],
      withdrawn: ["change"],
      closedCases: ENDING_CASES,
    });
});

test("an order that the ERP rejects after all leaves no plant standing", () => {
  given(...running, changeTo(8))
    .when(story.rejectedByErp)
    .then({
      phase: "ended",
      effects: [tell("rejected", { ...promise, message: "item is blocked" })],
      derived: [holdEnded("the ERP rejected the order")],
      cases: [aCase("ORDER_REJECTED", "customer-service")],
      closedCases: ENDING_CASES,
    });
  given(...running, cancelWanted, held)
    .when(story.rejectedByErp)
    .then({
      phase: "ended",
      effects: [tell("cancelled", promise)],
      derived: [holdEnded("the order is cancelled")],
      withdrawn: ["create", "cancel"],
      closedCases: ENDING_CASES,
    });
});

test("a confirmation after the end is a case, unless it is older than the cancellation", () => {
  const past = [...open, cancelWanted, story.cancelledInErp];
  given(...past)
    .when({ ...story.created, time: "2026-03-02T08:00:30Z" })
    .then({ phase: "ended" });
  given(...past)
    .when({ ...story.created, time: "2026-03-05T08:00:00Z" })
    .then({ phase: "ended", cases: [aCase("CONFIRMED_AFTER_END", "customer-service")] });
});

test("a shipment that is noted while a change is under way ends the order with the change", () => {
  given(...open, changeTo(8), story.issued(8))
    .when(story.changedInErp(8))
    .then({
      phase: "shipped",
      effects: [tell("changed", promise)],
      closedCases: [...CHANGED, ...ENDING_CASES],
    });
  given(...open, changeTo(8), story.issued(4))
    .when(story.changedInErp(8))
    .then({ phase: "open", effects: [tell("changed", promise)], closedCases: CHANGED });
});
