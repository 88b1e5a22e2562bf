import type { Latencies } from "./latency.ts";

/** How a target fares, as the one hub sees it that sends to it. */
export interface Pulse {
  /** open: it does not work, nothing is sent. trying: one call at a time finds out whether it works again. */
  readonly breaker: "closed" | "open" | "trying";
  /** For how long nothing is sent: it asked for a pause, or does not work. */
  readonly quietMs: number;
  readonly callsUnderWay: number;
  readonly concurrency: number;
  /** Absent: no limit is set. */
  readonly rate?: { readonly perSecond: number; readonly free: number };
  /** Absent: nothing was called lately. */
  readonly latency?: Latencies;
}
