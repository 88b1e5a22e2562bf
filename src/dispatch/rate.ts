import type { Clock } from "../lease/deadline.ts";

/** A token bucket: at most `perSecond` calls a second, after a pause as many at once. */
export interface Rate {
  /** Whole calls that may begin now. */
  readonly free: () => number;
  readonly take: (calls: number) => void;
  /** Until the next call may begin. */
  readonly waitMs: () => number;
}

export function createRate(perSecond: number | undefined, clock: Clock): Rate {
  if (perSecond === undefined) return { free: () => Infinity, take: () => {}, waitMs: () => 0 };
  const burst = Math.max(1, perSecond);
  let tokens = burst;
  let at = clock.monotonic();
  const refill = () => {
    const now = clock.monotonic();
    tokens = Math.min(burst, tokens + ((now - at) / 1000) * perSecond);
    at = now;
  };
  return {
    free() {
      refill();
      return Math.max(0, Math.floor(tokens));
    },
    // Claims of another hub's decision may overdraw it for a moment: what follows waits the longer.
    take: (calls) => void (tokens -= calls),
    waitMs() {
      refill();
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
    },
  };
}
