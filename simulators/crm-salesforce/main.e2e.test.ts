import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

async function spawnOrg(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--data", dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

test("holds after a kill every order it has answered for, and ends when it is asked to", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "org-"));
  const first = await spawnOrg(dataDir);
  const lines = [{ item: "VALVE-10", quantity: "3" }];
  const clerk = { action: "create-order", account: "C-900", lines };
  const answer = await fetch(`${first.url}/admin/clerk`, { method: "POST", body: JSON.stringify(clerk) });
  expect(await answer.json()).toMatchObject({ OrderNumber: "00000001", TotalAmount: "253.50" });
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await spawnOrg(dataDir);
  const summary = await (await fetch(`${second.url}/admin/book/summary`)).json();
  expect(summary).toMatchObject({ records: { Account: 4, Order: 1, OrderItem: 1, Order_Request__c: 1 } });
  second.child.kill("SIGTERM");
  const [code] = (await once(second.child, "exit")) as [number];
  expect(code).toBe(0);
});
