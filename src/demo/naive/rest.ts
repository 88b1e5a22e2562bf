/** When the scripts have nothing to do any more: only then the clocks may go on, as on the hub's side. */
import { setTimeout as delay } from "node:timers/promises";
import { DemoError } from "../errors.ts";
import { PLANTS, SYSTEM_NAMES } from "../factory/world.ts";
import type { ScriptedWorld } from "./scripted-world.ts";

/** A round that began before may have missed it. */
const ROUND_BEGAN_MS = 100;
/** A webhook that is due for so long while nothing happens is held back: it goes out with the next one. */
const HELD_BACK_MS = 3_000;
const WITHIN_MS = 90_000;
const EVERY_MS = 150;

/**
 * Waits until the ERP's queue is empty, every webhook was taken or given up, all that commits late has done so, and every
 * script has made a whole round since without anything being written anywhere.
 * @throws DemoError when that takes too long
 */
export async function rest(world: ScriptedWorld, waits: (busy: string) => void): Promise<void> {
  const giveUpAt = performance.now() + WITHIN_MS;
  let quiet: { readonly since: number; readonly written: string } | undefined;
  let last = { written: "", at: Date.now() };
  for (;;) {
    const { queued, untold, dueAt, written } = await look(world);
    if (written !== last.written) last = { written, at: Date.now() };
    const heldBack = Math.max(dueAt, last.at) + HELD_BACK_MS < Date.now();
    const busy = inWords(queued, heldBack ? 0 : untold);
    if (busy !== undefined || quiet?.written !== written) {
      quiet = undefined;
      if (busy === undefined) {
        await Promise.all(SYSTEM_NAMES.map((name) => world.ask(name, "commits", { method: "POST" })));
        quiet = { since: Date.now(), written };
      }
    } else if (world.lookedAt() > quiet.since + ROUND_BEGAN_MS) return;
    waits(busy ?? "the scripts look once more");
    if (performance.now() > giveUpAt)
      throw new DemoError(
        `the scripts are not at rest after ${WITHIN_MS / 1000} s: ${busy ?? "no round went well"}`,
      );
    await delay(EVERY_MS, undefined, { signal: world.signal });
  }
}

interface Look {
  readonly queued: number;
  readonly untold: number;
  /** When a webhook was to go out that has not. */
  readonly dueAt: number;
  /** Other when anything was written in any of the books. */
  readonly written: string;
}

async function look(world: ScriptedWorld): Promise<Look> {
  const [queue, ...summaries] = await Promise.all([
    world.ask("erp", "messages") as Promise<Record<string, number>>,
    ...SYSTEM_NAMES.map((name) => world.ask(name, "book/summary") as Promise<Record<string, unknown>>),
  ]);
  const plants = PLANTS.map((plant) => summaries[SYSTEM_NAMES.indexOf(plant)]!);
  const due = plants.flatMap(({ nextDelivery }) =>
    nextDelivery === null ? [] : Date.parse(String(nextDelivery)),
  );
  return {
    queued: (queue["Queued"] ?? 0) + (queue["Processing"] ?? 0),
    untold: plants.reduce((sum, { undelivered }) => sum + Number(undelivered), 0),
    dueAt: Math.max(...due, 0),
    written: summaries
      .map(({ entries, sequence, undelivered }) => `${entries}/${sequence}/${undelivered}`)
      .join(" "),
  };
}

function inWords(queued: number, untold: number): string | undefined {
  const words = [
    [queued, "messages in the ERP's queue"],
    [untold, "reports of the plants on their way"],
  ] as const;
  const busy = words.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return busy.length > 0 ? busy.join(", ") : undefined;
}
