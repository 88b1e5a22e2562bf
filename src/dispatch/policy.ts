/**
 * What the answer to one call means: a pure table from (the effect's situation, the answer) to what is written down.
 *
 * Two questions decide everything. May the target have it? Then nothing is sent again before it was looked for twice, late
 * enough that a slow write would have shown (`settled`); an earlier look can only prove that it is there. And does the target
 * remember references? Then sending the same one again is as good as looking. What can neither be looked for nor sent again
 * safely is parked for a person.
 */
import type { Answer, EffectDeclaration, Evidence, ProbeAnswer } from "../connector/contract.ts";

/** The lane's counts when the call was claimed (see sql/0003_decide.sql), and what the target is able to tell. */
export interface Situation {
  readonly doing: "send" | "probe";
  /** Sends that may have reached the target, the one in hand included. */
  readonly sends: number;
  /** Looks since the last send that did not find it, or not whole. */
  readonly probes: number;
  /** Calls in a row that brought it no further. */
  readonly tries: number;
  /** What an earlier probe found lacking: the send in hand completes only that. */
  readonly missing?: unknown;
  readonly wasAccepted: boolean;
  /** A look now can be believed: the last send's deadline, timeout and settle time have passed. */
  readonly settled: boolean;
  /** As far as the hub that asks knows, it can be believed after so long. */
  readonly settlesInMs: number;
  readonly settleMs: number;
  /** Since the first and the last send. */
  readonly firstSentMs: number | undefined;
  readonly sentMs: number | undefined;
  readonly safety: EffectDeclaration["safety"];
  readonly idempotencyWindowMs: number | undefined;
  readonly resultWithinMs: number;
  readonly canProbe: boolean;
  readonly canResume: boolean;
}

/** How patient dispatch is; `interlock.yaml` may change it per system. */
export interface Patience {
  readonly firstWaitMs: number;
  /** So long after an answer was lost the target is asked whether it has applied it. */
  readonly firstLookMs: number;
  readonly longestWaitMs: number;
  /** Calls in a row that bring an effect no further before a person is asked. */
  readonly tries: number;
  /** Shortest time between two looks for the same effect. */
  readonly probeGapMs: number;
}

export const PATIENCE: Patience = {
  firstWaitMs: 500,
  firstLookMs: 500,
  longestWaitMs: 300_000,
  tries: 12,
  probeGapMs: 1_000,
};

export type ParkedFor = "rejected" | "exhausted" | "unproven" | "mismatch";

/** What becomes of the lane, and who hears of it. */
export interface Settlement {
  /** idle: this effect has ended, the lane goes on to the next. */
  readonly next: "idle" | "ready" | "unknown" | "accepted" | "parked";
  readonly wakeMs: number;
  /** The next look comes before the write has settled: what it finds is proven, what it does not find is not. */
  readonly early?: true;
  readonly why?: string;
  readonly parkedFor?: ParkedFor;
  readonly missing?: unknown;
  readonly sends: number;
  readonly probes: number;
  readonly tries: number;
  readonly outcome?: "applied";
  readonly evidence?: Evidence;
  readonly tell?: "EffectApplied" | "EffectAccepted" | "EffectRejected";
  /** The target's words, for EffectRejected and its case. */
  readonly reason?: { readonly code?: string; readonly message: string };
  /** The whole system pauses: it refuses us, whatever we send. */
  readonly pause?: string;
  /** The whole system rests so long: it said so (429). */
  readonly restMs?: number;
  /** For the breaker: whether the target works. Undefined: this says nothing about it. */
  readonly healthy?: boolean;
}

/** @param random from 0 to 1, for jitter */
export function settleSend(s: Situation, answer: Answer, patience: Patience, random: number): Settlement {
  switch (answer.class) {
    case "applied":
      return applied(s, answer.evidence);
    case "accepted":
      return accepted(s, answer);
    case "reject":
      if (s.missing !== undefined) {
        return park(
          s,
          "mismatch",
          `a part of it is in the target, which refused the rest: ${answer.reason}`,
          {
            healthy: true,
          },
        );
      }
      return refused(unsent(s), answer);
    case "auth":
      return { ...unsent(s), next: "ready", wakeMs: 0, why: answer.why, pause: answer.why };
    case "retry":
      if (answer.keep !== undefined)
        return {
          ...unsent(s),
          missing: answer.keep,
          next: "ready",
          wakeMs: 0,
          why: answer.why,
          healthy: true,
        };
      return retry(s, unsent(s), answer, patience, random);
    case "unknown":
      return unseen(s, answer.why, patience, random);
  }
}

export function settleProbe(
  s: Situation,
  answer: ProbeAnswer,
  patience: Patience,
  random: number,
): Settlement {
  // Of a write that may still be under way only what is whole is believed.
  if (!s.settled && !s.wasAccepted && answer.class !== "applied" && answer.class !== "auth")
    return tooEarly(s, answer, patience);
  switch (answer.class) {
    case "applied":
      return applied(s, answer.evidence);
    case "accepted":
      return accepted(s, answer);
    // Nothing of any copy was done: what the target had queued it has given up on.
    case "reject":
      return refused({ sends: 0, probes: s.probes, tries: s.tries }, answer);
    case "absent":
      return looked(s, patience, { why: "not found in the target" });
    case "partial":
      if (!s.canResume) {
        return park(
          s,
          "mismatch",
          "only a part of it is in the target, and its connector cannot complete it",
          {
            evidence: answer.evidence,
          },
        );
      }
      return looked(s, patience, {
        why: "only a part of it is in the target; what is missing will be added",
        missing: answer.missing,
      });
    case "different":
      return park(s, "mismatch", `the target has our reference with other content: ${answer.difference}`, {
        evidence: answer.evidence,
      });
    case "auth":
      return { ...same(s), next: "unknown", wakeMs: 0, why: answer.why, pause: answer.why };
    case "retry":
      return retry(s, same(s), answer, patience, random);
  }
}

/**
 * What to do with a claimed probe without asking: undefined when the target must be asked.
 * A target that remembers references needs no look; one that can neither remember nor be asked needs a person.
 */
export function settleWithoutProbe(s: Situation): Settlement | undefined {
  if (s.canProbe && (s.wasAccepted || !remembers(s))) return undefined;
  if (s.wasAccepted) return awaitResult(s);
  if (remembers(s)) {
    return {
      ...same(s),
      next: "ready",
      wakeMs: 0,
      probes: 2,
      why: "sent again: the target applies a reference once",
    };
  }
  return park(
    s,
    "unproven",
    s.sends > 0
      ? `the answer to its last call was not seen; ${UNPROVABLE}`
      : `the database was restored to before it may have been sent; ${UNPROVABLE}`,
  );
}

const UNPROVABLE =
  "it may have been applied, and the target can neither be asked for it nor tell a second one apart";

/** A claim that is given back untouched: the system rests, or the right to send ran out before its turn came. Costs no try. */
export function handBack(s: Situation, wakeMs: number, why: string): Settlement {
  if (s.doing === "send") return { ...unsent(s), next: "ready", wakeMs, why };
  return { ...same(s), next: s.wasAccepted ? "accepted" : "unknown", wakeMs, why };
}

/** Whether sending the same reference again cannot apply it twice. */
function remembers(s: Situation): boolean {
  if (s.safety !== "idempotent") return false;
  if (s.idempotencyWindowMs === undefined) return true;
  return s.firstSentMs !== undefined && s.firstSentMs < s.idempotencyWindowMs;
}

function applied(s: Situation, evidence: Evidence): Settlement {
  return {
    ...same(s),
    next: "idle",
    wakeMs: 0,
    outcome: "applied",
    evidence,
    tell: "EffectApplied",
    healthy: true,
  };
}

function refused(counts: Counts, { code, reason }: Extract<Answer, { class: "reject" }>): Settlement {
  return {
    ...counts,
    next: "parked",
    wakeMs: 0,
    parkedFor: "rejected",
    why: code === undefined ? reason : `${code}: ${reason}`,
    tell: "EffectRejected",
    reason: { ...(code !== undefined && { code }), message: reason },
    healthy: true,
  };
}

/** Queued by a target that cannot be asked: its own event is the only answer there can be. */
function awaitResult(s: Situation): Settlement {
  const left = s.resultWithinMs - (s.sentMs ?? 0);
  if (left > 0) return { ...same(s), next: "accepted", wakeMs: left, why: "the target has queued it" };
  return resultOpen(s);
}

function resultOpen(s: Situation, more: { evidence?: Evidence; healthy?: boolean } = {}): Settlement {
  const seconds = Math.round(s.resultWithinMs / 1000);
  return park(s, "unproven", `the target took it, and its result is still open after ${seconds} s`, more);
}

function accepted(s: Situation, answer: { evidence: Evidence; checkAfterMs: number }): Settlement {
  if ((s.sentMs ?? 0) > s.resultWithinMs) {
    return resultOpen(s, { evidence: answer.evidence, healthy: true });
  }
  return {
    ...same(s),
    probes: 0,
    next: "accepted",
    wakeMs: Math.max(0, answer.checkAfterMs),
    why: "the target has queued it",
    evidence: answer.evidence,
    ...(s.wasAccepted ? {} : { tell: "EffectAccepted" }),
    healthy: true,
  };
}

/** The target provably did not get this send. What an earlier one did stays open. */
function unsent(s: Situation): Counts {
  return { ...same(s), sends: s.sends - 1 };
}

function retry(
  s: Situation,
  counts: Counts,
  answer: { why: string; retryAfterMs?: number },
  patience: Patience,
  random: number,
): Settlement {
  const tries = s.tries + 1;
  const health = healthOf(answer);
  if (tries >= patience.tries) {
    // With an earlier send open, or in the middle of looking, giving up does not mean that the target lacks it.
    const proven = s.doing === "send" && counts.sends === 0;
    return park(
      { ...s, ...counts },
      proven ? "exhausted" : "unproven",
      `given up after ${tries} tries: ${answer.why}`,
      health,
    );
  }
  return {
    ...counts,
    tries,
    next: s.doing === "send" ? "ready" : "unknown",
    wakeMs: Math.max(answer.retryAfterMs ?? 0, backOff(tries, patience, random)),
    why: answer.why,
    ...health,
  };
}

/** One that asks for a pause works. */
function healthOf({ retryAfterMs }: { retryAfterMs?: number }): Pick<Settlement, "healthy" | "restMs"> {
  return retryAfterMs === undefined ? { healthy: false } : { restMs: retryAfterMs, healthy: true };
}

/** A send whose answer was not seen. */
function unseen(s: Situation, why: string, patience: Patience, random: number): Settlement {
  const tries = s.tries + 1;
  const counts: Counts = { ...same(s), probes: 0, tries };
  if (tries >= patience.tries) {
    return park({ ...s, ...counts }, "unproven", `no answer was seen in ${tries} tries: ${why}`, {
      healthy: false,
    });
  }
  if (remembers(s)) {
    return {
      ...counts,
      probes: 2,
      next: "ready",
      wakeMs: backOff(tries, patience, random),
      why,
      healthy: false,
    };
  }
  if (!s.canProbe) return park({ ...s, ...counts }, "unproven", `${why}; ${UNPROVABLE}`, { healthy: false });
  const lost = { ...counts, next: "unknown", why, healthy: false } as const;
  // Most often it was applied and only its answer was lost: a look at once says so. With an earlier send open it would not do,
  // for the one that was found says nothing about the other, which may still come and undo what is sent next.
  if (counts.sends === 1) return { ...lost, early: true, wakeMs: patience.firstLookMs };
  // The database holds it back until deadline, timeout and settle time have passed.
  return { ...lost, wakeMs: 0 };
}

/** A look that proves nothing, also not that the target works: whoever cannot write may still be read. */
function tooEarly(
  s: Situation,
  answer: Exclude<ProbeAnswer, { class: "applied" | "auth" }>,
  patience: Patience,
): Settlement {
  const lookAgain = { ...same(s), next: "unknown", wakeMs: againInMs(s, patience) } as const;
  if (answer.class === "retry") return { ...lookAgain, why: answer.why, ...healthOf(answer) };
  return {
    ...lookAgain,
    why: "the target does not show it whole yet; it is looked for when it must have settled",
  };
}

function againInMs(s: Situation, patience: Patience): number {
  return Math.max(s.settleMs, patience.probeGapMs, s.settlesInMs);
}

/** A look that did not find it, or not whole. Two of them, late enough and apart, prove it. */
function looked(s: Situation, patience: Patience, found: { why: string; missing?: unknown }): Settlement {
  const probes = s.settled ? s.probes + 1 : s.probes;
  if (probes < 2) {
    return {
      ...same(s),
      probes,
      next: "unknown",
      wakeMs: againInMs(s, patience),
      why: `${found.why}; looked for once more before it is sent`,
      healthy: true,
    };
  }
  const counts = { sends: s.sends, probes, tries: s.sends > 0 ? s.tries + 1 : s.tries };
  if (counts.tries >= patience.tries) {
    return park(counts, "unproven", `${found.why}, after ${counts.tries} tries`, { healthy: true });
  }
  return { ...counts, ...found, next: "ready", wakeMs: 0, healthy: true };
}

function park(
  counts: Counts,
  parkedFor: ParkedFor,
  why: string,
  more: { evidence?: Evidence; healthy?: boolean; restMs?: number } = {},
): Settlement {
  return { ...same(counts), next: "parked", wakeMs: 0, parkedFor, why, ...more };
}

interface Counts {
  readonly sends: number;
  readonly probes: number;
  readonly tries: number;
  readonly missing?: unknown;
}

function same({ sends, probes, tries, missing }: Counts): Counts {
  return { sends, probes, tries, ...(missing !== undefined && { missing }) };
}

/** Doubling, with half of it left to chance, so that what failed together does not come back together. */
export function backOff(tries: number, { firstWaitMs, longestWaitMs }: Patience, random: number): number {
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
  return Math.round(wait / 2 + (wait / 2) * random);
}
