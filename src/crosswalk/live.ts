/*
 * The crosswalk in force: the rows of the project's files, and behind them what people added since. The files are the user's, in
 * git, and stand before an entry for the same value; see docs/decisions/0009-a-crosswalk-entry-waits-for-the-file.md.
 */
import { transaction, type Pool } from "../db/pool.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import { type CrosswalkRow, CrosswalkError } from "./crosswalk.ts";
import { type CrosswalkEntry, insertEntry, selectEntries, selectEntriesRevision } from "./queries.ts";

/** So old what another hub added may be here. */
const LOOK_MS = 100;

/** A row in force; one that a person added says who and why. */
export interface LiveRow extends CrosswalkRow {
  readonly entry?: Pick<CrosswalkEntry, "seq" | "actor" | "reason" | "addedAt">;
}

export class LiveCrosswalk {
  readonly #pool: Pool;
  readonly #files: readonly CrosswalkRow[];
  readonly #used: ((rows: readonly CrosswalkRow[]) => void)[] = [];
  #rows: readonly LiveRow[];
  #entries: readonly CrosswalkEntry[] = [];
  #revision = 0;
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(pool: Pool, files: readonly CrosswalkRow[]) {
    this.#pool = pool;
    this.#files = files;
    this.#rows = files;
  }

  /** Told of the rows whenever they change. */
  onChange(use: (rows: readonly CrosswalkRow[]) => void): void {
    this.#used.push(use);
  }

  /** Looks whether somebody added something, at most ten times a second. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < LOOK_MS) return;
    this.#looking ??= this.#read().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  async rows(): Promise<readonly LiveRow[]> {
    await this.look();
    return this.#rows;
  }

  /** Entries that the files do not say by now: what is to be brought home to git. */
  async waitingForFile(): Promise<readonly CrosswalkEntry[]> {
    await this.look();
    const own = new Set(this.#files.map(keyOf));
    return this.#entries.filter((entry) => !own.has(keyOf(entry)));
  }

  /**
   * Adds a row for a value that has none; the ledger keeps who and why. In force on this hub when it returns, on others a tenth of
   * a second later.
   * @throws CrosswalkError CROSSWALK_TAKEN
   */
  async add(row: CrosswalkRow, word: { actor: string; reason: string; now: string }): Promise<LiveRow> {
    const taken = (await this.rows()).find((each) => keyOf(each) === keyOf(row));
    if (taken) throw takenError(taken);
    const { system, kind, native, canonical, preferred } = row;
    const { actor, reason, now } = word;
    const seq = await transaction(this.#pool, async (client) => {
      const event = engineEvent({
        name: "CrosswalkEntryAdded",
        id: `crosswalk/${JSON.stringify([system, kind, native])}`.slice(0, 200),
        subject: `crosswalk/${system}/${kind}`,
        time: now,
        data: { system, kind, native, canonical, ...(preferred && { preferred }), actor, reason },
        actor,
        reason,
      });
      const [appended] = await appendEvents(client, JSON.stringify([appendRow(event, 0)]));
      const entry = { ...row, seq: appended!.seq, actor, reason, addedAt: now };
      if (!(await insertEntry(client, entry))) throw takenError(row);
      return appended!.seq;
    });
    await this.#read();
    return { ...row, entry: { seq, actor, reason, addedAt: now } };
  }

  async #read(): Promise<void> {
    const revision = await selectEntriesRevision(this.#pool);
    this.#lookedAt = performance.now();
    if (revision === this.#revision) return;
    const entries = await selectEntries(this.#pool);
    const own = new Set(this.#files.map(keyOf));
    this.#entries = entries;
    this.#rows = [
      ...this.#files,
      ...entries
        .filter((entry) => !own.has(keyOf(entry)))
        .map(({ system, kind, native, canonical, preferred, seq, actor, reason, addedAt }) => ({
          system,
          kind,
          native,
          canonical,
          preferred,
          entry: { seq, actor, reason, addedAt },
        })),
    ];
    this.#revision = revision;
    for (const use of this.#used) use(this.#rows);
  }
}

function keyOf({ system, kind, native }: Pick<CrosswalkRow, "system" | "kind" | "native">): string {
  return JSON.stringify([system, kind, native]);
}

function takenError({ system, kind, native, canonical }: CrosswalkRow): CrosswalkError {
  return new CrosswalkError(
    "CROSSWALK_TAKEN",
    `${kind} "${native}" of ${system} is "${canonical}" already; change it in the crosswalk files`,
  );
}
