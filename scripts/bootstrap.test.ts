import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { sameDependencies } from "../bin/bootstrap/dependencies.mjs";
import { isDead, withLock } from "../bin/bootstrap/lock.mjs";
import { withLittleMemory } from "../bin/bootstrap/memory.mjs";
import { atLeast } from "../bin/bootstrap/runtime.mjs";

test.each([
  ["v22.22.0", ">=22.22", true],
  ["v24.1.0", ">=22.22", true],
  ["v22.9.9", ">=22.22", false],
  ["v20.20.2", ">=22.22", false],
  ["v22.22.1-nightly", "22.22.1", true],
])("Node %s against %s: %s", (version, minimum, enough) => {
  expect(atLeast(version, minimum)).toBe(enough);
});

/** Bytes this machine, or the container on it, has. */
const MACHINE = Math.min(process.constrainedMemory() || Infinity, totalmem());

test.each([
  [{}, Math.min(2047, Math.floor(MACHINE / 2 ** 21))],
  [{ NODE_OPTIONS: "--max-old-space-size=300" }, 300],
])("a hub's heap ends where it was told to: %j", (env, megabytes) => {
  const script = "console.log(v8.getHeapStatistics().heap_size_limit)";
  const { stdout } = spawnSync(process.execPath, ["-e", script], { env: withLittleMemory(env) });
  const limit = Number(stdout.toString()) / 2 ** 20;
  expect(limit).toBeGreaterThanOrEqual(megabytes);
  // What has just been made comes on top.
  expect(limit).toBeLessThan(megabytes + 100);
});

describe("dependencies are installed", () => {
  const a = { version: "1.0.0", integrity: "sha512-a" };
  const wanted = { "": {}, "node_modules/a": a, "node_modules/b": { ...a, optional: true } };

  test("when each is there, but for an optional one of another platform", () => {
    expect(sameDependencies(wanted, { "node_modules/a": a })).toBe(true);
  });
  test("not when one is missing", () => {
    expect(sameDependencies(wanted, {})).toBe(false);
  });
  test("not when one has another version or other content", () => {
    expect(sameDependencies(wanted, { "node_modules/a": { ...a, version: "1.0.1" } })).toBe(false);
    expect(sameDependencies(wanted, { "node_modules/a": { ...a, integrity: "sha512-b" } })).toBe(false);
  });
  test("not when one is there that nothing wants", () => {
    expect(sameDependencies(wanted, { "node_modules/a": a, "node_modules/c": a })).toBe(false);
  });
});

describe("the setup lock", () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "interlock-lock-"));
    lock = join(folder, "setup.lock");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("is gone after work that failed", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no space")))).rejects.toThrow("no space");
    expect(existsSync(lock)).toBe(false);
  });

  test("names its holder while it is held", async () => {
    const owner = await withLock(lock, async () => readFileSync(join(lock, "owner"), "utf8"));
    expect(JSON.parse(owner)).toEqual({ pid: process.pid, host: hostname() });
  });

  test("is taken over from a process that is gone", async () => {
    // Beyond what any system hands out as a process id.
    leaveLock({ pid: 2 ** 30, host: hostname() });
    await expect(withLock(lock, async () => "worked")).resolves.toBe("worked");
  });

  test("of a process on another host is not judged by its id", () => {
    expect(isDead({ pid: 2 ** 30, host: "another-host" })).toBe(false);
  });

  function leaveLock(owner: object) {
    mkdirSync(lock);
    writeFileSync(join(lock, "owner"), JSON.stringify(owner));
  }
});
