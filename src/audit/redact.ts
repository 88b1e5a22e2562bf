import { hash } from "node:crypto";
import type { Pool } from "../db/pool.ts";
import { toUtc } from "../event/time.ts";
import { appendRow, contentHash, engineEvent } from "../ledger/row.ts";
import { withMicros } from "../ledger/read.ts";
import { AuditError } from "./errors.ts";
import { type Redactable, redactPersonal, selectRedactable } from "./queries.ts";

const EVENTS_PER_COMMIT = 100;
const POINTERS_PER_EVENT = 200;

export interface Redaction {
  /** `kind/id`: all events told of this object. */
  readonly subject: string;
  readonly actor: string;
  readonly reason: string;
  /** Only these fields; all personal ones unless told. */
  readonly pointers?: readonly string[];
  /** RFC 3339; the present unless told. */
  readonly now?: string;
}

/**
 * Erases the personal values of an object's events for good. The chain still verifies, and the ledger says who did it and why.
 * Done in parts, each a commit of its own: after a crash, calling again does the rest.
 * @returns how many events had something erased
 */
export async function redactSubject(pool: Pool, redaction: Redaction): Promise<number> {
  const { subject, actor, reason } = redaction;
  if (reason.trim() === "" || reason.length > 1_000)
    throw new AuditError("REASON_REQUIRED", "a redaction needs a reason of 1 to 1000 characters");
  const now = redaction.now ?? toUtc(new Date().toISOString())!;
  let events = 0;
  for (let after = 0; ;) {
    const found = await selectRedactable(pool, subject, after, EVENTS_PER_COMMIT);
    if (found.length === 0) return events;
    const parts = found.flatMap((event) => redactionsOf(event, redaction.pointers, { actor, reason, now }));
    if (parts.length > 0) events += new Set(await redactPersonal(pool, parts)).size;
    after = found.at(-1)!.seq;
  }
}

function redactionsOf(
  found: Redactable,
  only: readonly string[] | undefined,
  { actor, reason, now }: { actor: string; reason: string; now: string },
) {
  const wanted =
    only === undefined ? found.pointers : found.pointers.filter((pointer) => only.includes(pointer));
  const content_hash = contentHash(found.type, found.subject, withMicros(found.occurred_at), found.body);
  const parts = [];
  for (let from = 0; from < wanted.length; from += POINTERS_PER_EVENT) {
    const pointers = wanted.slice(from, from + POINTERS_PER_EVENT);
    const event = engineEvent({
      name: "PersonalDataRedacted",
      id: `redacted/${found.seq}/${hash("sha256", JSON.stringify(pointers), "hex").slice(0, 16)}`,
      subject: found.subject,
      correlation: found.correlation,
      plant: found.plant ?? undefined,
      time: now,
      data: { seq: found.seq, pointers, actor, reason },
      causeSeq: found.seq,
      actor,
      reason,
    });
    parts.push({
      seq: found.seq,
      pointers,
      content_hash,
      event: appendRow(event, found.seq * 1_000 + parts.length),
    });
  }
  return parts;
}
