import type { Clock } from "./clock.ts";
import type { Store, Value } from "./store.ts";

/** Who did it: a caller of the API, a person at a screen, the org's own logic, or a hand in the database. */
export type Actor = "api" | "clerk" | "system" | "hand";

/** On whose behalf records are written. `reference` is the one in the request's body, where it has one. */
export type Who = { readonly actor: Actor; readonly userId: string; readonly reference: string | null };

export type Operation = "create" | "update" | "delete";

export type Entry = {
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly user: string;
  /** Of the write itself. */
  readonly reference: string | null;
  /** Of the write that made the org's own logic do this. */
  readonly cause: string | null;
  readonly operation: Operation;
  readonly type: string;
  readonly record: string;
  readonly number: string | null;
  readonly changes: Record<string, Value>;
  readonly undone: boolean;
};

type Stored = Omit<Entry, "changes" | "undone"> & { changes: string; undone: number };

const PAGE = 1000;

/** What really happened, in order. Nothing is ever taken out; a restore marks what it took back. */
export class Book {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Within the transaction of the write it tells of. */
  enter(
    { actor, userId, reference }: Who,
    what: Pick<Entry, "operation" | "type" | "record" | "number" | "changes">,
  ): void {
    this.#store.run(
      `insert into book(at, actor, user, reference, cause, operation, type, record, number, changes)
       values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      new Date(this.#clock.now()).toISOString(),
      actor,
      userId,
      actor === "api" ? reference : null,
      actor === "api" ? null : reference,
      what.operation,
      what.type,
      what.record,
      what.number,
      JSON.stringify(what.changes),
    );
  }

  entries(after: number, limit = PAGE): Entry[] {
    return this.#store
      .all<Stored>("select * from book where seq > ? order by seq limit ?", after, Math.min(limit, PAGE))
      .map(read);
  }

  /** A write that left everything as it was is in the book, but applied nothing. */
  ofReference(reference: string): { applied: number; standing: number; entries: Entry[] } {
    const entries = this.#store
      .all<Stored>("select * from book where reference = ? order by seq", reference)
      .map(read);
    const applied = entries.filter(({ changes }) => Object.keys(changes).length > 0);
    return {
      applied: applied.length,
      standing: applied.filter(({ undone }) => !undone).length,
      entries,
    };
  }

  summary(): object {
    const [{ entries, undone }] = this.#store.all<{ entries: number; undone: number }>(
      "select count(*) entries, coalesce(sum(undone), 0) undone from book",
    ) as [{ entries: number; undone: number }];
    const more = (standing: boolean) =>
      this.#store
        .all<{ reference: string }>(
          `select reference from book where reference is not null and changes <> '{}' ${standing ? "and undone = 0" : ""}
           group by reference having count(*) > 1`,
        )
        .map(({ reference }) => reference);
    const [{ n: references }] = this.#store.all<{ n: number }>(
      "select count(distinct reference) n from book where reference is not null",
    ) as [{ n: number }];
    const byType = this.#store.all<{ type: string; operation: string; n: number }>(
      "select type, operation, count(*) n from book where undone = 0 group by type, operation order by type, operation",
    );
    return {
      entries,
      undone,
      references,
      writes: Object.fromEntries(byType.map(({ type, operation, n }) => [`${type} ${operation}`, n])),
      appliedMoreThanOnce: more(false),
      standingMoreThanOnce: more(true),
    };
  }
}

function read(stored: Stored): Entry {
  return {
    ...stored,
    changes: JSON.parse(stored.changes) as Record<string, Value>,
    undone: stored.undone === 1,
  };
}
