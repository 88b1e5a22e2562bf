import { setTimeout as delay } from "node:timers/promises";
import type { Bell } from "../ledger/bell.ts";
import { Gather } from "../ledger/gather.ts";
import type { Lookout } from "../ledger/lookout.ts";

export interface LoopOptions {
  readonly name: string;
  /** One piece of work; true when there is more to do at once; a number when there is nothing to do for so many milliseconds. */
  readonly step: (signal: AbortSignal) => Promise<boolean | number>;
  /** Work may have come: look now. */
  readonly bell?: Bell;
  /** Look at least this often. */
  readonly lookout: Pick<Lookout, "everyMs">;
  /** Told of each failure; true ends the loop (the lease is lost). */
  readonly failed: (error: unknown, failures: number) => boolean;
}

export interface Loop {
  readonly name: string;
  /** Ends after the step in hand. */
  readonly stop: () => Promise<void>;
  readonly ended: Promise<void>;
}

/** Failures wait 50 ms, doubling to 5 s: a dead database is asked again, never hammered. */
export function startLoop({ name, step, bell, lookout, failed }: LoopOptions): Loop {
  const stopping = new AbortController();
  const ended = (async () => {
    const gather = new Gather();
    let failures = 0;
    let more: boolean | number = false;
    while (!stopping.signal.aborted) {
      if (more !== true) await gather.turn(stopping.signal);
      if (stopping.signal.aborted) return;
      // A ring while the step looks is for what it may have looked past.
      const seen = bell?.rings;
      try {
        more = await step(stopping.signal);
        failures = 0;
        if (typeof more === "number") await pause(more);
        else if (!more) await idle(seen);
      } catch (error) {
        if (stopping.signal.aborted) return;
        more = false;
        failures += 1;
        if (failed(error, failures)) return;
        await pause(Math.min(5_000, 50 * 2 ** (failures - 1)));
      }
    }
  })();

  async function idle(seen: number | undefined): Promise<void> {
    if (bell) await bell.wait(lookout.everyMs, stopping.signal, seen);
    else await pause(lookout.everyMs);
  }

  async function pause(ms: number): Promise<void> {
    if (ms === 0) return;
    await delay(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }

  return {
    name,
    ended,
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}
