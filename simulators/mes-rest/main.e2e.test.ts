import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { brnoOrder, listen } from "./testing/stage.ts";

const MAIN = join(import.meta.dirname, "main.ts");

async function spawnPlant(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const options = ["--data", dataDir, "--dialect", "brno"];
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

async function admin(url: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}/admin/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

async function release(url: string) {
  const form = {
    grant_type: "client_credentials",
    client_id: "interlock",
    client_secret: "brno-plant-secret",
  };
  const token = await fetch(`${url}/bde/anmeldung`, { method: "POST", body: new URLSearchParams(form) });
  const { access_token: value } = (await token.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${value}` };
  return fetch(`${url}/bde/auftrag`, { method: "POST", headers, body: JSON.stringify(brnoOrder("B1")) });
}

test("keeps after a kill all it answered for, its clock, and the webhooks it still owes", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mes-"));
  const first = await spawnPlant(dataDir);
  const nobody = "http://127.0.0.1:9/";
  await admin(first.url, "PATCH", "settings", { webhookUrl: nobody, webhookBackoffMs: 60_000 });
  await admin(first.url, "POST", "clock", { now: "2026-03-09T05:00:00Z", speed: 0 });
  expect((await release(first.url)).status).toBe(202);
  await admin(first.url, "POST", "clock", { now: "2026-03-09T05:40:00Z" });
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await spawnPlant(dataDir);
  expect(await admin(second.url, "GET", "health")).toMatchObject({
    dialect: "brno",
    now: "2026-03-09T05:40:00.000Z",
  });
  const summary = await admin(second.url, "GET", "book/summary");
  expect(summary).toMatchObject({ orders: 1, undelivered: summary["sequence"] });
  const listener = await listen();
  await admin(second.url, "PATCH", "settings", { webhookUrl: listener.url });
  await admin(second.url, "POST", "clock", { now: "2026-03-12T05:40:00Z" });
  const order = await admin(second.url, "GET", "orders/WO-700");
  expect(order).toMatchObject({ status: "completed", confirmations: 8 });
  await expect.poll(() => listener.received.length, { timeout: 30_000 }).toBeGreaterThan(3);
  await listener.close();
  second.child.kill("SIGTERM");
  await once(second.child, "exit");
});

test("says how it is started when it is started wrongly", async () => {
  const child = spawn(process.execPath, [MAIN, "--dialect", "oslo", "--data", tmpdir()], { stdio: "ignore" });
  expect(await once(child, "exit")).toEqual([2, null]);
});
