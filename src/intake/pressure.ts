const MAX_BYTES = 32 * 1_048_576;
const MAX_WAIT_MS = 2_000;

/** What a request holds while it is in the house. */
export interface Ticket {
  leave(): void;
}

/**
 * Says no before anything is read: by the bytes that wait, and by how long the oldest has waited. A queue that only grows
 * helps nobody; a sender that is told 503 keeps its message and comes again.
 */
export class Pressure {
  readonly #maxBytes: number;
  readonly #maxWaitMs: number;
  readonly #now: () => number;
  /** In order of arrival. */
  readonly #inside = new Set<{ readonly bytes: number; readonly since: number }>();
  #bytes = 0;

  constructor(options: { maxBytes?: number; maxWaitMs?: number; now?: () => number } = {}) {
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#maxWaitMs = options.maxWaitMs ?? MAX_WAIT_MS;
    this.#now = options.now ?? (() => performance.now());
  }

  get bytes(): number {
    return this.#bytes;
  }

  oldestWaitMs(): number {
    const oldest = this.#inside.values().next().value;
    return oldest === undefined ? 0 : this.#now() - oldest.since;
  }

  /** @returns undefined when the request must be refused with 503 INTAKE_BUSY; else a ticket, to be given back in any case */
  enter(bytes: number): Ticket | undefined {
    // One request alone is always let in: its own size has a limit of its own.
    if (
      this.#inside.size > 0 &&
      (this.#bytes + bytes > this.#maxBytes || this.oldestWaitMs() > this.#maxWaitMs)
    )
      return undefined;
    const entry = { bytes, since: this.#now() };
    this.#inside.add(entry);
    this.#bytes += bytes;
    return {
      leave: () => {
        if (this.#inside.delete(entry)) this.#bytes -= bytes;
      },
    };
  }
}
