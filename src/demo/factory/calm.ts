/** When nothing is under way any more: only then the clocks may go on, so that a run is the same on a slow machine. */
import { setTimeout as delay } from "node:timers/promises";
import { DemoError } from "../errors.ts";
import type { Narrator } from "../narrate.ts";
import { pausedOf, resume } from "./duty.ts";
import type { Weather } from "./pace.ts";
import { PLANTS, type World } from "./world.ts";

/** A look that began before may have missed it; with faults on, a look or two may show less than there is. */
const LOOK_BEGAN_MS = { fair: 250, chaos: 1_500 };
const CALM_WITHIN_MS = { fair: 90_000, chaos: 400_000 };
const EVERY_MS = { fair: 200, chaos: 400 };

/** What is still in hand, in words; nothing when all is calm. */
export type Busy = string | undefined;

/**
 * Waits until the hub has decided and sent everything, every stream was read since, and that has brought nothing new.
 * @throws DemoError when it is not calm in time
 */
export async function calm(
  world: World,
  narrator: Pick<Narrator, "say" | "wait">,
  weather: Weather = "fair",
): Promise<void> {
  const giveUpAt = performance.now() + CALM_WITHIN_MS[weather];
  let quiet: { readonly since: number; readonly head: number } | undefined;
  for (;;) {
    const { busy, head, readAt, paused } = await look(world, weather);
    for (const [system, why] of paused) {
      // Only where everything goes wrong is there anybody on duty who knows that it was a trial.
      if (weather === "fair") throw new DemoError(`the hub sends nothing to ${system}: ${why}`);
      narrator.say(`The hub sends nothing to ${system}: ${why}. IT sees to it.`);
      await resume(world, system, "seen to");
    }
    if (busy !== undefined || (quiet && quiet.head !== head)) quiet = undefined;
    else quiet ??= { since: Date.now(), head };
    if (quiet && readAt > quiet.since + LOOK_BEGAN_MS[weather]) return;
    narrator.wait(busy ?? "all systems are looked at once more");
    if (performance.now() > giveUpAt)
      throw new DemoError(
        `not at rest after ${CALM_WITHIN_MS[weather] / 1000} s: ${busy ?? "no stream is read"}`,
      );
    await delay(EVERY_MS[weather], undefined, { signal: world.signal });
  }
}

interface Look {
  readonly busy: Busy;
  /** Where the ledger ends. */
  readonly head: number;
  /** When the stream that was read longest ago was read. */
  readonly readAt: number;
  /** Systems that nothing is sent to, and why. */
  readonly paused: ReadonlyMap<string, string>;
}

async function look(world: World, weather: Weather): Promise<Look> {
  const [queue, ...books] = await Promise.all([
    world.ask("erp", "messages") as Promise<Record<string, number>>,
    ...PLANTS.map((plant) => world.ask(plant, "book/summary") as Promise<{ undelivered: number }>),
  ]);
  const [{ body: systems }, { body: metrics }, { body: newest }] = await Promise.all([
    world.api("/v1/systems"),
    world.api("/metrics"),
    world.api("/v1/events?order=newest-first&limit=1"),
  ]);
  const undecided = sumOf(metrics as string, "route_lag") + sumOf(metrics as string, "delivery_lag");
  const lanes = ["ready", "sending", "accepted", "unknown"].map((state) =>
    sumOf(metrics as string, "lane_count", `state="${state}"`),
  );
  const unread = sumOf(metrics as string, "inbound_held", `state="kept"`);
  const open = lanes.reduce((sum, count) => sum + count, 0);
  const queued = (queue["Queued"] ?? 0) + (queue["Processing"] ?? 0);
  // With faults on, a webhook is held back until another one comes: the feed has brought what it says.
  const untold = weather === "chaos" ? 0 : books.reduce((sum, { undelivered }) => sum + undelivered, 0);
  const beats = (systems.items as { cursors: { heartbeatAt: string | null }[] }[])
    .flatMap(({ cursors }) => cursors)
    .map(({ heartbeatAt }) => Date.parse(heartbeatAt ?? ""));
  const words = [
    [undecided + unread, "events to decide on"],
    [open, "objects with calls to make"],
    [queued, "messages in the ERP's queue"],
    [untold, "reports of the plants on their way"],
  ] as const;
  const busy = words.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return {
    busy: busy.length > 0 ? busy.join(", ") : undefined,
    head: (newest.items[0]?.seq ?? 0) as number,
    readAt: Math.min(...beats),
    paused: pausedOf(systems),
  };
}

/** Prometheus' text format: `name{labels} value`. */
function sumOf(metrics: string, name: string, label = ""): number {
  return [...metrics.matchAll(/^interlock_(\w+)(?:\{(.*)\})? ([0-9.]+)$/gm)]
    .filter(([, gauge, labels = ""]) => gauge === name && labels.includes(label))
    .reduce((sum, [, , , value]) => sum + Number(value), 0);
}
