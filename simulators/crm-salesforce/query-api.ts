import { randomBytes } from "node:crypto";
import type { Fault } from "./fault.ts";
import type { LateCommits } from "./late-commit.ts";
import type { Records } from "./records.ts";
import { Refusal } from "./refusal.ts";
import type { Answer } from "./request.ts";
import type { Settings } from "./settings.ts";
import { parseSoql } from "./soql-parse.ts";
import { runQuery } from "./soql-run.ts";

const CURSORS = 20;
const BATCH = { min: 200, max: 2000 };

type Cursor = { readonly records: readonly object[]; readonly size: number };

/** Queries, page by page. A result is held as it was when it was asked for; a restart forgets it. */
export class QueryApi {
  readonly #records: Records;
  readonly #late: LateCommits;
  readonly #settings: () => Settings;
  readonly #cursors = new Map<string, Cursor>();
  /** Called with the text of a query that found nothing. */
  onMiss: (query: string) => void = () => {};
  /** Told of each fault that met nothing. */
  onSpared: (fault: Fault) => void = () => {};

  constructor(records: Records, late: LateCommits, settings: () => Settings) {
    this.#records = records;
    this.#late = late;
    this.#settings = settings;
  }

  run(
    base: string,
    text: string | null,
    { deleted, hint }: { deleted: boolean; hint: string | undefined },
    fault?: Fault,
  ): Answer {
    if (text === null || text.trim() === "")
      throw new Refusal(400, "MALFORMED_QUERY", "A query string has to be specified");
    const query = parseSoql(text);
    const gap = fault?.kind === "poll-gap";
    const view = { records: this.#records, deleted, base, gap, late: this.#late };
    const { rows, render, gapped } = runQuery(query, view);
    if (fault && gap && !gapped) this.onSpared(fault);
    if (rows.length === 0) this.onMiss(text);
    if (query.count) return { status: 200, body: { totalSize: rows.length, done: true, records: [] } };
    const records = rows.map(render);
    return this.#page(base, { records, size: this.#batchSize(hint) }, undefined, 0);
  }

  more(base: string, locator: string): Answer {
    const [, id = "", offset = ""] = /^(01g\w{12,20})-(\d{1,9})$/.exec(locator) ?? [];
    const cursor = this.#cursors.get(id);
    if (!cursor) throw new Refusal(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    return this.#page(base, cursor, id, Number(offset));
  }

  #page(base: string, cursor: Cursor, id: string | undefined, offset: number): Answer {
    const { records, size } = cursor;
    const next = offset + size;
    const body = { totalSize: records.length, done: next >= records.length };
    const page = records.slice(offset, next);
    if (body.done) return { status: 200, body: { ...body, records: page } };
    const locator = id ?? this.#open(cursor);
    const nextRecordsUrl = `${base}/query/${locator}-${next}`;
    return { status: 200, body: { ...body, nextRecordsUrl, records: page } };
  }

  #open(cursor: Cursor): string {
    const id = `01g${randomBytes(8).toString("hex").slice(0, 15)}`;
    this.#cursors.set(id, cursor);
    // The oldest goes first, as where a user has too many open.
    if (this.#cursors.size > CURSORS) this.#cursors.delete(this.#cursors.keys().next().value!);
    return id;
  }

  /** The hint is a wish. */
  #batchSize(hint: string | undefined): number {
    const wished = Number(/batchSize=(\d{1,6})/i.exec(hint ?? "")?.[1] ?? NaN);
    const { queryBatchSize } = this.#settings();
    if (Number.isNaN(wished)) return queryBatchSize;
    return Math.min(queryBatchSize, Math.max(BATCH.min, Math.min(BATCH.max, wished)));
  }
}
