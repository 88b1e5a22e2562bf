/** Whether anything is still under way: events to decide on, messages to translate, calls to make, streams to read. */
import { setTimeout as delay } from "node:timers/promises";
import { DemoError } from "./errors.ts";
import type { Stage } from "./stage.ts";

/** A look at a system that began before may have missed what was written meanwhile. */
const LOOK_BEGAN_MS = 250;
/** A stream that says up to when it was read says so with what its connector looks back: the ERP's 5 s, and some. */
const LOOKED_BACK_MS = 6_000;
const EVERY_MS = 300;

export interface Weather {
  /** How long a look at a system may have been under way; longer where one or two may show less than there is. */
  readonly lookBeganMs?: number;
  /** A plant's webhook may be held back until the next one comes: the stream has brought what it says. */
  readonly webhooksHeldBack?: boolean;
}

export interface Look {
  /** Nothing waits but for a person, and every stream was read to its end since. */
  readonly atRest: boolean;
  /** What is still in hand, in words; nothing: the streams are read once more. */
  readonly busy: string | undefined;
  /** Objects with calls to make, by the state of their lane: `sending`, `unknown`, ... */
  readonly lanes: Readonly<Record<(typeof MOVING)[number], number>>;
  /** Systems that nothing is sent to, and why. */
  readonly paused: ReadonlyMap<string, string>;
}

/** States of a lane that can move by itself; a parked one waits for a person. */
const MOVING = ["ready", "sending", "accepted", "unknown"] as const;

interface System {
  readonly system: string;
  readonly paused: string | null;
  readonly cursors: readonly Cursor[];
}

interface Cursor {
  readonly stream: string;
  readonly position: string | null;
  readonly caughtUpTo: string | null;
  readonly heartbeatAt: string | null;
}

interface Read {
  readonly name: string;
  readonly position: string | null;
  readonly upTo: number;
  readonly lookedAt: number;
}

/** Remembers what it saw, so that it can tell what has moved since. */
export class Rest {
  readonly #stage: Stage;
  readonly #weather: Weather;
  #quiet: { since: number; head: number; upTo: ReadonlyMap<string, number> } | undefined;
  /** Names of all that are read; one that was not read yet has no cursor. */
  #streams: readonly string[] | undefined;
  /** By stream: the position it is at, and since when it is seen there. */
  readonly #still = new Map<string, { readonly position: string | null; readonly since: number }>();

  constructor(stage: Stage, weather: Weather = {}) {
    this.#stage = stage;
    this.#weather = weather;
  }

  /** Somebody has just done something: what was seen before does not count. */
  disturb(): void {
    this.#quiet = undefined;
  }

  async look(): Promise<Look> {
    const api = async (path: string) => (await this.#stage.api(path)).body;
    const [queued, untold] = await Promise.all([this.#countQueued(), this.#countUntold()]);
    const [metrics, { items: systems }, newest] = (await Promise.all([
      api("/metrics"),
      api("/v1/systems"),
      api("/v1/events?order=newest-first&limit=1"),
    ])) as [string, { items: System[] }, { items: { seq: number }[] }];
    const lanes = Object.fromEntries(
      MOVING.map((state) => [state, sumOf(metrics, "lane_count", `state="${state}"`)]),
    ) as Look["lanes"];
    const busy = inWords({ queued, untold, lanes, metrics });
    const streams = systems.flatMap(({ system, cursors }) => cursors.map((each) => readOf(system, each)));
    const read = new Map(streams.map((stream) => [stream.name, stream]));
    this.#streams ??= await this.#listStreams();
    const head = newest.items[0]?.seq ?? 0;
    this.#notice(streams);
    if (busy !== undefined || this.#quiet?.head !== head)
      this.#quiet = busy === undefined ? { since: Date.now(), head, upTo: upToOf(streams) } : undefined;
    return {
      atRest:
        this.#quiet !== undefined && this.#streams.every((name) => this.#isReadToItsEnd(read.get(name))),
      busy,
      lanes,
      paused: new Map(systems.flatMap(({ system, paused }) => (paused === null ? [] : [[system, paused]]))),
    };
  }

  #notice(streams: readonly Read[]): void {
    for (const { name, position } of streams)
      if (this.#still.get(name)?.position !== position)
        this.#still.set(name, { position, since: Date.now() });
  }

  /** A look may have found only what concerns nobody, with more behind it: one counts that found nothing, or says it was the end. */
  #isReadToItsEnd(read: Read | undefined): boolean {
    if (!read) return false;
    const { name, upTo, lookedAt } = read;
    const { lookBeganMs = LOOK_BEGAN_MS } = this.#weather;
    const { since, upTo: before } = this.#quiet!;
    const foundNothing = lookedAt > Math.max(since, this.#still.get(name)!.since) + lookBeganMs;
    return foundNothing || (lookedAt > since + lookBeganMs && upTo >= before.get(name)! + LOOKED_BACK_MS);
  }

  async #listStreams(): Promise<string[]> {
    const answers = await Promise.all(
      Object.keys(this.#stage.scene.systems).map((name) => this.#stage.api(`/v1/systems/${name}`)),
    );
    return answers.flatMap(({ body: { system, streams } }) =>
      (streams as { stream: string; kind: string }[]).flatMap(({ stream, kind }) =>
        kind === "poll" ? [`${system}/${stream}`] : [],
      ),
    );
  }

  async #countQueued(): Promise<number> {
    const queues = await Promise.all(
      this.#systems(({ product }) => product === "erp-dynamics365").map(
        (erp) => this.#stage.ask(erp, "messages") as Promise<Record<string, number>>,
      ),
    );
    return queues.reduce((sum, { Queued = 0, Processing = 0 }) => sum + Queued + Processing, 0);
  }

  async #countUntold(): Promise<number> {
    if (this.#weather.webhooksHeldBack) return 0;
    const books = await Promise.all(
      this.#systems(({ webhooks }) => webhooks === true).map(
        (plant) => this.#stage.ask(plant, "book/summary") as Promise<{ undelivered: number }>,
      ),
    );
    return books.reduce((sum, { undelivered }) => sum + undelivered, 0);
  }

  #systems(wanted: (system: Stage["scene"]["systems"][string]) => boolean): string[] {
    const { systems } = this.#stage.scene;
    return Object.keys(systems).filter((name) => wanted(systems[name]!));
  }
}

export interface Waiting extends Weather {
  /** Called at each look with what is waited for. */
  readonly waits: (what: string) => void;
  /** What people do meanwhile. @returns whether they did something */
  readonly meanwhile?: (look: Look) => Promise<boolean>;
  readonly withinMs: number;
}

/** Waits until everything is at rest. @throws DemoError when it is not in time */
export async function untilAtRest(
  stage: Stage,
  { waits, meanwhile = async () => false, withinMs, ...weather }: Waiting,
): Promise<void> {
  const rest = new Rest(stage, weather);
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const look = await rest.look();
    if (await meanwhile(look)) rest.disturb();
    else if (look.atRest) return;
    waits(look.busy ?? "all systems are looked at once more");
    if (performance.now() > giveUpAt)
      throw new DemoError(
        `not at rest after ${withinMs / 1000} s: ${look.busy ?? "the streams were not read to their end"}`,
      );
    await delay(EVERY_MS, undefined, { signal: stage.signal });
  }
}

function readOf(system: string, { stream, position, caughtUpTo, heartbeatAt }: Cursor): Read {
  // NaN where it was not told: later than nothing.
  const at = (time: string | null) => Date.parse(time ?? "");
  return { name: `${system}/${stream}`, position, upTo: at(caughtUpTo), lookedAt: at(heartbeatAt) };
}

function upToOf(streams: readonly Read[]): ReadonlyMap<string, number> {
  return new Map(streams.map(({ name, upTo }) => [name, upTo]));
}

function inWords(hand: {
  readonly queued: number;
  readonly untold: number;
  readonly lanes: Look["lanes"];
  readonly metrics: string;
}): string | undefined {
  const { queued, untold, lanes, metrics } = hand;
  const words = [
    [sumOf(metrics, "route_lag") + sumOf(metrics, "delivery_lag"), "events to decide on"],
    [sumOf(metrics, "inbound_held", `state="kept"`), "messages to translate"],
    [Object.values(lanes).reduce((sum, count) => sum + count, 0), "objects with calls to make"],
    [lanes.unknown, "of these to be looked for before anything is sent again"],
    [queued, "messages in the ERP's queue"],
    [untold, "reports of the plants on their way"],
  ] as const;
  const busy = words.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return busy.length > 0 ? busy.join(", ") : undefined;
}

/** Prometheus' text format: `name{labels} value`. */
function sumOf(metrics: string, name: string, label = ""): number {
  return [...metrics.matchAll(/^interlock_(\w+)(?:\{(.*)\})? ([0-9.]+)$/gm)]
    .filter(([, gauge, labels = ""]) => gauge === name && labels.includes(label))
    .reduce((sum, [, , , value]) => sum + Number(value), 0);
}
