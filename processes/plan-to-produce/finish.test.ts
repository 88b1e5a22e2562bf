import { test } from "vitest";
import { applied, cancelled, fired, withdrawalRefused, withdrawn } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  at,
  completed,
  confirm,
  confirmedInErp,
  correction,
  echoed,
  given,
  KEY,
  nearlyDone,
  ofWork,
  q,
  receive,
  receivedInErp,
  report,
  running,
  taken,
  timed,
  toErp,
  used,
} from "./testing/story.ts";

const finish = (finishedAt: string, good = 9, scrap = 1) =>
  toErp("finish", "FinishProductionOrder", { good: q(good), scrap: q(scrap), finishedAt });
const done = at("08:13");

test("it is finished when the last posting has come back, and not before", () => {
  given(...nearlyDone.slice(0, -1))
    .when(nearlyDone.at(-1)!)
    .then({ phase: "completing" });
  given(...nearlyDone)
    .when(receivedInErp(5))
    .then({ phase: "closing", effects: [finish(done)], timers: {} });
  given(...nearlyDone, receivedInErp(5))
    .when(applied("finish"))
    .then({ phase: "finished" });
});

test("whatever comes last completes it: here the plant's own end", () => {
  given(...running, ...echoed, report("20", 4, { good: 6 }), confirmedInErp("20", 6), receivedInErp(6))
    .when(timed(completed, "09:00"))
    .then({ phase: "closing", effects: [finish(at("09:00"), 10, 0)], timers: {} });
});

test("the same document told twice counts once, a reversal counts back", () => {
  const again = receivedInErp(5);
  given(...nearlyDone.slice(0, -1), again)
    .when(again)
    .then({ phase: "completing" });
  given(...nearlyDone, receivedInErp(6))
    .when(receivedInErp(-1))
    .then({ phase: "closing", effects: [finish(done)] });
});

test("receipts for inspection count, by-products do not", () => {
  given(...nearlyDone)
    .when(receivedInErp(5, "inspection"))
    .then({ phase: "closing", effects: [finish(done)] });
  given(...nearlyDone)
    .when(
      story.told("ProductionReceiptPosted", {
        document: "J-x",
        item: "CHIPS",
        quantity: q(5),
        status: "unrestricted",
      }),
    )
    .then({ phase: "completing" });
});

test("postings that do not come back are overdue after four hours, until they come", () => {
  given(...taken, story.began, timed(report("10", 1, { good: 2 }), "09:00"))
    .when(timed(fired("echo"), "13:00"))
    .then({
      phase: "running",
      derived: [
        {
          name: "ConfirmationOverdue",
          data: { productionOrder: KEY, waitingSince: at("09:00"), dueAt: at("13:00"), waitingFor: "erp" },
        },
      ],
      cases: [aCase("CONFIRMATION_OVERDUE", "finance")],
    });
  given(...taken, story.began, report("10", 1, { good: 2 }), fired("echo"))
    .when(confirmedInErp("10", 2))
    .then({ phase: "running", closedCases: ["CONFIRMATION_OVERDUE"] });
});

test("material that people issue in the ERP themselves is theirs; of reported material the sums must agree", () => {
  given(...nearlyDone, story.issuedInErp("GREASE", 1))
    .when(receivedInErp(5))
    .then({ phase: "closing", effects: [finish(done)] });
  given(...nearlyDone, story.issuedInErp("HOUSING", 1))
    .when(receivedInErp(5))
    .then({ phase: "completing" });
});

test("an ERP that does not name the operation is compared as a whole", () => {
  const whole = story.told("ProductionConfirmed", { document: "J-w", good: q(20), scrap: q(0) });
  given(...taken, report("10", 1, { good: 10 }), report("20", 2, { good: 10 }), completed, receivedInErp(10))
    .when(whole)
    .then({ phase: "closing", effects: [finish(at("08:06"), 10, 0)] });
});

test("operations that nobody reported on are a case when the plant's last reports had their time", () => {
  const without = [...taken, report("20", 1, { good: 10 })];
  given(...without)
    .when(timed(completed, "09:00"))
    .then({ phase: "completing", timers: { settle: at("13:00"), echo: at("12:04") } });
  given(...without, completed)
    .when(fired("settle"))
    .then({ phase: "completing", cases: [aCase("OPERATIONS_MISSING")] });
  given(
    ...without,
    completed,
    fired("settle"),
    confirmedInErp("20", 10),
    receivedInErp(10),
    report("10", 2, { good: 10 }),
  )
    .when(confirmedInErp("10", 10))
    .then({ phase: "closing", effects: [finish(at("08:05"), 10, 0)] });
});

test("sums that do not fit together are a case, and nothing is finished", () => {
  given(...running, completed)
    .when(fired("settle"))
    .then({ phase: "completing", cases: [aCase("QUANTITIES_DIFFER")] });
  given(...taken, report("10", 1, { good: 10 }), report("20", 2, { good: 8, rework: 2 }), completed)
    .when(fired("settle"))
    .then({ phase: "completing", cases: [aCase("QUANTITIES_DIFFER")] });
  given(...running, ...echoed, completed, fired("settle"))
    .when(timed(report("20", 4, { good: 6 }), "09:00"))
    .then({
      phase: "completing",
      effects: [confirm("20", 4, { good: 6 }, at("09:00")), receive(4, 6, at("09:00"))],
      closedCases: ["QUANTITIES_DIFFER"],
    });
});

test("what the plant used of backflushed material is compared with what the ERP issued", () => {
  const finishing = [
    ...running,
    ...echoed,
    used("SEAL", 4, 21),
    report("20", 5, { good: 6 }),
    completed,
    confirmedInErp("20", 6),
    receivedInErp(6),
  ];
  given(...finishing)
    .when(applied("finish"))
    .then({ phase: "finished", cases: [aCase("CONSUMPTION_DIFFERS")] });
  // What the ERP issues with a receipt it tells after it.
  given(...finishing, story.issuedInErp("SEAL", 21, true))
    .when(applied("finish"))
    .then({ phase: "finished" });
});

test("a report while the end is on its way takes the end back", () => {
  const late = timed(correction("20", 6, 4, { good: -1, scrap: 1 }), "09:00");
  const closing = [...nearlyDone, receivedInErp(5)];
  given(...closing)
    .when(late)
    .then({
      phase: "completing",
      effects: [
        toErp("reverse-confirmation", "ReverseConfirmation", {
          workOrder: KEY,
          operation: "20",
          confirmation: 6,
          corrects: 4,
          good: q(1),
          scrap: q(0),
          rework: q(0),
          reportedAt: at("09:00"),
        }),
        confirm("20", 6, { scrap: 1 }, at("09:00")),
        toErp("reverse-receipt", "ReverseReceipt", {
          workOrder: KEY,
          operation: "20",
          confirmation: 6,
          corrects: 4,
          item: story.ITEM,
          quantity: q(1),
        }),
      ],
      withdrawn: ["finish"],
    });
  given(...closing, late)
    .when(withdrawn("finish"))
    .then({ phase: "completing" });
  given(...closing, late, withdrawn("finish"), confirmedInErp("20", -1, 1))
    .when(receivedInErp(-1))
    .then({ phase: "closing", effects: [finish(done, 8, 2)] });
  given(...closing, late)
    .when(withdrawalRefused("finish"))
    .then({ phase: "closing", cases: [aCase("REPORT_AFTER_FINISH")] });
  given(...closing, late)
    .when(applied("finish"))
    .then({ phase: "finished", cases: [aCase("REPORT_AFTER_FINISH")] });
});

test("after the end a new report is a case, the same one again is nothing", () => {
  const ended = [...nearlyDone, receivedInErp(5), applied("finish")];
  given(...ended)
    .when(report("20", 7, { good: 1 }))
    .then({ phase: "finished", cases: [aCase("REPORT_AFTER_FINISH")] });
  given(...ended)
    .when(report("20", 4, { good: 5, scrap: 1 }))
    .then({ phase: "finished" });
  given(...ended)
    .when(completed)
    .then({ phase: "finished" });
});

test("the ERP's own end counts as the end; closed early, it says what is open", () => {
  const close = story.told("ProductionOrderClosed");
  given(...nearlyDone, receivedInErp(5))
    .when(close)
    .then({ phase: "finished" });
  given(...running)
    .when(close)
    .then({ phase: "finished", cases: [aCase("CLOSED_EARLY")] });
  given(...running, completed, fired("settle"))
    .when(close)
    .then({ phase: "finished", cases: [aCase("CLOSED_EARLY")], closedCases: ["QUANTITIES_DIFFER"] });
  given(story.itemKnown, story.planned).when(close).then({ phase: "finished" });
});

test("a given-up end waits for the ERP", () => {
  given(...nearlyDone, receivedInErp(5))
    .when(cancelled("finish"))
    .thenIgnored(/case of its own/);
});

test("a split work order is done when all of its parts are", () => {
  const split = ofWork("WorkOrderSplit", {
    into: [
      { workOrder: KEY, quantity: q(6) },
      { workOrder: `${KEY}-B`, quantity: q(4) },
    ],
  });
  const parts = [
    ...taken,
    split,
    report("10", 1, { good: 6 }),
    report("20", 2, { good: 6 }),
    ofWork(
      "OperationCompleted",
      { operation: "10", confirmation: 1, good: q(4), scrap: q(0), rework: q(0), last: true },
      `${KEY}-B`,
    ),
    ofWork(
      "OperationCompleted",
      { operation: "20", confirmation: 2, good: q(4), scrap: q(0), rework: q(0), last: true },
      `${KEY}-B`,
    ),
    confirmedInErp("10", 10),
    confirmedInErp("20", 10),
    receivedInErp(10),
  ];
  given(...parts)
    .when(completed)
    .then({ phase: "running" });
  given(...parts, completed)
    .when(timed(ofWork("WorkOrderCompleted", {}, `${KEY}-B`), "10:00"))
    .then({ phase: "closing", effects: [finish(at("10:00"), 10, 0)] });
});

test("a split that is told after the end shows that the plant is not done", () => {
  const split = ofWork("WorkOrderSplit", {
    into: [
      { workOrder: KEY, quantity: q(6) },
      { workOrder: `${KEY}-B`, quantity: q(4) },
    ],
  });
  given(...nearlyDone, receivedInErp(5))
    .when(split)
    .then({ phase: "completing", withdrawn: ["finish"] });
  given(...nearlyDone, receivedInErp(5), split)
    .when(withdrawn("finish"))
    .then({ phase: "running" });
  given(...nearlyDone)
    .when(split)
    .then({ phase: "running" });
});
