import type { EffectDeclaration, Session } from "../connector/contract.ts";
import type { EffectIdentity } from "../effect/effect-event.ts";
import type { Moment } from "../lease/deadline.ts";
import type { Situation } from "./policy.ts";
import type { ClaimRow } from "./queries.ts";

/** An effect in hand: its lane is `sending` on behalf of this hub, until `deadlineMs` after `from`. */
export interface Claim {
  readonly effect: EffectIdentity;
  /** JSON text. */
  readonly payload: string;
  readonly attempt: number;
  readonly declaration: EffectDeclaration | undefined;
  readonly situation: Situation;
  /** Before the database was asked for it: never later than the lane's own moment. */
  readonly from: Moment;
}

/** What a decision inserted as already sending (`decide_batch`): the columns of `effects` that a sender needs. */
export type ClaimedEffect = Pick<
  ClaimRow,
  | "reference"
  | "lane"
  | "type"
  | "payload"
  | "process"
  | "key"
  | "name"
  | "cause_seq"
  | "correlation"
  | "plant"
  | "traceparent"
  | "settle_ms"
>;

/** A first send. */
export function asClaim(effect: ClaimedEffect): ClaimRow {
  return {
    ...effect,
    doing: "send",
    attempt: 1,
    sends: 1,
    probes: 0,
    tries: 0,
    missing: null,
    first_sent_ms: 0,
    sent_ms: 0,
    settled: false,
    was: "ready",
  };
}

const RESULT_WITHIN_MS = 15 * 60_000;

/** @param settlesInMs how long a look that finds nothing cannot be believed yet, as far as this hub knows */
export function claimOf(
  row: ClaimRow,
  system: string,
  session: Session,
  effects: Readonly<Record<string, EffectDeclaration>>,
  from: Moment,
  settlesInMs: number,
): Claim {
  const { reference, lane, type, process, key, name, correlation, plant, traceparent } = row;
  const declared = type.replace(/\.v\d+$/, "");
  const declaration = Object.hasOwn(effects, declared) ? effects[declared] : undefined;
  const safety = declaration?.safety ?? "neither";
  return {
    effect: {
      reference,
      system,
      lane,
      type,
      process,
      key,
      name,
      causeSeq: row.cause_seq,
      correlation,
      plant,
      traceparent,
    },
    payload: row.payload,
    attempt: row.attempt,
    declaration,
    from,
    situation: {
      doing: row.doing,
      sends: row.sends,
      probes: row.probes,
      tries: row.tries,
      ...(row.missing !== null && { missing: JSON.parse(row.missing) as unknown }),
      wasAccepted: row.was === "accepted",
      settled: row.settled && settlesInMs === 0,
      settlesInMs,
      settleMs: row.settle_ms,
      firstSentMs: row.first_sent_ms ?? undefined,
      sentMs: row.sent_ms ?? undefined,
      safety,
      idempotencyWindowMs: declaration?.idempotencyWindowMs,
      resultWithinMs: declaration?.resultWithinMs ?? RESULT_WITHIN_MS,
      canProbe: session.probe !== undefined && safety !== "neither",
      canResume: session.resume !== undefined,
    },
  };
}
