import type { Fault } from "./fault.ts";
import type { Row } from "./store.ts";

/** A transaction that is still open; with it all its rows become visible at once. */
type Open = { readonly until: number; queriesLeft: number };
type Late = { readonly before: Row | null; readonly open: Open };

/**
 * Rows whose transaction is still open although their stamp was taken: queries show what was there before. A poller
 * that goes on from the last stamp it saw never meets them. They are on disk, so a restart shows them.
 */
export class LateCommits {
  readonly #late = new Map<string, Late>();
  #open: Open | undefined;

  /** All that is written while `work` runs is late when a fault says so. */
  during<T>(fault: Fault | undefined, work: () => T): T {
    const { kind, delayMs = 0, afterQueries = 0 } = fault ?? {};
    this.#open =
      kind === "late-commit" ? { until: Date.now() + delayMs, queriesLeft: afterQueries } : undefined;
    try {
      return work();
    } finally {
      this.#open = undefined;
    }
  }

  written(id: string, before: Row | null): void {
    if (this.#open && !this.#late.has(id)) this.#late.set(id, { before, open: this.#open });
  }

  /** Nothing that was written may still be hidden. */
  get none(): boolean {
    return this.#late.size === 0;
  }

  /** The rows as a query sees them now. */
  shown(rows: Row[]): Row[] {
    if (this.none) return rows;
    const met = new Set<Open>();
    const seen = rows.flatMap((row) => {
      const late = this.#late.get(row.id);
      if (!late) return [row];
      if (Date.now() >= late.open.until && late.open.queriesLeft <= 0) {
        this.#late.delete(row.id);
        return [row];
      }
      met.add(late.open);
      return late.before ? [late.before] : [];
    });
    for (const open of met) open.queriesLeft--;
    return seen;
  }

  commitAll(): void {
    this.#late.clear();
  }
}
