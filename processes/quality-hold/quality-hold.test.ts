import { test } from "vitest";
import { cancelled, event } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  at,
  counted,
  decide,
  echo,
  given,
  hold,
  inStock,
  ITEM,
  LOT,
  lotMade,
  ORDER,
  passedOn,
  q,
  receipt,
  release,
  risk,
  scrapStock,
  setStatus,
  takenOff,
  timed,
} from "./testing/story.ts";

const ofWork = { workOrder: ORDER };
const workGoods = { workOrder: ORDER, productionOrder: ORDER, item: ITEM };
const workHold = (name: string, reason: string, holdName: string, more: object = {}) => ({
  name,
  data: { workOrder: ORDER, productionOrder: ORDER, hold: `qualityHold.${holdName}`, reason, ...more },
});
const held = timed(hold("H-1", ofWork), "09:00");

test("stock under hold is blocked in the ERP, and free again when the last hold is gone", () => {
  given(...inStock)
    .when(hold("H-1"))
    .then({
      phase: "held",
      effects: [setStatus(10, "unrestricted", "blocked", "H-1", "porous")],
      derived: [counted("GoodsHeld", 1, "H-1")],
    });
  given(...inStock, hold("H-1"))
    .when(hold("H-2"))
    .then({ phase: "held", derived: [counted("GoodsHeld", 2, "H-2")] });
  given(...inStock, hold("H-1"), hold("H-2"))
    .when(release("H-1"))
    .then({ phase: "held", derived: [counted("GoodsFreed", 1, "H-1")] });
  given(...inStock, hold("H-1"), hold("H-2"), release("H-1"))
    .when(release("H-2"))
    .then({
      phase: "free",
      effects: [setStatus(10, "blocked", "unrestricted", "H-2", "released by quality")],
      derived: [counted("GoodsFreed", 0, "H-2")],
    });
});

test("a hold counts once, whoever repeats it, and its end once", () => {
  given(...inStock, hold("H-1"))
    .when(hold("H-1"))
    .then({ phase: "held" });
  given(...inStock, hold("H-1"), release("H-1"))
    .when(release("H-1"))
    .then({ phase: "free" });
});

test("the ERP's echo of our own move is nothing new, somebody else's move is put right", () => {
  given(...inStock, hold("H-1"))
    .when(echo(10, "unrestricted", "blocked"))
    .then({ phase: "held" });
  given(...inStock, hold("H-1"), echo(10, "unrestricted", "blocked"))
    .when(echo(4, "blocked", "unrestricted"))
    .then({
      phase: "held",
      effects: [setStatus(4, "unrestricted", "blocked", "H-1", `lot ${LOT} is under quality hold`)],
    });
});

test("what is received under hold is kept at once: for inspection as plan-to-produce posts it, or blocked", () => {
  given(lotMade, hold("H-1")).when(receipt(4, "inspection")).then({ phase: "held" });
  given(lotMade, hold("H-1"))
    .when(receipt(4))
    .then({
      phase: "held",
      effects: [setStatus(4, "unrestricted", "blocked", "H-1", `lot ${LOT} is under quality hold`)],
    });
  given(lotMade, hold("H-1"), receipt(4, "inspection"))
    .when(release("H-1"))
    .then({
      phase: "free",
      effects: [setStatus(4, "inspection", "unrestricted", "H-1", "released by quality")],
      derived: [counted("GoodsFreed", 0, "H-1")],
    });
});

test("a plant that tells no lots: the receipt shows what a held work order's pieces are called", () => {
  given(story.released, held)
    .when(receipt(4, "inspection"))
    .then({
      phase: "held",
      derived: [
        { name: "HoldPassedOn", data: { hold: "H-1", lot: LOT, because: `work order ${ORDER} is in it` } },
      ],
    });
  given(story.lotMade, receipt(4, "inspection"), passedOn("H-1"))
    .when(takenOff("H-1"))
    .then({
      phase: "free",
      effects: [setStatus(4, "inspection", "unrestricted", "H-1", "what is in it is free")],
      derived: [counted("GoodsFreed", 0, "H-1", { because: "what is in it is free" })],
    });
});

test("goods that nobody has heard of cannot be blocked from here", () => {
  given()
    .when(hold("H-1"))
    .then({
      phase: "held",
      derived: [{ name: "GoodsHeld", data: { lot: LOT, holds: 1, hold: "H-1", because: "porous" } }],
      cases: [aCase("STOCK_UNKNOWN")],
    });
});

test("work in process is asked to stop, and to go on when the hold is gone", () => {
  given(story.released)
    .when(held)
    .then({
      phase: "held",
      derived: [
        { name: "GoodsHeld", data: { ...workGoods, holds: 1, hold: "H-1", because: "porous" } },
        workHold("WorkOrderHoldRequested", "porous", "H-1", { cause: "quality" }),
        {
          name: "OrderAtRisk",
          data: {
            salesOrder: "SO-1001",
            line: 1,
            because: `work order ${ORDER} is under quality hold: porous`,
            since: at("09:00"),
            hold: "H-1",
            productionOrder: ORDER,
          },
        },
      ],
    });
  given(story.released, held)
    .when(release("H-1", ofWork))
    .then({
      phase: "free",
      derived: [
        { name: "GoodsFreed", data: { ...workGoods, holds: 0, hold: "H-1", because: "released by quality" } },
        workHold("WorkOrderHoldEnded", "released by quality", "H-1"),
      ],
    });
});

test("a hold on some pieces of a work order does not stop the others, and blocks so many in stock", () => {
  const some = timed(hold("H-1", { ...ofWork, quantity: q(3) }), "09:00");
  const received = (quantity: number) => receipt(quantity, "unrestricted", "");
  const blocked = (quantity: number, reason: string) => ({
    ...setStatus(quantity, "unrestricted", "blocked", "H-1", reason),
    payload: {
      item: ITEM,
      productionOrder: ORDER,
      quantity: q(quantity),
      from: "unrestricted",
      to: "blocked",
      hold: "H-1",
      reason,
    },
  });
  given(story.released, received(2))
    .when(some)
    .then({
      phase: "held",
      effects: [blocked(2, "porous")],
      derived: [
        {
          name: "GoodsHeld",
          data: { ...workGoods, quantity: q(3), holds: 1, hold: "H-1", because: "porous" },
        },
        {
          name: "OrderAtRisk",
          data: {
            salesOrder: "SO-1001",
            line: 1,
            because: `work order ${ORDER} is under quality hold: porous`,
            since: at("09:00"),
            hold: "H-1",
            productionOrder: ORDER,
          },
        },
      ],
    });
  given(story.released, received(2), some)
    .when(received(5))
    .then({ phase: "held", effects: [blocked(1, `work order ${ORDER} is under quality hold`)] });
  given(story.released, received(2), some, received(5)).when(story.lotMade).then({ phase: "held" });
});

test("a hold passes on to what held goods went into, also when that is told later", () => {
  const onL77 = { lot: "L-77" };
  given(story.bought, story.used)
    .when(hold("H-1", onL77))
    .then({
      phase: "held",
      effects: [
        {
          name: "stock",
          target: "erp",
          type: "SetStockStatus",
          payload: {
            item: "CASTING",
            lot: "L-77",
            quantity: q(50),
            from: "unrestricted",
            to: "blocked",
            hold: "H-1",
            reason: "porous",
          },
        },
      ],
      derived: [
        {
          name: "GoodsHeld",
          data: { lot: "L-77", item: "CASTING", holds: 1, hold: "H-1", because: "porous" },
        },
        { name: "HoldPassedOn", data: { hold: "H-1", lot: LOT, because: "lot L-77 is in it" } },
      ],
    });
  given(hold("H-1", onL77))
    .when(story.used)
    .then({
      phase: "held",
      derived: [{ name: "HoldPassedOn", data: { hold: "H-1", lot: LOT, because: "lot L-77 is in it" } }],
    });
  given(hold("H-1", onL77), story.used).when(story.used).then({ phase: "held" });
  given(story.used, hold("H-1", onL77))
    .when(release("H-1", onL77))
    .then({
      phase: "free",
      derived: [
        {
          name: "GoodsFreed",
          data: { lot: "L-77", item: "CASTING", holds: 0, hold: "H-1", because: "released by quality" },
        },
        { name: "HoldTakenOff", data: { hold: "H-1", lot: LOT, because: "lot L-77 is free" } },
      ],
    });
});

test("a hold that came from what went in counts like any other", () => {
  given(...inStock)
    .when(passedOn("H-7"))
    .then({
      phase: "held",
      effects: [setStatus(10, "unrestricted", "blocked", "H-7", "lot L-77 is in it")],
      derived: [counted("GoodsHeld", 1, "H-7", { because: "lot L-77 is in it" })],
    });
  given(...inStock, hold("H-1"), passedOn("H-7"))
    .when(takenOff("H-7"))
    .then({
      phase: "held",
      derived: [counted("GoodsFreed", 1, "H-7", { because: "what is in it is free" })],
    });
});

test("a held work order passes its hold to each lot that comes out of it, a split lot to its parts", () => {
  given(story.released, held)
    .when(lotMade)
    .then({
      phase: "held",
      derived: [
        { name: "HoldPassedOn", data: { hold: "H-1", lot: LOT, because: `work order ${ORDER} is in it` } },
      ],
    });
  given(...inStock, hold("H-1"))
    .when(event("LotSplit", { lot: LOT, into: [{ lot: "L-91", quantity: q(4) }] }))
    .then({
      phase: "held",
      derived: [{ name: "HoldPassedOn", data: { hold: "H-1", lot: "L-91", because: `lot ${LOT} is in it` } }],
    });
  given(...inStock, hold("H-1"))
    .when(event("LotMerged", { lot: "L-99", from: [{ lot: LOT }, { lot: "L-95" }] }))
    .then({
      phase: "held",
      derived: [{ name: "HoldPassedOn", data: { hold: "H-1", lot: "L-99", because: `lot ${LOT} is in it` } }],
    });
  given(...inStock, hold("H-1"))
    .when(
      event("ComponentReplaced", {
        serial: "S-1",
        removed: { item: ITEM },
        installed: { item: ITEM, lot: LOT },
        quantity: q(1),
      }),
    )
    .then({
      phase: "held",
      derived: [
        { name: "HoldPassedOn", data: { hold: "H-1", serial: "S-1", because: `lot ${LOT} is in it` } },
      ],
    });
});

test("an item under hold: its goods are held as long as any hold lies on it", () => {
  given()
    .when(hold("H-1", { item: ITEM, itemRevision: "B" }))
    .then({
      phase: "held",
      derived: [
        {
          name: "GoodsHeld",
          data: { item: ITEM, itemRevision: "B", holds: 1, hold: "H-1", because: "porous" },
        },
      ],
    });
  const onItem = (name: string, holds: number) => event(name, { item: ITEM, holds, hold: "H-1" });
  given(...inStock)
    .when(onItem("GoodsHeld", 1))
    .then({
      phase: "held",
      effects: [setStatus(10, "unrestricted", "blocked", `item:${ITEM}`, `item ${ITEM} is under hold`)],
      derived: [counted("GoodsHeld", 1, `item:${ITEM}`, { because: `item ${ITEM} is under hold` })],
    });
  given(...inStock, onItem("GoodsHeld", 2))
    .when(onItem("GoodsFreed", 1))
    .then({ phase: "held" });
  given(...inStock, onItem("GoodsHeld", 2), onItem("GoodsFreed", 1))
    .when(onItem("GoodsFreed", 0))
    .then({
      phase: "free",
      effects: [setStatus(10, "blocked", "unrestricted", `item:${ITEM}`, `item ${ITEM} is free`)],
      derived: [counted("GoodsFreed", 0, `item:${ITEM}`, { because: `item ${ITEM} is free` })],
    });
  given(onItem("GoodsHeld", 1))
    .when(lotMade)
    .then({
      phase: "held",
      derived: [counted("GoodsHeld", 1, `item:${ITEM}`, { because: `item ${ITEM} is under hold` })],
    });
});

test("the item may be heard of after its revision", () => {
  given(hold("H-1", { lot: LOT, itemRevision: "B" }))
    .when(receipt(4))
    .then({
      phase: "held",
      effects: [setStatus(4, "unrestricted", "blocked", "H-1", `lot ${LOT} is under quality hold`)],
    });
});

test("ready to ship: the order is at risk; make-to-ship stops the shipment", () => {
  given(...inStock, story.ready)
    .when(timed(hold("H-1"), "09:00"))
    .then({
      phase: "held",
      effects: [setStatus(10, "unrestricted", "blocked", "H-1", "porous")],
      derived: [
        counted("GoodsHeld", 1, "H-1"),
        risk(`lot ${LOT} is under quality hold: porous`, at("09:00"), "H-1"),
      ],
    });
  given(...inStock, hold("H-1"))
    .when(timed(story.ready, "09:00"))
    .then({ phase: "held", derived: [risk(`lot ${LOT} is under quality hold`, at("09:00"), "H-1")] });
});

const contained = {
  name: "ContainmentListed",
  data: {
    hold: "H-1",
    deliveries: [
      { salesOrder: "SO-1001", line: 1, shipment: "SO-1001.S1", lots: [{ lot: LOT, quantity: q(10) }] },
    ],
  },
};

test("shipped: who has some of it, and nothing is blocked that is not there", () => {
  given(...inStock, story.ready, story.left)
    .when(hold("H-1"))
    .then({
      phase: "held",
      derived: [counted("GoodsHeld", 1, "H-1"), contained],
      cases: [aCase("SHIPPED_UNDER_HOLD")],
    });
  given(...inStock, hold("H-1"))
    .when(story.left)
    .then({ phase: "held", derived: [contained], cases: [aCase("SHIPPED_UNDER_HOLD")] });
  given(...inStock, hold("H-1"), story.left)
    .when(story.left)
    .then({ phase: "held" });
});

const on = (decision: string, quantity: number, more: object = {}) => ({
  decision,
  quantity: q(quantity),
  ...more,
});

test("use as it is: so much is free, the rest stays", () => {
  given(...inStock, hold("H-1"))
    .when(decide("H-1", [on("use-as-is", 6)]))
    .then({
      phase: "held",
      effects: [setStatus(6, "blocked", "unrestricted", "H-1", "quality lets it be used as it is")],
    });
  given(...inStock, hold("H-1"), hold("H-2"))
    .when(decide("H-1", [on("use-as-is", 6)]))
    .then({ phase: "held" });
  given(...inStock, hold("H-1"), decide("H-1", [on("use-as-is", 6)]))
    .when(decide("H-1", [on("use-as-is", 4)], true))
    .then({
      phase: "free",
      effects: [setStatus(4, "blocked", "unrestricted", "H-1", "quality lets it be used as it is")],
      derived: [counted("GoodsFreed", 0, "H-1", { because: "decided by quality" })],
    });
});

const pegging = [{ salesOrder: "SO-1001", line: 1 }];

test("scrap in stock is scrapped there, and what is missing is planned anew", () => {
  const held = [event("WorkOrderReleased", story.released.data), ...inStock, hold("H-1")];
  given(...held.slice(1))
    .when(decide("H-1", [on("scrap", 3, { reason: { message: "leaks" } })]))
    .then({ phase: "held", effects: [scrapStock(3, "H-1", { reason: { message: "leaks" } })] });
  given(...inStock, story.ready, hold("H-1"))
    .when(timed(decide("H-1", [on("scrap", 3), on("use-as-is", 7)], true), "09:00"))
    .then({
      phase: "free",
      effects: [
        scrapStock(3, "H-1"),
        {
          name: "replace",
          target: "erp",
          type: "RequestProduction",
          payload: {
            request: `H-1.${LOT}.1`,
            item: ITEM,
            quantity: q(3),
            replaces: ORDER,
            pegging,
            reason: `3 of lot ${LOT} are scrapped`,
          },
        },
        setStatus(7, "blocked", "unrestricted", "H-1", "quality lets it be used as it is"),
      ],
      derived: [
        risk(`3 of lot ${LOT} are scrapped`, at("09:00"), "H-1"),
        counted("GoodsFreed", 0, "H-1", { because: "decided by quality" }),
      ],
    });
});

test("scrap that is still in work is the plant's to report: no piece is scrapped twice", () => {
  given(lotMade, hold("H-1"))
    .when(decide("H-1", [on("scrap", 3)]))
    .then({
      phase: "held",
      effects: [
        {
          name: "notify",
          target: "mes",
          type: "RaiseQualityNotification",
          payload: {
            notification: `H-1.${LOT}.1`,
            item: ITEM,
            lot: LOT,
            workOrder: ORDER,
            hold: "H-1",
            reason: "scrap 3 pieces and report them",
          },
        },
      ],
    });
});

test("the ERP's echo of scrap is nothing new", () => {
  given(...inStock, hold("H-1"), decide("H-1", [on("scrap", 3)]))
    .when(event("InventoryAdjusted", { item: ITEM, lot: LOT, quantity: q(-3), kind: "scrap" }))
    .then({ phase: "held" });
  given(
    ...inStock,
    hold("H-1"),
    decide("H-1", [on("scrap", 3)]),
    event("InventoryAdjusted", { item: ITEM, lot: LOT, quantity: q(-3), kind: "scrap" }),
  )
    .when(release("H-1"))
    .then({
      phase: "free",
      effects: [setStatus(7, "blocked", "unrestricted", "H-1", "released by quality")],
      derived: [counted("GoodsFreed", 0, "H-1")],
    });
});

test.each([
  ["rework", "DISPOSITION_REWORK"],
  ["regrade", "DISPOSITION_REGRADE"],
  ["return-to-supplier", "DISPOSITION_RETURN_TO_SUPPLIER"],
])("%s is a person's task, and the pieces are not freed with the hold", (decision, kind) => {
  const decided = decide("H-1", [on(decision, 4)]);
  given(...inStock, hold("H-1"))
    .when(decided)
    .then({ phase: "held", cases: [aCase(kind, "plant-operations")] });
  given(...inStock, hold("H-1"), decided)
    .when(release("H-1"))
    .then({
      phase: "free",
      effects: [setStatus(6, "blocked", "unrestricted", "H-1", "released by quality")],
      derived: [counted("GoodsFreed", 0, "H-1")],
    });
});

test("a decision on another lot, or under a hold that does not lie here, is nothing", () => {
  given(...inStock, hold("H-1"))
    .when(decide("H-1", [on("scrap", 3, { lot: "L-1" }), on("use-as-is", 1, { lot: LOT })]))
    .then({
      phase: "held",
      effects: [setStatus(1, "blocked", "unrestricted", "H-1", "quality lets it be used as it is")],
    });
  given(...inStock)
    .when(decide("H-1", [on("scrap", 3, { lot: LOT })]))
    .thenIgnored(/does not lie/);
  given(...inStock, hold("H-2"))
    .when(decide("H-1", [on("scrap", 3, { lot: LOT })]))
    .then({ phase: "held" });
});

test("what was used or counted away is not blocked", () => {
  given(
    ...inStock,
    event("ConsumptionPosted", {
      productionOrder: "PO-9",
      document: "J",
      item: ITEM,
      lot: LOT,
      quantity: q(4),
      automatic: false,
    }),
    event("InventoryAdjusted", { item: ITEM, lot: LOT, quantity: q(-1), kind: "count" }),
  )
    .when(hold("H-1"))
    .then({
      phase: "held",
      effects: [setStatus(5, "unrestricted", "blocked", "H-1", "porous")],
      derived: [counted("GoodsHeld", 1, "H-1")],
    });
});

test("a move that a person gives up is a case", () => {
  given(...inStock, hold("H-1"))
    .when(cancelled("stock"))
    .then({ phase: "held", cases: [aCase("STOCK_NOT_MOVED")] });
});
