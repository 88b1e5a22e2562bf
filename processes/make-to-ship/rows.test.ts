import fc from "fast-check";
import { expect, test } from "vitest";
import { eventType, type LedgerEvent } from "../../src/event/envelope.ts";
import { type Row, rowKeyOf } from "../../src/process/index.ts";
import { event, fired, rejected, type ToldEvent } from "../../src/testing/index.ts";
import process from "./index.ts";
import type { Next, Order, Phase } from "./state.ts";
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

const more = [
  shipped([line(4, { lots: lots(["L-1", 4]) })], {}, `${KEY}.S2`),
  shipped([line(2)], {}, "W-1"),
  story.issued("PS-2", [line(4)], { shipment: `${KEY}.S2` }),
  story.issued("PS-3", [line(2)]),
  story.invoiced("I-2", { goodsIssue: "PS-2" }),
  received(4, "L-2"),
  received(6, "L-1", { status: "inspection" }),
  story.changed([pumps([8])]),
  event("StockStatusChanged", { ...goods, quantity: q(4), from: "inspection", to: "unrestricted" }),
];

test("whatever comes in whatever order: each shipment is posted once, and what has left adds up", () => {
  const next = fc.constantFrom(...Object.values(samples), ...more, ...more);
  fc.assert(
    fc.property(fc.array(next, { maxLength: 30 }), (then) => {
      const posted: string[] = [];
      let phase: Phase = "new";
      let state: Order = process.initialState(KEY, {} as LedgerEvent);
      for (const { name, data } of [...ways.open, ...then]) {
        const row: Row<Order, Phase> | undefined = process.phases[phase][rowKeyOf(name, data)];
        if (!row || !("handle" in row)) continue;
        const time = "2026-03-20T08:00:00.000000Z";
        const told = { type: eventType(name), time, data: { reference: "0123456789ABCDEF", ...data } };
        const decision: Next = row.handle({
          key: KEY,
          state,
          event: told as unknown as LedgerEvent,
          facts: () => undefined,
        });
        expect(row.to).toContain(decision.phase);
        ({ phase, state } = decision);
        for (const { name: effect, payload } of decision.effects ?? [])
          if (effect === "issue") posted.push((payload as { shipment: string }).shipment);
      }
      expect(new Set(posted).size).toBe(posted.length);
      const gone = Object.values(state.shipments).filter(
        ({ stands }) => stands !== "ready" && stands !== "held",
      );
      const left = gone
        .flatMap(({ lines }) => lines)
        .reduce((sum, { quantity }) => sum + Number(quantity.value), 0);
      expect(state.lines.reduce((sum, each) => sum + Number(each.shipped), 0)).toBe(left);
      expect(state.pieces.filter(({ quantity }) => Number(quantity) <= 0)).toEqual([]);
    }),
    { numRuns: 1_500 },
  );
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
