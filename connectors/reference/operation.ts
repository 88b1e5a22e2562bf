import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Call, Client } from "./client.ts";

/** How one effect is made, looked up again and completed. */
export interface Operation {
  readonly apply: (client: Client, effect: OutgoingEffect, signal: AbortSignal) => Promise<Answer>;
  readonly probe: (client: Client, effect: OutgoingEffect, signal: AbortSignal) => Promise<ProbeAnswer>;
  readonly resume?: (
    client: Client,
    effect: OutgoingEffect,
    missing: unknown,
    signal: AbortSignal,
  ) => Promise<Answer>;
  /** The effect as one row of a batch and what a done row shows; absent: it does not travel in batches. */
  readonly row?: Row;
}

export interface Row {
  /** The call, or the answer when the effect cannot be put in the order system's words. */
  readonly callOf: (effect: OutgoingEffect) => Call | Answer;
  readonly answerOf: (body: unknown) => Answer;
}

/** The operation of an effect whose whole call is known beforehand. */
export function applyRow({ callOf, answerOf }: Row): Operation["apply"] {
  return async (client, effect, signal) => {
    const call = callOf(effect);
    if ("class" in call) return call;
    const reply = await client.write({ ...call, ...sendingOf(effect) }, signal);
    return reply.ok ? answerOf(reply.body) : reply.failure;
  };
}

/** What a write takes over from the effect it makes. */
export function sendingOf({
  traceparent,
  beforeWrite,
}: OutgoingEffect): Pick<Call, "traceparent" | "beforeWrite"> {
  return { traceparent, beforeWrite };
}
