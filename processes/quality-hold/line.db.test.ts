import { afterAll, beforeAll, expect, test } from "vitest";
import { asDefinition, openLine } from "../../src/process/testing/line.ts";
import engineeringChange from "../engineering-change/index.ts";
import planToProduce from "../plan-to-produce/index.ts";
import qualityHold from "./index.ts";

/** The real router, links and facts: what one process tells, another hears. */
let line: Awaited<ReturnType<typeof openLine>>;
beforeAll(async () => {
  line = await openLine([
    asDefinition(planToProduce),
    asDefinition(qualityHold),
    asDefinition(engineeringChange),
  ]);
});
afterAll(() => line.close());

const q = (value: number) => ({ value: String(value), unit: "C62" });
const ITEM = "PUMP-200";

let minute = 0;
const tell = async (name: string, data: object) => {
  const time = new Date(Date.UTC(2026, 2, 2, 8, ++minute)).toISOString();
  await line.tell(name, data, { time, plant: "lyon" });
  await line.settle();
};
const effects = async (type: string) => {
  const found = await line.rows("select payload from effects where type = $1 order by pos", [`${type}.v1`]);
  return found.map(({ payload }) => JSON.parse(String(payload)) as Record<string, unknown>);
};
const phaseOf = async (process: string, key: string) => {
  const [row] = await line.rows("select phase, held from instances where process = $1 and key = $2", [
    process,
    key,
  ]);
  return row;
};

const released = (productionOrder: string) =>
  tell("ProductionOrderReleased", {
    productionOrder,
    item: ITEM,
    quantity: q(10),
    bomRevision: "B",
    routingRevision: "2",
    mode: "mto",
    plannedStart: "2026-03-02T10:00:00+01:00",
    plannedEnd: "2026-03-04T14:00:00+01:00",
    components: [{ line: 1, item: "CASTING", quantity: q(10), issueMethod: "manual" }],
    operations: [{ operation: "20", workCenter: "WC-ASSY", reporting: true }],
    pegging: [{ salesOrder: "SO-1001", line: 1 }],
  });
/** A plant that knows its work order only. */
const ofWork = (name: string, workOrder: string, more: object = {}) => tell(name, { workOrder, ...more });
const made = (workOrder: string, confirmation: number, good: number, lot: string) =>
  ofWork("OperationCompleted", workOrder, {
    operation: "20",
    confirmation,
    good: q(good),
    scrap: q(0),
    rework: q(0),
    lots: [{ lot, quantity: q(good) }],
    last: false,
  });
const lotOf = (workOrder: string, lot: string) =>
  ofWork("LotProduced", workOrder, { item: ITEM, lot, quantity: q(10), precision: "lot" });
const usedCasting = (workOrder: string, confirmation: number, outputLot: string) =>
  ofWork("MaterialConsumed", workOrder, {
    confirmation,
    item: "CASTING",
    lot: "L-77",
    quantity: q(5),
    outputLot,
    precision: "lot",
  });

test("a hold on what went in reaches the goods made of it, their receipts, and ends with one word", async () => {
  await tell("ItemChanged", { item: ITEM, baseUnit: "C62", lifecycle: "approved" });
  await released("PO-1");
  await ofWork("WorkOrderAccepted", "PO-1", { request: "release" });
  await lotOf("PO-1", "L-90");
  await usedCasting("PO-1", 1, "L-90");
  await made("PO-1", 2, 4, "L-90");
  expect(await effects("ReceiveProduction")).toMatchObject([{ quantity: q(4), status: "unrestricted" }]);
  await tell("ProductionReceiptPosted", {
    productionOrder: "PO-1",
    document: "PR-1",
    item: ITEM,
    quantity: q(4),
    lots: [{ lot: "L-90", quantity: q(4) }],
    status: "unrestricted",
  });

  await tell("QualityHoldRaised", { hold: "H-1", lot: "L-77", reason: { message: "porous" } });
  expect(await phaseOf("quality-hold", "lot:L-90")).toEqual({ phase: "held", held: null });
  expect(await effects("SetStockStatus")).toMatchObject([{ lot: "L-90", quantity: q(4), to: "blocked" }]);
  await made("PO-1", 3, 2, "L-90");
  expect((await effects("ReceiveProduction"))[1]).toMatchObject({ status: "inspection", hold: "H-1" });

  // made later of the same castings
  await lotOf("PO-1", "L-91");
  await usedCasting("PO-1", 4, "L-91");
  expect(await phaseOf("quality-hold", "lot:L-91")).toEqual({ phase: "held", held: null });

  // quality knows nothing but the number of its hold
  await tell("QualityHoldReleased", { hold: "H-1" });
  for (const goods of ["lot:L-77", "lot:L-90", "lot:L-91"])
    expect(await phaseOf("quality-hold", goods)).toEqual({ phase: "free", held: null });
  expect((await effects("SetStockStatus"))[1]).toMatchObject({
    quantity: q(4),
    from: "blocked",
    to: "unrestricted",
  });
});

test("a hold on a work order stops the plant and lets it go on, once", async () => {
  await released("PO-2");
  await ofWork("WorkOrderStarted", "PO-2");
  await tell("QualityHoldRaised", { hold: "H-2", workOrder: "PO-2", reason: { message: "a crack" } });
  await tell("QualityHoldRaised", { hold: "H-3", workOrder: "PO-2", reason: { message: "a dent" } });
  expect(await effects("HoldWorkOrder")).toMatchObject([{ workOrder: "PO-2" }]);
  await ofWork("WorkOrderHeld", "PO-2");
  await tell("QualityHoldReleased", { hold: "H-2" });
  expect(await effects("ResumeWorkOrder")).toEqual([]);
  await tell("QualityHoldReleased", { hold: "H-3" });
  expect(await effects("ResumeWorkOrder")).toHaveLength(1);
});

test("a hold on an item keeps new orders from the plant and holds what is made of it", async () => {
  await tell("QualityHoldRaised", { hold: "H-4", item: ITEM, reason: { message: "a recall" } });
  expect(await phaseOf("quality-hold", "lot:L-90")).toEqual({ phase: "held", held: null });
  await released("PO-3");
  expect(await phaseOf("plan-to-produce", "PO-3")).toEqual({ phase: "blocked", held: null });
  await tell("QualityHoldReleased", { hold: "H-4" });
  expect(await phaseOf("plan-to-produce", "PO-3")).toEqual({ phase: "releasing", held: null });
  expect(await phaseOf("quality-hold", "lot:L-90")).toEqual({ phase: "free", held: null });
});

test("a revised bill stops the open work, and the work goes on when the plant has the new one", async () => {
  await ofWork("WorkOrderStarted", "PO-3");
  await tell("BomRevised", { item: ITEM, revision: "C", effectiveFrom: "2026-03-02", changeClass: "hold" });
  expect(await phaseOf("engineering-change", "PO-3")).toEqual({ phase: "held", held: null });
  expect((await effects("HoldWorkOrder")).map(({ workOrder }) => workOrder)).toContain("PO-3");
  await ofWork("WorkOrderHeld", "PO-3");
  await tell("EngineeringChangeDecided", {
    workOrder: "PO-3",
    revised: "bom",
    decision: "finish",
    actor: "anna.keller",
    reason: "used up first",
  });
  expect(await line.rows("select from events where type like '%.ConcessionRecorded.%'")).toHaveLength(1);
  expect((await effects("ResumeWorkOrder")).map(({ workOrder }) => workOrder)).toContain("PO-3");
  expect(await line.rows("select key, held from instances where held is not null")).toEqual([]);
  expect(await line.rows("select from waiting")).toEqual([]);
});
