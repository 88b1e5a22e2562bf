import fc from "fast-check";
import { expect, test } from "vitest";
import { cancelled, event, type ToldEvent } from "../../src/testing/index.ts";
import process from "./index.ts";
import { type Phase, PHASES } from "./state.ts";
import * as story from "./testing/story.ts";
import { given, hold, inStock, ITEM, LOT, ORDER, q } from "./testing/story.ts";

const work = { workOrder: ORDER };
/** How goods come into each phase: a lot, and the pieces of a work order. */
const ways: Record<Phase, readonly (readonly ToldEvent[])[]> = {
  new: [[]],
  free: [inStock, [story.released], [...inStock, hold("H-1"), story.release("H-1")]],
  held: [[...inStock, hold("H-1")], [story.released, hold("H-1", work)], [hold("H-1", { item: ITEM })]],
};
const samples: Record<string, ToldEvent> = {
  QualityHoldRaised: hold("H-8"),
  QualityHoldReleased: story.release("H-1"),
  DispositionDecided: story.decide("H-1", [{ decision: "scrap", quantity: q(2) }], true),
  HoldPassedOn: story.passedOn("H-9"),
  HoldTakenOff: story.takenOff("H-1"),
  GoodsHeld: event("GoodsHeld", { item: ITEM, holds: 1, hold: "H-5" }),
  GoodsFreed: event("GoodsFreed", { item: ITEM, holds: 0, hold: "H-5" }),
  WorkOrderReleased: story.released,
  WorkOrderCompleted: event("WorkOrderCompleted", work),
  WorkOrderAborted: event("WorkOrderAborted", work),
  LotProduced: story.lotMade,
  LotSplit: event("LotSplit", { lot: LOT, into: [{ lot: "L-91", quantity: q(4) }] }),
  LotMerged: event("LotMerged", { lot: "L-99", from: [{ lot: LOT }] }),
  MaterialConsumed: story.used,
  ComponentReplaced: event("ComponentReplaced", {
    serial: "S-1",
    removed: { item: ITEM },
    installed: { item: ITEM, lot: LOT },
    quantity: q(1),
  }),
  ProductionReceiptPosted: story.receipt(3),
  PurchaseReceiptPosted: story.bought,
  ConsumptionPosted: event("ConsumptionPosted", {
    productionOrder: "PO-9",
    document: "J",
    item: ITEM,
    lot: LOT,
    quantity: q(4),
    automatic: false,
  }),
  StockStatusChanged: story.echo(2, "unrestricted", "blocked"),
  InventoryAdjusted: event("InventoryAdjusted", { item: ITEM, lot: LOT, quantity: q(2), kind: "count" }),
  ShipmentReady: story.ready,
  ShipmentConfirmed: story.left,
};

test("every event has a sample here, or only teaches", () => {
  const missing = Object.keys(process.events).filter((name) => !(name in samples));
  expect(missing).toEqual(["ProductionOrderReleased", "ProductionOrderChanged"]);
});

const cases = Object.entries(ways).flatMap(([phase, all]) => all.map((way, n) => [phase, n, way] as const));
test.each(cases)("in phase %s (%i) no event that can come surprises the process", (phase, _, way) => {
  for (const [row, does] of Object.entries(process.phases[phase as Phase])) {
    const sample = row.startsWith("EffectCancelled:") ? cancelled(row.split(":")[1]!) : samples[row];
    if (!sample || !("handle" in does)) continue;
    given(...way)
      .when(sample)
      .thenAmong(phase === "new" ? ["new", ...does.to] : does.to);
  }
});

const anything = [
  ...Object.values(samples),
  hold("H-1"),
  hold("H-1", { lot: LOT, quantity: q(3) }),
  cancelled("stock"),
];

test("no sequence of events that can come surprises the process", () => {
  fc.assert(
    fc.property(
      // what concerns numbered goods never reaches an item as such
      fc.constantFrom(...ways.free, ...ways.held.slice(0, 2)),
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
