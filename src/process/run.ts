/**
 * Deciding on what was handed out: one read of the deliveries with their instances, the pure core, one call of
 * `decide_batch` (sql/0018_less_to_begin.sql), which writes all of it or nothing. Or on what is being handed out: one read of the
 * instances, the same core, one call of `route_and_decide` (sql/0018_less_to_begin.sql).
 */
import { DatabaseError } from "pg";
import { isDataError, StoreError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import { RELEASE_EVENT } from "../event/engine-event.ts";
import { eventType } from "../event/envelope.ts";
import { type Moment, now, systemClock } from "../lease/deadline.ts";
import { ledgerEvent, withMicros } from "../ledger/read.ts";
import { appendRow } from "../ledger/row.ts";
import { partitionOf } from "../route/partition.ts";
import { PAST_CHANGED } from "../route/queries.ts";
import type { Handout } from "../route/router.ts";
import type { Surroundings } from "./catalog.ts";
import type { ProcessDefinition } from "./contract.ts";
import { decideInstance, type InstanceWork, type Recovery } from "./decide.ts";
import { type FactCache, FactsMissing } from "./facts.ts";
import { type Deferred, type Delivery, type Instance, refuseNewer } from "./instance.ts";
import type { Definitions } from "./load.ts";
import type { DeferredRow, EffectRow, Outcome } from "./outcome.ts";
import {
  decideBatch,
  type Deciding,
  type DeliveryRow,
  type InstanceColumns,
  selectBehind,
  selectDeferred,
  selectDeliveries,
  selectFacts,
  routeAndDecide,
  selectKept,
  selectStanding,
  type StoredRow,
} from "./queries.ts";
import { unknownProcessCase } from "./trouble.ts";
import { withdrawalRows } from "./withdrawal.ts";

export interface DecideOptions {
  readonly pool: Pool;
  readonly hub: { readonly id: string };
  /** The partitions this hub holds. */
  readonly leases: readonly HeldPartition[];
  readonly leaseMs: number;
  readonly definitions: Definitions;
  readonly surroundings: Surroundings;
  readonly facts: FactCache;
  /** Systems this hub owns, whose idle lanes may start already sending; none: dispatch finds everything itself. */
  readonly claims: readonly Claim[];
  /** Deliveries at most. */
  readonly limit: number;
}

export interface HeldPartition {
  readonly name: string;
  readonly partition: number;
  readonly fence: number;
  /** The checkpoint it must still have when it is written for (D7). */
  readonly was?: number | undefined;
}

export interface Claim {
  readonly system: string;
  readonly fence: number;
  /** How long after the claim a send may still begin, and how long it may take. */
  readonly deadlineMs: number;
  readonly timeoutMs: number;
}

/** An effect whose lane is sending on behalf of this hub: everything a sender needs. */
export type ClaimedEffect = Omit<EffectRow, "claim">;

export interface DecideResult {
  readonly consumed: number;
  readonly more: boolean;
  readonly claimed: readonly ClaimedEffect[];
  /** Before the claim was asked for: a deadline counted from here is never later than the lane's. */
  readonly claimedFrom: Moment;
  /** Systems where lanes may have moved that nobody was told to send: effects nobody claimed, withdrawals. */
  readonly stirred: ReadonlySet<string>;
  /** The ledger may have grown: by derived events, by answers to withdrawals. */
  readonly told: boolean;
  /** Positions decided up to, by lease name. */
  readonly checkpoints: Readonly<Record<string, number>>;
}

const NOTHING: DecideResult = {
  consumed: 0,
  more: false,
  claimed: [],
  claimedFrom: now(systemClock),
  stirred: new Set(),
  told: false,
  checkpoints: {},
};

/** Another hub's router or a person may come in between; more often than this in a row is a fault. */
const TRIES = 20;

/**
 * Decides on the next deliveries. What another transaction changed between read and commit is read again.
 * @throws DatabaseError IL001 when a lease is lost: nothing was written; stop deciding
 * @throws ProcessError PROCESS_VERSION_NEWER when an instance is of a newer definition: give the lease up
 */
export async function decideStep(options: DecideOptions): Promise<DecideResult> {
  try {
    return await decideNext(options, undefined);
  } catch (error) {
    if (!isDataError(error)) throw error;
    // One instance's poison must not stop all others: fewer and fewer, until it is alone and held.
    if (options.limit === 1) return decideNext(options, error.message);
    return { ...(await decideStep({ ...options, limit: Math.ceil(options.limit / 2) })), more: true };
  }
}

/** Half of what is read at once: what follows may have been left for the next time. */
function isMuch(events: readonly { readonly body: string }[]): boolean {
  return events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0) > 8_388_608;
}

async function decideNext(options: DecideOptions, refused: string | undefined): Promise<DecideResult> {
  const { pool, leases, limit } = options;
  return again(options.facts, async (useFacts) => {
    const rows = await selectDeliveries(pool, leases, limit);
    if (rows.length === 0) return NOTHING;
    const decided = await decideOn({ ...options, refused }, rows, useFacts, (deciding) =>
      decideBatch(pool, deciding),
    );
    return { ...decided, more: rows.length === limit || isMuch(rows) };
  });
}

/**
 * Decides on what the router is about to hand out to partitions of this hub, in the transaction that hands it out.
 * @returns undefined: it cannot be, and nothing was written; what is handed out by itself, `decideStep` decides on, or says why not
 * @throws StoreError when the database is lost, and with it what is known of the transaction
 * @throws DatabaseError PAST_CHANGED as `routeEvents`
 */
export async function decideHandout(
  options: DecideOptions,
  handout: Handout,
): Promise<DecideResult | undefined> {
  const { pool, leases, limit, facts } = options;
  const names = new Map(leases.map(({ name, partition }) => [partition, name]));
  const mine = handout.deliveries.filter(({ partition }) => names.has(partition));
  if (mine.length === 0 || mine.length > limit) return undefined;
  if (mine.some(({ event }) => event.type === TIMER_FIRED) || isMuch(mine.map(({ event }) => event)))
    return undefined;
  const touched = new Set(mine.map(({ partition }) => partition));
  const held = leases.filter(({ partition }) => touched.has(partition));
  try {
    return await again(facts, async (useFacts) => {
      const found = await selectStanding(pool, held, mine);
      const stored = new Map(found.map((row) => [`${row.process}/${row.key}`, row]));
      const rows: DeliveryRow[] = [];
      for (const { event, n, process, key } of mine) {
        const row = stored.get(`${process}/${key}`);
        if (!row || row.is_left) return undefined;
        rows.push({ ...event, n, generation: null, ...row });
      }
      const stood = new Map(found.map(({ partition, checkpoint }) => [partition, checkpoint]));
      const standing = held.map((lease) => ({ ...lease, was: stood.get(lease.partition) }));
      return decideOn({ ...options, leases: standing }, rows, useFacts, (deciding) =>
        routeAndDecide(pool, handout, deciding),
      );
    });
  } catch (error) {
    // Whatever is wrong with deciding, routing goes on.
    const { code } = (error ?? {}) as { code?: unknown };
    if (error instanceof StoreError || code === PAST_CHANGED) throw error;
    return undefined;
  }
}

const TIMER_FIRED = eventType("TimerFired");

/** Decides on these deliveries and writes it. */
async function decideOn(
  options: DecideOptions & { readonly refused?: string | undefined },
  rows: readonly DeliveryRow[],
  useFacts: (facts: readonly { kind: string; key: string }[]) => void,
  writing: Writing,
): Promise<DecideResult> {
  const { leases, refused } = options;
  const { works, unknown } = await worksOf(options, rows);
  const decidable = works.map((work) => ({ ...work, refused }));
  const outcomes = await decideAll(options, decidable, recoveryOf(rows[0]!), useFacts);
  const checkpoints: Record<string, number> = {};
  for (const { partition, n } of rows) {
    const lease = leases.find((each) => each.partition === partition)!;
    checkpoints[lease.name] = n;
  }
  const written = await write(options, outcomes, unknown, checkpoints, writing);
  return { consumed: rows.length, more: false, checkpoints, ...written };
}

/** @returns references of the effects that were claimed */
type Writing = (deciding: Deciding) => Promise<string[]>;

/**
 * Brings instances that a newer definition left behind to its version, so that what they keep for later can move.
 * @param after the key to go on from, "" at first
 * @returns the key to go on from; undefined when there are no more
 * @throws as `decideStep`
 */
export async function migrateStep(
  options: DecideOptions & { readonly process: string; readonly after: string },
): Promise<{ migrated: number; after: string | undefined }> {
  const { pool, leases, limit, definitions, process, after } = options;
  const definition = definitions.get(process)!;
  return again(options.facts, async (useFacts) => {
    const partitions = leases.map(({ partition }) => partition);
    const rows = await selectBehind(pool, process, after, definition.version, partitions, limit);
    await decideStored(options, definition, rows, useFacts);
    return { migrated: rows.length, after: rows.length === limit ? rows.at(-1)!.key : undefined };
  });
}

/**
 * Decides on what was kept while its process was not there: no event need come for it any more.
 * @param after the key to go on from, "" at first
 * @returns the key to go on from; undefined when there are no more
 * @throws as `decideStep`
 */
export async function resumeStep(
  options: DecideOptions & { readonly process: string; readonly after: string },
): Promise<{ after: string | undefined }> {
  const { pool, leases, limit, definitions, process, after } = options;
  const definition = definitions.get(process)!;
  const mine = new Set(leases.map(({ partition }) => partition));
  return again(options.facts, async (useFacts) => {
    const found = await selectKept(pool, process, after, limit);
    const rows = found
      .map((row) => ({ ...row, partition: partitionOf(process, row.key) }))
      // what a newer definition decided on is left alone
      .filter((row) => mine.has(row.partition) && (row.definition_version ?? 0) <= definition.version);
    await decideStored(options, definition, rows, useFacts);
    return { after: found.length === limit ? found.at(-1)!.key : undefined };
  });
}

/** Decides on instances to which nothing was handed out: what they keep may move. */
async function decideStored(
  options: DecideOptions,
  definition: ProcessDefinition,
  rows: readonly StoredRow[],
  useFacts: (facts: readonly { kind: string; key: string }[]) => void,
): Promise<void> {
  if (rows.length === 0) return;
  const deferred = await deferredOf(
    options.pool,
    rows.filter((row) => row.has_deferred),
  );
  const works = rows.map((row): InstanceWork => {
    const { key, partition } = row;
    return {
      definition,
      key,
      partition,
      stored: instanceOf(row),
      deferred: deferred.get(`${definition.name}/${key}`) ?? [],
      deliveries: [],
    };
  });
  const outcomes = await decideAll(options, works, recoveryOf(rows[0]!), useFacts);
  const touched = new Set(rows.map(({ partition }) => partition));
  const checkpoints = Object.fromEntries(
    options.leases.filter(({ partition }) => touched.has(partition)).map(({ name }) => [name, 0]),
  );
  await write(options, outcomes, emptyUnknown(), checkpoints, (deciding) =>
    decideBatch(options.pool, deciding),
  );
}

/** Does it again when a fact or an instance was changed by somebody else meanwhile. */
async function again<T>(
  facts: FactCache,
  step: (useFacts: (facts: readonly { kind: string; key: string }[]) => void) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const used: { kind: string; key: string }[] = [];
    try {
      return await step((more) => used.push(...more));
    } catch (error) {
      const code = error instanceof DatabaseError ? error.code : undefined;
      if ((code !== "IL002" && code !== "IL003") || tries === TRIES) throw error;
      facts.forget(used);
    }
  }
}

interface Unknown {
  readonly deferred: DeferredRow[];
  readonly cases: object[];
}

function emptyUnknown(): Unknown {
  return { deferred: [], cases: [] };
}

const RELEASED = eventType(RELEASE_EVENT);

/** The deliveries by instance, in the order in which each came first. */
async function worksOf(
  { pool, definitions, surroundings }: DecideOptions,
  rows: readonly DeliveryRow[],
): Promise<{ works: InstanceWork[]; unknown: Unknown }> {
  const unknown = emptyUnknown();
  const works = new Map<string, InstanceWork & { deliveries: Delivery[]; deferred: readonly Deferred[] }>();
  const keeping = new Map<string, DeliveryRow>();
  for (const row of rows) {
    const { process, key, partition, n } = row;
    const definition = definitions.get(process);
    const event = ledgerEvent(row);
    if (!definition) {
      unknown.deferred.push({ process, key, n, seq: event.seq, deadline_at: null });
      unknown.cases.push(unknownProcessCase(process, event, surroundings));
      continue;
    }
    const id = `${process}/${key}`;
    let work = works.get(id);
    if (!work) {
      const stored = instanceOf(row);
      if (stored) refuseNewer(definition, key, stored.definitionVersion);
      work = { definition, key, partition, stored, deferred: [], deliveries: [] };
      works.set(id, work);
    }
    // a held instance only adds to what it keeps, until it is released
    const first = work.deliveries.length === 0;
    if (row.has_deferred && (work.stored?.held === undefined ? first : event.type === RELEASED))
      keeping.set(id, row);
    work.deliveries.push({ n, event, timerGeneration: row.generation ?? undefined });
  }
  for (const [id, deferred] of await deferredOf(pool, [...keeping.values()]))
    works.set(id, { ...works.get(id)!, deferred });
  return { works: [...works.values()], unknown };
}

async function deferredOf(
  pool: Pool,
  instances: readonly { readonly process: string; readonly key: string }[],
): Promise<Map<string, Deferred[]>> {
  const found = new Map<string, Deferred[]>();
  if (instances.length === 0) return found;
  for (const row of await selectDeferred(pool, instances)) {
    const id = `${row.process}/${row.key}`;
    const list = found.get(id) ?? [];
    found.set(id, list);
    list.push({
      n: row.n,
      event: ledgerEvent(row),
      timerGeneration: row.generation ?? undefined,
      deadlineAt: row.deadline_at === null ? undefined : withMicros(row.deadline_at),
      expired: row.expired,
    });
  }
  return found;
}

function instanceOf(row: InstanceColumns): Instance | undefined {
  if (row.phase === null) return undefined;
  return {
    definitionVersion: row.definition_version!,
    phase: row.phase,
    state: (JSON.parse(row.state!) as unknown) ?? undefined,
    beganAt: withMicros(row.began_at!),
    correlation: row.instance_correlation!,
    plant: row.instance_plant ?? undefined,
    lastN: row.last_n!,
    version: row.instance_version!,
    held: row.held ?? undefined,
  };
}

function recoveryOf(row: { recovery_open: boolean | null; recovery_began_at: string | null }): Recovery {
  return { open: row.recovery_open === true, latestBeganAt: row.recovery_began_at ?? undefined };
}

/** A pure definition asks for new facts only after an event more was handled; one that asks for ever is held. */
const FACT_ROUNDS = 1_000;

/** Decides each instance; those that ask for facts not known yet once more when they are. */
async function decideAll(
  { pool, surroundings, facts }: DecideOptions,
  works: readonly InstanceWork[],
  recovery: Recovery,
  useFacts: (facts: readonly { kind: string; key: string }[]) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let left = works;
  for (let round = 1; left.length > 0; round++) {
    if (round > FACT_ROUNDS)
      left = left.map((work) => ({
        ...work,
        refused: "the facts it relies on differ each time it is decided",
      }));
    const missing: { kind: string; key: string }[] = [];
    left = left.filter((work) => {
      try {
        const outcome = decideInstance(work, surroundings, facts, recovery);
        outcomes.push(outcome);
        useFacts(outcome.factUses);
        return false;
      } catch (error) {
        if (!(error instanceof FactsMissing)) throw error;
        missing.push(...error.facts);
        return true;
      }
    });
    if (missing.length === 0) break;
    for (const { kind, key, value, seq } of await selectFacts(pool, missing))
      facts.set(kind, key, { value: value === null ? undefined : JSON.parse(value), seq });
  }
  return outcomes;
}

async function write(
  options: DecideOptions,
  outcomes: readonly Outcome[],
  unknown: Unknown,
  checkpoints: Readonly<Record<string, number>>,
  writing: Writing,
): Promise<Pick<DecideResult, "claimed" | "claimedFrom" | "stirred" | "told">> {
  const { pool, hub, leases, leaseMs, claims } = options;
  const effects = outcomes.flatMap((outcome) => outcome.effects);
  const withdrawals = await withdrawalRows(pool, outcomes);
  const derived = outcomes.flatMap((outcome) => outcome.derived);
  const claimedFrom = now(systemClock);
  const references = await writing({
    instances: JSON.stringify(outcomes.flatMap((outcome) => outcome.instance ?? [])),
    effects: JSON.stringify(effects.map((effect, ord) => ({ ord, ...effect }))),
    rest: JSON.stringify({
      hub: hub.id,
      leaseMs,
      // a lease whose partition nothing is written for needs no check, and its row no new version
      leases: leases
        .filter(({ name }) => checkpoints[name] !== undefined)
        .map(({ name, fence, was }) => ({ name, fence, was, checkpoint: checkpoints[name] })),
      factUses: outcomes.flatMap((outcome) => outcome.factUses),
      finished: outcomes.flatMap((outcome) => outcome.finished),
      undeferred: outcomes.flatMap((outcome) => outcome.undeferred),
      deferred: [...outcomes.flatMap((outcome) => outcome.deferred), ...unknown.deferred],
      timersCleared: outcomes.flatMap((outcome) => outcome.timersCleared),
      timers: outcomes.flatMap((outcome) => outcome.timers),
      claims: claims.map(({ system, fence, deadlineMs, timeoutMs }) => ({
        system,
        fence,
        hub: hub.id,
        deadline_ms: deadlineMs,
        timeout_ms: timeoutMs,
      })),
      withdrawals,
      cases: [...outcomes.flatMap((outcome) => outcome.cases), ...unknown.cases],
      settledMembers: outcomes.flatMap((outcome) => outcome.settledMembers),
      derived: derived.map(appendRow),
    }),
  });
  const left = new Map(effects.map((effect) => [effect.reference, effect]));
  const claimed = references.map((reference) => left.get(reference)!);
  for (const reference of references) left.delete(reference);
  const stirred = new Set([...left.values(), ...withdrawals].map(({ system }) => system));
  return { claimed, claimedFrom, stirred, told: derived.length > 0 || withdrawals.length > 0 };
}
