/*
 * The acceptance runs many times over in one ledger, and what that costs. The figures are told, not asserted: what must hold is
 * that every figure of the books is equal, that the ledger verifies, and that every read model is filled again with the same
 * bytes.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readMemory } from "../../../bench/cpu.ts";
import { verifyLedger } from "../../audit/verify.ts";
import { startEmbedded } from "../../db/embedded.ts";
import { openPool, type Pool } from "../../db/pool.ts";
import type { Proof } from "../../testing/proof.ts";
import { type Acceptance, findData, type HubAtRest, isEqual } from "../acceptance.ts";
import { selectDiskUse } from "./queries.ts";
import { rebuildViews } from "./rebuild.ts";
import { timeQueries } from "./time-queries.ts";

const TIMES = 10;
/** What one round of each may take: with less time than for ten, fewer are played. */
const ROUND_MS = 240_000;
const SLOWEST = 10;
const HOME = join(import.meta.dirname, "../../..");

const proof: Proof = {
  name: "longer",
  purpose:
    "The acceptance runs ten times over in one ledger each (--runs N: so many times): all figures equal; rate, memory, disk, slowest query; the ledger verifies; every read model is rebuilt to the same bytes.",
  async run({ until, runs, report }) {
    const data = findData(HOME, process.env);
    if ("missing" in data) throw new Error(data.missing);
    const time = until - performance.now();
    const times = runs ?? Math.min(TIMES, Math.max(1, Math.floor(time / ROUND_MS)));
    const counts: Record<string, number> = { times };
    const failures: Error[] = [];
    for (const acceptance of await findRuns()) {
      try {
        Object.assign(counts, await playLong(acceptance, { data: data.folder, times, report }));
      } catch (error) {
        report((error as Error).message);
        failures.push(error as Error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "not every run held");
    return counts;
  },
};
export default proof;

async function findRuns(): Promise<Acceptance[]> {
  const folder = join(import.meta.dirname, "..");
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name, `${name}.acceptance.ts`))
    .filter((file) => existsSync(file));
  const modules = files.map((file) => import(pathToFileURL(file).href) as Promise<{ default: Acceptance }>);
  return (await Promise.all(modules)).map((module) => module.default);
}

async function playLong(
  { name, run }: Acceptance,
  { data, times, report }: { data: string; times: number; report: (line: string) => void },
): Promise<Record<string, number>> {
  const { signal } = new AbortController();
  const say = (line: string) => report(`${name}: ${line}`);
  const began = performance.now();
  const counts: Record<string, number> = {};
  const atRest = async (hub: HubAtRest) => {
    Object.assign(counts, await measure(hub, (performance.now() - began) / 1_000, say, signal));
  };
  const figures = await run({ data, times, part: false, report: say, signal, atRest });
  const differing = figures.filter((figure) => !isEqual(figure));
  if (differing.length > 0)
    throw new Error(
      `${name}: ${differing.map(({ what, expected, seen }) => `${what}: expected ${expected}, seen ${seen}`).join("; ")}`,
    );
  if (Object.keys(counts).length === 0) throw new Error(`${name} ended without having been measured at rest`);
  return Object.fromEntries(Object.entries(counts).map(([what, count]) => [`${name} ${what}`, count]));
}

async function measure(
  hub: HubAtRest,
  seconds: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const memory = readMemory(hub.pid);
  const server = await startEmbedded(join(hub.folder, ".interlock/db"));
  const pool = openPool({ url: server.url, application: "interlock:measure:work", max: 2 });
  try {
    const { events, bytes, largest } = await selectDiskUse(pool);
    say(
      `${events} events in ${seconds.toFixed(0)} s: ${(events / seconds).toFixed(0)}/s, everything included`,
    );
    say(
      `hub: ${memory.now.toFixed(0)} MB resident, ${memory.peak.toFixed(0)} MB at most since its last start`,
    );
    say(`disk: ${(bytes / events).toFixed(0)} bytes per event, ${mb(bytes)} in all`);
    for (const { name, bytes: size } of largest)
      say(`  ${name}: ${(size / events).toFixed(0)} bytes per event, ${mb(size)}`);
    const slowest = await sayQueries(hub, say, signal);
    await verify(pool, hub, say, signal);
    const rows = await rebuild(pool, say, signal);
    return {
      events,
      "events/s": Math.round(events / seconds),
      "MB resident": Math.round(memory.now),
      "bytes per event": Math.round(bytes / events),
      "ms slowest query": Math.round(slowest),
      "rows rebuilt": rows,
    };
  } finally {
    await pool.end();
    await server.close();
  }
}

async function sayQueries(hub: HubAtRest, say: (line: string) => void, signal: AbortSignal): Promise<number> {
  const { answered, refused, withoutExample } = await timeQueries(hub, signal);
  say(`${answered.length} questions of the API, slowest first, the middle one of three each:`);
  for (const { path, ms } of answered.slice(0, SLOWEST)) say(`  ${ms.toFixed(1).padStart(8)} ms  ${path}`);
  // Asked for by a name that was only seen somewhere, it may well not be there.
  for (const each of refused.filter((one) => !one.startsWith("404"))) say(`  refused: ${each}`);
  if (withoutExample.length > 0) say(`  not asked, nothing shows an example: ${withoutExample.join(", ")}`);
  const failed = refused.filter((each) => each.startsWith("5"));
  if (failed.length > 0) throw new Error(`the hub failed to answer ${failed.join(", ")}`);
  return answered[0]!.ms;
}

async function verify(
  pool: Pool,
  hub: HubAtRest,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { ok, verified, of, provenUpTo, finding } = await verifyLedger({
    pool,
    dir: join(hub.folder, ".interlock"),
    signal,
  });
  if (!ok) throw new Error(`the ledger does not verify: ${JSON.stringify(finding)}`);
  const seconds = (performance.now() - began) / 1_000;
  say(
    `audit verify: ${verified} of ${of} events are as they were written, proven up to ${provenUpTo?.seq ?? "none"}, in ${seconds.toFixed(1)} s`,
  );
}

async function rebuild(pool: Pool, say: (line: string) => void, signal: AbortSignal): Promise<number> {
  const { views, rows, seconds, differences } = await rebuildViews(pool, signal);
  if (differences.length > 0)
    throw new Error(`read models that are not the same again: ${differences.join("; ")}`);
  say(`${views} read models emptied and filled again in ${seconds.toFixed(1)} s: the same ${rows} rows`);
  return rows;
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
