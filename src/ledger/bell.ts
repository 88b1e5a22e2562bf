/**
 * Says inside one process that there may be work: rung after a commit, heard at once by whoever waits. It carries nothing and
 * promises nothing: what is to be done is read from the database, and other hubs' work is found by the timeout. Only whether all
 * of the news is in mind (`Recent`) may be said with it.
 */
export class Bell {
  #rings = 0;
  #unknown = 0;
  readonly #waiting = new Set<() => void>();

  /** Grows with every ring. Taken before a look and handed to `wait`, it keeps a ring during the look from being missed. */
  get rings(): number {
    return this.#rings;
  }

  /** Grows with every ring of whose news not all is in mind. One that was not there before the last look asks for another. */
  get unknown(): number {
    return this.#unknown;
  }

  ring(inMind = false): void {
    this.#rings += 1;
    if (!inMind) this.#unknown += 1;
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
