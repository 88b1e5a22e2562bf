/**
 * Says inside one process that there may be work: rung after a commit, heard at once by whoever waits. It carries nothing and
 * promises nothing: what is to be done is read from the database, and other hubs' work is found by the timeout.
 */
export class Bell {
  #rings = 0;
  readonly #waiting = new Set<() => void>();

  /** Grows with every ring. Taken before a look and handed to `wait`, it keeps a ring during the look from being missed. */
  get rings(): number {
    return this.#rings;
  }

  ring(): void {
    this.#rings += 1;
    for (const wake of this.#waiting) wake();
  }

  /**
   * Until the next ring, the timeout, or the signal's abort.
   * @param seen `rings` as it was before the caller looked: a later ring ends the wait at once
   */
  wait(timeoutMs: number, signal?: AbortSignal, seen = this.#rings): Promise<void> {
    if (seen !== this.#rings || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      signal?.addEventListener("abort", wake);
      this.#waiting.add(wake);
    });
  }
}
