import type { Call } from "../call.ts";
import type { Store } from "../store/store.ts";

export type Entry = {
  sequence: number;
  at: string;
  clock: string;
  /** One request, changeset, message or clerk's action. */
  unit: string;
  actor: string;
  who: string;
  operation: string;
  object: string;
  reference: string;
  facts: Record<string, string>;
  undone: boolean;
};

type Raw = Omit<Entry, "facts" | "undone"> & { facts: string; undone: number };

const COLUMNS = "seq as sequence, at, clock, unit, actor, who, operation, object, reference, facts, undone";

/** What really happened, never taken back: a restore only marks what it undid. */
export class Book {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  record(call: Call, clock: string, operation: string, object: string, facts: Record<string, string>): void {
    this.#store
      .statement(
        "insert into book (at, clock, unit, actor, who, operation, object, reference, facts) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      )
      .run(
        new Date().toISOString(),
        clock,
        call.unit,
        call.actor,
        call.who,
        operation,
        object,
        call.reference,
        JSON.stringify(facts),
      );
  }

  after(sequence: number, limit: number): Entry[] {
    return this.#read("where seq > ? order by seq limit ?", sequence, limit);
  }

  byReference(reference: string): Entry[] {
    return this.#read("where reference = ? order by seq", reference);
  }

  /** How often a reference was applied: one request, changeset or message is once, however much it wrote. */
  countsOf(reference: string): { applied: number; standing: number } {
    return this.#store
      .statement(
        `select count(distinct unit) as applied, count(distinct case when undone = 0 then unit end) as standing
         from book where reference = ?`,
      )
      .get(reference) as { applied: number; standing: number };
  }

  /** How often an operation was done and stands. */
  timesOf(operation: string): number {
    const row = this.#store
      .statement("select count(*) as times from book where operation = ? and undone = 0")
      .get(operation) as { times: number };
    return row.times;
  }

  summary(): object {
    const total = this.#store
      .statement("select count(*) as entries, coalesce(max(seq), 0) as last from book")
      .get();
    return {
      entries: total?.["entries"],
      sequence: total?.["last"],
      references: this.#store
        .statement("select count(distinct reference) as n from book where reference <> ''")
        .get()?.["n"],
      appliedMoreThanOnce: this.#repeated("unit"),
      standingMoreThanOnce: this.#repeated("case when undone = 0 then unit end"),
      operations: this.#countByOperation(),
    };
  }

  #repeated(unit: string): unknown[] {
    return this.#store
      .statement(
        `select reference from book where reference <> '' group by reference having count(distinct ${unit}) > 1`,
      )
      .all()
      .map(({ reference }) => reference);
  }

  #countByOperation(): Record<string, unknown> {
    const rows = this.#store
      .statement("select operation, count(*) as times from book where undone = 0 group by operation")
      .all();
    return Object.fromEntries(rows.map(({ operation, times }) => [operation, times]));
  }

  #read(where: string, ...values: (string | number)[]): Entry[] {
    const rows = this.#store.statement(`select ${COLUMNS} from book ${where}`).all(...values) as Raw[];
    return rows.map((row) => ({
      ...row,
      facts: JSON.parse(row.facts) as Record<string, string>,
      undone: row.undone === 1,
    }));
  }
}
