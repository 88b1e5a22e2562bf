import { afterEach, beforeEach, expect, test } from "vitest";
import { lyonOrder, Stage, type Seen } from "./testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open("lyon");
});
afterEach(() => stage.close());

const ORDER = "/api/v2/work-orders/WO-500";
const release = (changes: object = {}) =>
  stage.call("POST", "/api/v2/work-orders", lyonOrder("REL", "WO-500", changes));
const ask = (action: string, externalReference: string, body: object = {}) =>
  stage.call("POST", `${ORDER}/${action}`, { externalReference, ...body });
const update = (externalReference: string, body: object) =>
  stage.call("PATCH", ORDER, { externalReference, ...body });
const of = async (type: string): Promise<Seen[]> => (await stage.told()).filter((told) => told.type === type);
const refusals = async () =>
  (await of("order.refused")).map(({ reference, data }) => [reference, data.request, data.reason.code]);
const order = () => stage.admin("GET", "orders/WO-500");

test("takes an order at once and agrees to it by an event, in its own time", async () => {
  await stage.admin("PATCH", "settings", { decideMinutes: 30 });
  const taken = await release();
  expect(taken).toMatchObject({
    status: 202,
    body: {
      status: "RECEIVED",
      externalReference: "REL",
      workOrder: { number: "WO-500", document: "LY-W-000001" },
    },
  });
  expect(await stage.told()).toEqual([]);
  await stage.at("2026-03-09T05:30:00Z");
  const [accepted] = await of("order.accepted");
  expect(accepted).toMatchObject({
    reference: "REL",
    occurredAt: "2026-03-09T05:30:00.000Z",
    workOrder: { number: "WO-500", productionOrder: "PO-500", document: "LY-W-000001" },
    data: { request: "RELEASE", schedule: { start: "2026-03-09T05:30:00.000Z" } },
  });
});

test("refuses an order with a reason, and takes it anew after that", async () => {
  await stage.admin("POST", "courses", {
    refuse: { code: "NO-CAPACITY", message: "the cell is full until May" },
  });
  await release();
  expect(await refusals()).toEqual([["REL", "RELEASE", "NO-CAPACITY"]]);
  const again = { ...lyonOrder("REL2"), priority: 1 };
  expect((await stage.call("POST", "/api/v2/work-orders", again)).status).toBe(202);
  expect((await of("order.accepted")).length).toBe(1);
});

test("keeps the course for the order it is meant for", async () => {
  await stage.admin("POST", "courses", { workOrder: "WO-501", refuse: { code: "X", message: "x" } });
  await stage.admin("POST", "courses", { item: "PUMP-200", delayDays: 1 });
  await release();
  await stage.call("POST", "/api/v2/work-orders", lyonOrder("R501", "WO-501"));
  expect(await refusals()).toEqual([["R501", "RELEASE", "X"]]);
  expect((await of("order.accepted"))[0].data.schedule.start).toBe("2026-03-10T05:00:00.000Z");
  expect(await stage.admin("GET", "courses")).toEqual([]);
});

test("changes an order that has not begun, and moves its start", async () => {
  await release({ schedule: { start: "2026-03-11T06:00:00+01:00", end: "2026-03-12T14:00:00+01:00" } });
  await update("U1", {
    quantity: { amount: 12, uom: "PCE" },
    schedule: { start: "2026-03-10T06:00:00+01:00" },
    priority: 10,
  });
  expect(await order()).toMatchObject({ quantity: "12", priority: 10, components: [{ item: "SEAL-9" }, {}] });
  expect((await of("order.accepted"))[1]).toMatchObject({ reference: "U1", data: { request: "UPDATE" } });
  await stage.at("2026-03-20T06:00:00Z");
  expect((await of("order.started"))[0].occurredAt).toBe("2026-03-10T05:00:00.000Z");
  expect((await stage.admin("GET", "orders"))[0]).toMatchObject({ good: "12" });
});

test("moves an order that waits at a work centre to another one", async () => {
  await stage.call("POST", "/api/v2/work-orders", lyonOrder("FIRST", "WO-1"));
  await release();
  const moved = [{ number: "10", station: "WC-FREE", counting: true, runMinutes: 50 }];
  await update("U1", { operations: moved, priority: 1 });
  expect((await of("operation.started")).map(({ data }) => data.station)).toEqual(["WC-WELD", "WC-FREE"]);
  await stage.at("2026-03-20T06:00:00Z");
  expect((await of("order.finished")).length).toBe(2);
});

test("changes the parts of an order in process only while it is held, and uses the new ones from then on", async () => {
  await release();
  await stage.at("2026-03-09T06:01:00Z"); // operation 10 is done, 20 has begun
  const materials = [
    { line: 1, code: "SEAL-10", quantity: { amount: 30, uom: "PCE" }, operation: "20", issue: "MANUAL" },
  ];
  await update("U1", { materials, revisions: { bom: "C" } });
  await ask("hold", "H1");
  await update("U2", { materials, revisions: { bom: "C" } });
  await update("U3", { operations: [{ number: "20", station: "WC-ASSY" }] });
  await ask("resume", "S1");
  await stage.at("2026-03-20T06:00:00Z");
  expect(await refusals()).toEqual([
    ["U1", "UPDATE", "IN-PROCESS"],
    ["U3", "UPDATE", "OPERATION-BEGUN"],
  ]);
  const used = (await of("material.consumed")).map(({ data }) => [data.product, data.quantity.amount]);
  expect(used).toEqual([
    ["COOLANT", 1.25],
    ["COOLANT", 1.25],
    ["SEAL-10", 15],
    ["SEAL-10", 15],
  ]);
  expect(await order()).toMatchObject({ bomRevision: "C", status: "completed" });
});

test("changes the quantity of an order in process as far as it is not made", async () => {
  await release();
  await stage.at("2026-03-09T05:40:00Z"); // five of ten are welded
  await update("U1", { quantity: { amount: 8, uom: "PCE" } });
  await update("U2", { quantity: { amount: 4, uom: "PCE" } });
  await stage.at("2026-03-09T06:10:00Z");
  await update("U3", { quantity: { amount: 20, uom: "PCE" } });
  await stage.at("2026-03-20T06:00:00Z");
  expect(await refusals()).toEqual([
    ["U2", "UPDATE", "ALREADY-MADE"],
    ["U3", "UPDATE", "QUANTITY-FIXED"],
  ]);
  expect((await stage.admin("GET", "orders"))[0]).toMatchObject({ quantity: "8", good: "8" });
});

test("gives an order up, but not beyond its point of no return", async () => {
  const operations = [
    { number: "10", station: "WC-WELD", runMinutes: 50 },
    { number: "20", station: "WC-ASSY", counting: true, pointOfNoReturn: true, runMinutes: 100 },
  ];
  await release({ operations });
  await stage.at("2026-03-09T05:45:00Z");
  await ask("cancel", "C1", { reason: "customer withdrew" });
  expect((await of("order.aborted"))[0]).toMatchObject({
    reference: "C1",
    data: { reason: { message: "customer withdrew" } },
  });
  expect((await order()).operations[0].good).toBe("5");
  await stage.call("POST", "/api/v2/work-orders", lyonOrder("R501", "WO-501", { operations }));
  await stage.at("2026-03-09T08:00:00Z");
  await stage.call("POST", "/api/v2/work-orders/WO-501/cancel", { externalReference: "C2" });
  expect(await refusals()).toEqual([["C2", "CANCEL", "POINT-OF-NO-RETURN"]]);
  await stage.at("2026-03-20T06:00:00Z");
  expect((await of("order.finished")).map(({ workOrder }) => workOrder.number)).toEqual(["WO-501"]);
});

test("says no to what makes no sense now, and changes nothing", async () => {
  await release();
  await ask("resume", "S1");
  await ask("hold", "H1");
  await ask("hold", "H2");
  await ask("resume", "S2");
  await stage.at("2026-03-20T06:00:00Z");
  for (const action of ["hold", "resume", "cancel"]) await ask(action, `late-${action}`);
  await update("late-update", { priority: 1 });
  expect(await refusals()).toEqual([
    ["S1", "RESUME", "NOT-HELD"],
    ["H2", "HOLD", "ALREADY-HELD"],
    ["late-hold", "HOLD", "ORDER-ENDED"],
    ["late-resume", "RESUME", "ORDER-ENDED"],
    ["late-cancel", "CANCEL", "ORDER-ENDED"],
    ["late-update", "UPDATE", "ORDER-ENDED"],
  ]);
});

test("refuses by its course what it would do otherwise", async () => {
  const no = (code: string) => ({ code, message: "not now" });
  await stage.admin("POST", "courses", {
    refuseUpdate: no("U"),
    refuseHold: no("H"),
    refuseResume: no("R"),
    refuseCancel: no("C"),
  });
  await release();
  for (const action of ["hold", "resume", "cancel"]) await ask(action, action);
  await update("update", { priority: 1 });
  expect((await refusals()).map(([, , code]) => code)).toEqual(["H", "R", "C", "U"]);
});

test("knows a reference again, and an order that is alive", async () => {
  await release();
  const twice = await release();
  expect(twice).toMatchObject({ status: 409, body: { code: "duplicate-reference" } });
  expect(await stage.call("POST", "/api/v2/work-orders", lyonOrder("OTHER"))).toMatchObject({
    status: 409,
    body: { code: "order-exists" },
  });
  expect(await stage.admin("GET", "references/REL")).toEqual({ applied: 1, standing: 1 });
  expect(await stage.admin("GET", "references/OTHER")).toEqual({ applied: 0, standing: 0 });
});

test("keeps quality notifications and the log of what it took", async () => {
  await release();
  const notification = { externalReference: "N1", id: "SC-44", lot: "L-1", text: "leaks" };
  expect((await stage.call("POST", "/api/v2/quality-notifications", notification)).status).toBe(202);
  expect(await stage.admin("GET", "notifications")).toMatchObject([{ notification: "SC-44", lot: "L-1" }]);
  const log = await stage.call("GET", "/api/v2/messages?externalReference=N1");
  expect(log.body).toEqual({
    messages: [
      {
        id: 2,
        externalReference: "N1",
        kind: "notify",
        workOrder: null,
        status: "DONE",
        content: notification,
      },
    ],
  });
  expect((await stage.call("GET", "/api/v2/messages?externalReference=N2")).body).toEqual({ messages: [] });
});

test.each([
  [{ quantity: { amount: 0, uom: "PCE" } }, "#/quantity/amount"],
  [{ quantity: { amount: "10", uom: "PCE" } }, "#/quantity/amount"],
  [{ quantity: { amount: 10, uom: "XX" } }, "#/quantity/uom"],
  [{ schedule: { start: "2026-03-09T06:00:00", end: "2026-03-12T14:00:00Z" } }, "#/schedule/start"],
  [{ operations: [{ number: "10" }] }, "#/operations/0/station"],
  [
    { materials: [{ line: 1, code: "X", quantity: { amount: 1, uom: "PCE" }, issue: "?" }] },
    "#/materials/0/issue",
  ],
  [{ mode: "mto" }, "#/mode"],
  [{ workOrder: {} }, "#/workOrder/number"],
])("refuses %j and points to the field", async (changes, pointer) => {
  const refused = await release(changes);
  expect(refused.status).toBe(422);
  expect(refused.body.errors[0].pointer).toBe(pointer);
  expect(await stage.admin("GET", "orders")).toEqual([]);
});

test("refuses work centres that are not the plant's, at once and in a change", async () => {
  await stage.admin("PATCH", "settings", { workCenters: ["WC-WELD"] });
  expect((await release()).body).toMatchObject({
    code: "unknown-work-center",
    errors: [{ pointer: "#/operations/1/workCenter" }],
  });
});

test("refuses what is too large, no JSON, nowhere, or without a token; never with a stack trace", async () => {
  const answers = [
    await stage.call("POST", "/api/v2/work-orders", "x".repeat(1_048_577)),
    await stage.call("POST", "/api/v2/work-orders", "{"),
    await stage.call("GET", "/api/v2/nothing"),
    await stage.call("GET", "/api/v2/work-orders/WO-1"),
    await stage.call("GET", "/api/v2/changes?limit=5000"),
    await stage.call("GET", "/%zz"),
  ];
  expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
    [413, "too-large"],
    [400, "invalid-json"],
    [404, "no-such-path"],
    [404, "unknown-order"],
    [422, "invalid-limit"],
    [400, "invalid-path"],
  ]);
  expect((await fetch(`${stage.url}/api/v2/changes`)).status).toBe(401);
  expect(JSON.stringify(answers)).not.toMatch(/\.ts:\d+/);
});
