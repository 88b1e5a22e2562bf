import { setTimeout as delay } from "node:timers/promises";
import { DemoError } from "./errors.ts";

export interface Waiting {
  readonly signal: AbortSignal;
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/** Looks until there is something to see. @throws DemoError when it has not come in time */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined> | Found | undefined,
  { signal, withinMs = 60_000, everyMs = 100 }: Waiting,
): Promise<Found> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > giveUpAt)
      throw new DemoError(`waited ${Math.round(withinMs / 1000)} s in vain until ${what}`);
    await delay(everyMs, undefined, { signal });
  }
}
