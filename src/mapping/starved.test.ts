import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MappingLimits } from "./compile.ts";
import { type Mappings, openMappings } from "./mappings.ts";
import { processorMsOf } from "./processor-time.ts";

const context = { system: "portal", direction: "in" as const };
const TIME_MS = 4000;
/** Takes the better part of a second of the processor's time. */
const WORK = { file: "work", source: '{ "n": $sum([1..100000].($ * 2)) }' };
const LIGHT = { file: "light", source: '{ "n": n }' };
const DONE = { ok: true, text: '{"n":10000100000}', notes: [] };

let mappings: Mappings | undefined;
beforeEach((context) =>
  context.skip(process.platform !== "linux", "only Linux says how much a process has used"),
);
afterEach(() => mappings?.close());

async function open(limits: Partial<MappingLimits> = {}): Promise<void> {
  mappings = await openMappings({
    mappings: [WORK, LIGHT],
    crosswalk: [],
    zones: {},
    limits: { timeMs: TIME_MS, ...limits },
  });
}

/** The processes that map for this one. */
function mappers(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return (
          parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("mapping/child")
        );
      } catch {
        return false; // it has just ended
      }
    });
}

async function clockBeyond(sinceMs: number): Promise<void> {
  await expect.poll(() => performance.now() - sinceMs, { timeout: 60_000 }).toBeGreaterThan(TIME_MS * 1.2);
}

describe("an innocent mapping whose process does not come to work", { timeout: 180_000 }, () => {
  test("that is stopped in the middle of it is translated when it goes on", async () => {
    await open();
    const [pid] = mappers();
    const before = processorMsOf(pid!)!;
    const asked = performance.now();
    const mapped = mappings!.map("work", {}, context);
    await expect
      .poll(() => processorMsOf(pid!)! - before, { interval: 1, timeout: 60_000 })
      .toBeGreaterThan(50);
    process.kill(pid!, "SIGSTOP");
    await clockBeyond(asked);
    expect(await Promise.race([mapped, "under way"])).toBe("under way");
    process.kill(pid!, "SIGCONT");
    expect(await mapped).toEqual(DONE);
    expect(mappers()).toEqual([pid]);
  });

  test("that never goes on is translated by another process", async () => {
    await open({ stalledMs: 2000 });
    const [pid] = mappers();
    process.kill(pid!, "SIGSTOP");
    expect(await mappings!.map("light", { n: 1 }, context)).toMatchObject({ ok: true, text: '{"n":1}' });
    expect(mappers()).not.toContain(pid);
  });
});
