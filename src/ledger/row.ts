/**
 * # Terminology
 *
 * - **event**: a business fact, past tense. **ledger**: the append-only, totally ordered, hash-chained log of all events.
 * - **identity**: (source, id). The same identity with the same content is a duplicate, with other content a conflict.
 * - **body**: an event's `data` exactly as it is stored and hashed; personal fields stand in it as salted commitments.
 * - **content hash**: tells a duplicate from a conflict: type, subject, time and data, never what transport added.
 * - **row hash**: covers everything the row says. **chain**: `sha256(previous chain, seq, recorded time, row hash)`.
 * - **correlation**: the root object at the event's birth; never changes. **cause**: the event or effect it follows from.
 * - **effect**: one intended change in one target system, named by its **reference**. **lane**: the queue on one object there.
 * - **outcome**: how an effect ended. **case**: what a person must settle. (The words around the ledger: ARCHITECTURE.md.)
 */
import { hash } from "node:crypto";
import { INTERLOCK_SOURCE, eventType } from "../event/envelope.ts";
import { toUtc } from "../event/time.ts";
import { LedgerError } from "./errors.ts";
import { checkStorable } from "./storable.ts";

/** `sources.id` of `/interlock`: the first row of that table, written by the migration. */
export const INTERLOCK_SOURCE_ID = 1;

/** What is to be appended. `time` must be RFC 3339 with offset; `body` is JSON text, already checked. */
export interface NewEvent {
  readonly sourceId: number;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly body: string;
  readonly correlation?: string | undefined;
  readonly plant?: string | undefined;
  readonly businessUnit?: string | undefined;
  readonly causeSeq?: number | undefined;
  readonly causeEffect?: string | undefined;
  readonly sourceVersion?: string | undefined;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly personal?: readonly PersonalField[] | undefined;
  /** Hash of the data before personal fields became commitments; defaults to that of `body`. */
  readonly contentHash?: string | undefined;
}

export interface PersonalField {
  readonly pointer: string;
  /** Hexadecimal. */
  readonly salt: string;
  /** JSON text as it was written. */
  readonly value: string;
}

/** A row of `append_events(json)` (sql/0001_ledger.sql). */
export interface AppendRow {
  ord: number;
  source_id: number;
  id: string;
  type: string;
  subject: string;
  occurred_at: string;
  time_text: string | null;
  plant: string | null;
  business_unit: string | null;
  correlation: string;
  cause_seq: number | null;
  cause_effect: string | null;
  source_version: string | null;
  actor: string | null;
  reason: string | null;
  traceparent: string | null;
  body: string;
  personal: readonly PersonalField[] | null;
  body_hash: string;
  content_hash: string;
  row_hash: string;
}

/** @throws LedgerError EVENT_UNSTORABLE when no row could keep it */
export function appendRow(event: NewEvent, ord: number): AppendRow {
  checkStorable(event);
  const occurredAt = toUtc(event.time);
  if (occurredAt === undefined)
    throw new LedgerError("EVENT_UNSTORABLE", `not an RFC 3339 time with offset: ${event.time}`, {
      field: "time",
    });
  const bodyHash = hash("sha256", event.body, "hex");
  const row: AppendRow = {
    ord,
    source_id: event.sourceId,
    id: event.id,
    type: event.type,
    subject: event.subject,
    occurred_at: occurredAt,
    time_text: event.time === occurredAt ? null : event.time,
    plant: event.plant ?? null,
    business_unit: event.businessUnit ?? null,
    correlation: event.correlation ?? event.subject,
    cause_seq: event.causeSeq ?? null,
    cause_effect: event.causeEffect ?? null,
    source_version: event.sourceVersion ?? null,
    actor: event.actor ?? null,
    reason: event.reason ?? null,
    traceparent: event.traceparent ?? null,
    body: event.body,
    personal: event.personal && event.personal.length > 0 ? event.personal : null,
    body_hash: bodyHash,
    content_hash: event.contentHash ?? contentHash(event.type, event.subject, occurredAt, event.body),
    row_hash: "",
  };
  row.row_hash = rowHash(event.source, row);
  return row;
}

/** Hash of what makes two messages of one identity the same message. */
export function contentHash(type: string, subject: string, occurredAt: string, data: string): string {
  return hash("sha256", JSON.stringify([type, subject, occurredAt, data]), "hex");
}

/** Hash of everything a row says but its place and its moment of recording, which the chain adds. */
export function rowHash(
  source: string,
  row: Omit<AppendRow, "ord" | "source_id" | "body" | "personal" | "content_hash" | "row_hash">,
): string {
  return hash(
    "sha256",
    JSON.stringify([
      source,
      row.id,
      row.type,
      row.subject,
      row.occurred_at,
      row.time_text,
      row.plant,
      row.business_unit,
      row.correlation,
      row.cause_seq,
      row.cause_effect,
      row.source_version,
      row.actor,
      row.reason,
      row.traceparent,
      row.body_hash,
    ]),
    "hex",
  );
}

/** One link of the chain, as `append_events` computes it. */
export function chainLink(
  previous: Uint8Array,
  seq: bigint,
  recordedMicros: bigint,
  rowHashHex: string,
): Uint8Array {
  const link = Buffer.alloc(previous.length + 16 + 32);
  link.set(previous, 0);
  link.writeBigInt64BE(seq, previous.length);
  link.writeBigInt64BE(recordedMicros, previous.length + 8);
  link.write(rowHashHex, previous.length + 16, "hex");
  return hash("sha256", link, "buffer");
}

/** What the engine itself tells: outcomes, timers, what people did. The id must be derived, so that telling it twice is one event. */
export function engineEvent(told: {
  name: string;
  id: string;
  subject: string;
  time: string;
  data: unknown;
  correlation?: string | undefined;
  plant?: string | undefined;
  causeSeq?: number | undefined;
  causeEffect?: string | undefined;
  actor?: string | undefined;
  reason?: string | undefined;
  traceparent?: string | undefined;
}): NewEvent {
  const { name, data, ...rest } = told;
  return {
    ...rest,
    sourceId: INTERLOCK_SOURCE_ID,
    source: INTERLOCK_SOURCE,
    type: eventType(name),
    body: JSON.stringify(data),
  };
}
