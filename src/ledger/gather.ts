import { setTimeout as delay } from "node:timers/promises";

/**
 * A transaction costs nearly the same for one row as for ten. So what comes within this time of the last one's begin waits for
 * the next, and goes together. On an idle hub the last one is longer ago, and nothing waits.
 */
const GATHER_MS = 12;

/** Spaces the transactions of one kind. */
export class Gather {
  readonly #monotonic: () => number;
  #began = -Infinity;

  /** @param monotonic milliseconds that never go back */
  constructor(monotonic: () => number = () => performance.now()) {
    this.#monotonic = monotonic;
  }

  /** Until the next step may begin, or the signal's abort; the step is taken to begin then. @returns whether it had to wait */
  async turn(signal?: AbortSignal): Promise<boolean> {
    const waitMs = this.#began + GATHER_MS - this.#monotonic();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    this.#began = this.#monotonic();
    return waitMs > 0;
  }
}

/** So many rows cost more than the transaction itself: they need no company. */
const ENOUGH = 16;
/** Of two: after so many times in vain, every 64th goes on to try. */
const MOST_IN_VAIN = 6;

/**
 * Spaces the transactions of what comes from outside, as long as that pays: who sends one thing after the other, each when the
 * last is answered, would only wait for himself. Each time that nobody came makes twice as many go without waiting.
 */
export class Company {
  readonly #gather: Pick<Gather, "turn">;
  #inVain = 0;
  #unasked = 0;

  constructor(gather: Pick<Gather, "turn"> = new Gather()) {
    this.#gather = gather;
  }

  /** @param present how many there are */
  async wait(present: () => number): Promise<void> {
    const before = present();
    if (before >= ENOUGH) return;
    if (this.#unasked > 0) {
      this.#unasked -= 1;
      return;
    }
    if (!(await this.#gather.turn())) return;
    this.#inVain = present() > before ? 0 : Math.min(this.#inVain + 1, MOST_IN_VAIN);
    this.#unasked = 2 ** this.#inVain - 1;
  }
}
