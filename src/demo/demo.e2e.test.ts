import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll, expect, onTestFailed, test, vi } from "vitest";
import { findPlace } from "../db/embedded/place.ts";
import type { Report } from "./compare.ts";

const MAIN = join(import.meta.dirname, "../cli/main.ts");
const SOON = { timeout: 60_000, interval: 100 };

/** What the demo leaves behind shows here. */
const place = mkdtempSync(join(tmpdir(), "demo-e2e-"));
chmodSync(place, 0o755);
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill("SIGTERM");
  rmdirSync(place);
});

interface Playing {
  readonly child: ChildProcess;
  readonly lines: Interface;
  readonly ended: Promise<number | null>;
  /** Everything it said so far. */
  readonly said: () => string;
}

function play(...args: string[]): Playing {
  const env = { ...process.env, TMPDIR: place, DATABASE_URL: "postgres://nobody@127.0.0.1:1/not-touched" };
  const child = spawn(process.execPath, [MAIN, "demo", "--small", ...args], { env, stdio: "pipe" });
  running.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, lines: createInterface({ input: child.stdout }), ended, said: () => said };
}

type Told = Report & { edit: object; where: Record<"hub" | "erp" | "portal" | "project", string> };

/** The next report, or the end of a demo that has none to give. */
async function nextReport({ lines, ended, said }: Playing): Promise<Told> {
  const line = once(lines, "line").then(([text]) => text as string);
  const end = ended.then((code) => Promise.reject(new Error(`ended with ${code}:\n${said()}`)));
  return JSON.parse(await Promise.race([line, end])) as Told;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("everything agrees after lost answers and a killed hub; one number changed by hand, and it says so", async () => {
  const brief = play("--once");
  const open = play("--json", "--seed", "7");
  onTestFailed(() => console.log(`${brief.said()}\n${open.said()}`));

  const before = await nextReport(open);
  expect(before).toMatchObject({ agrees: true, sums: { missing: 0, doubled: 0, unasked: 0 } });
  expect(before.rows).toHaveLength(30);
  const { erp, hub, portal, project } = before.where;
  const database = readFileSync(
    join(findPlace(join(project, ".interlock/db")).data, "postmaster.pid"),
    "utf8",
  );

  await fetch(`${erp}/admin/edit`, { method: "POST", body: JSON.stringify(before.edit) });
  open.child.stdin!.write("\n");
  const after = await nextReport(open);
  expect(after.agrees).toBe(false);
  expect(after.rows.flatMap(({ differences }) => differences)).toEqual([
    expect.stringContaining("quantity 99 in the ERP"),
  ]);

  // Once by the terminal, and once more by a parent that hands it on.
  open.child.kill("SIGINT");
  await vi.waitFor(() => expect(open.said()).toContain("Ending everything"), SOON);
  open.child.kill("SIGINT");
  expect(await open.ended).toBe(1);
  for (const url of [erp, hub, portal]) await expect(fetch(url)).rejects.toThrow("fetch failed");
  // PostgreSQL takes its pid file away a moment before its process is gone.
  await vi.waitFor(() => expect(isAlive(Number(database.split("\n", 1)[0]))).toBe(false), SOON);

  expect(await brief.ended).toBe(0);
  expect(brief.said()).toContain("agree on all 30 orders");
  expect(readdirSync(place)).toEqual([]);
});
