/*
 * Events into the ledger, by group commit. An event's row is hashed and written as text when it is queued, while PostgreSQL works
 * on the batch before: batches are formed from ready text.
 */
import { DatabaseError } from "pg";
import { isDataError, StoreError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import type { Bell } from "./bell.ts";
import { LedgerError } from "./errors.ts";
import { GroupCommit } from "./group-commit.ts";
import { type AppendedRow, type AppendResult, appendEvents, type EventRow } from "./queries.ts";
import { eventRow, Recent } from "./recent.ts";
import { appendRow, type AppendRow, type NewEvent } from "./row.ts";

/**
 * appended: it is on disk. duplicate: the same content was there before, at `seq`. conflict: the identity is taken by other
 * content, at `seq`; nothing was written.
 */
export type Appended = AppendResult;

interface Entry {
  readonly source: string;
  readonly row: AppendRow;
  readonly text: string;
}

export class Appender {
  readonly #group: GroupCommit<Entry, AppendedRow>;
  #ord = 0;

  /**
   * @param bell rung after every commit that may have written
   * @param recent told of what was written
   */
  constructor(pool: Pool, bell: Bell, recent = new Recent()) {
    this.#group = new GroupCommit({
      async write(entries) {
        try {
          const results = await appendEvents(pool, `[${entries.map(({ text }) => text).join(",")}]`);
          const written: EventRow[] = [];
          for (const [i, { status, seq, recorded_at }] of results.entries()) {
            const { source, row } = entries[i]!;
            if (status === "appended") written.push(eventRow(source, row, seq, recorded_at));
          }
          bell.ring(recent.add(written));
          return results;
        } catch (error) {
          if (!isDataError(error)) bell.ring();
          throw error;
        }
      },
      lengthOf: ({ text }) => text.length,
    });
  }

  /**
   * Resolves when the event is on disk, or what its identity turned out to be.
   * Rejects with LedgerError EVENT_UNSTORABLE (this event alone; its neighbours went on), LEDGER_BUSY or a StoreError (not
   * written), or CommitUnknownError (perhaps written: appending the same event again tells).
   */
  async append(event: NewEvent): Promise<Appended> {
    this.#ord += 1;
    const row = appendRow(event, this.#ord);
    try {
      const { status, seq } = await this.#group.add({ source: event.source, row, text: JSON.stringify(row) });
      return { status, seq };
    } catch (error) {
      throw named(error);
    }
  }

  /** Each event with its own result, in their order: one that is refused does not take the others with it. */
  appendAll(events: readonly NewEvent[]): Promise<PromiseSettledResult<Appended>[]> {
    return Promise.allSettled(events.map((event) => this.append(event)));
  }

  /** Until everything that was queued has its result. */
  idle(): Promise<void> {
    return this.#group.idle();
  }
}

function named(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof DatabaseError)) return error;
  const { message } = error;
  return isDataError(error)
    ? new LedgerError("EVENT_UNSTORABLE", `the database cannot store the event: ${message}`, { cause: error })
    : new LedgerError("LEDGER_BUSY", `the ledger did not take the event: ${message}; send it again`, {
        cause: error,
      });
}
