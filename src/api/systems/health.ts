import type { Pulse } from "../../dispatch/pulse.ts";

/**
 * The worst that is known of a system, and why, in words. silent: a plant's system that has not been heard for so long that a
 * case is open. failing: it does not answer, or asked for a pause. attention: it works, and something of it waits for a person.
 */
export const HEALTH = ["paused", "silent", "failing", "attention", "healthy"] as const;
export type Health = (typeof HEALTH)[number];

export interface Signs {
  readonly paused: string | null;
  /** Since when its silence is a case. */
  readonly silentSince: string | null;
  readonly parkedLanes: number;
  readonly unknownLanes: number;
  readonly quarantined: number;
  readonly pulse: Pulse | undefined;
}

export function healthOf(signs: Signs): { health: Health; why: string | null } {
  const { paused, silentSince, parkedLanes, unknownLanes, quarantined, pulse } = signs;
  if (paused !== null) return { health: "paused", why: paused };
  if (silentSince !== null)
    return { health: "silent", why: `not heard; a case is open since ${silentSince}` };
  if (pulse?.breaker === "open")
    return { health: "failing", why: `does not answer; asked again in ${seconds(pulse.quietMs)} s` };
  if (pulse && pulse.quietMs > 0)
    return { health: "failing", why: `asked for a pause of ${seconds(pulse.quietMs)} s` };
  const waits = [
    [parkedLanes, "parked effect"],
    [unknownLanes, "effect whose outcome is not known"],
    [quarantined, "quarantined message"],
  ] as const;
  const said = waits.filter(([n]) => n > 0).map(([n, what]) => `${n} ${plural(what, n)}`);
  if (said.length > 0) return { health: "attention", why: said.join(", ") };
  return { health: "healthy", why: null };
}

function plural(what: string, n: number): string {
  return n === 1 ? what : what.replace(/^(parked |quarantined )?(effect|message)/, "$1$2s");
}

function seconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}
