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
import type { Phase } from "./state.ts";
import * as story from "./testing/story.ts";
import {
  cancelWanted,
  changeTo,
  given,
  KEY,
  ofWork,
  open,
  q,
  released,
  requested,
  running,
} from "./testing/story.ts";

/** How an order comes into each phase. */
const ways: Record<Exclude<Phase, "new">, readonly ToldEvent[]> = {
  checking: [requested],
  blocked: [requested, story.creditFailed],
  creating: [requested, story.passed],
  open: running,
  holding: [...running, changeTo(8)],
  changing: [...running, changeTo(8), ofWork("WorkOrderHeld")],
  cancelling: [...running, cancelWanted, ofWork("WorkOrderHeld")],
  ending: [...running, cancelWanted, ofWork("WorkOrderHeld"), story.cancelledInErp],
  shipped: [...open, story.issued(10)],
  ended: [...open, cancelWanted, story.cancelledInErp],
};

const shipped = { salesOrder: KEY, lines: [{ line: 1, item: "PUMP-200", quantity: q(2) }] };
const samples: Record<string, ToldEvent> = {
  QuoteAccepted: event("QuoteAccepted", { quote: "Q-1", ...story.wanted }),
  OrderRequested: requested,
  OrderChangeRequested: changeTo(9),
  OrderCancelRequested: cancelWanted,
  OrderRecheckRequested: event("OrderRecheckRequested", { salesOrder: KEY }),
  OrderChecked: story.passed,
  OrderCreated: story.created,
  OrderChanged: story.changedInErp(9),
  OrderCancelled: story.cancelledInErp,
  OrderRejected: story.rejectedByErp,
  PromiseDateChanged: event("PromiseDateChanged", { salesOrder: KEY, line: 1, newDate: "2026-03-27" }),
  OrderAtRisk: event("OrderAtRisk", { salesOrder: KEY, because: "a hold" }),
  ProjectedDateChanged: event("ProjectedDateChanged", { salesOrder: KEY, line: 1, newDate: "2026-03-28" }),
  ShipmentReady: event("ShipmentReady", { shipment: `${KEY}.S1`, ...shipped, complete: false }),
  GoodsIssued: story.issued(2),
  CreditHoldPlaced: event("CreditHoldPlaced", { customer: "C-77", salesOrder: KEY }),
  CreditHoldReleased: event("CreditHoldReleased", { customer: "C-77", salesOrder: KEY }),
  ProductionOrderCancelled: event("ProductionOrderCancelled", { productionOrder: "PO-1" }),
  WorkOrderReleased: released("WO-9"),
  WorkOrderStarted: ofWork("WorkOrderStarted"),
  WorkOrderHeld: ofWork("WorkOrderHeld"),
  WorkOrderResumed: ofWork("WorkOrderResumed"),
  WorkOrderRejected: story.holdRefused,
  WorkOrderCompleted: ofWork("WorkOrderCompleted"),
  WorkOrderAborted: ofWork("WorkOrderAborted"),
  OperationStarted: story.started("20"),
  OperationCompleted: story.reported("10", 2),
  OperationCorrected: ofWork("OperationCorrected", {
    operation: "10",
    confirmation: 2,
    corrects: 1,
    good: q(-1),
    scrap: q(1),
    rework: q(0),
  }),
};
/** They reach nobody by themselves: they teach links, or wake by a fact, which other tests show. */
const UNADDRESSED = [
  "CustomerChanged",
  "ItemChanged",
  "ProductionOrderPlanned",
  "ProductionOrderReleased",
  "ProductionOrderChanged",
];
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
  return thing === undefined ? samples[name] : ends[name]!(thing);
}

test("every event has a sample here, or reaches nobody by itself", () => {
  const missing = Object.keys(process.events).filter((name) => !(name in samples));
  expect(missing.toSorted()).toEqual(UNADDRESSED.toSorted());
});

test.each(Object.entries(ways))("in phase %s no event that can come surprises the process", (phase, way) => {
  for (const [row, does] of Object.entries(process.phases[phase as Phase])) {
    const sample = sampleOf(row);
    if (!sample || !("handle" in does)) continue;
    given(...way)
      .when(sample)
      .thenAmong(does.to);
  }
});

test("a work order that is not known, such as one part of a split, changes nothing", () => {
  given(...open)
    .when(ofWork("WorkOrderCompleted", {}, "WO-7"))
    .then({ phase: "open" });
});
