import type { EventRow } from "./queries.ts";
import type { AppendRow } from "./row.ts";

const MOST_ROWS = 2_000;
/** Of the bodies together, UTF-16 code units. */
const MOST_LENGTH = 4_194_304;

/**
 * The last events that this hub appended itself, without a gap: who follows the ledger takes them from here instead of reading
 * them back. Only what a commit has answered is in it. What others appended is a gap, and so is what has personal fields, which
 * may be redacted at any moment: these are read from the database.
 */
export class Recent {
  #rows: EventRow[] = [];
  #length = 0;

  /**
   * Of one commit, in ledger order.
   * @returns whether all of it is in mind now, or was there nothing
   */
  add(rows: readonly EventRow[]): boolean {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return true;
    if (rows.some(({ personal }) => personal !== null)) return this.forget();
    const [oldest, newest] = [this.#rows[0], this.#rows.at(-1)];
    if (newest && first.seq > newest.seq + 1) this.forget();
    // The answers of two commits may come in the other order.
    const isBefore = oldest !== undefined && last.seq === oldest.seq - 1;
    if (newest && first.seq <= newest.seq && !isBefore) return this.forget();
    if (isBefore) this.#rows.unshift(...rows);
    else this.#rows.push(...rows);
    for (const { body } of rows) this.#length += body.length;
    this.#trim();
    return true;
  }

  /** What follows position `seq`, at most `limit` of it; undefined: the database knows. */
  after(seq: number, limit: number): readonly EventRow[] | undefined {
    const from = seq + 1 - (this.#rows[0]?.seq ?? Infinity);
    return from >= 0 && from < this.#rows.length ? this.#rows.slice(from, from + limit) : undefined;
  }

  forget(): false {
    this.#rows = [];
    this.#length = 0;
    return false;
  }

  #trim(): void {
    if (this.#rows.length <= MOST_ROWS && this.#length <= MOST_LENGTH) return;
    let drop = 0;
    while (this.#rows.length - drop > MOST_ROWS / 2 || this.#length > MOST_LENGTH / 2)
      this.#length -= this.#rows[drop++]!.body.length;
    this.#rows.splice(0, drop);
  }
}

/** An event as a reader would find it, from what was appended and what the commit answered. */
export function eventRow(source: string, row: AppendRow, seq: number, recordedAt: string): EventRow {
  const { id, type, subject, occurred_at, time_text, plant, business_unit, correlation } = row;
  const { cause_seq, cause_effect, source_version, actor, reason, traceparent, body, personal } = row;
  return {
    seq,
    source,
    id,
    type,
    subject,
    occurred_at,
    time_text,
    recorded_at: recordedAt,
    plant,
    business_unit,
    correlation,
    cause_seq,
    cause_effect,
    source_version,
    actor,
    reason,
    traceparent,
    body,
    personal: personal && Object.fromEntries(personal.map(({ pointer, value }) => [pointer, value])),
  };
}
