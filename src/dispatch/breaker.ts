import type { Clock } from "../lease/deadline.ts";

/**
 * Stops asking a target that does not work, so that a target that is down costs one call now and then instead of one per
 * effect, and no effect uses up its tries. Open after some failures in a row; then one call at a time tries again.
 */
export interface Breaker {
  /** How many calls may be under way: all, one, or none. */
  readonly allows: () => number;
  readonly record: (healthy: boolean) => void;
  /** Until the next call may be tried. */
  readonly waitMs: () => number;
}

export interface BreakerSettings {
  readonly failures: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const BREAKER: BreakerSettings = { failures: 10, firstPauseMs: 1_000, longestPauseMs: 30_000 };

export function createBreaker(settings: BreakerSettings, clock: Clock): Breaker {
  let failures = 0;
  let pauseMs = 0;
  let until = 0;
  const left = () => Math.max(0, until - clock.monotonic());
  return {
    allows: () => (pauseMs === 0 ? Infinity : left() > 0 ? 0 : 1),
    record(healthy) {
      if (healthy) {
        failures = pauseMs = 0;
        return;
      }
      failures++;
      // Calls that began before it opened still end; they do not lengthen the pause.
      if (failures < settings.failures || left() > 0) return;
      pauseMs = Math.min(settings.longestPauseMs, pauseMs * 2 || settings.firstPauseMs);
      until = clock.monotonic() + pauseMs;
    },
    waitMs: () => (pauseMs === 0 ? 0 : left()),
  };
}
