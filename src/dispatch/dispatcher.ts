/**
 * The sender of one system, run by the hub that holds the system's lease.
 *
 * One loop settles and claims in one transaction: what ended while the last one committed goes into the next, together with
 * as many new claims as there are free places. Between transactions calls run side by side, each on a lane of its own, so
 * nothing waits for the slowest. Nothing is remembered that the database does not know: after a crash, or when the lease is
 * lost, all that was in hand is simply dropped, and whoever comes next finds it `sending` and asks the target.
 */
import pg from "pg";
import type { CaseRules } from "../case/open.ts";
import type { Answer, EffectDeclaration, Session, Told } from "../connector/contract.ts";
import type { Pool } from "../db/pool.ts";
import { isOver, now, type Clock, type Moment } from "../lease/deadline.ts";
import { isLeaseLost } from "../lease/leases.ts";
import { Gather } from "../ledger/gather.ts";
import type { Lookout } from "../ledger/lookout.ts";
import type { EventRow } from "../ledger/queries.ts";
import { BREAKER, createBreaker, type BreakerSettings } from "./breaker.ts";
import { probe, send, sendBatch, type CallOptions } from "./call.ts";
import { asClaim, claimOf, type Claim, type ClaimedEffect } from "./claim.ts";
import { DispatchError } from "./errors.ts";
import { Latency } from "./latency.ts";
import {
  handBack,
  PATIENCE,
  settleProbe,
  settleSend,
  settleWithoutProbe,
  type Patience,
  type Settlement,
} from "./policy.ts";
import { peekLanes, settle, type Settled, takeOverLanes, type ClaimRow } from "./queries.ts";
import type { Pulse } from "./pulse.ts";
import { createRate } from "./rate.ts";
import { resultOf, unwritable, type Result } from "./result.ts";
import { createSettling } from "./settling.ts";

/** How one system is treated; what is left out has a sensible value. */
export interface Pace {
  /** Calls under way at once; 32 unless told. */
  readonly concurrency?: number;
  readonly requestsPerSecond?: number;
  /** How long after its claim a send may still begin; 5 s unless told: far within a lease, far beyond a busy hub's needs. */
  readonly deadlineMs?: number;
  /** Upper bound of one call; 10 s unless told. */
  readonly timeoutMs?: number;
  readonly patience?: Partial<Patience>;
  readonly breaker?: Partial<BreakerSettings>;
}

export interface DispatcherOptions {
  readonly pool: Pool;
  readonly hub: string;
  readonly system: string;
  readonly fence: number;
  readonly leaseMs: number;
  readonly session: Session;
  readonly effects: Readonly<Record<string, EffectDeclaration>>;
  readonly rules: CaseRules;
  readonly pace?: Pace;
  /** How often to look for lanes that move without a word to this dispatcher. */
  readonly lookout: Pick<Lookout, "everyMs">;
  readonly clock: Clock;
  /** From 0 to 1, for the jitter of waits. */
  readonly random: () => number;
  /** Keeps news that came as an answer; on disk when it resolves. */
  readonly keep: (told: Told) => Promise<void>;
  /** Outcomes are in the ledger: whoever reads it may look. @param told what was appended; undefined: it is not all known */
  readonly settled: (told: readonly EventRow[] | undefined) => void;
  /** A transaction found the lease gone: this dispatcher has dropped everything. */
  readonly lost: () => void;
  readonly failed: (error: unknown, what: string) => void;
}

/** On whose behalf a decision may insert effects that are already sending (`decide_batch`, claims). */
export interface ClaimTerms {
  readonly system: string;
  readonly fence: number;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
}

export interface Dispatcher {
  /** Undefined while the system should get no more: no place, paused, resting, rate limited or failing. */
  readonly terms: () => ClaimTerms | undefined;
  /** Effects that a decision claimed under `terms`. `from`: before the decision's transaction began. */
  readonly offer: (effects: readonly ClaimedEffect[], from: Moment) => void;
  /** Effects may have come that nobody claimed. */
  readonly wake: () => void;
  /** A decision's answer was lost: it may have claimed what was never offered. */
  readonly doubt: () => void;
  readonly pulse: () => Pulse;
  /** released: what is under way ends and is settled first. lost: everything is dropped. */
  readonly stop: (how: "released" | "lost") => Promise<void>;
}

/** How long after its claim a send may begin, unless a project says otherwise. */
export const SEND_WITHIN_MS = 5_000;
/** What an answer that was lost had claimed may be committed late: so long after it claims that nobody holds are looked for. */
const DOUBT_MS = 60_000;
/** Without a doubt, a look at every lane of the system is only a precaution. */
const SWEEP_MS = 300_000;
/** The engine gives up a call this much later than the connector itself should. */
const GRACE_MS = 500;
/** What a connector is told as the upper bound of one call, unless a project says otherwise. */
export const CALL_TIMEOUT_MS = 10_000;
const CONCURRENCY = 32;
/** Places come free by themselves, and what was due may have been held by a decision: so long until the next look. */
const LOOK_AGAIN_MS = 50;
const RESULTS = 500;
/** Where a call carries many effects, this many are claimed for each place, so that there is something to batch. */
const BATCHES_AHEAD = 8;
/** Letting go must end even when the database is gone: then the lease runs out by itself. */
const FAILURES_WHEN_STOPPING = 5;
/** A target may ask for a pause, not for a week's. */
const LONGEST_REST_MS = 3_600_000;

export async function startDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { pool, hub, system, fence, leaseMs, session, effects, rules, lookout, clock, random, failed } =
    options;
  const { concurrency = CONCURRENCY, requestsPerSecond, deadlineMs = SEND_WITHIN_MS } = options.pace ?? {};
  const patience = { ...PATIENCE, ...options.pace?.patience };
  const rate = createRate(requestsPerSecond, clock);
  const breaker = createBreaker({ ...BREAKER, ...options.pace?.breaker }, clock);
  const timeoutMs = (options.pace?.timeoutMs ?? CALL_TIMEOUT_MS) + GRACE_MS;
  const latency = new Latency(clock);
  const settling = createSettling(deadlineMs + timeoutMs, clock);
  const mostRows = Math.max(...Object.values(effects).map(({ batch = 1 }) => batch), 1);
  const spread = session.applyBatch ? Math.min(mostRows, BATCHES_AHEAD) : 1;
  let dropped = false;
  const calls: CallOptions = {
    session,
    clock,
    deadlineMs,
    timeoutMs,
    underWay: new Set(),
    threw: (error) => failed(error, `a call to ${system}`),
  };

  /** Claimed and not settled, by reference; `waiting` of them have not begun. */
  const inHand = new Map<string, Claim>();
  const waiting: Claim[] = [];
  let underWay = 0;
  let results: Result[] = [];
  let rest: { readonly from: Moment; readonly ms: number } | undefined;
  let mayBeDue = true;
  let stopping = false;
  let swept = now(clock);
  let doubted = swept;
  let ring = (): void => {};

  function terms(): ClaimTerms | undefined {
    if (stopping || requestsPerSecond !== undefined || freePlaces() < 1) return undefined;
    return { system, fence, deadlineMs, timeoutMs };
  }

  /** How many calls may begin beside those that are claimed. */
  function freePlaces(): number {
    if (quietMs() > 0) return 0;
    const taken = underWay + waiting.length;
    return Math.max(
      0,
      Math.min(concurrency * spread - taken, breaker.allows() - taken, rate.free(), RESULTS),
    );
  }

  /** How long nothing at all may go to the target: it asked for that, or does not work. */
  function quietMs(): number {
    const resting = rest && !isOver(clock, rest.from, rest.ms);
    return Math.max(resting ? rest!.ms - (clock.monotonic() - rest!.from.monotonic) : 0, breaker.waitMs());
  }

  function offer(claimed: readonly ClaimedEffect[], from: Moment): void {
    accept(claimed.map(asClaim), from);
  }

  function accept(rows: readonly ClaimRow[], from: Moment): void {
    for (const row of rows) {
      const settlesInMs = settling.leftMs(row.reference, row.settle_ms);
      const claim = claimOf(row, system, session, effects, from, settlesInMs);
      inHand.set(claim.effect.reference, claim);
      const known = row.doing === "probe" ? settleWithoutProbe(claim.situation) : undefined;
      if (known) end(claim, known, { beganAt: clock.wall() });
      else waiting.push(claim);
    }
    rate.take(rows.length);
    begin();
  }

  /** Starts what there is a place for: batches of one effect type where the connector takes them, the rest one by one. */
  function begin(): void {
    while (waiting.length > 0 && underWay < concurrency && !dropped) {
      const first = waiting.shift()!;
      const quiet = quietMs();
      if (quiet > 0 || isOver(clock, first.from, deadlineMs)) {
        const why = quiet > 0 ? "its system rests or does not work" : "its turn did not come in time";
        end(first, handBack(first.situation, quiet, why), { beganAt: clock.wall() });
        continue;
      }
      const batch = [first, ...companions(first)];
      underWay += 1;
      void run(batch)
        .catch((error: unknown) => {
          // A fault of ours: the sweep finds what nobody holds, and the target is asked.
          doubted = now(clock);
          failed(error, `a call to ${system}`);
          for (const { effect } of batch) inHand.delete(effect.reference);
        })
        .finally(() => {
          underWay -= 1;
          begin();
          ring();
        });
    }
  }

  /** A claim is the head of its lane, so no two of them share one. */
  function companions(first: Claim): Claim[] {
    const most = (session.applyBatch && first.declaration?.batch) ?? 1;
    if (most <= 1 || !isPlainSend(first)) return [];
    const found: Claim[] = [];
    for (let i = 0; i < waiting.length && found.length < most - 1;) {
      const other = waiting[i]!;
      if (other.effect.type === first.effect.type && isPlainSend(other)) found.push(...waiting.splice(i, 1));
      else i++;
    }
    return found;
  }

  function pulse(): Pulse {
    const allowed = breaker.allows();
    const read = latency.read();
    return {
      breaker: allowed === 0 ? "open" : allowed === 1 ? "trying" : "closed",
      quietMs: Math.ceil(quietMs()),
      callsUnderWay: underWay,
      concurrency,
      ...(requestsPerSecond !== undefined && { rate: { perSecond: requestsPerSecond, free: rate.free() } }),
      ...(read && { latency: read }),
    };
  }

  async function run(batch: readonly Claim[]): Promise<void> {
    const beganAt = clock.wall();
    const began = clock.monotonic();
    const [claim] = batch as [Claim];
    if (claim.situation.doing === "probe") {
      const answer = await probe(claim, calls);
      latency.record(clock.monotonic() - began);
      end(claim, settleProbe(claim.situation, answer, patience, random()), { answer, beganAt });
      return;
    }
    const answers = batch.length === 1 ? [await send(claim, calls)] : await sendBatch(batch, calls);
    latency.record(clock.monotonic() - began);
    for (const [i, each] of batch.entries()) {
      const answer = await kept(answers[i]!);
      end(each, settleSend(each.situation, answer, patience, random()), { answer, beganAt });
    }
  }

  /** What was told is on disk before anything says that the effect was applied. */
  async function kept(answer: Answer): Promise<Answer> {
    if (answer.class !== "applied" || !answer.told) return answer;
    try {
      await options.keep(answer.told);
      return answer;
    } catch (error) {
      failed(error, `what ${system} answered`);
      return { class: "unknown", why: `its answer could not be kept: ${(error as Error).message}` };
    }
  }

  function end(
    claim: Claim,
    settlement: Settlement,
    call: Pick<Parameters<typeof resultOf>[2], "answer" | "beganAt">,
  ): void {
    if (dropped) return;
    const { reference } = claim.effect;
    if (settlement.next !== "unknown" && settlement.next !== "accepted") settling.ended(reference);
    else if (claim.situation.doing === "send") settling.sent(reference, claim.from.monotonic);
    if (settlement.healthy !== undefined) breaker.record(settlement.healthy);
    if (settlement.restMs !== undefined) {
      rest = { from: now(clock), ms: Math.min(settlement.restMs, LONGEST_REST_MS) };
    }
    results.push(resultOf(claim, settlement, { ...call, endedAt: clock.wall() }, rules));
  }

  /** One transaction: the results so far, and claims for the free places. @returns how long until the next look, unless something comes */
  async function step(): Promise<number> {
    await sweep();
    const batch = results.slice(0, RESULTS);
    const want = stopping ? 0 : freePlaces();
    if (batch.length === 0) {
      if (want === 0) return LOOK_AGAIN_MS;
      const dueInMs = mayBeDue ? 0 : await peekLanes(pool, system);
      if (dueInMs !== 0) return Math.min(lookout.everyMs, dueInMs ?? Infinity);
    }
    mayBeDue = false;
    const from = now(clock);
    const { claimed, told, dueInMs } = await write(batch, want);
    mayBeDue ||= want > 0 && claimed.length === want;
    results = results.slice(batch.length);
    for (const { claim } of batch) inHand.delete(claim.effect.reference);
    if (batch.length > 0) options.settled(told);
    accept(claimed, from);
    if (claimed.length > 0 || want === 0) return 0;
    return batch.length > 0 ? Math.min(lookout.everyMs, dueInMs ?? Infinity) : LOOK_AGAIN_MS;
  }

  async function write(batch: readonly Result[], want: number): Promise<Settled> {
    const pause = batch.find((each) => each.pause)?.pause ?? null;
    try {
      const common = { system, hub, fence, leaseMs, deadlineMs, timeoutMs };
      return await settle(pool, { ...common, want, results: batch, pause });
    } catch (error) {
      if (!isUnwritable(error) || batch.length === 0) throw error;
      return await settleApart(batch, error);
    }
  }

  /** One answer that cannot be written must not hold the others: each for itself, and that one without its words. */
  async function settleApart(batch: readonly Result[], cause: unknown): Promise<Settled> {
    const [only] = batch;
    if (batch.length > 1) {
      for (const each of batch) await write([each], 0);
    } else if (only && only.row.class !== null) {
      const why = (cause as Error).message;
      failed(new DispatchError("DISPATCH_ANSWER_UNWRITABLE", why, { cause }), only.claim.effect.reference);
      await write([unwritable(only, why, rules)], 0);
    } else throw cause;
    return { claimed: [], told: undefined, dueInMs: 0 };
  }

  /** Claims of ours that nobody here holds: the answer to the commit that made them was lost. */
  async function sweep(): Promise<void> {
    if (!isOver(clock, swept, isOver(clock, doubted, DOUBT_MS) ? SWEEP_MS : deadlineMs)) return;
    swept = now(clock);
    if ((await takeOverLanes(pool, system, fence, [...inHand.keys()])) > 0) mayBeDue = true;
  }

  async function loop(): Promise<void> {
    let failures = 0;
    const gather = new Gather(clock.monotonic);
    while (!dropped) {
      let restMs = 0;
      try {
        restMs = await step();
        failures = 0;
      } catch (error) {
        if (dropped) return;
        if (isLeaseLost(error)) {
          drop();
          options.lost();
          return;
        }
        // What was in the batch stays, and goes again: each result is applied by compare-and-set.
        failures += 1;
        doubted = now(clock);
        failed(error, `settling ${system}`);
      }
      if (stopping && (inHand.size === 0 || failures >= FAILURES_WHEN_STOPPING)) return drop();
      if (failures > 0) await pause(Math.min(5_000, 50 * 2 ** failures), "in full");
      else if (restMs > 0 && !hasWork()) await pause(restMs);
      if (!stopping && results.length < RESULTS) await gather.turn();
    }
  }

  function hasWork(): boolean {
    return results.length > 0 || (mayBeDue && !stopping && freePlaces() > 0);
  }

  /** @param inFull results do not hurry a database that fails */
  async function pause(ms: number, inFull?: "in full"): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      ring = () => {
        if (inFull && !dropped && !stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    ring = () => {};
  }

  /** Everything in hand is left as it is; whoever comes next asks the target. */
  function drop(): void {
    dropped = true;
    waiting.length = 0;
    for (const call of calls.underWay) call.abort();
    ring();
  }

  await takeOverLanes(pool, system, fence, []);
  const ended = loop();
  return {
    terms,
    offer,
    wake() {
      mayBeDue = true;
      ring();
    },
    doubt() {
      doubted = now(clock);
    },
    pulse,
    async stop(how) {
      stopping = true;
      if (how === "lost") drop();
      ring();
      await ended;
    },
  };
}

function isPlainSend({ situation }: Claim): boolean {
  return situation.doing === "send" && situation.missing === undefined;
}

/** A value the database refuses (SQLSTATE classes 21 to 23 and 54): trying again cannot help. */
function isUnwritable(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(2[123]|54)/.test(error.code ?? "");
}
