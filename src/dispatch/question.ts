import { randomBytes } from "node:crypto";
import type { Session } from "../connector/contract.ts";

/** A system that answers a kind of question. */
export interface Answerer {
  readonly system: string;
  readonly ask: (payload: unknown, signal: AbortSignal) => Promise<Asked>;
}

/** data: as the contract named by the query's `x-answer` says it. */
export type Asked =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly why: string };

/** What a system is asked with. */
interface Question {
  /** `CheckOrder.v1` */
  readonly type: string;
  readonly payload: unknown;
  readonly signal: AbortSignal;
  readonly session: Pick<Session, "apply">;
  readonly reader: Pick<Session, "translate">;
}

/**
 * Asks a system at once. A question changes nothing, so it passes by the lanes, and any hub may ask it. What a process asks
 * goes out as an effect instead, and comes back as an event.
 */
export async function ask({ type, payload, signal, session, reader }: Question): Promise<Asked> {
  const effect = { reference: anyReference(), type, payload, attempt: 1, beforeWrite: () => {} };
  const answer = await session.apply(effect, signal);
  if (answer.class === "reject") return { ok: false, why: answer.reason };
  if (answer.class !== "applied")
    return { ok: false, why: answer.class === "accepted" ? "it did not answer at once" : answer.why };
  if (!answer.told) return { ok: false, why: "it said nothing" };
  const read = await reader.translate(answer.told.stream, answer.told.message);
  if (!read.ok) return { ok: false, why: `its answer cannot be translated: ${read.message}` };
  return read.event
    ? { ok: true, data: read.event.data }
    : { ok: false, why: `its answer is of no interest: ${read.skip}` };
}

/** Sixteen characters as a reference has them; nobody looks for this one again. */
function anyReference(): string {
  return Array.from(randomBytes(16), (byte) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte & 31]).join("");
}
