import { createHmac } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { startOrderSystem, type Running } from "./server.ts";

let dataDir: string;
let system: Running;
let token: string;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "order-system-"));
  await start();
});
afterEach(() => system.close());

async function start() {
  system = await startOrderSystem({ port: 0, dataDir, seed: 1 });
  token = await fetchToken();
}

async function fetchToken(): Promise<string> {
  const answer = await fetch(`${system.url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "interlock",
      client_secret: "reference-secret",
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(system.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shapes are what the tests look at
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
}

const lost = (method: string, path: string, body?: unknown) =>
  expect(call(method, path, body)).rejects.toThrow("fetch failed");
const arm = (...faults: object[]) => call("POST", "/admin/faults", faults);
const timesApplied = async (reference: string) => (await call("GET", `/admin/references/${reference}`)).body;

function order(reference: string, changes: object = {}) {
  return {
    externalReference: reference,
    sourceOrder: `SO-${reference}`,
    customer: "C-900",
    lines: [
      { line: 10, item: "PUMP-200", quantity: "5", unit: "C62", requestedDate: "2031-05-09" },
      { line: 20, item: "COOLANT", quantity: "2.5", unit: "LTR", requestedDate: "2031-05-10" },
    ],
    ...changes,
  };
}

test("confirms an order with dates on working days and an exact total", async () => {
  const { status, body } = await call("POST", "/orders", order("R1"));
  expect(status).toBe(201);
  expect(body).toMatchObject({ number: "4000001", status: "confirmed", total: "10011.88" });
  expect(body.lines.map((line: { confirmedDate: string }) => line.confirmedDate)).toEqual([
    "2031-05-09",
    "2031-05-12",
  ]);
});

test.each([
  [{ customer: "C-1" }, "unknown-customer", "customer"],
  [{ lines: [{ line: 10, item: "PUMP-999", quantity: "1" }] }, "unknown-item", "lines.10.item"],
  [{ lines: [{ line: 10, item: "PUMP-200", quantity: "-1" }] }, "invalid-quantity", "lines.10.quantity"],
  [{ lines: [{ line: 10, item: "PUMP-200", quantity: "1", unit: "KGM" }] }, "wrong-unit", "lines.10.unit"],
  [{ lines: [] }, "no-lines", "lines"],
])("refuses %j as %s", async (changes, code, field) => {
  const { status, body } = await call("POST", "/orders", order("R1", changes));
  expect({ status, code: body.code, field: body.field }).toEqual({ status: 422, code, field });
  expect((await call("GET", "/admin/book")).body).toMatchObject({ orders: 0, entries: [] });
});

test("puts what exceeds a customer's limit on hold until a clerk releases it", async () => {
  const lines = [{ line: 1, item: "PUMP-200", quantity: "2" }];
  expect((await call("POST", "/orders", order("R1", { customer: "C-200", lines }))).body.status).toBe(
    "confirmed",
  );
  const held = (await call("POST", "/orders", order("R2", { customer: "C-200", lines }))).body;
  expect(held.status).toBe("on-hold");
  expect(held.statusReason).toContain("7996.00, the limit is 5000.00");
  await call("POST", "/admin/clerk", { action: "release", number: held.number });
  const { changes } = (await call("GET", "/changes?after=0")).body;
  expect(changes.map((change: { type: string }) => change.type)).toEqual([
    "order.confirmed",
    "order.held",
    "order.confirmed",
  ]);
});

test("tells that a customer came on hold, and holds the orders that come meanwhile", async () => {
  const { body } = await call("PUT", "/admin/customers/C-900", {
    onHold: true,
    reason: "two invoices are due",
  });
  expect(body).toMatchObject({ onHold: true, revision: 2 });
  const held = (await call("POST", "/orders", order("R1"))).body;
  expect(held).toMatchObject({ status: "on-hold", statusReason: "credit hold: two invoices are due" });
  await call("PUT", "/admin/customers/C-900", { onHold: false });
  const { changes } = (await call("GET", "/changes?after=0")).body;
  expect(changes.map(({ type, reference }: Record<string, unknown>) => [type, reference])).toEqual([
    ["customer.held", null],
    ["order.held", "R1"],
    ["customer.released", null],
  ]);
});

test("changes, cancels, and refuses to touch an order that ended", async () => {
  await call("POST", "/orders", order("R1"));
  const change = { externalReference: "R2", lines: [{ line: 20, quantity: "4" }] };
  expect((await call("PATCH", "/orders/4000001", change)).body.lines[1].quantity).toBe("4");
  const without = { lines: [{ line: 10, quantity: "0" }] };
  expect((await call("PATCH", "/orders/4000001", without)).body.lines).toMatchObject([{ line: 20 }]);
  expect((await call("GET", "/orders?sourceOrder=SO-R1")).body.orders).toMatchObject([{ revision: 3 }]);
  expect((await call("POST", "/orders/4000001/cancel", { externalReference: "R3" })).body.status).toBe(
    "cancelled",
  );
  expect((await call("POST", "/orders/4000001/cancel", { externalReference: "R3" })).status).toBe(200);
  expect((await call("PATCH", "/orders/4000001", { ...change, externalReference: "R4" })).body.code).toBe(
    "order-ended",
  );
  expect(await timesApplied("R3")).toMatchObject({ applied: 1, standing: 1 });
});

test("keeps a told status once however often it is told", async () => {
  const told = { externalReference: "R1", status: "in-production", details: { confirmedDate: "2031-05-09" } };
  await call("PUT", "/orders/CRM-7/status", told);
  await call("PUT", "/orders/CRM-7/status", told);
  expect((await call("GET", "/orders/CRM-7/status")).body).toMatchObject({ status: "in-production" });
  expect((await timesApplied("R1")).applied).toBe(1);
  await call("PUT", "/orders/CRM-7/status", { externalReference: "R2", status: "shipped" });
  const lateCopy = await call("PUT", "/orders/CRM-7/status", told);
  expect(lateCopy.body).toMatchObject({ status: "shipped" });
});

test("applies a reference once while references are unique, and each time while they are not", async () => {
  await call("POST", "/orders", order("R1"));
  expect((await call("POST", "/orders", order("R1"))).body).toMatchObject({
    code: "duplicate-reference",
    number: "4000001",
  });
  await call("PATCH", "/admin/settings", { uniqueReference: false });
  expect((await call("POST", "/orders", order("R1"))).status).toBe(201);
  expect(await timesApplied("R1")).toEqual({ applied: 2, standing: 2, numbers: ["4000001", "4000002"] });
});

test("refuses a request without a living token and does nothing", async () => {
  token = "made-up";
  expect((await call("POST", "/orders", order("R1"))).status).toBe(401);
  token = await fetchToken();
  await arm({ kind: "token-expired" });
  expect((await call("POST", "/orders", order("R1"))).status).toBe(401);
  expect((await timesApplied("R1")).applied).toBe(0);
});

test("does nothing when it throttles, is away, or resets before", async () => {
  await arm({ kind: "throttle", retryAfterSeconds: 7 }, { kind: "outage" }, { kind: "reset-before" });
  const throttled = await call("POST", "/orders", order("R1"));
  expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"]);
  expect((await call("POST", "/orders", order("R1"))).body.code).toBe("maintenance");
  await lost("POST", "/orders", order("R1"));
  expect((await timesApplied("R1")).applied).toBe(0);
  expect((await call("POST", "/orders", order("R1"))).status).toBe(201);
});

test("has done it when the answer is lost, an error, or calls it a duplicate", async () => {
  await arm({ kind: "answer-lost" }, { kind: "error-after", status: 502 }, { kind: "duplicate-answer" });
  await lost("POST", "/orders", order("R1"));
  expect((await call("POST", "/orders", order("R2"))).status).toBe(502);
  expect((await call("POST", "/orders", order("R3"))).body).toMatchObject({
    code: "duplicate-reference",
    number: "4000003",
  });
  for (const reference of ["R1", "R2", "R3"]) expect((await timesApplied(reference)).applied).toBe(1);
});

test("commits slowly: after a read that found nothing the order appears", async () => {
  await arm({ kind: "slow-commit", afterProbes: 1 });
  await lost("POST", "/orders", order("R1"));
  expect((await call("GET", "/orders?reference=R1")).body.orders).toEqual([]);
  await expect
    .poll(async () => (await call("GET", "/orders?reference=R1")).body.orders.length, { timeout: 30_000 })
    .toBe(1);
});

test("hides a young order from reads by reference when reads lag", async () => {
  await call("PATCH", "/admin/settings", { readLagReads: 1 });
  await call("POST", "/orders", order("R1"));
  expect((await call("GET", "/orders?reference=R1")).body.orders).toHaveLength(0);
  expect((await call("GET", "/orders?reference=R1")).body.orders).toHaveLength(1);
});

test("answers a batch row by row, loses half of it, or lets the token die in its middle", async () => {
  const row = (reference: string, changes = {}) => ({
    method: "POST",
    path: "/orders",
    body: order(reference, changes),
  });
  const mixed = await call("POST", "/orders:batch", {
    rows: [row("R1"), row("R2", { customer: "C-1" }), row("R3")],
  });
  expect(mixed.body.rows.map(({ status }: { status: number }) => status)).toEqual([201, 422, 201]);
  await arm({ kind: "token-expired", afterRows: 1 });
  const expired = await call("POST", "/orders:batch", { rows: [row("R4"), row("R5")] });
  expect(expired.body.rows.map(({ status }: { status: number }) => status)).toEqual([201, 401]);
  token = await fetchToken();
  await arm({ kind: "half-batch" });
  await lost("POST", "/orders:batch", { rows: [row("R6"), row("R7")] });
  expect([(await timesApplied("R6")).applied, (await timesApplied("R7")).applied]).toEqual([1, 0]);
});

test("stores half an order when it dies in its middle", async () => {
  await arm({ kind: "half-order" });
  await lost("POST", "/orders", order("R1"));
  expect((await call("GET", "/orders?reference=R1")).body.orders[0].lines).toHaveLength(1);
});

test("goes back to a snapshot: numbers are given again, the book remembers what was undone", async () => {
  await call("POST", "/orders", order("R1"));
  await call("PUT", "/admin/snapshots/evening");
  await call("POST", "/orders", order("R2"));
  await call("POST", "/admin/restore/evening");
  expect(await timesApplied("R2")).toEqual({ applied: 1, standing: 0, numbers: [] });
  expect((await call("GET", "/changes?after=2")).body).toMatchObject({ changes: [], head: "1" });
  expect((await call("POST", "/orders", order("R3"))).body.number).toBe("4000002");
  const { entries } = (await call("GET", "/admin/book")).body;
  expect(entries.filter((entry: { undone: boolean }) => entry.undone)).toMatchObject([{ reference: "R2" }]);
});

test("starts again with what it had, and forgets half a written line", async () => {
  await call("POST", "/orders", order("R1"));
  await call("PATCH", "/admin/settings", { uniqueReference: false });
  await system.close();
  await start();
  expect((await call("GET", "/orders?reference=R1")).body.orders).toHaveLength(1);
  expect((await call("GET", "/admin/settings")).body.uniqueReference).toBe(false);
  expect((await call("POST", "/orders", order("R2"))).body.number).toBe("4000002");
});

test("lets a hand change one number without telling anyone", async () => {
  await call("POST", "/orders", order("R1"));
  await call("POST", "/admin/edit", { number: "4000001", line: 10, field: "quantity", value: "6" });
  const [edited] = (await call("GET", "/orders?reference=R1")).body.orders;
  expect(edited).toMatchObject({ revision: 1, total: "12010.88" });
  expect((await call("GET", "/changes?after=0")).body.changes).toHaveLength(1);
});

test("leaves a change out of a page and shows it on the next", async () => {
  await call("POST", "/orders", order("R1"));
  await call("POST", "/orders", order("R2"));
  await arm({ kind: "poll-gap" });
  const sequences = async () =>
    (await call("GET", "/changes?after=0")).body.changes.map(
      (change: { sequence: number }) => change.sequence,
    );
  expect(await sequences()).toEqual([2]);
  expect(await sequences()).toEqual([1, 2]);
});

test("signs its webhooks, and sends them twice or out of order when told to", async () => {
  const received: { id: string; number: string; signed: boolean }[] = [];
  const key = Buffer.from(DEFAULT_SETTINGS.webhookSecret.slice("whsec_".length), "base64");
  const receiver = createServer((incoming, response) => {
    let body = "";
    incoming.on("data", (chunk) => (body += chunk));
    incoming.on("end", () => {
      const id = String(incoming.headers["webhook-id"]);
      const text = `${id}.${String(incoming.headers["webhook-timestamp"])}.${body}`;
      const signature = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
      received.push({
        id,
        number: JSON.parse(body).data.number,
        signed: signature === incoming.headers["webhook-signature"],
      });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await call("PATCH", "/admin/settings", { webhookUrl });
  await arm({ kind: "webhook-duplicate" }, { kind: "webhook-reorder" });
  for (const reference of ["R1", "R2", "R3"]) await call("POST", "/orders", order(reference));
  await expect.poll(() => received.length, { timeout: 30_000 }).toBe(4);
  expect(received.map(({ number }) => number)).toEqual(["4000001", "4000001", "4000003", "4000002"]);
  expect(received.every(({ signed }) => signed)).toBe(true);
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

test("answers nonsense with a clear refusal and lives on", async () => {
  for (const path of ["/orders/%E0%A4%A/cancel", "/admin/items/%E0", "/nothing"])
    expect((await call("POST", path, {})).status).toBeGreaterThanOrEqual(400);
  expect(
    (await call("POST", "/orders:batch", { rows: [null, { method: "POST", path: "/orders", body: 5 }] }))
      .status,
  ).toBe(207);
  expect((await call("POST", "/orders", order("R1"))).status).toBe(201);
});
