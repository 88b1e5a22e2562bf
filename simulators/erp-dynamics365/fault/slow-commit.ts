import type { Fault } from "./fault.ts";

type Pending = { references: string[]; commit: () => void; delayed: boolean; missesLeft: number };

/**
 * Writes whose caller was cut off while they were still on their way: they are done later, after a time and after
 * a number of reads by their reference have found nothing. A system that dies meanwhile has not done them.
 */
export class SlowCommits {
  #pending: Pending[] = [];

  add(references: string[], fault: Fault, commit: () => void): void {
    const { delayMs = 0, afterProbes = 0 } = fault;
    const pending = { references, commit, delayed: delayMs === 0, missesLeft: afterProbes };
    this.#pending.push(pending);
    const wait = setTimeout(() => {
      pending.delayed = true;
      this.#commitDue();
    }, delayMs);
    wait.unref();
  }

  /** A read has gone by that asked for a reference, if its text holds one that is still on its way. */
  countMiss(query: string): void {
    for (const pending of this.#pending)
      if (pending.references.some((reference) => query.includes(reference))) pending.missesLeft--;
    // The read that found nothing is answered first.
    setImmediate(() => this.#commitDue());
  }

  /** Does now whatever is still open. */
  commitAll(): void {
    const due = this.#pending;
    this.#pending = [];
    for (const pending of due) pending.commit();
  }

  close(): void {
    this.#pending = [];
  }

  #commitDue(): void {
    const due = this.#pending.filter((pending) => pending.delayed && pending.missesLeft <= 0);
    this.#pending = this.#pending.filter((pending) => !due.includes(pending));
    for (const pending of due) pending.commit();
  }
}
