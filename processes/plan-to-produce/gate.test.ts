import { test } from "vitest";
import { event, fired } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import {
  aCase,
  at,
  content,
  forStock,
  given,
  itemKnown,
  KEY,
  ordered,
  q,
  released,
  timed,
  told,
} from "./testing/story.ts";

const releaseOf = (order: object) => ({
  effects: [story.toPlant("release", "ReleaseWorkOrder", order)],
  derived: [{ name: "WorkOrderReleased", data: { workOrder: KEY, productionOrder: KEY, ...order } }],
});
const delayed = (gates: object[], since = at("09:00")) => [
  { name: "OrderReleaseDelayed", data: { productionOrder: KEY, since, gates } },
];
const gate = (name: string, message: string, owner = "plant-operations") => ({ gate: name, message, owner });
const held = event("CreditHoldPlaced", { customer: "C-77" });
const free = event("CreditHoldReleased", { customer: "C-77" });
const onCredit = gate("credit", "customer C-77 on credit hold: release it in the ERP", "finance");
const forNow = timed(told("ProductionOrderReleased", forStock), "09:00");

test("what is made to stock goes to the plant with its release", () => {
  given(itemKnown)
    .when(told("ProductionOrderReleased", forStock))
    .then({ phase: "releasing", ...releaseOf(forStock), timers: { silent: at("12:02") } });
});

test("a customer first heard of with the release is asked for at once, and nothing holds it", () => {
  given(itemKnown, ordered)
    .when(timed(released, "09:00"))
    .then({ phase: "blocked", timers: { gates: at("09:00") } });
  given(itemKnown, ordered, released)
    .when(fired("gates"))
    .then({ phase: "releasing", ...releaseOf(content) });
  given(itemKnown, ordered, story.planned)
    .when(released)
    .then({ phase: "releasing", ...releaseOf(content) });
});

test("a credit hold of the customer waits for finance, and its release lets the order go", () => {
  given(itemKnown, ordered, held, story.planned)
    .when(timed(released, "09:00"))
    .then({ phase: "blocked", derived: delayed([onCredit]), cases: [aCase("GATE_CREDIT", "finance")] });
  given(itemKnown, ordered, held, story.planned, released)
    .when(free)
    .then({ phase: "releasing", ...releaseOf(content), closedCases: ["GATE_CREDIT"] });
});

test("a hold of the sales order alone counts as well", () => {
  given(
    itemKnown,
    ordered,
    event("CreditHoldPlaced", { customer: "C-77", salesOrder: "SO-1001" }),
    story.planned,
  )
    .when(timed(released, "09:00"))
    .then({
      phase: "blocked",
      derived: delayed([gate("credit", "order SO-1001 on credit hold: release it in the ERP", "finance")]),
      cases: [aCase("GATE_CREDIT", "finance")],
    });
});

test("an override goes past its gate alone, and stays visible on the work order", () => {
  const override = { gate: "credit", actor: "anna.keller", reason: "prepayment was agreed" };
  given(itemKnown, ordered, held, story.planned, released)
    .when(told("GateOverridden", override))
    .then({
      phase: "releasing",
      effects: [story.toPlant("release", "ReleaseWorkOrder", content)],
      derived: [
        {
          name: "WorkOrderReleased",
          data: { workOrder: KEY, productionOrder: KEY, ...content, overrides: [override] },
        },
      ],
      closedCases: ["GATE_CREDIT"],
    });
  given(itemKnown, ordered, held, story.planned, released)
    .when(told("GateOverridden", { ...override, gate: "bom" }))
    .then({ phase: "blocked" });
});

test("an item that is unknown, not approved or not active at the plant", () => {
  given()
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([gate("item", "nothing is known of item PUMP-200: let its owner send it")]),
      cases: [aCase("GATE_ITEM")],
    });
  given(event("ItemChanged", { ...itemKnown.data, lifecycle: "draft" }))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([gate("item", "item PUMP-200 is draft: approve it where it is owned")]),
      cases: [aCase("GATE_ITEM")],
    });
  given(event("ItemChanged", { ...itemKnown.data, plants: [{ plant: "brno", active: true }] }))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([
        gate("item", "item PUMP-200 is not active at plant lyon: activate it there, or plan another plant"),
      ]),
      cases: [aCase("GATE_ITEM")],
    });
  given(forNow)
    .when(itemKnown)
    .then({ phase: "releasing", ...releaseOf(forStock), closedCases: ["GATE_ITEM"] });
});

const revised = (name: string, revision: string, effectiveFrom: string, more: object = {}) =>
  event(name, { item: story.ITEM, revision, effectiveFrom, changeClass: "update", ...more });

test("a revision that does not hold on the day the work begins", () => {
  given(itemKnown, revised("BomRevised", "B", "2026-04-01"))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([
        gate(
          "bom",
          "revision B of the bill of materials of PUMP-200 does not hold on 2026-03-02, when the work begins: change the order's date or its revision",
        ),
      ]),
      cases: [aCase("GATE_BOM")],
    });
  given(itemKnown, revised("RoutingRevised", "3", "2026-03-01"))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([
        gate(
          "routing",
          "revision 2 of the routing of PUMP-200 is not known, the latest told is 3: let its owner send it",
        ),
      ]),
      cases: [aCase("GATE_ROUTING")],
    });
});

test("a replaced revision waits for the ERP to bring the order to the new one, unless it may be used up", () => {
  const replaced = { previousRevision: "B" };
  given(
    itemKnown,
    revised("BomRevised", "B", "2026-01-01"),
    revised("BomRevised", "C", "2026-03-01", replaced),
  )
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([
        gate(
          "bom",
          "revision B of the bill of materials of PUMP-200 was replaced by C from 2026-03-01 on: bring the order to it in the ERP",
        ),
      ]),
      cases: [aCase("GATE_BOM")],
    });
  given(itemKnown, revised("BomRevised", "C", "2026-03-01", { ...replaced, changeClass: "finish" }))
    .when(forNow)
    .then({ phase: "releasing", ...releaseOf(forStock) });
  given(itemKnown, revised("BomRevised", "C", "2026-03-01", replaced), forNow)
    .when(told("ProductionOrderChanged", { ...forStock, bomRevision: "C" }))
    .then({ phase: "releasing", ...releaseOf({ ...forStock, bomRevision: "C" }), closedCases: ["GATE_BOM"] });
});

test("a unit without a conversion", () => {
  given(itemKnown)
    .when(
      timed(
        told("ProductionOrderReleased", { ...forStock, quantity: { value: "10", unit: "KGM" } }),
        "09:00",
      ),
    )
    .then({
      phase: "blocked",
      derived: delayed([
        gate(
          "units",
          "no conversion is known for KGM of PUMP-200: add it to the item where it is owned",
          "it",
        ),
      ]),
      cases: [aCase("GATE_UNITS", "it")],
    });
});

test("a quality hold on the item or its revision, which no override passes", () => {
  const goods = { item: story.ITEM, hold: "H-1" };
  given(itemKnown, event("GoodsHeld", { ...goods, holds: 1 }))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([gate("quality", "quality holds PUMP-200: it waits for their decision", "quality")]),
      cases: [aCase("GATE_QUALITY", "quality")],
    });
  given(itemKnown, event("GoodsHeld", { ...goods, holds: 1 }), forNow)
    .when(event("GoodsFreed", { ...goods, holds: 0 }))
    .then({ phase: "releasing", ...releaseOf(forStock), closedCases: ["GATE_QUALITY"] });
  const revision = { ...forStock, itemRevision: "D" };
  given(itemKnown, event("GoodsHeld", { ...goods, itemRevision: "D", holds: 1 }))
    .when(timed(told("ProductionOrderReleased", revision), "09:00"))
    .then({
      phase: "blocked",
      derived: delayed([gate("quality", "quality holds PUMP-200@D: it waits for their decision", "quality")]),
      cases: [aCase("GATE_QUALITY", "quality")],
    });
});

test("held in the ERP or by another process, it is not released until all of them let go", () => {
  const wish = { workOrder: KEY, hold: "salesOrder.SO-1001" };
  given(itemKnown, told("ProductionOrderPlanned", forStock), told("ProductionOrderHeld"))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([gate("hold", "held by erp")]),
      cases: [aCase("GATE_HOLD")],
    });
  given(
    itemKnown,
    told("ProductionOrderPlanned", forStock),
    told("ProductionOrderHeld"),
    forNow,
    told("WorkOrderHoldRequested", { ...wish, cause: "customer-change" }),
  )
    .when(timed(told("ProductionOrderResumed"), "09:30"))
    .then({
      phase: "blocked",
      derived: delayed([gate("hold", "held by salesOrder.SO-1001")]),
      cases: [aCase("GATE_HOLD")],
    });
  given(itemKnown, told("ProductionOrderPlanned", forStock), told("ProductionOrderHeld"), forNow)
    .when(told("ProductionOrderResumed"))
    .then({ phase: "releasing", ...releaseOf(forStock), closedCases: ["GATE_HOLD"] });
});

test("a plant that refuses it: it waits until the ERP says something else", () => {
  given(...story.atPlant)
    .when(timed(story.refusedBy("release"), "09:10"))
    .then({
      phase: "blocked",
      derived: delayed(
        [gate("plant", "the plant refused it: the mill is being moved; change the order in the ERP")],
        at("08:02"),
      ),
      cases: [aCase("GATE_PLANT")],
    });
  const later = { ...forStock, plannedStart: "2026-03-05T10:00:00+01:00" };
  given(...story.atPlant, story.refusedBy("release"))
    .when(told("ProductionOrderChanged", later))
    .then({ phase: "releasing", ...releaseOf(later), closedCases: ["GATE_PLANT"] });
});

test("several gates at once are told together, each to its owner", () => {
  given(held, ordered, story.planned)
    .when(timed(released, "09:00"))
    .then({
      phase: "blocked",
      derived: delayed([gate("item", "nothing is known of item PUMP-200: let its owner send it"), onCredit]),
      cases: [aCase("GATE_ITEM"), aCase("GATE_CREDIT", "finance")],
    });
  given(held, ordered, story.planned, timed(released, "09:00"))
    .when(itemKnown)
    .then({
      phase: "blocked",
      derived: delayed([onCredit]),
      cases: [aCase("GATE_CREDIT", "finance")],
      closedCases: ["GATE_ITEM"],
    });
});

test("before release, changes are worked in and a cancellation ends it", () => {
  given(itemKnown, told("ProductionOrderPlanned", forStock))
    .when(told("ProductionOrderChanged", { ...forStock, quantity: q(12) }))
    .then({ phase: "planned" });
  given(itemKnown, told("ProductionOrderPlanned", forStock))
    .when(told("ProductionOrderCancelled"))
    .then({ phase: "cancelled" });
  given(forNow)
    .when(told("ProductionOrderCancelled"))
    .then({ phase: "cancelled", closedCases: ["GATE_ITEM"] });
});

test("a cancellation that overtook its release starts nothing", () => {
  given(itemKnown).when(told("ProductionOrderCancelled")).then({ phase: "cancelled" });
  given(itemKnown, told("ProductionOrderCancelled"))
    .when(released)
    .thenIgnored(/has ended/);
});

test("a change or a hold that overtook the release counts in it", () => {
  given(itemKnown).when(told("ProductionOrderChanged", forStock)).then({ phase: "planned" });
  given(itemKnown, told("ProductionOrderChanged", forStock))
    .when(told("ProductionOrderReleased", forStock))
    .then({ phase: "releasing", ...releaseOf(forStock) });
  given(itemKnown, told("ProductionOrderHeld"))
    .when(forNow)
    .then({
      phase: "blocked",
      derived: delayed([gate("hold", "held by erp")]),
      cases: [aCase("GATE_HOLD")],
    });
  given(itemKnown, told("ProductionOrderHeld"), told("ProductionOrderResumed"))
    .when(told("ProductionOrderReleased", forStock))
    .then({ phase: "releasing", ...releaseOf(forStock) });
});
