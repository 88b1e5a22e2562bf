import fc from "fast-check";
import { expect, test } from "vitest";
import { eventType, type LedgerEvent } from "../../src/event/envelope.ts";
import { rowKeyOf } from "../../src/process/index.ts";
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
import type { Order, Phase } from "./state.ts";
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

const told = [...Object.values(samples), changeTo(3), changeTo(12), released("WO-1"), story.cancelledInErp];
const answers = ["check", "create", "change", "cancel", "propose"].flatMap((name) =>
  Object.values(ends).map((end) => end(name)),
);
const times = process.timers.map((name) => fired(name));

test("whatever comes in whatever order: entered once at most, and no plant is left standing", () => {
  const next = fc.constantFrom(...told, ...told, ...answers, ...times);
  const begin = fc.constantFrom<readonly ToldEvent[]>(
    [requested],
    [...open],
    running,
    [...running, changeTo(8)],
    [...running, cancelWanted],
  );
  fc.assert(
    fc.property(begin, fc.array(next, { maxLength: 25 }), (first, then) => {
      const order = new Instance();
      for (const each of [...first, ...then]) order.tell(each);
      expect(order.created).toBeLessThanOrEqual(1);
      if (["open", "shipped", "ended"].includes(order.phase)) expect(order.standing()).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

/** One order, moved by its own table. What no row handles is ignored or waits: then it has not come yet. */
class Instance {
  phase: Phase = "new";
  created = 0;
  readonly #holds = new Map<string, number>();
  #state: Order = process.initialState(KEY, { time: "2026-03-02T08:00:00.000000Z" } as LedgerEvent);

  tell({ name, data }: ToldEvent): void {
    const row = process.phases[this.phase][rowKeyOf(name, data)];
    if (!row || !("handle" in row)) return;
    const event = {
      type: eventType(name),
      time: "2026-03-02T08:00:00.000000Z",
      data: { reference: "0123456789ABCDEF", ...data },
    } as unknown as LedgerEvent;
    const decision = row.handle({ key: KEY, state: this.#state, event, facts: () => undefined });
    if (!row.to.includes(decision.phase)) throw new Error(`${name} leads to ${decision.phase}`);
    this.phase = decision.phase;
    this.#state = decision.state;
    this.created += (decision.effects ?? []).filter((effect) => effect.name === "create").length;
    for (const derived of decision.derive ?? []) this.#count(derived.name, derived.data);
  }

  #count(name: string, data: unknown): void {
    const { workOrder } = data as { workOrder: string };
    if (name === "WorkOrderHoldRequested") this.#holds.set(workOrder, 1);
    if (name === "WorkOrderHoldEnded") this.#holds.delete(workOrder);
  }

  /** Work orders that go on nowhere because of this order. */
  standing(): string[] {
    return [...this.#holds.keys()].filter((workOrder) => {
      const stands = this.#state.works[workOrder]?.stands;
      return stands !== "done" && stands !== "gone";
    });
  }
}

test("a work order that is not known, such as one part of a split, changes nothing", () => {
  given(...open)
    .when(ofWork("WorkOrderCompleted", {}, "WO-7"))
    .then({ phase: "open" });
});
