import { REFERENCE_LOGS, type Erp } from "../erp.ts";

/** Reads by reference go to an index that is behind: they show a write only after a time or a number of looks. */
export class ReadLag {
  readonly #erp: Erp;
  readonly #misses = new Map<string, number>();

  constructor(erp: Erp) {
    this.#erp = erp;
  }

  hides(reference: string): boolean {
    const { readLagMs, readLagReads } = this.#erp.settings;
    if (readLagMs === 0 && readLagReads === 0) return false;
    const seen = this.#misses.get(reference) ?? 0;
    const [first] = this.#erp.store.find(REFERENCE_LOGS, { ILKReference: reference });
    const age = first ? Date.now() - Date.parse(first.CreatedDateTime) : Number.POSITIVE_INFINITY;
    if (age >= readLagMs && seen >= readLagReads) return false;
    this.#misses.set(reference, seen + 1);
    return true;
  }
}
