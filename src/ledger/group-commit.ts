/*
 * Group commit.
 *
 * A commit costs one wait for the disk, whether it carries one row or five hundred. So one batch is under way at a time, and
 * whatever queues meanwhile is the next batch: a single item on an idle hub goes at once, and under load batches grow by
 * themselves until the disk is no longer what limits. Items that come one by one, a little faster than that, wait a moment for
 * each other (`Company`): otherwise each would cost as much as many.
 */
import { isDataError } from "../db/errors.ts";
import { Company } from "./gather.ts";

const MAX_ITEMS = 500;
const MAX_LENGTH = 1_048_576;

export interface GroupCommitOptions<Item, Result> {
  /** One transaction. @returns a result for each item, in their order; when it throws, nobody knows of any that was written */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Characters that are sent for an item. */
  readonly lengthOf: (item: Item) => number;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  readonly #company = new Company();
  #queue: Entry<Item, Result>[] = [];
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /**
   * Resolves when the item is on disk. Rejects with what `write` threw; what the database cannot store takes no other item with it.
   */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      this.#running ??= this.#run();
    });
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

  #take(): Entry<Item, Result>[] {
    let length = 0;
    let n = 0;
    while (n < this.#queue.length && n < MAX_ITEMS) {
      length += this.#options.lengthOf(this.#queue[n]!.item);
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

  async #commit(batch: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i]!);
    } catch (error) {
      if (isDataError(error) && batch.length > 1) {
        // One of them cannot be stored. Halving finds it without knowing what PostgreSQL means by its message.
        const half = batch.length >> 1;
        await this.#commit(batch.slice(0, half));
        await this.#commit(batch.slice(half));
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  }
}
