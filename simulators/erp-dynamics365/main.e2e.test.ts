import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

type Json = Record<string, unknown>;

async function spawnErp(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--data", dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

async function clerk(url: string, body: object): Promise<Json> {
  const answer = await fetch(`${url}/admin/clerk`, { method: "POST", body: JSON.stringify(body) });
  return (await answer.json()) as Json;
}

async function read(url: string, what: string): Promise<Json> {
  return (await (await fetch(`${url}/admin/${what}`)).json()) as Json;
}

async function takeToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/t/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "interlock",
      client_secret: "dynamics-secret",
      scope: `${url}/.default`,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

test("holds after kills all it has answered for, goes on with its queue, and ends when told to", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "erp-"));
  const first = await spawnErp(dataDir);
  const order = {
    action: "create-order",
    OrderingCustomerAccountNumber: "US-001",
    ILKReference: "R1",
    lines: [{ ItemNumber: "PUMP-200", OrderedSalesQuantity: 4, ProductConfigurationId: "M1" }],
  };
  expect(await clerk(first.url, order)).toMatchObject({ SalesOrderNumber: "SO-000001" });
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await spawnErp(dataDir);
  expect(await read(second.url, "orders")).toMatchObject({ orders: [{ OrderTotalAmount: "2399.52" }] });
  expect(await read(second.url, "references/R1")).toMatchObject({ applied: 1, standing: 1 });
  // The release of planned orders goes on by itself.
  await expect
    .poll(async () => (await read(second.url, "production-orders"))["productionOrders"])
    .toMatchObject([{ ProductionOrderNumber: "P-000001", ProductionOrderStatus: "Released" }]);

  await fetch(`${second.url}/admin/settings`, {
    method: "PATCH",
    body: JSON.stringify({ queueDelayMs: 3_600_000 }),
  });
  const answer = await fetch(`${second.url}/api/services/SysMessageServices/SysMessageService/SendMessage`, {
    method: "POST",
    headers: { authorization: `Bearer ${await takeToken(second.url)}` },
    body: JSON.stringify({
      _companyId: "usmf",
      _messageType: "ProdProductionOrderStart",
      _messageContent: JSON.stringify({ ProductionOrderNumber: "P-000001", ILKReference: "S1" }),
    }),
  });
  expect(answer.status).toBe(200);
  expect(await read(second.url, "messages")).toEqual({ Queued: 1 });
  second.child.kill("SIGKILL");
  await once(second.child, "exit");

  const third = await spawnErp(dataDir);
  await expect.poll(() => read(third.url, "messages")).toEqual({ Processed: 1 });
  expect(await read(third.url, "references/S1")).toMatchObject({ applied: 1 });
  expect(await read(third.url, "ledger-balance")).toMatchObject({ total: "0", unbalanced: [] });
  third.child.kill("SIGTERM");
  expect(await once(third.child, "exit")).toEqual([0, null]);
});
