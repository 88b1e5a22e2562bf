import { hash } from "node:crypto";
import { crockford80 } from "../effect/reference.ts";

/** What a decision is about, as far as it tells its effects apart from all others. */
export interface Origin {
  readonly ledgerId: string;
  readonly process: string;
  readonly key: string;
  /** The event decided on: its source and id, never its place in the ledger, which a restore may change. */
  readonly source: string;
  readonly id: string;
}

/** Where an effect goes and what it does there. */
export interface Destination {
  readonly system: string;
  readonly lane: string;
  readonly type: string;
}

/**
 * The reference of an effect: 16 characters of Crockford base 32, short enough for real fields. Derived, not drawn: a hub
 * restored from a backup that decides the same again names the effect the same, and the target knows it. Decided otherwise,
 * because events came in another order, it must not name another effect so: the target would be taken to have it.
 * @param nth of the effects of this decision to the same destination, from 0
 */
export function effectReference(origin: Origin, { system, lane, type }: Destination, nth: number): string {
  return derive("effect", origin, system, lane, type, nth);
}

/** The id of what the engine tells of a decision: derived as well, so that telling it twice is one event. */
export function tellingId(what: string, origin: Origin, ordinal: number | string): string {
  return `${what}-${derive(what, origin, ordinal)}`;
}

function derive(what: string, origin: Origin, ...which: readonly (number | string)[]): string {
  const text = JSON.stringify([
    what,
    origin.ledgerId,
    origin.process,
    origin.key,
    origin.source,
    origin.id,
    ...which,
  ]);
  return crockford80(hash("sha256", text, "buffer"));
}
