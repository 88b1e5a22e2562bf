import { mkdtempSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startOrderSystem } from "../../simulators/reference/server.ts";
import type { OutgoingEffect, Session } from "../../src/connector/index.ts";
import connector from "./index.ts";

const SECRET = "reference-secret";
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(baseUrl: string, config: object = {}, timeoutMs = 30_000): Promise<Session> {
  const session = await connector.open({
    system: "erp",
    config: { baseUrl, clientId: "interlock", clientSecret: SECRET, ...config },
    timeoutMs,
  });
  closing.push(() => session.close());
  return session;
}

async function startOrders() {
  const dataDir = mkdtempSync(join(tmpdir(), "reference-"));
  const system = await startOrderSystem({ port: 0, dataDir, seed: 1 });
  closing.push(() => system.close());
  const admin = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${system.url}/admin/${path}`, {
      method,
      body: body ? JSON.stringify(body) : null,
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  return { url: system.url, admin, session: await open(system.url) };
}

/** A server that is not the order system, but issues its tokens. */
async function startStranger(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url !== "/prefix/oauth/token") return listener(request, response);
    response.end(JSON.stringify({ access_token: "a-token-value", expires_in: 60 }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
}

let references = 0;
function effect(type: string, payload: unknown): OutgoingEffect {
  const reference = `REFC0NNECT0R${String(++references).padStart(4, "0")}`;
  return { reference, type: `${type}.v1`, payload, attempt: 1, beforeWrite() {} };
}

function order(salesOrder: string, quantity = "5") {
  const line = { line: 10, item: "PUMP-200", quantity: { value: quantity, unit: "C62" } };
  return effect("CreateSalesOrder", { salesOrder, customer: "C-77", lines: [line] });
}

const signal = () => AbortSignal.timeout(60_000);

test("does not touch the order that got a number anew after a restore", async () => {
  const { session, admin } = await startOrders();
  await admin("PUT", "snapshots/start");
  const ours = await session.apply(order("SO-1"), signal());
  expect(ours).toMatchObject({ class: "applied", evidence: { document: "4000001" } });
  await admin("POST", "restore/start");
  await session.apply(order("SO-2"), signal());
  const cancel = effect("CancelSalesOrder", { salesOrder: "SO-1", document: "4000001" });
  expect(await session.apply(cancel, signal())).toMatchObject({
    class: "reject",
    code: "REFERENCE_ORDER_UNKNOWN",
  });
  expect(await session.probe!(cancel, signal())).toEqual({ class: "absent" });
  expect((await admin("GET", "book"))["entries"]).not.toContainEqual(
    expect.objectContaining({ op: "cancel" }),
  );
});

test("S6 says in words what a hand has changed behind the order's back", async () => {
  const { session, admin } = await startOrders();
  const wanted = order("SO-1", "5.000");
  await session.apply(wanted, signal());
  expect((await session.probe!(wanted, signal())).class).toBe("applied");
  await admin("POST", "edit", { number: "4000001", line: 10, field: "quantity", value: "6" });
  expect(await session.probe!(wanted, signal())).toMatchObject({
    class: "different",
    difference: "line 10: quantity is 6, wanted 5.000",
    evidence: { document: "4000001" },
  });
});

test("S7 completes only the lines that are missing", async () => {
  const { session, admin } = await startOrders();
  const lines = [10, 20, 30].map((line) => ({
    line,
    item: "PUMP-200",
    quantity: { value: "1", unit: "C62" },
  }));
  const wanted = effect("CreateSalesOrder", { salesOrder: "SO-1", customer: "C-77", lines });
  await admin("POST", "faults", [{ kind: "half-order" }]);
  expect((await session.apply(wanted, signal())).class).toBe("unknown");
  const missing = { document: "4000001", lines: [20, 30] };
  expect(await session.probe!(wanted, signal())).toMatchObject({ class: "partial", missing });
  expect((await session.resume!(wanted, missing, signal())).class).toBe("applied");
  const { entries } = (await admin("GET", "book")) as {
    entries: { op: string; order: { lines: object[] } }[];
  };
  expect(entries.map(({ op, order: { lines: held } }) => [op, held.length])).toEqual([
    ["create", 1],
    ["change", 3],
  ]);
});

test("calls a reference on two orders different, and names both", async () => {
  const { session, admin } = await startOrders();
  await admin("PATCH", "settings", { uniqueReference: false });
  const twice = order("SO-1");
  await session.apply(twice, signal());
  await session.apply(twice, signal());
  expect(await session.probe!(twice, signal())).toMatchObject({
    class: "different",
    difference: "the reference is on 2 orders: 4000001, 4000002",
  });
});

test("refuses prices in two currencies before anything is sent", async () => {
  const { session, admin } = await startOrders();
  const lines = ["EUR", "USD"].map((currency, index) => ({
    line: index + 1,
    item: "PUMP-200",
    quantity: { value: "1", unit: "C62" },
    unitPrice: { amount: "1.00", currency },
  }));
  const mixed = effect("CreateSalesOrder", { salesOrder: "SO-1", customer: "C-77", lines });
  const reject = { class: "reject", code: "REFERENCE_CURRENCY_MIXED" };
  expect(await session.apply(mixed, signal())).toMatchObject(reject);
  expect(await session.applyBatch!([order("SO-2"), mixed], signal())).toMatchObject([
    { class: "applied" },
    reject,
  ]);
  expect((await admin("GET", "book/summary"))["orders"]).toBe(1);
});

test("pauses the system when two tokens in a row are refused, not at the first", async () => {
  const { session, admin } = await startOrders();
  await admin("POST", "faults", [{ kind: "token-expired", operations: ["createOrder"], count: 2 }]);
  expect((await session.apply(order("SO-1"), signal())).class).toBe("retry");
  expect((await session.apply(order("SO-1"), signal())).class).toBe("auth");
  expect((await session.apply(order("SO-1"), signal())).class).toBe("applied");
});

test("fetches one token for many calls that start together", async () => {
  const { session, admin } = await startOrders();
  await admin("POST", "faults", [{ kind: "outage", operations: ["token"], count: 1 }]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => session.apply(order(`SO-${n}`), signal())),
  );
  expect(answers.map((answer) => answer.class)).toEqual(Array(8).fill("retry"));
});

test("sends once and follows nowhere: a redirect, a hanging call and an aborted one are unknown", async () => {
  const seen: string[] = [];
  const url = await startStranger((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (seen.length === 1) response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const patient = await open(url);
  const redirected = await patient.apply(order("SO-1"), signal());
  expect(redirected).toMatchObject({ class: "unknown", status: "307" });
  const impatient = await open(url, {}, 300);
  // On a slow machine the token may take too long as well: nothing was sent then.
  let hanging = await impatient.apply(order("SO-2"), signal());
  while (hanging.class === "retry") hanging = await impatient.apply(order("SO-2"), signal());
  expect(hanging.class).toBe("unknown");
  const giveUp = new AbortController();
  const aborted = patient.apply(order("SO-3"), giveUp.signal);
  await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(3);
  giveUp.abort();
  expect((await aborted).class).toBe("unknown");
  expect(seen).toEqual(Array(3).fill("POST /prefix/orders"));
});

test("takes a call that waited for a free connection until it was given up for unsent", async () => {
  let reached = 0;
  const url = await startStranger(() => void reached++);
  const session = await open(url, { connections: 1 });
  const giveUp = new AbortController();
  const first = session.apply(order("SO-1"), giveUp.signal);
  await expect.poll(() => reached, { timeout: 30_000 }).toBe(1);
  const queued = session.apply(order("SO-2"), giveUp.signal);
  setImmediate(() => giveUp.abort());
  expect((await first).class).toBe("unknown");
  expect((await queued).class).toBe("retry");
  expect(reached).toBe(1);
});

test("tells no secret in any failure", async () => {
  const { url, admin } = await startOrders();
  await admin("PATCH", "settings", { clientSecret: "another-secret" });
  const told = [
    await (await open(url)).apply(order("SO-1"), signal()),
    await (await open("http://127.0.0.1:1")).apply(order("SO-1"), signal()),
    await (
      await open(await startStranger((_, response) => response.destroy()))
    ).apply(order("SO-1"), signal()),
  ];
  expect(told.map((answer) => answer.class)).toEqual(["auth", "retry", "unknown"]);
  expect(JSON.stringify(told)).not.toMatch(/reference-secret|a-token-value/);
});
