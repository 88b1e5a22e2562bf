import { expect, test } from "vitest";
import { event, fired, rejected, type ToldEvent } from "../../src/testing/index.ts";
import process from "./index.ts";
import type { Phase } from "./state.ts";
import * as story from "./testing/story.ts";
import { given, KEY, line, lots, ordered, pumps, q, received, shipped, supply } from "./testing/story.ts";

const six = line(6, { lots: lots(["L-1", 6]) });
/** How an order comes into each phase in which something can follow. */
const ways: Record<"open" | "shipped", readonly ToldEvent[]> = {
  open: [ordered(), supply(), received(6, "L-1")],
  shipped: [ordered([pumps([6])]), supply(), received(6, "L-1"), shipped([six])],
};
const goods = { lot: "L-1", item: "PUMP-200", quantity: q(1) };
const used = {
  workOrder: "WO-1",
  confirmation: 1,
  item: "SEAL-9",
  quantity: q(1),
  lot: "S-1",
  precision: "lot",
};

const samples: Record<string, ToldEvent> = {
  OrderCreated: ordered(),
  OrderChanged: story.changed(),
  OrderCancelled: event("OrderCancelled", { salesOrder: KEY }),
  OrderRejected: event("OrderRejected", { salesOrder: KEY, reasons: [{ message: "no" }] }),
  PromiseDateChanged: event("PromiseDateChanged", { salesOrder: KEY, line: 1, newDate: "2026-04-01" }),
  CreditHoldPlaced: event("CreditHoldPlaced", { customer: "C-77", salesOrder: KEY }),
  CreditHoldReleased: event("CreditHoldReleased", { customer: "C-77", salesOrder: KEY }),
  ProductionOrderPlanned: event("ProductionOrderPlanned", { ...supply().data }),
  ProductionOrderReleased: supply(),
  ProductionOrderChanged: event("ProductionOrderChanged", { ...supply().data }),
  WorkOrderReleased: story.workReleased,
  ProductionReceiptPosted: received(1, "L-1"),
  PurchaseReceiptPosted: event("PurchaseReceiptPosted", {
    item: "PUMP-200",
    quantity: q(1),
    status: "unrestricted",
    document: "PR-1",
    pegging: [{ salesOrder: KEY, line: 1 }],
  }),
  StockStatusChanged: event("StockStatusChanged", { ...goods, from: "unrestricted", to: "blocked" }),
  InventoryAdjusted: event("InventoryAdjusted", { ...goods, quantity: q(-1), kind: "count" }),
  MaterialConsumed: event("MaterialConsumed", used),
  ConsumptionCorrected: event("ConsumptionCorrected", { ...used, corrects: 1 }),
  ComponentReplaced: event("ComponentReplaced", {
    lot: "L-1",
    removed: { item: "SEAL-9" },
    installed: { item: "SEAL-9" },
    quantity: q(1),
  }),
  QualityHoldRaised: story.holdRaised("H-1", { lot: "L-1" }),
  QualityHoldReleased: story.holdReleased("H-1", { lot: "L-1" }),
  DispositionDecided: event("DispositionDecided", {
    hold: "H-1",
    decisions: [{ decision: "scrap", quantity: q(1) }],
    last: true,
  }),
  GoodsHeld: event("GoodsHeld", { hold: "H-1", lot: "L-1", holds: 1 }),
  GoodsFreed: event("GoodsFreed", { hold: "H-1", lot: "L-1", holds: 0 }),
  ShipmentConfirmed: shipped([six]),
  GoodsIssued: story.issued("PS-1", [six]),
  InvoicePosted: story.invoiced("I-1"),
  "EffectRejected:hold": rejected("hold", "no"),
  "TimerFired:shipping": fired("shipping"),
  "TimerFired:invoice": fired("invoice"),
  "TimerFired:promise": fired("promise"),
};

test("every row that is handled has a sample here", () => {
  const handled = Object.entries(process.phases["open"]).filter(([, does]) => "handle" in does);
  expect(handled.map(([row]) => row).toSorted()).toEqual(Object.keys(samples).toSorted());
});

test.each(Object.entries(ways))("in phase %s no event that can come surprises the process", (phase, way) => {
  const handled = Object.entries(process.phases[phase as Phase]).filter(([, does]) => "handle" in does);
  expect(handled.length).toBeGreaterThan(20);
  for (const [row, does] of handled)
    given(...way)
      .when(samples[row]!)
      .thenAmong("to" in does ? does.to : []);
});

test("after the end nothing follows any more", () => {
  const done = [...ways.shipped, story.issued("PS-1", [six]), story.invoiced("I-1")];
  given(...done)
    .when(received(1, "L-1"))
    .thenIgnored(/has left and is billed/);
  given(ordered(), samples["OrderCancelled"]!)
    .when(received(1, "L-1"))
    .thenIgnored(/the order has ended/);
});
