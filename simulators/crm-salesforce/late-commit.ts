import type { Fault } from "./fault.ts";
import type { Row } from "./store.ts";

type Late = { readonly before: Row | null; readonly until: number; queriesLeft: number };

/**
 * Rows whose transaction is still open although their stamp was taken: queries show what was there before. A poller
 * that goes on from the last stamp it saw never meets them. They are on disk, so a restart shows them.
 */
export class LateCommits {
  readonly #late = new Map<string, Late>();
  #fault: Fault | undefined;

  /** All that is written while `work` runs is late when a fault says so. */
  during<T>(fault: Fault | undefined, work: () => T): T {
    this.#fault = fault?.kind === "late-commit" ? fault : undefined;
    try {
      return work();
    } finally {
      this.#fault = undefined;
    }
  }

  written(id: string, before: Row | null): void {
    const { delayMs = 0, afterQueries = 0 } = this.#fault ?? {};
    if (!this.#fault || this.#late.has(id)) return;
    this.#late.set(id, { before, until: Date.now() + delayMs, queriesLeft: afterQueries });
  }

  /** The rows as a query sees them now. */
  shown(rows: Row[]): Row[] {
    if (this.#late.size === 0) return rows;
    return rows.flatMap((row) => {
      const late = this.#late.get(row.id);
      if (!late) return [row];
      if (Date.now() >= late.until && late.queriesLeft <= 0) {
        this.#late.delete(row.id);
        return [row];
      }
      late.queriesLeft--;
      return late.before ? [late.before] : [];
    });
  }

  commitAll(): void {
    this.#late.clear();
  }
}
