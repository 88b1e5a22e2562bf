/**
 * What a read model is. To add one, add a folder: `src/view/<name>/view.ts` with a definition as its default export, its
 * statements in `queries.ts` beside it, and its tables in a migration. Nothing else is needed: the hub finds it, fills it from
 * the beginning of the ledger, keeps it up to date, and `interlock views` shows how far it is.
 *
 * A view must say the same whenever it is filled, so that it can be emptied and filled again at any time:
 *
 * - It knows the events it is given, its own tables, and of `links` those with `since_seq` up to the event (nothing that
 *   changes without an event: no cases, no lanes, no clock, no random, no generated key, no default that reads a clock).
 * - Where a batch begins and ends must make no difference: two batches of one leave the same rows as one of two. The
 *   conformance test plays every view so.
 * - Personal values stay in the ledger: where one was, an event shows the commitment, an object with `$personal`.
 */
import type { Client } from "../db/pool.ts";
import type { LedgerEvent } from "../event/envelope.ts";

export interface ViewDefinition {
  /** As its folder. */
  readonly name: string;
  /** Raised with every change of what it writes: the next hub to start fills it anew. */
  readonly version: number;
  /** Its tables, nobody else's: emptied before it is filled anew. A table that points at another comes first. */
  readonly tables: readonly string[];
  /** Names of the events it reads, of every major version: `OrderRequested`. */
  readonly events: readonly string[];
  /**
   * Takes in the next events, in ledger order: at most 500, of its names only, at least one. `on` is inside the transaction that
   * also moves the checkpoint. Few statements, each for the whole batch: this runs beside the line.
   *
   * What it throws rolls everything back. The batch is then halved until the event is alone that cannot be taken in; that one
   * is left out and becomes a case for `it`.
   */
  readonly apply: (events: readonly LedgerEvent[], on: Client) => Promise<void>;
}

export function defineView(view: ViewDefinition): ViewDefinition {
  return view;
}
