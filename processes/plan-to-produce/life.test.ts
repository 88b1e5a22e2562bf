import { test } from "vitest";
import {
  applied,
  cancelled,
  fired,
  rejected,
  withdrawalRefused,
  withdrawn,
} from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  at,
  atPlant,
  changed,
  completed,
  forStock,
  given,
  KEY,
  ofWork,
  q,
  refusedBy,
  running,
  taken,
  timed,
  told,
  toPlant,
} from "./testing/story.ts";

const wish = (hold: string) =>
  ofWork("WorkOrderHoldRequested", { hold, cause: "quality", reason: "a crack" });
const ended = (hold: string) => ofWork("WorkOrderHoldEnded", { hold, reason: "it is fine" });
const hold = (reason: string) => toPlant("hold", "HoldWorkOrder", { reason });
const resume = (reason = "it is fine") => toPlant("resume", "ResumeWorkOrder", { reason });
const cancel = (reason = "cancelled in the ERP: not needed") =>
  toPlant("cancel", "CancelWorkOrder", { reason });
const erpCancelled = told("ProductionOrderCancelled", { reason: "not needed" });
const held = ofWork("WorkOrderHeld");
const resumed = ofWork("WorkOrderResumed");

test("the plant takes it, begins, and is heard of", () => {
  given(...atPlant)
    .when(timed(story.accepted, "08:00"))
    .then({ phase: "accepted", timers: { silent: "2026-03-03T09:00:00.000000Z" } });
  given(...taken)
    .when(timed(story.began, "10:00"))
    .then({
      phase: "running",
      effects: [story.start(at("10:00"))],
      timers: { silent: "2026-03-03T02:00:00.000000Z" },
    });
});

test("a silent plant is a case until the next word", () => {
  given(...taken, timed(story.began, "10:00"))
    .when({ ...fired("silent"), time: "2026-03-03T02:00:00Z" })
    .then({
      phase: "running",
      derived: [
        {
          name: "WorkOrderSilent",
          data: {
            workOrder: KEY,
            productionOrder: KEY,
            waitingSince: at("10:00"),
            dueAt: "2026-03-03T02:00:00.000000Z",
            expected: "word of the work",
          },
        },
      ],
      cases: [aCase("WORK_ORDER_SILENT")],
    });
  given(...taken, story.began, fired("silent"))
    .when(ofWork("OperationStarted", { operation: "20" }))
    .then({ phase: "running", closedCases: ["WORK_ORDER_SILENT"] });
});

test("holds are counted: the first stops the plant, the end of the last lets it go on", () => {
  given(...running)
    .when(wish("qualityHold.H-1"))
    .then({ phase: "held", effects: [hold("qualityHold.H-1: a crack")] });
  given(...running, wish("qualityHold.H-1"), held)
    .when(wish("qualityHold.H-2"))
    .then({ phase: "held" });
  given(...running, wish("qualityHold.H-1"), held, wish("qualityHold.H-2"))
    .when(ended("qualityHold.H-1"))
    .then({ phase: "held" });
  given(...running, wish("qualityHold.H-1"), held, wish("qualityHold.H-2"), ended("qualityHold.H-1"))
    .when(ended("qualityHold.H-2"))
    .then({ phase: "held", effects: [resume()] });
  given(...running, wish("qualityHold.H-1"), held, ended("qualityHold.H-1"))
    .when(resumed)
    .then({ phase: "running" });
  given(...running, wish("qualityHold.H-1"))
    .when(wish("qualityHold.H-1"))
    .then({ phase: "held" });
  given(...running)
    .when(ended("qualityHold.H-9"))
    .then({ phase: "running" });
});

test("a hold of the ERP is one of them", () => {
  given(...running)
    .when(told("ProductionOrderHeld", { reason: "no material" }))
    .then({ phase: "held", effects: [hold("held in the ERP: no material")] });
  given(...running, told("ProductionOrderHeld"), held)
    .when(told("ProductionOrderResumed", { reason: "it came" }))
    .then({ phase: "held", effects: [resume("resumed in the ERP: it came")] });
});

test("a hold asked for while the plant is to go on again stops it again", () => {
  given(...running, wish("a"), held, ended("a"))
    .when(wish("b"))
    .then({ phase: "held", effects: [hold("b: a crack")] });
  given(...running, wish("a"), held, ended("a"), wish("b"))
    .when(resumed)
    .then({ phase: "held" });
  given(...running, wish("a"), ended("a"))
    .when(held)
    .then({ phase: "held" });
});

test("what the plant stopped by itself it lets go by itself", () => {
  given(...running)
    .when(held)
    .then({ phase: "held" });
  given(...running, held)
    .when(wish("a"))
    .then({ phase: "held", effects: [hold("a: a crack")] });
  given(...running, held, wish("a"))
    .when(ended("a"))
    .then({ phase: "held" });
  given(...running, held)
    .when(resumed)
    .then({ phase: "running" });
});

test("a plant that goes on under a hold is a case", () => {
  given(...running, wish("a"), held)
    .when(resumed)
    .then({ phase: "running", cases: [aCase("RESUMED_UNDER_HOLD")] });
});

test("a refused hold or resume is a case, in an event or at once", () => {
  given(...running, wish("a"))
    .when(refusedBy("hold", "the furnace cannot be stopped"))
    .then({ phase: "running", cases: [aCase("HOLD_REFUSED")] });
  given(...running, wish("a"))
    .when(rejected("hold", "unknown work order"))
    .then({ phase: "running", withdrawn: ["hold"], cases: [aCase("HOLD_REFUSED")] });
  given(...running, wish("a"), held, ended("a"))
    .when(refusedBy("resume"))
    .then({ phase: "held", cases: [aCase("RESUME_REFUSED")] });
  given(...running, wish("a"), held, ended("a"))
    .when(rejected("resume", "no"))
    .then({ phase: "held", withdrawn: ["resume"], cases: [aCase("RESUME_REFUSED")] });
  given(...running, wish("a"))
    .when(cancelled("hold"))
    .then({ phase: "running" });
  given(...running, wish("a"), held, ended("a"))
    .when(cancelled("resume"))
    .then({ phase: "held" });
});

test("a change in the ERP is told to the plant: what has changed, and nothing else", () => {
  const plannedEnd = "2026-03-05T14:00:00+01:00";
  given(...running)
    .when(changed({ ...forStock, plannedEnd, reason: "the customer can wait" }))
    .then({
      phase: "running",
      effects: [toPlant("update", "UpdateWorkOrder", { plannedEnd, reason: "the customer can wait" })],
    });
  given(...running)
    .when(changed(forStock))
    .then({ phase: "running" });
  given(...running)
    .when(changed({ ...forStock, pegging: [{ salesOrder: "SO-7", line: 1 }] }))
    .then({ phase: "running" });
});

test("a refused change is a case, and the plant goes on as it was", () => {
  const change = changed({ ...forStock, quantity: q(12) });
  for (const [no, withdrawnToo] of [
    [refusedBy("update"), []],
    [rejected("update", "too late"), ["update"]],
  ] as const)
    given(...running, change)
      .when(no)
      .then({ phase: "running", withdrawn: withdrawnToo, cases: [aCase("UPDATE_REFUSED")] });
  given(...running, change, refusedBy("update"), changed({ ...forStock, quantity: q(11) }))
    .when(ofWork("WorkOrderAccepted", { request: "update" }))
    .then({ phase: "running", closedCases: ["UPDATE_REFUSED"] });
});

test("components and operations are changed while nobody works on them", () => {
  const components = story.content.components.slice(0, 1);
  const change = changed({ ...forStock, components });
  const update = toPlant("update", "UpdateWorkOrder", { components });
  given(...running)
    .when(change)
    .then({ phase: "held", effects: [hold("the order is changed"), update] });
  given(...taken)
    .when(change)
    .then({ phase: "accepted", effects: [update] });
  given(...running, wish("a"), held)
    .when(change)
    .then({ phase: "held", effects: [update] });
  for (const answer of [ofWork("WorkOrderAccepted", { request: "update" }), cancelled("update")])
    given(...running, change, held)
      .when(answer)
      .then({ phase: "held", effects: [resume("the order was changed")] });
  given(...running, change, held)
    .when(refusedBy("update"))
    .then({ phase: "held", effects: [resume("the order was changed")], cases: [aCase("UPDATE_REFUSED")] });
  given(...running, wish("a"), held, change)
    .when(ofWork("WorkOrderAccepted", { request: "update" }))
    .then({ phase: "held" });
});

test("older news of the order that arrives later changes nothing", () => {
  // the kit tells no versions of sources: the rule is shown on its own
  given(...running)
    .when(story.planned)
    .thenIgnored(/released already/);
});

test("a change after the plant was done is a case", () => {
  given(...story.nearlyDone)
    .when(changed({ ...forStock, quantity: q(14) }))
    .then({ phase: "completing", cases: [aCase("CHANGE_TOO_LATE")] });
  given(...story.nearlyDone, story.receivedInErp(5))
    .when(changed({ ...forStock, quantity: q(14) }))
    .then({ phase: "closing", cases: [aCase("CHANGE_TOO_LATE")] });
});

test("parts of a split work order are rescheduled alike; another quantity is for people", () => {
  const into = [
    { workOrder: `${KEY}-A`, quantity: q(6) },
    { workOrder: `${KEY}-B`, quantity: q(4) },
  ];
  const split = [...taken, ofWork("WorkOrderSplit", { into })];
  given(...split)
    .when(changed({ ...forStock, priority: 1 }))
    .then({
      phase: "accepted",
      effects: into.map(({ workOrder }) => toPlant("update", "UpdateWorkOrder", { workOrder, priority: 1 })),
    });
  given(...split)
    .when(changed({ ...forStock, quantity: q(12) }))
    .then({ phase: "accepted", cases: [aCase("CHANGE_TOO_LATE")] });
});

test("cancelled before the plant has it, the release is taken back", () => {
  given(...atPlant)
    .when(erpCancelled)
    .then({ phase: "cancelling", withdrawn: ["release"] });
  given(...atPlant, erpCancelled)
    .when(withdrawn("release"))
    .then({ phase: "cancelled" });
  given(...atPlant, erpCancelled)
    .when(rejected("release", "unknown work centre"))
    .then({ phase: "cancelled", withdrawn: ["release"] });
  given(...atPlant, erpCancelled)
    .when(refusedBy("release"))
    .then({ phase: "cancelled" });
});

test("too late to take it back, the plant is asked to give it up, once", () => {
  for (const has of [withdrawalRefused("release"), applied("release"), story.accepted])
    given(...atPlant, erpCancelled)
      .when(has)
      .then({ phase: "cancelling", effects: [cancel("cancelled in the ERP")] });
  given(...atPlant, erpCancelled, withdrawalRefused("release"))
    .when(story.accepted)
    .then({ phase: "cancelling" });
  given(...atPlant, applied("release"))
    .when(erpCancelled)
    .then({ phase: "cancelling", effects: [cancel()] });
});

test("cancelled in operation, the plant gives it up or refuses to", () => {
  given(...taken)
    .when(erpCancelled)
    .then({ phase: "cancelling", effects: [cancel()] });
  given(...taken, erpCancelled)
    .when(ofWork("WorkOrderAborted"))
    .then({ phase: "cancelled" });
  given(...running, erpCancelled)
    .when(ofWork("WorkOrderAborted"))
    .then({ phase: "cancelled", cases: [aCase("CANCELLED_WITH_GOODS")] });
  given(...running, erpCancelled)
    .when(refusedBy("cancel", "operation 20 has begun"))
    .then({ phase: "running", cases: [aCase("CANCEL_REFUSED")] });
  given(...running, erpCancelled)
    .when(rejected("cancel", "no"))
    .then({ phase: "running", withdrawn: ["cancel"], cases: [aCase("CANCEL_REFUSED")] });
  given(...running, erpCancelled)
    .when(cancelled("cancel"))
    .then({ phase: "running" });
  given(...running, erpCancelled)
    .when(timed(story.report("20", 4, { good: 1 }), "09:00"))
    .then({
      phase: "cancelling",
      effects: [story.confirm("20", 4, { good: 1 }, at("09:00")), story.receive(4, 1, at("09:00"))],
    });
});

test("a plant that was done before it heard of the cancellation", () => {
  given(...running, erpCancelled)
    .when(completed)
    .then({ phase: "completing", cases: [aCase("CANCEL_REFUSED")] });
});

test("cancelled after receipt, the goods are for people", () => {
  given(...story.nearlyDone)
    .when(erpCancelled)
    .then({ phase: "cancelled", cases: [aCase("CANCELLED_WITH_GOODS")] });
});

test("a plant that gives it up by itself", () => {
  given(...running)
    .when(ofWork("WorkOrderAborted", { reason: { message: "the tool broke" } }))
    .then({ phase: "completing", cases: [aCase("WORK_ORDER_ABORTED")] });
  given(...running, ofWork("WorkOrderAborted"))
    .when(erpCancelled)
    .then({ phase: "cancelled", cases: [aCase("CANCELLED_WITH_GOODS")] });
});

test("a plant's system that would not take the work order at all", () => {
  given(...atPlant)
    .when(timed(rejected("release", "unknown work centre WC-MILL"), "09:00"))
    .then({
      phase: "blocked",
      withdrawn: ["release"],
      derived: [
        {
          name: "OrderReleaseDelayed",
          data: {
            productionOrder: KEY,
            since: at("08:02"),
            gates: [
              {
                gate: "plant",
                message: "the plant refused it: unknown work centre WC-MILL; change the order in the ERP",
                owner: "plant-operations",
              },
            ],
          },
        },
      ],
      cases: [aCase("GATE_PLANT")],
    });
  given(...taken)
    .when(refusedBy("release"))
    .then({ phase: "accepted" });
});
