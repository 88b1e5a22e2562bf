import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Anchoring } from "../../audit/anchor.ts";
import { checkPast, endRecoveryByPerson } from "../../audit/recovery.ts";
import type { Pool } from "../../db/pool.ts";
import { copyBack, copyTables, createCopies } from "./queries.ts";

/**
 * A backup of a schedule's database, and beside it, outside of the database, the file of anchors that a restore leaves as it is.
 * The anchor that gives a restore away is the earliest one that can: signed when the ledger had grown for the first time.
 */
export class Backup {
  /** Where the anchors are. */
  readonly dir = mkdtempSync(join(tmpdir(), "interlock-anchors-"));
  readonly #pool: Pool;
  readonly #anchoring: Anchoring;
  #copies = false;
  #behind = false;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#anchoring = new Anchoring({ pool, dir: this.dir, everyEvents: 1 });
  }

  async take(): Promise<void> {
    if (!this.#copies) await createCopies(this.#pool);
    this.#copies = true;
    await copyTables(this.#pool);
    await this.#anchoring.sign();
    this.#behind = false;
  }

  /** To be called often: a hub signs from time to time. @returns whether the backup is behind the last anchor */
  async sign(): Promise<boolean> {
    this.#behind ||= await this.#anchoring.step();
    return this.#behind;
  }

  /** No hub may live. What a starting hub does first is done as well. @returns why a recovery began, or undefined */
  async restore(): Promise<string | undefined> {
    await copyBack(this.#pool);
    this.#behind = false;
    return checkPast({ pool: this.#pool, dir: this.dir, anchoring: this.#anchoring });
  }

  /** A person says that the targets and the ledger agree. */
  async trust(): Promise<void> {
    await endRecoveryByPerson(this.#pool, { actor: "somebody", reason: "compared by hand" });
  }

  close(): void {
    rmSync(this.dir, { recursive: true });
  }
}
