/**
 * One call to a target, with everything that can happen to it turned into an answer: no answer in time, a connector that
 * throws, a hub that slept before it could write.
 */
import type { Answer, OutgoingEffect, ProbeAnswer, Session } from "../connector/contract.ts";
import { childTraceparent } from "../telemetry/trace.ts";
import { isOver, type Clock } from "../lease/deadline.ts";
import type { Claim } from "./claim.ts";
import { DispatchError } from "./errors.ts";

export interface CallOptions {
  readonly session: Session;
  readonly clock: Clock;
  /** After this a send may not begin any more, counted from the claim. */
  readonly deadlineMs: number;
  /** After this a call counts as unanswered. */
  readonly timeoutMs: number;
  /** Of the calls under way, so that all of them can be ended when the lease is lost. */
  readonly underWay: Set<AbortController>;
  /** A connector threw: its answer counts as unseen, and somebody should know. */
  readonly threw: (error: DispatchError) => void;
}

export async function send(claim: Claim, options: CallOptions): Promise<Answer> {
  if (!claim.declaration) return unsupported(claim);
  const { session } = options;
  const { missing } = claim.situation;
  return call<Answer>(options, {
    make: (signal, writes) => {
      checkDeadline(claim, options);
      const effect = outgoing(claim, options, writes);
      return missing === undefined ? session.apply(effect, signal) : session.resume!(effect, missing, signal);
    },
    unseen: (why) => ({ class: "unknown", why }),
  });
}

/** @returns one answer for each claim, in their order */
export async function sendBatch(claims: readonly Claim[], options: CallOptions): Promise<readonly Answer[]> {
  const all = (answer: Answer) => claims.map(() => answer);
  return call<readonly Answer[]>(options, {
    make: async (signal, writes) => {
      for (const claim of claims) checkDeadline(claim, options);
      const effects = claims.map((claim) => outgoing(claim, options, writes));
      const answers = await options.session.applyBatch!(effects, signal);
      if (answers.length === claims.length) return answers;
      throw new TypeError(`${answers.length} answers to ${claims.length} effects`);
    },
    // Which of them were applied, nobody saw.
    unseen: (why) => all({ class: "unknown", why }),
    unsent: (why) => all({ class: "retry", why }),
  });
}

export async function probe(claim: Claim, options: CallOptions): Promise<ProbeAnswer> {
  const answer = await call<ProbeAnswer>(options, {
    make: (signal, writes) => options.session.probe!(outgoing(claim, options, writes), signal),
    unseen: (why) => ({ class: "retry", why }),
  });
  if (answer.class !== "partial" || JSON.stringify(answer.missing ?? null).length <= MISSING_LENGTH)
    return answer;
  return { ...answer, class: "different", difference: "more of it is missing than can be kept in mind" };
}

/** Of the JSON text of what a probe found lacking, which is kept on the lane. */
const MISSING_LENGTH = 65_536;

const CLASSES = new Set<string>([
  "applied",
  "accepted",
  "retry",
  "reject",
  "auth",
  "unknown",
  "absent",
  "different",
  "partial",
] satisfies (Answer | ProbeAnswer)["class"][]);

/** A connector may be anyone's code: what is no answer counts as none. */
function isAnswer(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.every(isAnswer);
  return CLASSES.has((answer as Partial<Answer> | null | undefined)?.class ?? "");
}

function noAnswer(answer: unknown): TypeError {
  return new TypeError(`it returned no answer but ${JSON.stringify(answer)?.slice(0, 100)}`);
}

/** What a connector was let write in one call. */
interface Writes {
  begun: boolean;
}

interface Call<A> {
  readonly make: (signal: AbortSignal, writes: Writes) => Promise<A>;
  readonly unseen: (why: string) => A;
  readonly unsent?: (why: string) => A;
}

function call<A>({ timeoutMs, underWay, threw }: CallOptions, { make, unseen, unsent }: Call<A>): Promise<A> {
  return new Promise((resolve) => {
    const ending = new AbortController();
    const writes: Writes = { begun: false };
    underWay.add(ending);
    const timer = setTimeout(() => {
      ending.abort();
      settle(unseen(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const settle = (answer: A) => {
      clearTimeout(timer);
      underWay.delete(ending);
      resolve(answer);
    };
    try {
      make(ending.signal, writes).then(
        (answer) => (isAnswer(answer) ? settle(answer) : fail(noAnswer(answer))),
        fail,
      );
    } catch (error) {
      fail(error);
    }
    function fail(error: unknown): void {
      const why = error instanceof Error ? error.message : String(error);
      if (error instanceof DispatchError && error.code === "DISPATCH_TOO_LATE") {
        // Of several writes the first may be there.
        if (writes.begun) return settle(unseen(why));
        return settle(unsent ? unsent(why) : ({ class: "retry", why } as A));
      }
      if (!ending.signal.aborted) {
        threw(
          new DispatchError("DISPATCH_CONNECTOR_FAILED", `the connector threw: ${why}`, { cause: error }),
        );
      }
      settle(unseen(`its connector failed: ${why}`));
    }
  });
}

/** @throws DispatchError DISPATCH_TOO_LATE */
function checkDeadline({ effect, from }: Claim, { clock, deadlineMs }: CallOptions): void {
  if (!isOver(clock, from, deadlineMs)) return;
  throw new DispatchError(
    "DISPATCH_TOO_LATE",
    `this hub did not get to write within ${deadlineMs} ms after it had claimed ${effect.reference}`,
  );
}

function outgoing(claim: Claim, options: CallOptions, writes: Writes): OutgoingEffect {
  const { effect, payload, situation } = claim;
  return {
    reference: effect.reference,
    type: effect.type,
    payload: JSON.parse(payload) as unknown,
    attempt: Math.max(1, situation.sends),
    ...(situation.missing !== undefined && { noted: situation.missing }),
    ...(effect.traceparent && { traceparent: childTraceparent(effect.traceparent) }),
    beforeWrite() {
      checkDeadline(claim, options);
      writes.begun = true;
    },
  };
}

function unsupported({ effect }: Claim): Answer {
  return {
    class: "reject",
    code: "EFFECT_UNSUPPORTED",
    reason: `the connector of ${effect.system} does not declare ${effect.type}`,
  };
}
