import type { Clock } from "../lease/deadline.ts";

/** How long calls took, milliseconds. */
export interface Latencies {
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const KEPT = 2_048;
const WINDOW_MS = 15 * 60_000;

/** The durations of the last calls of one target, the newest 2,048 of the last quarter of an hour: what people compare with a limit. */
export class Latency {
  readonly #clock: Clock;
  readonly #took = new Float64Array(KEPT);
  readonly #at = new Float64Array(KEPT);
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(tookMs: number): void {
    const place = this.#count++ % KEPT;
    this.#took[place] = tookMs;
    this.#at[place] = this.#clock.monotonic();
  }

  /** Undefined when nothing was called lately. */
  read(): Latencies | undefined {
    const since = this.#clock.monotonic() - WINDOW_MS;
    const recent = this.#took
      .subarray(0, Math.min(this.#count, KEPT))
      .filter((_, place) => this.#at[place]! >= since)
      .toSorted();
    if (recent.length === 0) return undefined;
    const at = (share: number) => recent[Math.ceil(share * recent.length) - 1]!;
    return { calls: recent.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
