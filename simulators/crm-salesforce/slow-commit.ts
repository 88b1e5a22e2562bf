import type { Fault } from "./fault.ts";

type Pending = {
  readonly reference: string | null;
  readonly commit: () => void;
  delayed: boolean;
  missesLeft: number;
};

/**
 * Writes whose caller was cut off while they were still on their way: they are done later, after a time and after a
 * number of queries that name their reference have found nothing. An org that dies meanwhile has not done them.
 */
export class SlowCommits {
  #pending: Pending[] = [];

  add(reference: string | null, { delayMs = 0, afterProbes = 0 }: Fault, commit: () => void): void {
    const pending = { reference, commit, delayed: delayMs === 0, missesLeft: afterProbes };
    this.#pending.push(pending);
    const wait = setTimeout(() => {
      pending.delayed = true;
      this.#commitDue();
    }, delayMs);
    wait.unref();
  }

  countMiss(query: string): void {
    for (const pending of this.#pending)
      if (pending.reference !== null && query.includes(`'${pending.reference}'`)) pending.missesLeft--;
    // The query that found nothing is answered first.
    setImmediate(() => this.#commitDue());
  }

  /** Does now whatever is still open. */
  commitAll(): void {
    const due = this.#pending;
    this.#pending = [];
    for (const { commit } of due) commit();
  }

  close(): void {
    this.#pending = [];
  }

  #commitDue(): void {
    const due = this.#pending.filter(({ delayed, missesLeft }) => delayed && missesLeft <= 0);
    this.#pending = this.#pending.filter((pending) => !due.includes(pending));
    for (const { commit } of due) commit();
  }
}
