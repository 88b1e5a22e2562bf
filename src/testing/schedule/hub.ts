import type { EffectDeclaration } from "../../connector/contract.ts";
import type { Surroundings } from "../../process/catalog.ts";
import { FactCache } from "../../process/facts.ts";
import { ALWAYS } from "../../process/calendar.ts";
import { decideHandout, decideStep, type DecideOptions, type DecideResult } from "../../process/run.ts";
import { StoreError } from "../../db/errors.ts";
import type { Pool } from "../../db/pool.ts";
import { type Dispatcher, startDispatcher } from "../../dispatch/dispatcher.ts";
import { Intake } from "../../intake/receive.ts";
import { CASES, RULES } from "../../intake/testing/plant.ts";
import { type Clock, now } from "../../lease/deadline.ts";
import { isLeaseLost } from "../../lease/leases.ts";
import { releaseLease, renewLeases, selectFree, takeLeases } from "../../lease/queries.ts";
import { Appender } from "../../ledger/append.ts";
import { Bell } from "../../ledger/bell.ts";
import { Recent } from "../../ledger/recent.ts";
import { Sources } from "../../ledger/source.ts";
import { partitionLease, PARTITIONS } from "../../route/partition.ts";
import type { Position } from "../../route/queries.ts";
import { type Handout, routeStep } from "../../route/router.ts";
import { Line, type Traffic } from "./line.ts";
import { orders } from "./order-process.ts";
import { SYSTEMS, type Targets } from "./target.ts";

export const WORK_KINDS = ["router", "process", "system"] as const;
export type WorkKind = (typeof WORK_KINDS)[number];
export const LEASE_MS = 15_000;
export const NAMES = [
  "router",
  ...Array.from({ length: PARTITIONS }, (_, n) => partitionLease(n)),
  ...Object.keys(SYSTEMS).map((system) => `system:${system}`),
];
const DEFINITIONS = new Map([[orders.name, orders]]);
/** A database error that a hub must live with: the line broke. */
const LINE_BROKE = /^57P/;

export interface Around {
  readonly pool: Pool;
  readonly ledgerId: string;
  /** How many restores came before. */
  readonly past: number;
  readonly clock: Clock;
  readonly targets: Targets;
  readonly traffic: Traffic;
  readonly hubs: ReadonlyMap<string, ScheduledHub>;
  /** What no hub may ever meet. */
  readonly faults: unknown[];
}

/** A hub whose steps a schedule takes one by one. Made of the engine's own parts; only what drives them is different. */
export class ScheduledHub {
  readonly id: string;
  readonly line: Line;
  readonly #around: Around;
  readonly #fences = new Map<string, number>();
  /** How far it has routed, under which lease. */
  #routed: { readonly fence: number; readonly position: Position } | undefined;
  readonly #recent = new Recent();
  readonly #dispatchers = new Map<string, Dispatcher>();
  readonly #facts = new FactCache();
  readonly #intake: Intake;
  readonly #surroundings: Surroundings;
  #stepping = false;

  constructor(id: string, around: Around) {
    this.id = id;
    this.#around = around;
    this.line = new Line(around.pool, around.traffic);
    const { pool } = this.line;
    this.#intake = new Intake({
      pool,
      appender: new Appender(pool, new Bell(), this.#recent),
      sources: new Sources(pool),
      rules: RULES,
      cases: CASES,
    });
    this.#surroundings = {
      ledgerId: around.ledgerId,
      workingTime: () => ALWAYS,
      caseDueAt: () => undefined,
      catalog: {
        resolve: (system, type, payload) => {
          const effects: Record<string, EffectDeclaration> = SYSTEMS[system as keyof typeof SYSTEMS];
          const { safety, settlesWithinMs, lane } = effects[type.replace(/\.v1$/, "")]!;
          return {
            system,
            lane: lane(payload as never),
            settleMs: settlesWithinMs,
            safety,
            claimable: this.#dispatchers.get(system)?.terms() !== undefined,
          };
        },
        streams: (watched) => [watched],
        checkEvent: () => undefined,
      },
    };
  }

  /** For whoever looks for the reason why something does not come to rest. */
  show(): object {
    const pulses = [...this.#dispatchers].map(([system, dispatcher]) => [system, dispatcher.pulse()]);
    return { hub: this.id, stepping: this.#stepping, ...Object.fromEntries(pulses) };
  }

  /** @returns whether the hub said that it keeps the event */
  async take(event: object): Promise<boolean> {
    const headers = { "content-type": "application/cloudevents+json" };
    const answer = await this.#intake.receive(headers, Buffer.from(JSON.stringify(event)));
    if (answer.kind === "one" && answer.receipt.ok) return true;
    const refusal = answer.kind === "one" && !answer.receipt.ok ? answer.receipt.refusal : answer;
    if (!("status" in refusal) || refusal.status !== 503) this.#around.faults.push(refusal);
    return false;
  }

  /** A loop of this hub takes its next step, unless the one before has not ended. */
  #step(work: () => Promise<void>): void {
    if (this.#stepping) return;
    this.#stepping = true;
    work()
      .catch((error: unknown) => {
        if (!isExpected(error)) this.#around.faults.push(error);
      })
      .finally(() => (this.#stepping = false));
  }

  /** Renews, and takes what is free, as src/lease does from time to time: all of it, or one kind of work. */
  look(kind?: WorkKind): void {
    this.#step(() => this.#renewAndTake(NAMES.filter((name) => kind === undefined || name.startsWith(kind))));
  }

  /** Gives a kind of work up in order: what is in hand ends first. */
  give(kind: WorkKind): void {
    const names = [...this.#fences.keys()].filter((name) => name.startsWith(kind));
    if (kind !== "system") this.#step(() => this.#release(names));
    else
      this.#release(names).catch((error: unknown) => {
        if (!isExpected(error)) this.#around.faults.push(error);
      });
  }

  async #release(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const fence = this.#fences.get(name);
      if (fence === undefined) continue;
      await this.#dispatchers.get(name.slice("system:".length))?.stop("released");
      if (this.#fences.get(name) !== fence) continue;
      this.#fences.delete(name);
      this.#dispatchers.delete(name.slice("system:".length));
      await releaseLease(this.line.pool, this.id, { name, fence });
    }
  }

  async #renewAndTake(names: readonly string[]): Promise<void> {
    const { pool } = this.line;
    const claims = [...this.#fences].map(([name, fence]) => ({ name, fence }));
    for (const { name, held } of await renewLeases(pool, this.id, claims, LEASE_MS))
      if (!held) await this.#lose(name);
    const free = await selectFree(pool, names);
    const taken = await takeLeases(
      pool,
      this.id,
      free.map(({ name }) => name),
      1,
      LEASE_MS,
    );
    for (const { hub } of free) if (hub !== this.id) this.#around.hubs.get(hub)?.line.endSessions();
    for (const { name, fence } of taken) {
      await this.#lose(name);
      this.#fences.set(name, fence);
      if (name.startsWith("system:")) await this.#begin(name, fence);
    }
  }

  /** A lease whose work could not be begun is given up, as src/lease does: kept, it would be renewed and nobody would work. */
  async #begin(name: string, fence: number): Promise<void> {
    try {
      await this.#serve(name, fence);
    } catch (error) {
      this.#fences.delete(name);
      await releaseLease(this.line.pool, this.id, { name, fence });
      throw error;
    }
  }

  async #serve(lease: string, fence: number): Promise<void> {
    const { clock, targets, faults, past } = this.#around;
    const system = lease.slice("system:".length) as keyof typeof SYSTEMS;
    const dispatcher = await startDispatcher({
      pool: this.line.pool,
      hub: this.id,
      system,
      fence,
      leaseMs: LEASE_MS,
      session: targets.session(system, past, this.line),
      effects: SYSTEMS[system],
      rules: CASES,
      pace: { concurrency: 4, patience: { tries: 1_000, firstLookMs: 100 }, breaker: { failures: 1_000 } },
      lookout: { everyMs: 50 },
      clock,
      random: () => 0,
      keep: async () => {},
      settled: (told) => void (told && this.#recent.add(told)),
      lost: () => void this.#lose(lease),
      failed: (error) => {
        if (!isExpected(error)) faults.push(error);
      },
    });
    this.#dispatchers.set(system, dispatcher);
  }

  async #lose(lease: string): Promise<void> {
    const system = lease.slice("system:".length);
    this.#fences.delete(lease);
    const dispatcher = this.#dispatchers.get(system);
    this.#dispatchers.delete(system);
    await dispatcher?.stop("lost");
  }

  route(): void {
    const fence = this.#fences.get("router");
    if (fence === undefined) return;
    this.#step(async () => {
      const { pool } = this.line;
      const position = this.#routed?.fence === fence ? this.#routed.position : { noted: 0, read: 0 };
      const options = { pool, hub: this, fence, definitions: DEFINITIONS, leaseMs: LEASE_MS, limit: 5 };
      const known = { position, recent: this.#recent };
      const decide = (handout: Handout) => this.#decide((how) => decideHandout(how, handout));
      this.#routed = { fence, position: (await routeStep({ ...options, ...known, decide })).position };
    });
  }

  decide(): void {
    this.#step(async () => void (await this.#decide(decideStep)));
  }

  /** @returns whether anything was decided on */
  async #decide(decide: (how: DecideOptions) => Promise<DecideResult | undefined>): Promise<boolean> {
    const leases = Array.from({ length: PARTITIONS }, (_, partition) => {
      const name = partitionLease(partition);
      return { name, partition, fence: this.#fences.get(name) };
    }).filter((lease): lease is typeof lease & { fence: number } => lease.fence !== undefined);
    if (leases.length === 0) return false;
    // The claims' rights count from here, on the schedule's clock.
    const from = now(this.#around.clock);
    const decided = await decide({
      pool: this.line.pool,
      hub: this,
      leases,
      leaseMs: LEASE_MS,
      definitions: DEFINITIONS,
      surroundings: this.#surroundings,
      facts: this.#facts,
      claims: [...this.#dispatchers.values()].flatMap((dispatcher) => dispatcher.terms() ?? []),
      limit: 5,
    });
    for (const [system, effects] of Map.groupBy(decided?.claimed ?? [], (effect) => effect.system))
      this.#dispatchers.get(system)?.offer(effects, from);
    return decided !== undefined;
  }

  dispatch(): void {
    for (const dispatcher of this.#dispatchers.values()) dispatcher.wake();
  }
}

function isExpected(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return isLeaseLost(error) || error instanceof StoreError || LINE_BROKE.test(String(code));
}
