import type { QueryResultRow } from "pg";
import { type Client, type Pool, query, type Statement, transaction } from "../db/pool.ts";
import type { Finding } from "./finding.ts";
import type { EventRow } from "../ledger/queries.ts";
import type { AppendRow } from "../ledger/row.ts";

export type Standing = {
  ledgerId: string;
  epoch: number;
  seq: number;
  /** Hexadecimal. */
  chain: string;
  now: string;
  server: string;
  timeline: number;
};

const STANDING: Statement = {
  name: "audit.standing",
  text: `select ledger_id as "ledgerId", epoch, seq, encode(chain, 'hex') as chain, clock_timestamp() as now,
           (select system_identifier::text from pg_control_system()) as server,
           (select timeline_id from pg_control_checkpoint()) as timeline
         from ledger_head`,
};

/** Where the ledger stands, and on which server. */
export async function selectStanding(on: Pool | Client): Promise<Standing> {
  return (await query<Standing>(on, STANDING))[0]!;
}

const INSERT_ANCHOR: Statement = {
  name: "audit.insert-anchor",
  text: `insert into anchors (epoch, seq, chain, signed_at, signature) values ($1, $2, decode($3, 'hex'), $4, $5) on conflict do nothing`,
};

export async function insertAnchor(
  pool: Pool,
  anchor: { epoch: number; seq: number; chain: string; signedAt: string; signature: string },
): Promise<void> {
  const { epoch, seq, chain, signedAt, signature } = anchor;
  await query(pool, INSERT_ANCHOR, [epoch, seq, chain, signedAt, signature]);
}

const CHAIN_AT: Statement = {
  name: "audit.chain-at",
  text: "select encode(chain, 'hex') as chain from events where seq = $1",
};

export async function selectChainAt(pool: Pool, seq: number): Promise<string | undefined> {
  return (await query<{ chain: string }>(pool, CHAIN_AT, [seq]))[0]?.chain;
}

/** A row as verification needs it: what is hashed, what was hashed, and what lies beside it. */
export type AuditedRow = Omit<EventRow, "personal"> & {
  body_hash: string;
  chain: string;
  identity_seq: number | null;
  beside: { pointer: string; salt: string | null; value: string | null }[] | null;
};

const CHUNK: Statement = {
  name: "audit.chunk",
  text: `select e.seq, coalesce(s.name, '?') as source, e.id, e.type, e.subject, e.occurred_at, e.time_text, e.recorded_at, e.plant, e.business_unit,
           e.correlation, e.cause_seq, e.cause_effect, e.source_version, e.actor, e.reason, e.traceparent, e.body,
           encode(e.body_hash, 'hex') as body_hash, encode(e.chain, 'hex') as chain,
           (select i.seq from identities i where i.source_id = e.source_id and i.id = e.id) as identity_seq,
           (select json_agg(json_build_object('pointer', p.pointer, 'salt', encode(p.salt, 'hex'), 'value', p.value))
            from personal p where p.seq = e.seq) as beside
         from (
           select n.*, sum(octet_length(n.body)) over (order by n.seq) as bytes, row_number() over (order by n.seq) as nth
           from (select * from events where seq > $1 and seq <= $2 order by seq limit $3) n) e
         left join sources s on s.id = e.source_id where e.nth = 1 or e.bytes <= 16777216 order by e.seq`,
};

/** A short read of its own, at most 16 MB: one long snapshot would slow every writer. */
export function selectChunk(pool: Pool, after: number, upTo: number, limit: number): Promise<AuditedRow[]> {
  return query<AuditedRow>(pool, CHUNK, [after, upTo, limit]);
}

const BEYOND: Statement = {
  name: "audit.beyond-head",
  text: "select min(e.seq) as seq from events e where e.seq > (select seq from ledger_head)",
};

/** The first row that stands behind the head, where none may be. */
export async function selectBeyondHead(pool: Pool): Promise<number | undefined> {
  return (await query<{ seq: number | null }>(pool, BEYOND))[0]?.seq ?? undefined;
}

export type Redactable = {
  seq: number;
  source: string;
  type: string;
  subject: string;
  correlation: string;
  plant: string | null;
  occurred_at: string;
  body: string;
  pointers: string[];
};

const REDACTABLE: Statement = {
  name: "audit.redactable",
  text: `select e.seq, s.name as source, e.type, e.subject, e.correlation, e.plant, e.occurred_at, e.body,
           array_agg(p.pointer order by p.pointer) as pointers
         from events e join sources s on s.id = e.source_id join personal p on p.seq = e.seq and p.value is not null
         where e.seq > $2 and e.subject = $1 group by e.seq, s.name order by e.seq limit $3`,
};

/** Events of a business object that still have personal values. */
export function selectRedactable(
  pool: Pool,
  subject: string,
  after: number,
  limit: number,
): Promise<Redactable[]> {
  return query<Redactable>(pool, REDACTABLE, [subject, after, limit]);
}

const REDACT: Statement = { name: "audit.redact", text: "select redact_personal($1::json) as done" };

export async function redactPersonal(
  pool: Pool,
  redactions: readonly { seq: number; pointers: readonly string[]; content_hash: string; event: AppendRow }[],
): Promise<number[]> {
  return (await query<{ done: number[] }>(pool, REDACT, [JSON.stringify(redactions)]))[0]!.done;
}

const BEGIN_RECOVERY: Statement = { name: "audit.begin-recovery", text: "select begin_recovery($1::json)" };

const LOOK_AGAIN: Statement = {
  name: "audit.look-again",
  text: `update lanes l set probes = 0,
           state = case when l.state = 'ready' and l.sends > 0 then 'unknown' else l.state end
         from (select system, lane from lanes where head is not null and (probes > 0 or (state = 'ready' and sends > 0))
               order by system, lane for update) k
         where l.system = k.system and l.lane = k.lane`,
};

/** What was looked for before the restore may have been sent after it: those looks prove nothing any more. */
export async function beginRecovery(
  pool: Pool,
  begin: { reason: string; epoch: number; anchor_seq: number; anchor_at: string; event: AppendRow },
): Promise<void> {
  await transaction(pool, async (client) => {
    await query(client, LOOK_AGAIN);
    await query(client, BEGIN_RECOVERY, [JSON.stringify(begin)]);
  });
}

export type OpenRecovery = { id: number; reason: string; beganAt: string; readUpTo: string };

const OPEN_RECOVERY: Statement = {
  name: "audit.open-recovery",
  text: `select id, reason, began_at as "beganAt", greatest(began_at, anchor_at) as "readUpTo" from recoveries where ended_at is null`,
};

export async function selectOpenRecovery(pool: Pool): Promise<OpenRecovery | undefined> {
  return (await query<OpenRecovery>(pool, OPEN_RECOVERY))[0];
}

const UNREAD: Statement = {
  name: "audit.unread-streams",
  text: `select k.system, k.stream from unnest($1::text[], $2::text[]) as k (system, stream)
         left join cursors c on c.system = k.system and c.stream = k.stream
         where c.caught_up_to is null or c.caught_up_to <= $3
           or exists (select 1 from inbound i where i.system = k.system and i.state = 'kept')`,
};

/** Streams that were not read and admitted up to a time. */
export function selectUnreadStreams(
  pool: Pool,
  streams: readonly { system: string; stream: string }[],
  upTo: string,
): Promise<{ system: string; stream: string }[]> {
  return query<{ system: string; stream: string } & QueryResultRow>(pool, UNREAD, [
    streams.map(({ system }) => system),
    streams.map(({ stream }) => stream),
    upTo,
  ]);
}

const END_RECOVERY: Statement = {
  name: "audit.end-recovery",
  text: "select end_recovery($1::json) as ended",
};

export async function endRecovery(
  pool: Pool,
  end: { id: number; ended_by: string; event: AppendRow },
): Promise<boolean> {
  return (await query<{ ended: boolean }>(pool, END_RECOVERY, [JSON.stringify(end)]))[0]!.ended;
}

/** One is asked for by the clock when none began for so long. */
export async function insertDueVerification(pool: Pool, everyHours: number): Promise<void> {
  await query(
    pool,
    {
      name: "audit.verification_due",
      text: `insert into verifications (asked_by) select null
        where not exists (select from verifications where began_at is null or began_at > clock_timestamp() - make_interval(hours => $1))
        on conflict do nothing`,
    },
    [everyHours],
  );
}

/** Somebody asks for one; asked for twice it is one. */
export async function insertAskedVerification(pool: Pool, askedBy: string): Promise<void> {
  await query(
    pool,
    {
      name: "audit.verification_asked",
      text: "insert into verifications (asked_by) values ($1) on conflict do nothing",
    },
    [askedBy],
  );
}

export async function claimVerification(pool: Pool, hub: string): Promise<number | undefined> {
  const [row] = await query<{ id: number }>(
    pool,
    {
      name: "audit.verification_claim",
      text: "update verifications set began_at = clock_timestamp(), hub_id = $1 where began_at is null returning id",
    },
    [hub],
  );
  return row?.id;
}

export async function noteVerification(pool: Pool, id: number, verified: number): Promise<void> {
  await query(
    pool,
    { name: "audit.verification_note", text: "update verifications set verified = $2 where id = $1" },
    [id, verified],
  );
}

export interface Outcome {
  readonly ok: boolean;
  readonly verified: number;
  readonly head: number;
  readonly provenSeq: number | null;
  readonly provenAt: string | null;
  /** JSON of a Finding. */
  readonly finding: string | null;
}

export async function recordVerification(
  pool: Pool,
  id: number,
  { ok, verified, head, provenSeq, provenAt, finding }: Outcome,
): Promise<void> {
  await query(
    pool,
    {
      name: "audit.verification_record",
      text: `update verifications set ended_at = clock_timestamp(), ok = $2, verified = $3, head = $4, proven_seq = $5, proven_at = $6,
          finding = $7 where id = $1`,
    },
    [id, ok, verified, head, provenSeq, provenAt, finding],
  );
}

export interface Verification {
  readonly askedAt: string;
  readonly askedBy: string | null;
  readonly beganAt: string | null;
  readonly endedAt: string | null;
  readonly verified: number;
  readonly of: number | null;
  readonly provenUpTo: { readonly seq: number; readonly signedAt: string } | null;
  readonly ok: boolean | null;
  readonly finding: Finding | null;
}

/** The last ones, the newest first. */
export async function selectVerifications(pool: Pool, limit: number): Promise<Verification[]> {
  return query<Verification & Record<string, unknown>>(
    pool,
    {
      name: "audit.verifications",
      text: `select asked_at as "askedAt", asked_by as "askedBy", began_at as "beganAt", ended_at as "endedAt", verified, head as "of",
          case when proven_seq is not null then json_build_object('seq', proven_seq, 'signedAt',
            to_char(proven_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) end as "provenUpTo",
          ok, finding::json as finding
        from verifications order by id desc limit $1`,
    },
    [limit],
  );
}
