/*
 * How much of a stream is asked for at once. A page that takes too long is given up, and asked for again in the same size it would
 * be given up again, for ever. So after each one the connector is asked for a quarter as much and gets twice the time: one that
 * cannot read less comes through in the end too. What comes through quickly lets the portion grow again.
 */
import type { Session } from "../connector/contract.ts";

const PARTS = 4;
/** A page has at most some thousand entries: at the last step it is one. */
const LAST_STEP = 5;
/** Of the time that is usual. */
const MOST_TIMES = 8;

export class Portion {
  #step = 0;

  /** Above 0, up to 1: of what the connector reads by itself. */
  get share(): number {
    return 1 / PARTS ** this.#step;
  }

  /** @param usualMs what a whole page may take */
  withinMs(usualMs: number): number {
    return timeAt(this.#step, usualMs);
  }

  /** A page was given up. @returns what follows from that, in words */
  shrink(usualMs: number): string {
    const [share, withinMs] = [this.share, this.withinMs(usualMs)];
    this.#step = Math.min(this.#step + 1, LAST_STEP);
    const time = `within ${Math.round(this.withinMs(usualMs) / 1000)} s`;
    const gone = `its connector returned no page within ${Math.round(withinMs / 1000)} s`;
    if (this.share === share) return `${gone}, though as little as can be was asked for: it is asked again`;
    return `${gone}: 1/${1 / this.share} of a page is asked for now, ${time}`;
  }

  /** A page came through. It grows where the next larger one would take no more than half of its time. */
  grow(tookMs: number, usualMs: number): void {
    if (this.#step > 0 && tookMs * PARTS * 2 <= timeAt(this.#step - 1, usualMs)) this.#step--;
  }
}

function timeAt(step: number, usualMs: number): number {
  return usualMs * Math.min(2 ** step, MOST_TIMES);
}

type Reading = Pick<Session, "read">;
const portions = new WeakMap<Reading, Map<string, Portion>>();

/** Known as long as the session is: a hub that takes the system over begins with whole pages. */
export function portionOf(session: Reading, stream: string): Portion {
  let ofSession = portions.get(session);
  if (!ofSession) portions.set(session, (ofSession = new Map<string, Portion>()));
  let portion = ofSession.get(stream);
  if (!portion) ofSession.set(stream, (portion = new Portion()));
  return portion;
}
