import type { Answer, EffectDeclaration, OutgoingEffect, ProbeAnswer, Session } from "../contract.ts";

const STEPS = 40;

/** Lets the target do what it has queued. */
export type Work = () => Promise<void>;

/** How a driven effect ended; `stuck` is what a person would have to look at. */
export type Ending = { readonly ended: "applied" | "rejected" | "stuck"; readonly why: string };

/**
 * Brings one effect to its end by the engine's rules, without its waiting: what may have been applied is looked for, and
 * sent again only after two looks in a row found nothing, or when the product applies a reference once by itself.
 * The trials need no time to pass: a simulator counts looks, not seconds.
 */
export async function driveOn(
  session: Session,
  { safety }: EffectDeclaration,
  effect: OutgoingEffect,
  sent: Answer,
  signal: AbortSignal,
  work: Work = async () => undefined,
): Promise<Ending> {
  let answer: Answer | ProbeAnswer = sent;
  let found: "unsure" | "nothing" | undefined;
  for (let step = 0; step < STEPS; step++) {
    switch (answer.class) {
      case "applied":
        return { ended: "applied", why: "" };
      case "reject":
        return { ended: "rejected", why: answer.reason };
      case "different":
        return { ended: "stuck", why: answer.difference };
      case "auth":
        return { ended: "stuck", why: answer.why };
      case "accepted":
        await work();
        found = "unsure";
        break;
      case "unknown":
        found = "unsure";
        break;
      case "absent":
        found = found === "nothing" ? undefined : "nothing";
        break;
      case "partial":
        if (!session.resume) return { ended: "stuck", why: "partly applied, and nothing can complete it" };
        answer = await session.resume(effect, answer.missing, signal);
        continue;
      case "retry":
        break;
    }
    const maySend = found === undefined || (safety === "idempotent" && answer.class !== "accepted");
    if (maySend) answer = await session.apply({ ...effect, attempt: effect.attempt + step + 1 }, signal);
    else if (session.probe) answer = await session.probe(effect, signal);
    else return { ended: "stuck", why: "it may have been applied, and cannot be looked for" };
    if (maySend) found = undefined;
  }
  return { ended: "stuck", why: `after ${STEPS} steps still ${answer.class}` };
}

/** What an effect comes to that the target may only have queued: it works, and is looked at, until it says. */
export async function followUp(
  session: Session,
  effect: OutgoingEffect,
  sent: Answer,
  signal: AbortSignal,
  work: Work,
): Promise<Answer | ProbeAnswer> {
  let answer: Answer | ProbeAnswer = sent;
  for (let step = 0; step < STEPS && answer.class === "accepted" && session.probe; step++) {
    await work();
    answer = await session.probe(effect, signal);
  }
  return answer;
}
