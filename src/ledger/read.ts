import type { Client, Pool } from "../db/pool.ts";
import type { LedgerEvent } from "../event/envelope.ts";
import { rejoin } from "./personal.ts";
import { type EventFilter, type EventRow, findEvents, selectEvents, selectEventsAfter } from "./queries.ts";

export type { EventFilter };

/** At most this many events per read: a reader of many goes on from the last one's `seq`. */
export const READ_LIMIT = 1_000;

/** What followed position `seq` (0: from the beginning), in ledger order. */
export async function readAfter(
  on: Pool | Client,
  seq: number,
  limit: number = READ_LIMIT,
): Promise<LedgerEvent[]> {
  return (await selectEventsAfter(on, seq, Math.min(limit, READ_LIMIT))).map(ledgerEvent);
}

/** The events at these positions, in ledger order. */
export async function readAt(on: Pool | Client, seqs: readonly number[]): Promise<LedgerEvent[]> {
  return seqs.length === 0 ? [] : (await selectEvents(on, seqs)).map(ledgerEvent);
}

export interface EventPage {
  readonly events: LedgerEvent[];
  /** Where the next page begins: `after` when reading oldest first, `before` when newest first. Absent on the last page. */
  readonly next?: number;
}

/** One page of what a filter finds. */
export async function findPage(
  pool: Pool,
  filter: EventFilter,
  options: { order?: "oldest-first" | "newest-first"; limit?: number } = {},
): Promise<EventPage> {
  const limit = Math.min(options.limit ?? 100, READ_LIMIT);
  const rows = await findEvents(pool, filter, options.order ?? "oldest-first", limit + 1);
  const events = rows.slice(0, limit).map(ledgerEvent);
  return rows.length > limit ? { events, next: events.at(-1)!.seq } : { events };
}

/** A row as readers know it: personal values back in their places, null where they were redacted. */
export function ledgerEvent(row: EventRow): LedgerEvent {
  const data: unknown = JSON.parse(row.body);
  return {
    seq: row.seq,
    source: row.source,
    id: row.id,
    type: row.type,
    subject: row.subject,
    time: withMicros(row.occurred_at),
    recordedTime: withMicros(row.recorded_at),
    correlation: row.correlation,
    ...(row.plant !== null && { plant: row.plant }),
    ...(row.business_unit !== null && { businessUnit: row.business_unit }),
    ...(row.cause_seq !== null && { causeSeq: row.cause_seq }),
    ...(row.cause_effect !== null && { causeEffect: row.cause_effect }),
    ...(row.source_version !== null && { sourceVersion: row.source_version }),
    ...(row.actor !== null && { actor: row.actor }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    data: row.personal === null ? data : rejoin(data, row.personal),
  };
}

/** PostgreSQL leaves out trailing zeros: `...:00Z` is `...:00.000000Z`. */
export function withMicros(utc: string): string {
  return utc.length === 27 ? utc : `${utc.slice(0, 19)}.${utc.slice(20, -1).padEnd(6, "0")}Z`;
}
