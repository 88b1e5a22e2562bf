/*
 * Group commit.
 *
 * A commit costs one wait for the disk, whether it carries one event or five hundred. So one batch is under way at a time, and
 * whatever queues meanwhile is the next batch: a single event on an idle hub goes at once, and under load batches grow by
 * themselves until the disk is no longer what limits. Events that come one by one, a little faster than that, wait a moment for
 * each other (`Company`): otherwise each would cost as much as many.
 *
 * An event's row is hashed and written as text when it is queued, while PostgreSQL works on the batch before. Batches are
 * formed from ready text.
 */
import pg from "pg";
import type { Pool } from "../db/pool.ts";
import { StoreError } from "../db/errors.ts";
import type { Bell } from "./bell.ts";
import { LedgerError } from "./errors.ts";
import { Company } from "./gather.ts";
import { type AppendResult, appendEvents, type EventRow } from "./queries.ts";
import { eventRow, Recent } from "./recent.ts";
import { appendRow, type AppendRow, type NewEvent } from "./row.ts";

const MAX_ROWS = 500;
const MAX_LENGTH = 1_048_576;

/**
 * appended: it is on disk. duplicate: the same content was there before, at `seq`. conflict: the identity is taken by other
 * content, at `seq`; nothing was written.
 */
export type Appended = AppendResult;

interface Entry {
  readonly source: string;
  readonly row: AppendRow;
  readonly text: string;
  readonly resolve: (result: Appended) => void;
  readonly reject: (error: unknown) => void;
}

export class Appender {
  readonly #pool: Pool;
  readonly #bell: Bell;
  readonly #recent: Recent;
  readonly #company = new Company();
  #queue: Entry[] = [];
  #ord = 0;
  #running: Promise<void> | undefined;

  /**
   * @param bell rung after every commit that may have written
   * @param recent told of what was written
   */
  constructor(pool: Pool, bell: Bell, recent = new Recent()) {
    this.#pool = pool;
    this.#bell = bell;
    this.#recent = recent;
  }

  /**
   * Resolves when the event is on disk, or what its identity turned out to be.
   * Rejects with LedgerError EVENT_UNSTORABLE (this event alone; its neighbours went on), LEDGER_BUSY or a StoreError (not
   * written), or CommitUnknownError (perhaps written: appending the same event again tells).
   */
  append(event: NewEvent): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#ord += 1;
      const row = appendRow(event, this.#ord);
      this.#queue.push({ source: event.source, row, text: JSON.stringify(row), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Each event with its own result, in their order: one that is refused does not take the others with it. */
  appendAll(events: readonly NewEvent[]): Promise<PromiseSettledResult<Appended>[]> {
    return Promise.allSettled(events.map((event) => this.append(event)));
  }

  /** Until everything that was queued has its result. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // What else is queued in this turn of the event loop belongs to the first batch.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#company.wait(() => this.#queue.length);
      await this.#commit(this.#take());
    }
    this.#running = undefined;
  }

  #take(): Entry[] {
    let length = 0;
    let n = 0;
    while (n < this.#queue.length && n < MAX_ROWS) {
      length += this.#queue[n]!.text.length;
      if (n > 0 && length > MAX_LENGTH) break;
      n += 1;
    }
    if (n === this.#queue.length) {
      const batch = this.#queue;
      this.#queue = [];
      return batch;
    }
    return this.#queue.splice(0, n);
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    try {
      const results = await appendEvents(this.#pool, `[${batch.map(({ text }) => text).join(",")}]`);
      const written: EventRow[] = [];
      for (const [i, { status, seq, recorded_at }] of results.entries()) {
        const { source, row, resolve } = batch[i]!;
        if (status === "appended") written.push(eventRow(source, row, seq, recorded_at));
        resolve({ status, seq });
      }
      this.#bell.ring(this.#recent.add(written));
    } catch (error) {
      if (isDataError(error) && batch.length > 1) {
        // One of them cannot be stored. Halving finds it without knowing what PostgreSQL means by its message.
        const half = batch.length >> 1;
        await this.#commit(batch.slice(0, half));
        await this.#commit(batch.slice(half));
        return;
      }
      const said = named(error);
      for (const { reject } of batch) reject(said);
      this.#bell.ring();
    }
  }
}

/** The server judged the content (data exception, constraint, limit of a row), as opposed to having no time or no room. */
export function isDataError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^(22|23|54)/.test(error.code ?? "");
}

function named(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof pg.DatabaseError)) return error;
  return isDataError(error)
    ? new LedgerError("EVENT_UNSTORABLE", `the database cannot store the event: ${error.message}`, {
        cause: error,
      })
    : new LedgerError("LEDGER_BUSY", `the ledger did not take the event: ${error.message}; send it again`, {
        cause: error,
      });
}
