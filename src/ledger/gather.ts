import { setTimeout as delay } from "node:timers/promises";

/**
 * A transaction costs nearly the same for one row as for ten. So what comes within this time of the last one's begin waits for
 * the next, and goes together. On an idle hub the last one is longer ago, and nothing waits.
 */
const GATHER_MS = 10;
/** So many rows cost more than the transaction itself: they need no company. */
export const ENOUGH = 16;

/** Spaces the transactions of one kind. */
export class Gather {
  readonly #monotonic: () => number;
  #began = -Infinity;

  /** @param monotonic milliseconds that never go back */
  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Until the next step may begin, or the signal's abort; the step is taken to begin then. */
  async turn(signal?: AbortSignal): Promise<void> {
    const waitMs = this.#began + GATHER_MS - this.#monotonic();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    this.#began = this.#monotonic();
  }
}
