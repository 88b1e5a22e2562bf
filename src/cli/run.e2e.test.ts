import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { interlock } from "./testing/interlock.ts";

const MAIN = join(import.meta.dirname, "main.ts");

let project: string;
let database: TestDatabase;
const hubs: ChildProcess[] = [];
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "interlock-run-"));
  database = await createTestDatabase();
  await interlock("init", project);
});
afterEach(async () => {
  for (const hub of hubs.splice(0)) {
    if (hub.exitCode === null && hub.kill("SIGKILL")) await once(hub, "close");
  }
  await database.drop();
  await rm(project, { recursive: true, force: true });
});

/** Runs a hub of the project. `until` resolves with all it said on standard error once that has the words, or when it ended. */
function runHub(port: string) {
  const hub = spawn(process.execPath, [MAIN, "run", "-p", project, "--port", port], {
    env: { ...process.env, DATABASE_URL: database.url, SHOP_SECRET: "none", WORKS_SECRET: "none" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  hubs.push(hub);
  const ended = once(hub, "close");
  let said = "";
  const until = (words: string) =>
    new Promise<string>((resolve) => {
      const look = () => void (said.includes(words) && resolve(said));
      hub.stderr.on("data", look);
      void ended.then(() => resolve(said));
      look();
    });
  hub.stderr.setEncoding("utf8").on("data", (text: string) => void (said += text));
  return { hub, until, ended };
}

const hubFile = () => readFileSync(join(project, ".interlock/hub.json"), "utf8");

test("a second hub leaves the first one's file alone, and a taken port is told with what to do", async () => {
  const first = runHub("0");
  expect(await first.until(" runs at ")).toContain(" runs at ");
  const written = hubFile();
  const { url } = JSON.parse(written) as { url: string };

  const second = runHub("0");
  expect(await second.until(" runs at ")).toContain(`go on calling the hub at ${url}`);
  second.hub.kill("SIGTERM");
  await second.ended;
  expect(hubFile()).toBe(written);

  const third = runHub(new URL(url).port);
  const [code] = (await third.ended) as [number];
  const said = await third.until("--port");
  expect([code, said]).toEqual([1, expect.stringMatching(/cannot listen at 127\.0\.0\.1:\d+.*\n.*--port 0/)]);
});

test("a hub that is ended while it still comes up gives its leases up, and does not leave them to run out", async () => {
  const holders = async () => (await database.pool.query("select from leases where hub_id <> ''")).rowCount;
  const { hub, ended, until } = runHub("0");
  await expect.poll(holders, { interval: 5, timeout: 60_000 }).toBeGreaterThan(0);
  hub.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(await until("finishing")).toContain("SIGTERM: finishing what is in hand");
  expect(await holders()).toBe(0);
});
