import { afterEach, beforeEach, expect, test } from "vitest";
import { lyonOrder, Stage, type Seen } from "./testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open("lyon");
});
afterEach(() => stage.close());

const release = (changes: object = {}, number = "WO-500") =>
  stage.call("POST", "/api/v2/work-orders", lyonOrder(`R-${number}`, number, changes));
const course = (body: object) => stage.admin("POST", "courses", body);
const types = async () => (await stage.told()).map(({ type }) => type as string);
const of = async (type: string): Promise<Seen[]> => (await stage.told()).filter((told) => told.type === type);
const order = () => stage.admin("GET", "orders/WO-500");
const digest = async () => (await stage.admin("GET", "orders"))[0];
const clerk = (body: object) => stage.call("POST", "/admin/clerk", body);

test("works an order off by its shifts and tells each step, deltas and all", async () => {
  expect((await release()).status).toBe(202);
  expect(await types()).toEqual(["order.accepted", "order.started", "operation.started"]);
  await stage.at("2026-03-10T20:00:00Z");
  expect(await types()).toEqual([
    "order.accepted",
    "order.started",
    "operation.started",
    "material.consumed",
    "operation.reported",
    "material.consumed",
    "operation.reported",
    "operation.started",
    "material.consumed",
    "lot.produced",
    "operation.reported",
    "material.consumed",
    "lot.produced",
    "operation.reported",
    "quality.control",
    "order.finished",
  ]);
  const reports = await of("operation.reported");
  expect(
    reports.map(({ occurredAt, data }) => [occurredAt, data.operation, data.quantities.good, data.last]),
  ).toEqual([
    ["2026-03-09T05:35:00.000Z", "10", 5, false],
    ["2026-03-09T06:00:00.000Z", "10", 5, true],
    ["2026-03-09T06:50:00.000Z", "20", 5, false],
    ["2026-03-09T07:40:00.000Z", "20", 5, true],
  ]);
  expect(
    (await of("material.consumed")).map(({ data }) => [data.product, data.quantity.amount, data.lot]),
  ).toEqual([
    ["COOLANT", 1.25, undefined],
    ["COOLANT", 1.25, undefined],
    ["SEAL-9", 10, "S-SEAL-9"],
    ["SEAL-9", 10, "S-SEAL-9"],
  ]);
  expect((await of("quality.control"))[0].data.control).toMatchObject({ value: "6", verdict: "PASS" });
  expect(await digest()).toMatchObject({
    good: "10",
    scrap: "0",
    status: "completed",
    lots: [{ quantity: "10" }],
  });
});

test("numbers its reports per order without a hole, and its feed as a whole", async () => {
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  const told = await stage.told();
  expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, n) => n + 1));
  expect(told.map(({ version }) => version)).toEqual(told.map((_, n) => n + 1));
  const confirmations = told.flatMap(({ data }) => data.confirmation ?? []);
  expect(confirmations).toEqual(confirmations.map((_, n) => n + 1));
});

test("does not work outside of its shifts, and not on holidays", async () => {
  await stage.admin("PATCH", "settings", { holidays: ["2026-03-10"] });
  await stage.at("2026-03-09T20:00:00Z"); // 21:00 in Lyon, one hour before the shift ends
  await release();
  await stage.at("2026-03-12T20:00:00Z");
  const [first, , third] = await of("operation.reported");
  expect(first.occurredAt).toBe("2026-03-09T20:35:00.000Z");
  expect(third.occurredAt).toBe("2026-03-11T05:50:00.000Z");
});

test("one work centre does one order at a time, the more urgent first", async () => {
  await stage.at("2026-03-08T12:00:00Z");
  await release({ priority: 50 }, "WO-1");
  await release({ priority: 50 }, "WO-2");
  await release({ priority: 10 }, "WO-3");
  await stage.at("2026-03-12T20:00:00Z");
  const starts = (await of("order.started")).map(({ workOrder, occurredAt }) => [
    workOrder.number,
    occurredAt,
  ]);
  expect(starts).toEqual([
    ["WO-1", "2026-03-09T05:00:00.000Z"],
    ["WO-3", "2026-03-09T06:00:00.000Z"],
    ["WO-2", "2026-03-09T07:00:00.000Z"],
  ]);
});

test("goes on with what is good: scrap with its reason, rework that comes back as good", async () => {
  await course({
    scrap: [{ operation: "10", quantity: "1", code: "POROSITY", message: "weld is porous" }],
    rework: [{ operation: "20", quantity: "2", scrap: "1" }],
  });
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  const reports = (await of("operation.reported")).map(({ data: { operation, quantities, last } }) => [
    operation,
    quantities.good,
    quantities.scrap,
    quantities.rework,
    last,
  ]);
  expect(reports).toEqual([
    ["10", 4, 1, 0, false],
    ["10", 5, 0, 0, true],
    ["20", 3, 0, 2, false],
    ["20", 4, 0, 0, false],
    ["20", 1, 1, -2, true],
  ]);
  expect((await of("operation.reported"))[0].data.scrapReasons).toEqual([
    { code: "POROSITY", label: "weld is porous", amount: 1 },
  ]);
  expect(await digest()).toMatchObject({ good: "8", scrap: "1", scrapOfAllOperations: "2", rework: "0" });
  // Nine pieces went into operation 20: two seals each.
  const seals = (await of("material.consumed")).filter(({ data }) => data.product === "SEAL-9");
  expect(seals.reduce((total, { data }) => total + data.quantity.amount, 0)).toBe(18);
});

test("ends early when nothing good is left", async () => {
  await course({ scrap: [{ operation: "10", quantity: "10" }] });
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  expect(await digest()).toMatchObject({ status: "completed", good: "0", scrapOfAllOperations: "10" });
  expect((await of("operation.started")).length).toBe(1);
});

test("delivers more than was ordered, and begins late, when the course says so", async () => {
  await course({ extra: "2", delayDays: 2 });
  await release();
  await stage.at("2026-03-20T20:00:00Z");
  expect((await of("order.started"))[0].occurredAt).toBe("2026-03-11T05:00:00.000Z");
  expect(await digest()).toMatchObject({ good: "12", quantity: "10" });
});

test("stands still while a work centre is down, and goes on where it was", async () => {
  await course({ downtimes: [{ operation: "10", minutes: 120, code: "WIRE", message: "wire feed jammed" }] });
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  const [down] = await of("station.down");
  const [up] = await of("station.up");
  expect([down.occurredAt, up.occurredAt]).toEqual(["2026-03-09T05:17:30.000Z", "2026-03-09T07:17:30.000Z"]);
  expect(down).toMatchObject({
    data: { station: "WC-WELD", reason: { code: "WIRE" }, runningOrder: "WO-500" },
  });
  expect((await of("operation.reported"))[0].occurredAt).toBe("2026-03-09T07:35:00.000Z");
});

test("is held in the middle, resumed, and takes no longer for it than it was held", async () => {
  await release();
  await stage.at("2026-03-09T05:20:00Z");
  await stage.call("POST", "/api/v2/work-orders/WO-500/hold", { externalReference: "H", reason: "customer" });
  await stage.at("2026-03-09T06:20:00Z");
  expect((await of("order.held"))[0]).toMatchObject({ reference: "H", data: { operation: "10" } });
  expect(await of("operation.reported")).toEqual([]);
  await stage.call("POST", "/api/v2/work-orders/WO-500/resume", { externalReference: "R" });
  await stage.at("2026-03-10T20:00:00Z");
  expect((await of("operation.reported"))[0].occurredAt).toBe("2026-03-09T06:35:00.000Z");
  expect((await of("operation.started")).length).toBe(2);
});

test("lets others on a work centre while an order is held", async () => {
  await release({}, "WO-1");
  await release({}, "WO-2");
  await clerk({ action: "hold", workOrder: "WO-1", reason: { code: "TOOL", message: "tool broke" } });
  expect((await of("order.started")).map(({ workOrder }) => workOrder.number)).toEqual(["WO-1", "WO-2"]);
});

test("tells failed inspections, and holds by lot or by quantity", async () => {
  await course({
    inspections: [{ operation: "20", verdict: "fail", value: "6.4", code: "LEAK", message: "leaks" }],
    holds: [
      { operation: "20", by: "quantity", quantity: "2", code: "REVIEW", message: "review" },
      { operation: "20", by: "lot", code: "LEAK", message: "leaks" },
    ],
  });
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  expect((await of("quality.control"))[0].data).toMatchObject({
    reason: { code: "LEAK" },
    control: { checkpoint: "QC-1", value: "6.4", min: 5.8, max: 6.2, verdict: "FAIL" },
  });
  const [byQuantity, byLot] = await of("quality.hold");
  expect(byQuantity.data).toMatchObject({ quantity: { amount: 2, uom: "PCE" }, reason: { code: "REVIEW" } });
  expect(byQuantity.data.lot).toBeUndefined();
  expect(byLot.data.lot).toBe((await of("lot.produced"))[0].data.lot);
});

test("corrects by the difference, and points to what it corrects", async () => {
  await course({
    corrections: [{ operation: "20", good: "-1", scrap: "1" }],
    consumptionCorrections: [{ operation: "20", item: "SEAL-9", quantity: "-0.5" }],
  });
  await release();
  await stage.at("2026-03-10T20:00:00Z");
  const [correction] = await of("operation.corrected");
  const last = (await of("operation.reported")).at(-1);
  expect(correction.data).toMatchObject({
    corrects: last.data.confirmation,
    quantities: { good: -1, scrap: 1 },
  });
  expect((await of("material.corrected"))[0].data).toMatchObject({
    product: "SEAL-9",
    quantity: { amount: -0.5 },
  });
  expect(await digest()).toMatchObject({ good: "9", scrap: "1" });
  const refused = await clerk({
    action: "correct",
    workOrder: "WO-500",
    confirmation: last.data.confirmation,
    good: "-10",
  });
  expect(refused).toMatchObject({ status: 422, body: { code: "negative-sum", field: "good" } });
  expect(await clerk({ action: "correct", workOrder: "WO-500", confirmation: 99, good: "1" })).toMatchObject({
    status: 404,
    body: { code: "unknown-confirmation" },
  });
});

test("gives serial numbers where an item has them, and takes serials from the line", async () => {
  await stage.admin("PUT", "items/PUMP-200", { tracking: "serial" });
  await stage.admin("PUT", "items/MOTOR-1", { serials: ["M-1", "M-2", "M-3"] });
  const motor = {
    line: 1,
    code: "MOTOR-1",
    quantity: { amount: 2, uom: "PCE" },
    issue: "MANUAL",
    tracking: "SERIAL",
  };
  await release({ quantity: { amount: 2, uom: "PCE" }, materials: [motor] });
  await stage.at("2026-03-10T20:00:00Z");
  expect((await of("lot.produced")).map(({ data }) => [data.serial, data.precision])).toEqual([
    ["LY-S-000001", "PIECE"],
    ["LY-S-000002", "PIECE"],
  ]);
  expect((await of("material.consumed")).map(({ data }) => data.serial)).toEqual(["M-1", "M-2"]);
});

test("reports an order without operations by its end alone", async () => {
  await release({ operations: [], controls: [] });
  await stage.at("2026-03-10T20:00:00Z");
  expect((await types()).filter((type) => !type.startsWith("material") && type !== "lot.produced")).toEqual([
    "order.accepted",
    "order.started",
    "order.finished",
  ]);
  expect((await of("order.finished"))[0].data).toMatchObject({
    quantities: { good: 10, scrap: 0 },
    lots: [{ amount: 10 }],
  });
});

test("does only what people report when the floor does not run by itself", async () => {
  await stage.admin("PATCH", "settings", { autonomous: false });
  await release();
  await stage.at("2026-03-20T05:00:00Z");
  expect(await types()).toEqual(["order.accepted"]);
  const report = { action: "report", workOrder: "WO-500", at: "2026-03-10T09:30:00Z" };
  const reasons = [{ code: "DIM", quantity: "1" }];
  await clerk({ ...report, operation: "10", good: "9", scrap: "1", quantity: "10", reasons, last: true });
  await clerk({ ...report, operation: "20", good: "4", quantity: "4" });
  await clerk({ ...report, operation: "20", good: "5", quantity: "5", last: true });
  expect(await digest()).toMatchObject({ status: "completed", good: "9", scrapOfAllOperations: "1" });
  expect((await of("operation.reported"))[0]).toMatchObject({ occurredAt: "2026-03-10T09:30:00.000Z" });
  const { entries } = await stage.admin("GET", "book");
  expect(entries.filter(({ actor }: Seen) => actor === "clerk").length).toBe(3);
});

test("draws the same scrap for the same seed, whatever else happens", async () => {
  await stage.admin("PATCH", "settings", { scrapRate: "0.2" });
  await release({}, "WO-8");
  await release({}, "WO-9");
  await stage.at("2026-03-20T20:00:00Z");
  const scrapOf = async () =>
    Object.fromEntries(
      (await stage.admin("GET", "orders")).map((o: Seen) => [o.workOrder, o.scrapOfAllOperations]),
    );
  const first = await scrapOf();
  expect(Object.values(first).some((scrap) => scrap !== "0")).toBe(true);
  const other = await Stage.open("lyon");
  await other.admin("PATCH", "settings", { scrapRate: "0.2" });
  for (const number of ["WO-9", "WO-8"])
    await other.call("POST", "/api/v2/work-orders", lyonOrder(`R-${number}`, number));
  await other.at("2026-03-20T20:00:00Z");
  const again = (await other.admin("GET", "orders")).map((o: Seen) => [o.workOrder, o.scrapOfAllOperations]);
  expect(Object.fromEntries(again)).toEqual(first);
  await other.close();
});

test("keeps every sum: what went in came out good, as scrap or waits for rework", async () => {
  await stage.admin("PATCH", "settings", { scrapRate: "0.1", reportsPerOperation: 3 });
  for (let n = 1; n <= 12; n++) await release({ quantity: { amount: 7 + n, uom: "PCE" } }, `WO-${n}`);
  await stage.at("2026-04-20T20:00:00Z");
  for (let n = 1; n <= 12; n++) {
    const { operations, quantity } = await stage.admin("GET", `orders/WO-${n}`);
    let input = Number(quantity);
    for (const { good, scrap, rework } of operations) {
      expect(Number(good) + Number(scrap) + Number(rework)).toBe(input);
      input = Number(good);
    }
  }
});

test("runs by its clock, faster than the real one when told to", async () => {
  await release();
  await stage.admin("POST", "clock", { speed: 500_000 });
  await expect.poll(async () => (await order()).status, { timeout: 30_000 }).toBe("completed");
});
