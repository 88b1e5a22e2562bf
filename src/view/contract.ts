/**
 * What a read model is. To add one, add a folder: `src/view/<name>/view.ts` with a definition as its default export, its
 * statements in `queries.ts` beside it, and its tables in a migration. Nothing else is needed: the hub finds it, fills it from
 * the beginning of the ledger, keeps it up to date, and `interlock views` shows how far it is.
 *
 * A view must say the same whenever it is filled, so that it can be emptied and filled again at any time:
 *
 * - It knows the events it is given, its own tables, and of the table `links` those with `since_seq` up to `upTo`: nothing
 *   that changes without an event, so no cases, no lanes, no clock, no random, no generated key.
 * - Where a batch begins and ends must make no difference: two batches of one leave the same rows as one of two. The
 *   conformance test plays every view so.
 * - Personal values stay in the ledger: where one was, an event shows the commitment, an object with `$personal`.
 */
import type { Client } from "../db/pool.ts";
import type { LedgerEvent, ObjectRef } from "../event/envelope.ts";

/** What the router learned from the event at `seq`: the child serves the parent. */
export interface LearnedLink {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
  readonly seq: number;
}

export interface Batch {
  /** In ledger order, at most 200, of the view's names only. */
  readonly events: readonly LedgerEvent[];
  /** Of a view that asked for `links`: those learned in this batch, from whatever events. */
  readonly links: readonly LearnedLink[];
  /** The position the view stands at afterwards. */
  readonly upTo: number;
}

export interface ViewDefinition {
  /** As its folder. */
  readonly name: string;
  /** Raised with every change of what it writes: the next hub to start fills it anew. */
  readonly version: number;
  /** Its tables, nobody else's: emptied before it is filled anew. A table that points at another comes first. */
  readonly tables: readonly string[];
  /** Names of the events it reads, of every major version: `OrderRequested`. */
  readonly events: readonly string[];
  /** Whether it wants to be told of links as they are learned: one that comes late can concern what was told long before. */
  readonly links?: true;
  /**
   * Takes in what is next: never called with nothing. `on` is inside the transaction that also moves the checkpoint. Few
   * statements, each for the whole batch: this runs beside the line. As in the line's own transactions, plans that read whole
   * tables, hash or merge joins are switched off: join what the batch gives with tables by their keys.
   *
   * What it throws rolls everything back. The batch is then halved until the event is alone that cannot be taken in; that one
   * is left out and becomes a case for `it`.
   */
  readonly apply: (batch: Batch, on: Client) => Promise<void>;
}

export function defineView(view: ViewDefinition): ViewDefinition {
  return view;
}
