import type { QueryResultRow } from "pg";
import { type Client, type Pool, query, type Statement } from "../db/pool.ts";
import type { CaseRow } from "../case/open.ts";
import type { EffectIdentity } from "../effect/effect-event.ts";
import type { AppendRow } from "../ledger/row.ts";

/** Proof that the caller owns what it writes for; checked and renewed in the transaction itself. */
export interface Held {
  readonly hub: string;
  readonly lease: string;
  readonly fence: number;
  readonly leaseMs: number;
}

const OPEN_CASES: Statement = { name: "intake.open-cases", text: "select open_cases($1::json)" };

export async function openCases(pool: Pool, cases: readonly CaseRow[]): Promise<void> {
  await query(pool, OPEN_CASES, [JSON.stringify(cases)]);
}

export interface InboundMessage {
  readonly ord: number;
  readonly system: string;
  readonly stream: string;
  readonly native_id: string;
  readonly object_key: string;
  readonly version: string | null;
  readonly content_type: string;
  /** Base64. */
  readonly raw: string;
  /** SHA-256, hexadecimal. */
  readonly raw_hash: string;
}

export interface CursorRow {
  readonly system: string;
  readonly stream: string;
  /** Null: the next page is the first. */
  readonly position: string | null;
  readonly caught_up_to: string | null;
  readonly high_water: string | null;
}

const KEEP: Statement = { name: "intake.keep", text: "select status, id from keep_inbound($1::json)" };

/** Kept, or there already: by (system, stream, native id, raw bytes). In the order of `messages`. */
export function keepInbound(
  pool: Pool,
  messages: readonly InboundMessage[],
  polled?: { readonly held: Held; readonly cursor: CursorRow },
): Promise<{ status: "kept" | "duplicate"; id: number | null }[]> {
  return query<{ status: "kept" | "duplicate"; id: number | null }>(pool, KEEP, [
    JSON.stringify({ messages, ...polled?.held, cursor: polled?.cursor ?? null }),
  ]);
}

export type KeptMessage = {
  id: number;
  stream: string;
  native_id: string;
  object_key: string;
  version: string | null;
  content_type: string;
  raw: Buffer;
  /** Hexadecimal. */
  raw_hash: string;
  received_at: string;
  /** An earlier message of the same object waits for a person. */
  held: boolean;
};

const KEPT: Statement = {
  name: "intake.kept",
  text: `select k.id, k.stream, k.native_id, k.object_key, k.version, k.content_type, k.raw, encode(k.raw_hash, 'hex') as raw_hash,
           k.received_at, exists (
             select 1 from inbound q where q.system = k.system and q.object_key = k.object_key
               and q.state in ('held', 'quarantined') and q.id < k.id) as held
         from (
           select i.*, row_number() over (order by i.id) as nth, sum(octet_length(i.raw)) over (order by i.id) as bytes
           from (select * from inbound where system = $1 and state = 'kept' order by id limit $2) i) k
         where k.nth = 1 or k.bytes <= 8388608 order by k.id`,
};

/** What is to be admitted next, in the order it arrived; no more than fits into memory. */
export function selectKept(pool: Pool, system: string, limit: number): Promise<KeptMessage[]> {
  return query<KeptMessage>(pool, KEPT, [system, limit]);
}

export interface InboundVerdict {
  readonly id: number;
  readonly state: "admitted" | "skipped" | "held" | "quarantined";
  /** JSON text. */
  readonly problem: string | null;
  readonly event: AppendRow | null;
  readonly case: CaseRow | null;
  readonly conflict: CaseRow | null;
}

export type InboundState = "kept" | "held" | "admitted" | "skipped" | "quarantined" | "conflict" | "refused";

export type Admitted = { id: number; state: InboundState; eventSeq: number | null };

const ADMIT: Statement = {
  name: "intake.admit",
  text: `select id, state, event_seq as "eventSeq" from admit_inbound($1::json)`,
};

/** `eventSeq` is set where an event was appended now. Messages a person acted on meanwhile are left out. */
export function admitInbound(
  pool: Pool,
  held: Held,
  verdicts: readonly InboundVerdict[],
): Promise<Admitted[]> {
  return query<Admitted>(pool, ADMIT, [JSON.stringify({ ...held, verdicts })]);
}

const CURSOR: Statement = {
  name: "intake.cursor",
  text: `select position, high_water as "highWater" from cursors where system = $1 and stream = $2`,
};

export async function selectCursor(
  pool: Pool,
  system: string,
  stream: string,
): Promise<{ position: string | null; highWater: string | null }> {
  const [row] = await query<{ position: string | null; highWater: string | null }>(pool, CURSOR, [
    system,
    stream,
  ]);
  return row ?? { position: null, highWater: null };
}

const HEARTBEAT: Statement = {
  name: "intake.heartbeat",
  text: `select to_char(min(heartbeat_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as since
         from cursors where system = $1 and stream = any ($2::text[])`,
};

/** When these streams were last read, the longest ago; undefined where none ever was. UTC with microseconds. */
export async function selectHeartbeat(
  pool: Pool,
  system: string,
  streams: readonly string[],
): Promise<string | undefined> {
  const [row] = await query<{ since: string | null }>(pool, HEARTBEAT, [system, streams]);
  return row?.since ?? undefined;
}

const SILENCE_ENDED: Statement = {
  name: "intake.silence-ended",
  text: "select settle_members('system', array[$1], 'interlock', 'its streams are read again', array[$2])",
};

/** Closes the case of a system that could not be read. */
export async function settleSilence(pool: Pool, system: string, fingerprint: string): Promise<void> {
  await query(pool, SILENCE_ENDED, [system, fingerprint]);
}

const PAUSE: Statement = { name: "intake.pause-restored", text: "select pause_restored_system($1::json)" };

export async function pauseRestoredSystem(
  pool: Pool,
  held: Held,
  pause: {
    system: string;
    stream: string;
    why: string;
    high_water: string;
    case: CaseRow;
    event: AppendRow;
  },
): Promise<void> {
  await query(pool, PAUSE, [JSON.stringify({ ...held, ...pause })]);
}

const EFFECTS: Statement = {
  name: "intake.effects-of-system",
  text: `select reference, system, lane, type, process, key, name, cause_seq as "causeSeq", correlation, plant, traceparent
         from effects e where e.system = $1 and e.reference = any ($2::text[])
           and not exists (select 1 from outcomes o where o.reference = e.reference)`,
};

/** Open effects of one system: another system's word is no evidence. */
export function selectOpenEffects(
  pool: Pool,
  system: string,
  references: readonly string[],
): Promise<EffectIdentity[]> {
  return query<EffectIdentity & QueryResultRow>(pool, EFFECTS, [system, references]);
}

const EVIDENCE: Statement = {
  name: "intake.settle-by-evidence",
  text: "select settle_by_evidence($1::json) as n",
};

/** How many effects it settled; for those in flight it is kept until their calls have ended. */
export async function settleByEvidence(
  pool: Pool,
  settled: readonly { system: string; reference: string; evidence: string; event: AppendRow }[],
): Promise<number> {
  return (await query<{ n: number }>(pool, EVIDENCE, [JSON.stringify(settled)]))[0]!.n;
}

const MEMBERS: Statement = {
  name: "intake.case-messages",
  text: `select i.id, c.subject, c.version from cases c
         join case_members m on m.case_id = c.id and m.kind = 'inbound' and not m.settled
         join inbound i on i.id = m.ref::bigint and i.state in ('quarantined', 'conflict')
         where c.id = $1 and c.state = 'open' order by i.id limit 10000`,
};

/** The messages of an open case that wait for a person. */
export function selectCaseMessages(
  on: Pool | Client,
  caseId: number,
): Promise<{ id: number; subject: string; version: number }[]> {
  return query<{ id: number; subject: string; version: number }>(on, MEMBERS, [caseId]);
}

const CASE_OF: Statement = {
  name: "intake.case-of-message",
  text: `select c.id, c.subject, c.version from case_members m join cases c on c.id = m.case_id
         where m.kind = 'inbound' and m.ref = $1::bigint::text and not m.settled and c.state = 'open'`,
};

export async function selectCaseOfMessage(
  pool: Pool,
  id: number,
): Promise<{ id: number; subject: string; version: number } | undefined> {
  return (await query<{ id: number; subject: string; version: number }>(pool, CASE_OF, [id]))[0];
}

const ACT: Statement = { name: "intake.act", text: "select act_on_inbound($1::json) as moved" };

/** The messages that were still waiting for a person. */
export async function actOnInbound(
  pool: Pool,
  act: {
    ids: readonly number[];
    action: "readmit" | "discard";
    actor: string;
    problem: string | null;
    event: AppendRow;
  },
): Promise<number[]> {
  return (await query<{ moved: number[] }>(pool, ACT, [JSON.stringify(act)]))[0]!.moved;
}
