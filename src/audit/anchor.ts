import type { Pool } from "../db/pool.ts";
import { lastAnchor, type SignedAnchor, writeAnchor } from "./anchor-file.ts";
import { openAnchorKey } from "./anchor-key.ts";
import { insertAnchor, selectStanding } from "./queries.ts";

export interface AnchorOptions {
  readonly pool: Pool;
  /** Outside the database: the project's `.interlock/`. */
  readonly dir: string;
  /** An anchor after this many events; 10,000 unless told. */
  readonly everyEvents?: number;
  /** And after this long when there was any; 60 s unless told. */
  readonly everyMs?: number;
}

/**
 * Signs from time to time where the ledger stands, into a file outside the database. "Any tampering is found" is promised up to
 * the last anchor; whoever changes later rows and recomputes their hashes can be found only by the next copy of the file.
 */
export class Anchoring {
  readonly #options: AnchorOptions;
  #last: { readonly epoch: number; readonly seq: number; readonly at: number } | undefined;

  constructor(options: AnchorOptions) {
    this.#options = options;
  }

  /** Signs when enough has happened since the last anchor. To be called every second or so. @returns true when it signed */
  async step(): Promise<boolean> {
    const { pool, everyEvents = 10_000, everyMs = 60_000 } = this.#options;
    if (this.#last === undefined) return (await this.sign()) !== undefined;
    const { epoch, seq } = await selectStanding(pool);
    const fresh = epoch === this.#last.epoch ? seq - this.#last.seq : seq;
    const due = fresh >= everyEvents || (fresh > 0 && performance.now() - this.#last.at >= everyMs);
    return due && (await this.sign()) !== undefined;
  }

  /** Signs now, unless the ledger stands where it was signed last. At start, at stop, and when a recovery begins. */
  async sign(epoch: { readonly follows?: number } = {}): Promise<SignedAnchor | undefined> {
    const { pool, dir } = this.#options;
    const { now, ...standing } = await selectStanding(pool);
    const last = lastAnchor(dir);
    this.#last = { epoch: standing.epoch, seq: standing.seq, at: performance.now() };
    if (last?.ledgerId === standing.ledgerId && last.epoch === standing.epoch && last.seq === standing.seq)
      return undefined;
    const anchor = await writeAnchor(dir, { ...standing, signedAt: now, ...epoch }, openAnchorKey(dir));
    await insertAnchor(pool, anchor);
    return anchor;
  }
}
