import type { Pool } from "../db/pool.ts";
import type { LedgerEvent } from "../event/envelope.ts";
import type { Bell } from "./bell.ts";
import type { Lookout } from "./lookout.ts";
import { selectHeadSeq } from "./queries.ts";
import { ledgerEvent, readAfter } from "./read.ts";
import type { Recent } from "./recent.ts";

/**
 * The moving end of the ledger. After a ring each follower reads on. What other hubs appended rings no bell here: the look at the
 * head that finds it is shared by all followers, so a hundred idle readers cost what one does.
 *
 * No reader can miss an event that commits late: positions are handed out under the lock of the head row, which is held until
 * the commit, so position n is visible before n + 1 exists.
 */
export class Tail {
  readonly #pool: Pool;
  readonly #bell: Bell;
  readonly #lookout: Lookout;
  readonly #recent: Recent;
  #head = 0;
  #looking: Promise<void> | undefined;

  constructor(pool: Pool, bell: Bell, lookout: Lookout, recent: Recent) {
    this.#pool = pool;
    this.#recent = recent;
    this.#bell = bell;
    this.#lookout = lookout;
  }

  /**
   * Everything after `seq`, for ever, in pages of ledger order. Ends when the signal aborts; throws what the database throws,
   * and can be begun again at the last position seen.
   */
  async *follow(seq: number, signal: AbortSignal, limit = 500): AsyncGenerator<readonly LedgerEvent[], void> {
    let position = seq;
    /** `unknown` of the bell before the last look that came to the end. */
    let looked: number | undefined;
    while (!signal.aborted) {
      const { rings: seen, unknown } = this.#bell;
      const known = unknown === looked ? this.#recent.after(position, limit) : undefined;
      const events = known ? known.map(ledgerEvent) : await readAfter(this.#pool, position, limit);
      // What was seen beyond may be gone: the database may have failed over to an older state.
      if (!known && events.length === 0) this.#head = Math.min(this.#head, position);
      if (events.length > 0) {
        position = events.at(-1)!.seq;
        yield events;
      }
      if (events.length === limit) continue;
      looked = unknown;
      while (this.#head <= position && seen === this.#bell.rings && !signal.aborted) await this.#look(seen);
    }
  }

  /** Who comes while one is looking shares the look. */
  #look(seen: number): Promise<void> {
    this.#looking ??= this.#lookOnce(seen).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookOnce(seen: number): Promise<void> {
    await this.#bell.wait(this.#lookout.everyMs, undefined, seen);
    if (seen === this.#bell.rings) this.#head = await selectHeadSeq(this.#pool);
  }
}
