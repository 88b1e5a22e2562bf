import { test } from "vitest";
import { event } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import { at, confirm, given, ofWork, q, receive, report, running, taken, timed } from "./testing/story.ts";

const heldGoods = (more: object) => ofWork("GoodsHeld", { holds: 1, hold: "H-1", ...more });
const inspected = { status: "inspection", hold: "H-1" };

test("pieces of a work order under hold are received for inspection, until it is free", () => {
  given(...running, heldGoods({}))
    .when(timed(report("20", 4, { good: 2 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 2 }, at("09:00")), receive(4, 2, at("09:00"), inspected)],
    });
  given(...running, heldGoods({}), ofWork("GoodsFreed", { holds: 0, hold: "H-1" }))
    .when(timed(report("20", 4, { good: 2 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 2 }, at("09:00")), receive(4, 2, at("09:00"))],
    });
});

test("a hold on some pieces takes those in stock first, and then the next that are received", () => {
  given(...taken, heldGoods({ quantity: q(3) }))
    .when(timed(report("20", 1, { good: 5 }), "09:00"))
    .then({
      phase: "running",
      effects: [
        story.start(at("09:00")),
        confirm("20", 1, { good: 5 }, at("09:00")),
        receive(1, 2, at("09:00")),
        receive(1, 3, at("09:00"), inspected),
      ],
    });
  given(...running, heldGoods({ quantity: q(5) }))
    .when(timed(report("20", 4, { good: 3 }), "09:00"))
    .then({
      phase: "running",
      effects: [
        confirm("20", 4, { good: 3 }, at("09:00")),
        receive(4, 2, at("09:00")),
        receive(4, 1, at("09:00"), inspected),
      ],
    });
});

test("where the pieces bear lots, those are dealt out to what is free and what is held", () => {
  const lots = [
    { lot: "L-1", quantity: q(3) },
    { lot: "L-2", quantity: q(2) },
  ];
  given(...taken, heldGoods({ quantity: q(1) }))
    .when(timed(report("20", 1, { good: 5 }, { lots }), "09:00"))
    .then({
      phase: "running",
      effects: [
        story.start(at("09:00")),
        confirm("20", 1, { good: 5 }, at("09:00")),
        receive(1, 4, at("09:00"), { lots: [lots[0], { lot: "L-2", quantity: q(1) }] }),
        receive(1, 1, at("09:00"), { lots: [{ lot: "L-2", quantity: q(1) }], ...inspected }),
      ],
    });
});

test("of several lots only those under hold", () => {
  const lots = [
    { lot: "L-1", quantity: q(2) },
    { lot: "L-2", quantity: q(1) },
  ];
  given(...running, heldGoods({ lot: "L-2" }))
    .when(timed(report("20", 4, { good: 3 }, { lots }), "09:00"))
    .then({
      phase: "running",
      effects: [
        confirm("20", 4, { good: 3 }, at("09:00")),
        receive(4, 2, at("09:00"), { lots: [lots[0]] }),
        receive(4, 1, at("09:00"), { lots: [lots[1]], ...inspected }),
      ],
    });
});

test("a hold on the item itself", () => {
  given(...running, event("GoodsHeld", { item: story.ITEM, holds: 1, hold: "H-9" }))
    .when(timed(report("20", 4, { good: 3 }), "09:00"))
    .then({
      phase: "running",
      effects: [
        confirm("20", 4, { good: 3 }, at("09:00")),
        receive(4, 3, at("09:00"), { status: "inspection" }),
      ],
    });
  given(
    ...running,
    event("GoodsHeld", { item: story.ITEM, holds: 1, hold: "H-9" }),
    event("GoodsFreed", { item: story.ITEM, holds: 0, hold: "H-9" }),
  )
    .when(timed(report("20", 4, { good: 3 }), "09:00"))
    .then({
      phase: "running",
      effects: [confirm("20", 4, { good: 3 }, at("09:00")), receive(4, 3, at("09:00"))],
    });
});
