import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applied,
  cancelled,
  event,
  fired,
  rejected,
  type ToldEvent,
  withdrawalRefused,
  withdrawn,
} from "../../src/testing/index.ts";
import process from "./index.ts";
import { type Phase, PHASES } from "./state.ts";
import * as story from "./testing/story.ts";
import {
  atPlant,
  forStock,
  given,
  nearlyDone,
  ofWork,
  q,
  receivedInErp,
  running,
  taken,
  told,
} from "./testing/story.ts";

const wish = ofWork("WorkOrderHoldRequested", { hold: "a", cause: "quality" });
/** How an order comes into each phase. */
const ways: Record<Exclude<Phase, "new">, readonly (readonly ToldEvent[])[]> = {
  planned: [[story.itemKnown, story.planned]],
  blocked: [
    [story.planned, story.released],
    [...atPlant, story.refusedBy("release")],
    [story.ordered, story.released],
  ],
  releasing: [atPlant],
  accepted: [taken],
  running: [running, [...running, story.report("20", 4, { good: 6 }), completedEarly()]],
  held: [
    [...atPlant, wish],
    [...taken, wish, ofWork("WorkOrderHeld")],
    [...running, ofWork("WorkOrderHeld")],
  ],
  cancelling: [
    [...atPlant, told("ProductionOrderCancelled")],
    [...running, told("ProductionOrderCancelled")],
    [...running, wish, ofWork("WorkOrderHeld"), told("ProductionOrderCancelled")],
  ],
  completing: [nearlyDone, [...running, story.completed], [...running, ofWork("WorkOrderAborted")]],
  closing: [[...nearlyDone, receivedInErp(5)]],
  finished: [
    [...nearlyDone, receivedInErp(5), applied("finish")],
    [story.planned, told("ProductionOrderClosed")],
  ],
  cancelled: [
    [told("ProductionOrderCancelled")],
    [...running, told("ProductionOrderCancelled"), ofWork("WorkOrderAborted")],
  ],
};

function completedEarly(): ToldEvent {
  return ofWork("WorkOrderSplit", { into: [{ workOrder: "PO-500-B", quantity: q(4) }] });
}

const samples: Record<string, ToldEvent> = {
  ProductionOrderPlanned: story.planned,
  ProductionOrderReleased: told("ProductionOrderReleased", forStock),
  ProductionOrderChanged: story.changed({ ...forStock, quantity: q(12) }),
  ProductionOrderHeld: told("ProductionOrderHeld"),
  ProductionOrderResumed: told("ProductionOrderResumed"),
  ProductionOrderCancelled: told("ProductionOrderCancelled"),
  ProductionOrderClosed: told("ProductionOrderClosed"),
  ProductionConfirmed: story.confirmedInErp("20", 1),
  ProductionReceiptPosted: receivedInErp(1),
  ConsumptionPosted: story.issuedInErp("HOUSING", 1),
  GateOverridden: told("GateOverridden", { gate: "item", actor: "anna.keller", reason: "known" }),
  WorkOrderHoldRequested: ofWork("WorkOrderHoldRequested", { hold: "b", cause: "quality" }),
  WorkOrderHoldEnded: ofWork("WorkOrderHoldEnded", { hold: "a" }),
  WorkOrderAccepted: story.accepted,
  WorkOrderRejected: story.refusedBy("hold"),
  WorkOrderStarted: story.began,
  WorkOrderHeld: ofWork("WorkOrderHeld"),
  WorkOrderResumed: ofWork("WorkOrderResumed"),
  WorkOrderSplit: ofWork("WorkOrderSplit", { into: [{ workOrder: "PO-500-C", quantity: q(1) }] }),
  WorkOrderCompleted: story.completed,
  WorkOrderAborted: ofWork("WorkOrderAborted"),
  OperationStarted: ofWork("OperationStarted", { operation: "10" }),
  OperationCompleted: story.report("20", 11, { good: 1 }),
  OperationCorrected: story.correction("20", 12, 3, { good: -1 }),
  MaterialConsumed: story.used("HOUSING", 13, 1),
  ConsumptionCorrected: story.usedCorrected("HOUSING", 14, 2, -1),
  GoodsHeld: ofWork("GoodsHeld", { hold: "H-1", holds: 1 }),
  GoodsFreed: ofWork("GoodsFreed", { hold: "H-1", holds: 0 }),
};
/** They reach nobody by themselves: they teach links, or wake by a fact. */
const wakes: Record<string, ToldEvent> = {
  OrderCreated: story.ordered,
  OrderChanged: event("OrderChanged", { ...story.ordered.data }),
  CreditHoldPlaced: event("CreditHoldPlaced", { customer: "C-77" }),
  CreditHoldReleased: event("CreditHoldReleased", { customer: "C-77" }),
  ItemChanged: story.itemKnown,
  BomRevised: event("BomRevised", {
    item: story.ITEM,
    revision: "B",
    effectiveFrom: "2026-01-01",
    changeClass: "update",
  }),
  RoutingRevised: event("RoutingRevised", {
    item: story.ITEM,
    revision: "2",
    effectiveFrom: "2026-01-01",
    changeClass: "update",
  }),
};
const ends: Record<string, (name: string) => ToldEvent> = {
  EffectApplied: applied,
  EffectRejected: (name) => rejected(name, "no"),
  EffectCancelled: cancelled,
  EffectWithdrawn: withdrawn,
  EffectWithdrawalRefused: withdrawalRefused,
  TimerFired: fired,
};

function sampleOf(row: string): ToldEvent | undefined {
  const [name = "", thing] = row.split(":");
  return thing === undefined ? (samples[name] ?? wakes[name]) : ends[name]!(thing);
}

test("every event has a sample here", () => {
  const missing = Object.keys(process.events).filter((name) => !(name in samples) && !(name in wakes));
  expect(missing).toEqual(["WorkOrderReleased"]);
});

const cases = Object.entries(ways).flatMap(([phase, all]) => all.map((way, n) => [phase, n, way] as const));
test.each(cases)("in phase %s (%i) no event that can come surprises the process", (phase, _, way) => {
  given(...way.slice(0, -1))
    .when(way.at(-1)!)
    .thenAmong([phase]);
  for (const [row, does] of Object.entries(process.phases[phase as Phase])) {
    const sample = sampleOf(row);
    if (!sample || !("handle" in does)) continue;
    given(...way)
      .when(sample)
      .thenAmong(does.to);
  }
});

const answers = process.timers
  .map((name) => fired(name))
  .concat(
    Object.keys(process.effects).flatMap((name) => [applied(name), rejected(name, "no"), cancelled(name)]),
  )
  .concat([
    withdrawn("release"),
    withdrawalRefused("release"),
    withdrawn("finish"),
    withdrawalRefused("finish"),
  ]);
const anything = [...Object.values(samples), ...Object.values(wakes), ...answers];

test("no sequence of events that can come surprises the process", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(ways).flat()),
      fc.array(fc.constantFrom(...anything), { minLength: 1, maxLength: 12 }),
      (way, events) => {
        given(...way, ...events.slice(0, -1))
          .when(events.at(-1)!)
          .thenAmong(PHASES);
      },
    ),
    { numRuns: 150 },
  );
});
