import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

async function spawnSystem(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--data", dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

test("holds after a kill every order it has answered for", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "order-system-"));
  const first = await spawnSystem(dataDir);
  const clerk = {
    action: "create",
    customer: "C-900",
    lines: [{ line: 1, item: "VALVE-10", quantity: "3" }],
  };
  const answer = await fetch(`${first.url}/admin/clerk`, { method: "POST", body: JSON.stringify(clerk) });
  expect(answer.status).toBe(201);
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await spawnSystem(dataDir);
  const summary = await (await fetch(`${second.url}/admin/book/summary`)).json();
  expect(summary).toMatchObject({ orders: 1, sequence: 1 });
  second.child.kill("SIGTERM");
  await once(second.child, "exit");
});
