/**
 * What a hub does under its leases. Each lease starts its own work and ends it: the router's reads the ledger's tail and lets
 * time pass, a partition's decides, a system's sends, polls and admits. Bells tell that there may be something to do; what there
 * is, each reads from the database. Only what the router hands out to partitions of its own hub is decided on at once, in its step.
 */
import type { CaseRules } from "../case/open.ts";
import type { Project, System } from "../config/project.ts";
import { isDataError, StoreError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import { type Dispatcher, startDispatcher } from "../dispatch/dispatcher.ts";
import type { Pulse } from "../dispatch/pulse.ts";
import { systemClock } from "../lease/deadline.ts";
import { isLeaseLost, type Lease, type LeaseWork } from "../lease/leases.ts";
import { admitNext, type AdmitterParts } from "../intake/admitter.ts";
import { pollOnce } from "../intake/poll.ts";
import { Silence } from "../intake/silence.ts";
import { inboundMessage } from "../intake/native.ts";
import type { Keeper } from "../intake/keeper.ts";
import type { Held } from "../intake/queries.ts";
import type { Surroundings } from "../process/catalog.ts";
import { passTime } from "../process/clock.ts";
import { FactCache } from "../process/facts.ts";
import type { Definitions } from "../process/load.ts";
import {
  decideHandout,
  decideStep,
  migrateStep,
  resumeStep,
  type DecideOptions,
  type DecideResult,
} from "../process/run.ts";
import { PARTITIONS } from "../route/partition.ts";
import type { Position } from "../route/queries.ts";
import { type Handout, routeStep } from "../route/router.ts";
import { enterViews, followStep, VIEWS_LEASE } from "../view/follow.ts";
import type { Views } from "../view/scan.ts";
import type { Appender } from "../ledger/append.ts";
import { Bell } from "../ledger/bell.ts";
import type { Lookout } from "../ledger/lookout.ts";
import type { Recent } from "../ledger/recent.ts";
import { type Loop, type LoopOptions, startLoop } from "./loop.ts";
import type { Speaker } from "./sessions.ts";

export interface WorkOptions {
  readonly pool: Pool;
  readonly hub: string;
  readonly leaseMs: number;
  readonly project: Project;
  readonly definitions: Definitions;
  readonly views: Views;
  /** Given what this hub sends to: see `EffectCatalog.claimable`. */
  readonly surroundings: (claimable: (system: string) => boolean) => Surroundings;
  readonly rules: CaseRules;
  readonly speakers: ReadonlyMap<string, Speaker>;
  readonly admission: Omit<AdmitterParts, "bell" | "pool">;
  readonly appender: Appender;
  readonly bells: Bells;
  readonly keeper: Keeper;
  readonly recent: Recent;
  readonly lookout: Lookout;
  /** A transaction found one of several leases gone: renewal says which. */
  readonly renew: () => void;
  readonly failed: (error: unknown, what: string) => void;
  /** A stream could not be read, and why. */
  readonly unreadable: (stream: string, why: string) => void;
}

/** Who waits for what. A ring wakes only those that it concerns. */
export interface Bells {
  /** The ledger has grown. */
  readonly ledger: Bell;
  /** Something was routed. */
  readonly routed: Bell;
  /** Something was handed out that this hub may have to decide on. */
  readonly handedOut: Bell;
  /** By system: a native message of it was kept. */
  readonly kept: ReadonlyMap<string, Bell>;
}

export function createBells(systems: Iterable<string>): Bells {
  const kept = new Map([...systems].map((system) => [system, new Bell()]));
  return { ledger: new Bell(), routed: new Bell(), handedOut: new Bell(), kept };
}

export const ROUTER = "router";

export function leaseNames(project: Project): string[] {
  const partitions = Array.from({ length: PARTITIONS }, (_, n) => `process:${String(n).padStart(2, "0")}`);
  return [ROUTER, VIEWS_LEASE, ...partitions, ...[...project.systems.keys()].map((id) => `system:${id}`)];
}

const CLOCK_MS = 250;
const BATCH = 500;
const POLL_STREAM_MS = 1_000;
/** A stream that cannot be read is tried again after its interval, doubled each time, and at least this often. */
const UNREADABLE_MS = 2_000;

export class Work {
  readonly #options: WorkOptions;
  readonly #facts = new FactCache();
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #partitions = new Map<string, { lease: Lease; partition: number }>();
  readonly #surroundings: Surroundings;
  #deciding: Loop | undefined;
  /** Partitions taken so far, and how many of them were there when all instances were last brought to their definitions. */
  #taken = 0;
  #migrated = 0;
  #lastAlone: Promise<unknown> = Promise.resolve();

  constructor(options: WorkOptions) {
    this.#options = options;
    this.#surroundings = options.surroundings(
      (system) => this.#dispatchers.get(system)?.terms() !== undefined,
    );
  }

  /** A person or another hub may have made lanes move. */
  wake(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.wake();
  }

  /** How a system fares that this hub sends to; undefined while another hub does, or nobody. */
  pulseOf(system: string): Pulse | undefined {
    return this.#dispatchers.get(system)?.pulse();
  }

  begin(lease: Lease, lost: () => void): Promise<LeaseWork> {
    if (lease.name === ROUTER) return Promise.resolve(this.#route(lease, lost));
    if (lease.name === VIEWS_LEASE) return this.#view(lease, lost);
    if (lease.name.startsWith("process:")) return Promise.resolve(this.#decide(lease));
    return this.#serve(lease, lost);
  }

  #loop(
    name: string,
    step: LoopOptions["step"],
    lost: () => void,
    when: Pick<LoopOptions, "bell" | "lookout">,
  ): Loop {
    return startLoop({
      name,
      step,
      ...when,
      failed: (error) => {
        if (!isLeaseLost(error)) this.#options.failed(error, name);
        else lost();
        return isLeaseLost(error);
      },
    });
  }

  #route(lease: Lease, lost: () => void): LeaseWork {
    const { pool, hub, leaseMs, definitions, bells, recent, lookout } = this.#options;
    let position: Position = { noted: 0, read: 0 };
    /** `unknown` of the bell before the last look that came to the end. */
    let looked: number | undefined;
    const route = this.#loop(
      "route",
      async () => {
        const { unknown } = bells.ledger;
        const step = await routeStep({
          pool,
          hub: { id: hub },
          fence: lease.fence,
          definitions,
          leaseMs,
          limit: BATCH,
          position,
          recent,
          look: unknown !== looked,
          decide: (handout) => this.#decideHandout(handout),
        });
        ({ position } = step);
        if (!step.more) looked = unknown;
        if (step.routed > 0) bells.routed.ring();
        if (step.handedOut) bells.handedOut.ring();
        return step.more;
      },
      lost,
      { bell: bells.ledger, lookout },
    );
    const surroundings = this.#surroundings;
    const clock = this.#loop(
      "clock",
      async () => {
        const { told, more } = await passTime({ pool, limit: BATCH, surroundings });
        if (told > 0) bells.ledger.ring();
        return more;
      },
      lost,
      { lookout: { everyMs: CLOCK_MS } },
    );
    return stopping([route, clock]);
  }

  async #view(lease: Lease, lost: () => void): Promise<LeaseWork> {
    const { pool, hub, leaseMs, views, bells, lookout } = this.#options;
    await enterViews(pool, views);
    const following = { pool, hub, leaseMs, views, fence: lease.fence };
    const when = { bell: bells.routed, lookout };
    return stopping([this.#loop("follow", () => followStep(following), lost, when)]);
  }

  #decide(lease: Lease): LeaseWork {
    this.#partitions.set(lease.name, { lease, partition: Number(lease.name.slice("process:".length)) });
    this.#taken += 1;
    this.#options.bells.handedOut.ring();
    this.#deciding ??= startLoop({
      name: "decide",
      step: () => this.#alone(() => this.#decideStep()),
      bell: this.#options.bells.handedOut,
      lookout: this.#options.lookout,
      failed: (error) => {
        this.#doubt();
        // One transaction decides for all partitions, so it cannot say which lease is gone.
        if (isLeaseLost(error)) this.#options.renew();
        else this.#options.failed(error, "decide");
        return false;
      },
    });
    return {
      stop: async () => {
        this.#partitions.delete(lease.name);
        const deciding = this.#deciding;
        if (this.#partitions.size === 0) this.#deciding = undefined;
        // The step in hand may still write for this partition.
        await this.#alone(async () => {});
        if (this.#deciding !== deciding) await deciding?.stop();
      },
    };
  }

  /** One decides at a time: what the other is about to write would be refused. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const ended = this.#lastAlone.then(work);
    this.#lastAlone = ended.catch(() => {});
    return ended;
  }

  #doubt(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.doubt();
  }

  async #decideStep(): Promise<boolean> {
    const options = this.#decideOptions();
    if (options.leases.length === 0) return false;
    const taken = this.#taken;
    if (this.#migrated < taken) {
      try {
        await this.#migrate(options);
        this.#options.bells.ledger.ring();
      } catch (error) {
        // After what the database refuses for good, deciding must go on; after all else it is done again.
        if (isDataError(error)) this.#migrated = taken;
        throw error;
      }
      this.#migrated = taken;
    }
    const decided = await decideStep(options);
    if (decided.consumed > 0) this.#tell(decided);
    return decided.more;
  }

  async #decideHandout(handout: Handout): Promise<boolean> {
    // Bringing all instances to a new definition takes its time, and nobody else's events wait for that.
    if (this.#migrated < this.#taken) return false;
    return this.#alone(async () => {
      try {
        const decided = await decideHandout(this.#decideOptions(), handout);
        if (decided) this.#tell(decided);
        return decided !== undefined;
      } catch (error) {
        if (error instanceof StoreError) this.#doubt();
        throw error;
      }
    });
  }

  #tell({ claimed, claimedFrom, stirred, told }: DecideResult): void {
    const bySystem = Map.groupBy(claimed, ({ system }) => system);
    for (const [system, dispatcher] of this.#dispatchers) {
      const mine = bySystem.get(system);
      if (mine) dispatcher.offer(mine, claimedFrom);
      if (stirred.has(system)) dispatcher.wake();
    }
    if (told) this.#options.bells.ledger.ring();
  }

  #decideOptions(): DecideOptions {
    const { pool, hub, leaseMs, definitions } = this.#options;
    return {
      pool,
      hub: { id: hub },
      leases: [...this.#partitions.values()].map(({ lease, partition }) => ({
        name: lease.name,
        partition,
        fence: lease.fence,
      })),
      leaseMs,
      definitions,
      surroundings: this.#surroundings,
      facts: this.#facts,
      claims: [...this.#dispatchers.values()].flatMap((dispatcher) => dispatcher.terms() ?? []),
      limit: BATCH,
    };
  }

  /** Instances that an older definition left, or that kept something while theirs was not there: only this moves them. */
  async #migrate(options: DecideOptions): Promise<void> {
    for (const process of options.definitions.keys()) {
      let after: string | undefined = "";
      while (after !== undefined) ({ after } = await migrateStep({ ...options, process, after }));
      after = "";
      while (after !== undefined) ({ after } = await resumeStep({ ...options, process, after }));
    }
  }

  /** Of a system that stands in a plant. */
  #silenceOf({ id, plant, pace }: System): Silence | undefined {
    if (plant === undefined) return undefined;
    const { pool, appender, rules: cases } = this.#options;
    const { unreachableAfterMs: afterMs } = pace;
    return new Silence({
      pool,
      appender,
      system: id,
      plant,
      cases,
      ...(afterMs !== undefined && { afterMs }),
    });
  }

  async #serve(lease: Lease, lost: () => void): Promise<LeaseWork> {
    const { pool, hub, leaseMs, rules, speakers, failed, unreadable, bells, recent, lookout } = this.#options;
    const { admission, keeper } = this.#options;
    const system = lease.name.slice("system:".length);
    const kept = bells.kept.get(system)!;
    const { session, connector, reader, system: configured } = speakers.get(system)!;
    const held: Held = { hub, lease: lease.name, fence: lease.fence, leaseMs };
    const loops = [
      this.#loop(
        `admit ${system}`,
        async () => {
          const parts = { ...admission, pool, bell: bells.ledger };
          const step = await admitNext(parts, { system, session: reader, held });
          if (step.ended > 0) this.#dispatchers.get(system)?.wake();
          return step.more;
        },
        lost,
        { bell: kept, lookout },
      ),
    ];
    if (!session || !connector) return stopping(loops);
    const silence = this.#silenceOf(configured);
    for (const [stream, { kind, intervalMs = POLL_STREAM_MS }] of Object.entries(connector.streams)) {
      if (kind !== "poll") continue;
      const polling = { pool, system, stream, session, held, cases: rules, bell: kept };
      const pollMs = configured.pace.pollMs ?? intervalMs;
      let said: string | undefined;
      let failures = 0;
      loops.push(
        this.#loop(
          `poll ${system}/${stream}`,
          async (signal) => {
            const step = await pollOnce(polling, signal);
            if (step.outcome === "read") {
              said = undefined;
              failures = 0;
              await silence?.heard(stream);
              return step.more;
            }
            // Told once, not with every try: GET /v1/systems shows since when the stream is silent.
            if (said !== step.why) unreadable(`${system}/${stream}`, (said = step.why));
            await silence?.unheard(stream, step.why);
            const waitMs = Math.min(UNREADABLE_MS, pollMs * 2 ** failures++);
            return step.outcome === "retry" ? (step.retryAfterMs ?? waitMs) : waitMs;
          },
          lost,
          { lookout: { everyMs: pollMs } },
        ),
      );
    }
    const others = stopping(loops);
    const dispatcher = await startDispatcher({
      pool,
      hub,
      system,
      fence: lease.fence,
      leaseMs,
      session,
      effects: connector.effects,
      rules,
      pace: configured.pace,
      lookout,
      clock: systemClock,
      random: Math.random,
      lost,
      failed,
      async keep({ stream, message }) {
        await keeper.keep(inboundMessage({ system, stream, session: reader }, message, 0));
      },
      settled(told) {
        bells.ledger.ring(told !== undefined && recent.add(told));
      },
    }).catch(async (error: unknown) => {
      await others.stop("released");
      throw error;
    });
    this.#dispatchers.set(system, dispatcher);
    return {
      stop: async (how) => {
        this.#dispatchers.delete(system);
        await Promise.all([dispatcher.stop(how), others.stop(how)]);
      },
    };
  }
}

function stopping(loops: readonly Loop[]): LeaseWork {
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
