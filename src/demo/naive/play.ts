import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { DemoError } from "../errors.ts";
import { Chaos } from "../factory/chaos.ts";
import { compare, type Report } from "../factory/compare.ts";
import { moveIn, type Wish } from "../factory/people.ts";
import { Scenario } from "../factory/scenario.ts";
import { tableOf } from "../factory/table.ts";
import { SYSTEM_NAMES, World } from "../factory/world.ts";
import { Narrator } from "../narrate.ts";
import { readBooks } from "./books.ts";
import { countDamage, type Damage } from "./damage.ts";
import { ScriptedWorld } from "./scripted-world.ts";
import { sideBySide } from "./side-by-side.ts";
import { DECISION, Week } from "./week.ts";
import { readWishes } from "./wishes.ts";

export interface NaiveOptions {
  /** End when both sides were shown; otherwise both factories keep running until Ctrl-C. */
  readonly once: boolean;
  readonly seed: number;
  /** Both sides as JSON on standard output, the narration on standard error. */
  readonly json: boolean;
}

interface Side {
  readonly report: Report;
  readonly damage: readonly Damage[];
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Plays the factory twice under the same weather, with the hub and with scripts between the systems, and shows what the
 * systems' books say afterwards. Ends everything it started, whatever happens.
 * @returns whether the hub's side agreed; what the scripts did is only shown
 */
export async function playNaive({ once: onlyOnce, seed, json }: NaiveOptions): Promise<boolean> {
  const ended = new AbortController();
  const end = () => ended.abort(new DemoError("ended before it was over"));
  for (const signal of SIGNALS) process.on(signal, end);
  const out = json ? process.stderr : process.stdout;
  const narrator = new Narrator(out);
  const open = new Set<World>();
  const leave = async (world: World) => {
    open.delete(world);
    await world.close(false);
  };
  try {
    narrator.plain(
      `The same week in the same factory, twice: with Interlock between the systems, and with four scripts of the usual kind. Answers get lost, calls are throttled, a plant is cut off, and what stands between is killed. Seed ${seed}.`,
    );
    narrator.chapter("FIRST, WITH INTERLOCK");
    const hubs = new World(seed, ended.signal, "chaos");
    open.add(hubs);
    const hub = await onStage(hubs, ended.signal, async (world) => {
      await world.open(() => moveIn(world));
      const scenario = new Scenario(world, narrator, new Chaos(world, narrator));
      await scenario.play();
      const side = await readSide(world, scenario.orders);
      return { ...side, wishes: await readWishes(world, scenario.orders) };
    });
    if (onlyOnce) await leave(hubs);
    narrator.chapter("THEN, WITH SCRIPTS");
    const scripted = new ScriptedWorld(seed, ended.signal);
    open.add(scripted);
    const scripts = await onStage(scripted, ended.signal, (world) =>
      playScripts(world, hub.wishes, narrator),
    );
    for (const [name, { report }] of [["Interlock", hub] as const, ["scripts", scripts] as const]) {
      narrator.chapter(`Read back from the CRM, the ERP and the plants, with ${name} between them`);
      narrator.plain(tableOf(report, out));
    }
    narrator.chapter("What the systems' own books say");
    narrator.plain(sideBySide(hub.damage, scripts.damage, out));
    if (json) {
      const { wishes: _, ...ours } = hub;
      process.stdout.write(`${JSON.stringify({ agrees: hub.report.agrees, interlock: ours, scripts })}\n`);
    }
    if (!onlyOnce) {
      narrator.plain(whereToLook(hubs, scripted));
      const over = AbortSignal.any([...open].map(({ signal }) => signal));
      await once(over, "abort");
      if (!ended.signal.aborted) throw over.reason;
      narrator.plain("\nEnding everything.");
    }
    return hub.report.agrees;
  } finally {
    await Promise.all([...open].map(leave));
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

async function playScripts(world: ScriptedWorld, wishes: readonly Wish[], narrator: Narrator): Promise<Side> {
  await world.open(() => moveIn(world));
  // What it says is of a hub.
  const chaos = new Chaos(world, new Narrator(new PassThrough().resume() as unknown as WriteStream));
  const side = await readSide(world, await new Week(world, narrator, chaos).play(wishes));
  narrator.say(`The scripts were killed ${chaos.kills} times, as the hub was.`);
  return side;
}

async function readSide(world: World, orders: readonly string[]): Promise<Side> {
  const books = await readBooks(world);
  return { report: compare(orders, books.told), damage: countDamage(orders, books, DECISION) };
}

async function onStage<Stage extends World, Result>(
  world: Stage,
  ended: AbortSignal,
  play: (world: Stage) => Promise<Result>,
): Promise<Result> {
  try {
    return await play(world);
  } catch (error) {
    if (ended.aborted) throw ended.reason;
    throw world.failure(error);
  }
}

function whereToLook(hubs: World, scripted: World): string {
  const books = (world: World) =>
    SYSTEM_NAMES.map((name) => `  ${name.padEnd(8)} ${world.urlOf(name)}/admin/book`).join("\n");
  return `
Both factories keep running. Look around:
  with Interlock: bin/interlock cases --project ${hubs.folder}
${books(hubs)}
  with scripts: what they logged is in ${scripted.folder}
${books(scripted)}

Ctrl-C ends everything.`;
}
