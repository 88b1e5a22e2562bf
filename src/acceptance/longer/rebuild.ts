import { setTimeout as delay } from "node:timers/promises";
import type { Pool } from "../../db/pool.ts";
import { digestTables, resetView, selectViewStates, type TableDigest } from "../../view/queries.ts";
import { findViews, type Views } from "../../view/scan.ts";

const LOOK_MS = 200;

export interface Rebuilt {
  readonly views: number;
  readonly rows: number;
  readonly seconds: number;
  /** Tables that are not as they were, and views that were not filled; empty when every table has the same bytes again. */
  readonly differences: readonly string[];
}

/**
 * Empties every read model and lets the hub that runs fill it from the beginning of the ledger.
 * @throws the signal's reason when it is aborted
 */
export async function rebuildViews(pool: Pool, signal: AbortSignal): Promise<Rebuilt> {
  const views = await findViews();
  await untilFollowed(pool, views, signal);
  const before = await digestsOf(pool, views);
  const began = performance.now();
  for (const view of views.values()) await resetView(pool, view);
  await untilFollowed(pool, views, signal);
  const seconds = (performance.now() - began) / 1_000;
  const after = await digestsOf(pool, views);
  const stopped = (await selectViewStates(pool)).filter(({ stoppedFor }) => stoppedFor !== null);
  return {
    views: views.size,
    rows: before.reduce((sum, { held }) => sum + held, 0),
    seconds,
    differences: [
      ...stopped.map(({ name, stoppedFor }) => `${name} stopped: ${stoppedFor}`),
      ...differencesBetween(before, after),
    ],
  };
}

/** Until every view stands where the ledger ends, or has stopped. */
async function untilFollowed(pool: Pool, views: Views, signal: AbortSignal): Promise<void> {
  for (;;) {
    const states = (await selectViewStates(pool)).filter(({ name }) => views.has(name));
    const isThere = ({ lag, stoppedFor }: (typeof states)[number]) => lag === 0 || stoppedFor !== null;
    if (states.length === views.size && states.every(isThere)) return;
    await delay(LOOK_MS, undefined, { signal });
  }
}

function digestsOf(pool: Pool, views: Views): Promise<TableDigest[]> {
  return digestTables(
    pool,
    [...views.values()].flatMap(({ tables }) => tables),
  );
}

function differencesBetween(before: readonly TableDigest[], after: readonly TableDigest[]): string[] {
  const now = new Map(after.map((each) => [each.name, each]));
  return before
    .filter(({ name, digest }) => now.get(name)?.digest !== digest)
    .map(
      ({ name, held }) => `${name} had ${held} rows and has ${now.get(name)?.held ?? "none"}, not the same`,
    );
}
