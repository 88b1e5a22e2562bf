import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { listen, lyonOrder, Stage } from "./testing/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open("lyon");
});
afterEach(() => stage.close());

const release = (reference = "REL", number = "WO-500") =>
  stage.call("POST", "/api/v2/work-orders", lyonOrder(reference, number));
const look = async (reference = "REL") =>
  (await stage.call("GET", `/api/v2/messages?externalReference=${reference}`)).body.messages.length as number;
const counts = (reference = "REL") => stage.admin("GET", `references/${reference}`);
const lost = (answer: Promise<unknown>) => expect(answer).rejects.toThrow("fetch failed");
const sequences = async () => (await stage.told()).map(({ sequence }) => sequence as number);

test("does nothing when it is down, throttles, or resets before the first byte", async () => {
  await stage.arm({ kind: "outage" }, { kind: "throttle", retryAfterSeconds: 9 }, { kind: "reset-before" });
  expect(await release()).toMatchObject({ status: 503, body: { code: "maintenance" } });
  const throttled = await release();
  expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "9"]);
  await lost(release());
  expect(await counts()).toEqual({ applied: 0, standing: 0 });
  expect((await release()).status).toBe(202);
});

test("lets every token die", async () => {
  await stage.arm({ kind: "token-expired" });
  expect((await release()).status).toBe(401);
  expect((await release()).status).toBe(401);
  expect(await counts()).toEqual({ applied: 0, standing: 0 });
});

test("does it, and loses the answer, answers with an error, or calls it a duplicate", async () => {
  const kinds = ["answer-lost", "error-after", "duplicate-answer"];
  await stage.arm(...kinds.map((kind) => ({ kind })));
  await lost(release("R1", "WO-1"));
  expect((await release("R2", "WO-2")).status).toBe(500);
  expect(await release("R3", "WO-3")).toMatchObject({ status: 409, body: { code: "duplicate-reference" } });
  for (const reference of ["R1", "R2", "R3"])
    expect(await counts(reference)).toEqual({ applied: 1, standing: 1 });
});

test("commits late, after looks that found nothing", async () => {
  await stage.arm({ kind: "slow-commit", afterProbes: 2 });
  await lost(release());
  expect([await look(), await look()]).toEqual([0, 0]);
  await expect.poll(() => look()).toBe(1);
  expect(await counts()).toEqual({ applied: 1, standing: 1 });
});

test("commits what is still open when told to", async () => {
  await stage.arm({ kind: "slow-commit", afterProbes: 1_000_000 });
  await lost(release());
  await stage.admin("POST", "commits");
  await expect.poll(() => counts()).toEqual({ applied: 1, standing: 1 });
});

test("shows a message late to looks by its reference, as settings say", async () => {
  await stage.admin("PATCH", "settings", { readLagReads: 2 });
  await release();
  expect([await look(), await look(), await look()]).toEqual([0, 0, 1]);
});

test("takes a reference twice where references are not unique", async () => {
  await stage.admin("PATCH", "settings", { uniqueReference: false });
  await release();
  await release();
  expect(await counts()).toEqual({ applied: 2, standing: 2 });
  expect(await stage.admin("GET", "book/summary")).toMatchObject({ appliedMoreThanOnce: ["REL"], orders: 1 });
});

test("leaves a hole in a page while a report is on its way", async () => {
  await release();
  const all = await sequences();
  await stage.arm({ kind: "poll-gap" });
  expect(await sequences()).toEqual(all.slice(1));
  expect(await sequences()).toEqual(all);
});

test("counts what struck, and not what met nothing", async () => {
  await stage.arm({ kind: "poll-gap" });
  expect(await sequences()).toEqual([]);
  expect(await stage.admin("GET", "faults/struck")).toMatchObject({ "poll-gap": 0 });
  await release();
  const seen = await sequences();
  expect(await sequences()).toHaveLength(seen.length + 1);
  expect(await stage.admin("GET", "faults/struck")).toMatchObject({ "poll-gap": 1, outage: 0 });
});

test("goes back to a snapshot with its numbers, and keeps the book", async () => {
  await stage.admin("PUT", "snapshots/start");
  await release();
  const [before] = await stage.told();
  await stage.admin("POST", "restore/start");
  expect(await counts()).toEqual({ applied: 1, standing: 0 });
  expect(await stage.told()).toEqual([]);
  expect(await look()).toBe(0);
  expect((await release("REL2", "WO-501")).body.workOrder.document).toBe("LY-W-000001");
  const [after] = await stage.told();
  expect(after.sequence).toBe(before.sequence);
  expect(after.id).not.toBe(before.id);
  const { entries } = await stage.admin("GET", "book");
  expect(entries[0]).toMatchObject({ op: "release", actor: "integration", reference: "REL", undone: true });
  expect((await stage.call("POST", "/admin/restore/nothing")).status).toBe(404);
});

test("brings back to the floor what a restore took away from it", async () => {
  await release();
  await stage.admin("PUT", "snapshots/begun");
  await stage.at("2026-03-20T06:00:00Z");
  const first = (await stage.told()).length;
  await stage.admin("POST", "restore/begun");
  expect((await stage.told()).length).toBe(first);
  expect((await stage.admin("GET", "orders"))[0]).toMatchObject({ status: "completed", good: "10" });
});

test("is silent while it is cut off, works on, and catches up", async () => {
  const listener = await listen();
  await stage.admin("PATCH", "settings", { webhookUrl: listener.url });
  await release();
  await expect.poll(() => listener.received.length).toBe(3);
  await stage.admin("POST", "cut-off", { on: true });
  await stage.at("2026-03-20T06:00:00Z");
  await lost(release("R2", "WO-2"));
  expect(await counts("R2")).toEqual({ applied: 0, standing: 0 });
  expect(listener.received.length).toBe(3);
  await stage.admin("POST", "cut-off", { on: false });
  const told = await stage.told();
  await expect.poll(() => listener.received.length).toBe(told.length);
  expect(listener.received.map(({ raw }) => JSON.parse(raw).id)).toEqual(told.map(({ id }) => id));
  await listener.close();
});

test("signs webhooks, and sends again what was not taken, eight times at most", async () => {
  const listener = await listen(() => 500);
  await stage.admin("PATCH", "settings", {
    webhookUrl: listener.url,
    webhookBackoffMs: 1,
    autonomous: false,
  });
  await release();
  await expect.poll(() => listener.received.length, { timeout: 30_000 }).toBe(8);
  await expect.poll(() => stage.admin("GET", "book/summary")).toMatchObject({ undelivered: 0 });
  const { headers, raw } = listener.received[0]!;
  const key = Buffer.from(DEFAULT_SETTINGS.lyon.webhookSecret.slice("whsec_".length), "base64");
  const signed = createHmac("sha256", key)
    .update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${raw}`)
    .digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${signed}`);
  expect(new Set(listener.received.map((received) => received.headers["webhook-id"])).size).toBe(1);
  await listener.close();
});

test("waits as long as a receiver asks, and sends nothing more to one that is gone", async () => {
  const busy = await listen(() => 429, { "retry-after": "3600" });
  await stage.admin("PATCH", "settings", { webhookUrl: busy.url, webhookBackoffMs: 1, autonomous: false });
  await release();
  const inAnHour = async () =>
    Date.parse((await stage.admin("GET", "book/summary")).nextDelivery) - Date.now() > 3_000_000;
  await expect.poll(inAnHour, { timeout: 30_000 }).toBe(true);
  await busy.close();
  const gone = await listen(() => 410);
  await stage.admin("PATCH", "settings", { webhookUrl: gone.url });
  await release("R2", "WO-2");
  await expect.poll(() => stage.admin("GET", "book/summary")).toMatchObject({ undelivered: 1 });
  expect(gone.received.length).toBe(1);
  await gone.close();
});

test("sends twice, out of order, or never", async () => {
  const listener = await listen();
  await stage.admin("PATCH", "settings", { webhookUrl: listener.url, autonomous: false });
  await stage.arm({ kind: "webhook-duplicate" });
  await release("R1", "WO-1");
  await expect.poll(() => listener.received.length).toBe(2);
  await stage.arm({ kind: "webhook-reorder" }, { kind: "webhook-lost" });
  await release("R2", "WO-2");
  await release("R3", "WO-3");
  await release("R4", "WO-4");
  await expect.poll(() => stage.admin("GET", "book/summary")).toMatchObject({ undelivered: 0 });
  const sent = listener.received.map(({ raw }) => JSON.parse(raw).workOrder.number as string);
  expect(sent.slice(0, 2)).toEqual(["WO-1", "WO-1"]);
  // One was never sent, and the one held back came after a later one.
  expect(sent.slice(2).length).toBe(2);
  await listener.close();
});

test("strikes by count where it is told to", async () => {
  const listener = await listen();
  await stage.admin("PATCH", "settings", { webhookUrl: listener.url, autonomous: false });
  await stage.arm({ kind: "webhook-duplicate", every: 3 });
  for (let n = 1; n <= 6; n++) await release(`R${n}`, `WO-${n}`);
  await expect.poll(() => stage.admin("GET", "book/summary")).toMatchObject({ undelivered: 0 });
  const sent = listener.received.map(({ raw }) => JSON.parse(raw).workOrder.number as string);
  expect(sent).toEqual(["WO-1", "WO-2", "WO-3", "WO-3", "WO-4", "WO-5", "WO-6", "WO-6"]);
  await listener.close();
});

test("takes a list of what people enter, and tells nothing of materials where the plant does not count them", async () => {
  await stage.admin("PATCH", "settings", { autonomous: false, reportsConsumption: false });
  await stage.admin("PUT", "items", [{ item: "PUMP-200", tracking: "none" }]);
  await release("R1", "WO-1");
  await release("R2", "WO-2");
  const reports = ["WO-1", "WO-2"].map((workOrder) => ({
    action: "report",
    workOrder,
    operation: "10",
    good: "12",
    last: true,
  }));
  expect(await stage.admin("POST", "clerk", reports)).toMatchObject([
    { confirmations: 1 },
    { confirmations: 1 },
  ]);
  const types = (await stage.told()).map(({ type }) => type as string);
  expect(types.filter((type) => type.startsWith("material"))).toEqual([]);
});

test.each([
  ["POST", "faults", [{ kind: "earthquake" }], "unknown-fault"],
  ["POST", "courses", { scrapp: [] }, "unknown-course"],
  ["POST", "courses", { scrap: [{ operation: "10" }] }, "invalid-course"],
  ["POST", "clock", { now: "later" }, "invalid-clock"],
  ["PATCH", "settings", { timeZone: "Europe/Atlantis" }, "invalid-setting"],
  ["PATCH", "settings", { speed: 1 }, "invalid-setting"],
  ["PUT", "items/X", { tracking: "maybe" }, "invalid-item"],
  ["POST", "clerk", { action: "dance", workOrder: "WO-1" }, "unknown-order"],
  ["GET", "nothing", undefined, "no-such-operation"],
])("refuses %s /admin/%s %j", async (method, path, body, code) => {
  expect(await stage.call(method, `/admin/${path}`, body)).toMatchObject({ body: { code } });
});

test("changes one number by hand, told to nobody", async () => {
  await release();
  await stage.at("2026-03-20T06:00:00Z");
  const head = (await sequences()).at(-1);
  await stage.admin("POST", "edit", { workOrder: "WO-500", operation: "20", field: "good", value: "11" });
  expect((await stage.admin("GET", "orders"))[0]).toMatchObject({ good: "11" });
  expect((await sequences()).at(-1)).toBe(head);
  const { entries } = await stage.admin("GET", "book");
  expect(entries.at(-1)).toMatchObject({ actor: "hand", op: "edit", field: "good", value: "11" });
});
