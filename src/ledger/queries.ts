import type { Client, Pool, Statement } from "../db/pool.ts";
import { query } from "../db/pool.ts";

export interface AppendResult {
  status: "appended" | "duplicate" | "conflict";
  seq: number;
}

export type AppendedRow = AppendResult & {
  /** Of all that was appended in the same call. */
  recorded_at: string;
};

const APPEND: Statement = {
  name: "ledger.append",
  text: "select status, seq, recorded_at from append_events($1::json)",
};

/** One statement, one commit. Answers in the order of the rows' `ord`. */
export function appendEvents(on: Pool | Client, rows: string): Promise<AppendedRow[]> {
  return query<AppendedRow>(on, APPEND, [rows]);
}

const SOURCE: Statement = {
  name: "ledger.source",
  text: `with made as (insert into sources (name) select $1::text where not exists (select 1 from sources where name = $1)
           on conflict do nothing returning id)
         select id from made union all select id from sources where name = $1 limit 1`,
};

/** The id of a source, made at its first event. Undefined when another hub is making it at this moment: ask again. */
export async function ensureSource(pool: Pool, name: string): Promise<number | undefined> {
  return (await query<{ id: number }>(pool, SOURCE, [name]))[0]?.id;
}

export interface Head {
  ledgerId: string;
  epoch: number;
  seq: number;
  /** Hexadecimal. */
  chain: string;
}

const HEAD: Statement = {
  name: "ledger.head",
  text: `select ledger_id as "ledgerId", epoch, seq, encode(chain, 'hex') as chain from ledger_head`,
};

export async function selectHead(on: Pool | Client): Promise<Head> {
  return (await query<Head & Record<string, unknown>>(on, HEAD))[0]!;
}

const HEAD_SEQ: Statement = { name: "ledger.head-seq", text: "select seq from ledger_head" };

export async function selectHeadSeq(pool: Pool): Promise<number> {
  return (await query<{ seq: number }>(pool, HEAD_SEQ))[0]!.seq;
}

/** An event as it stands in its table. Times in UTC with as many digits as were stored. */
export type EventRow = {
  seq: number;
  source: string;
  id: string;
  type: string;
  subject: string;
  occurred_at: string;
  time_text: string | null;
  recorded_at: string;
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
  /** By pointer, JSON text; null once redacted. */
  personal: Record<string, string | null> | null;
};

/** The columns of EventRow without personal values, for statements that read events beside other things; `e` is events, `s` sources. */
export const EVENT_AS_WRITTEN = `e.seq, s.name as source, e.id, e.type, e.subject, e.occurred_at, e.time_text, e.recorded_at, e.plant,
  e.business_unit, e.correlation, e.cause_seq, e.cause_effect, e.source_version, e.actor, e.reason, e.traceparent, e.body`;

/** The columns of EventRow. */
export const EVENT = `${EVENT_AS_WRITTEN},
  case when e.personal then (select json_object_agg(p.pointer, p.value) from personal p where p.seq = e.seq) end as personal`;

const AFTER: Statement = {
  name: "ledger.after",
  text: `select ${EVENT} from (
           select n.*, sum(octet_length(n.body)) over (order by n.seq) as bytes, row_number() over (order by n.seq) as nth
           from (select * from events where seq > $1 order by seq limit $2) n) e
         join sources s on s.id = e.source_id where e.nth = 1 or e.bytes <= 16777216 order by e.seq`,
};

/** What followed a position, at most 16 MB of it: costs by what is new, whatever the ledger's size. */
export function selectEventsAfter(on: Pool | Client, seq: number, limit: number): Promise<EventRow[]> {
  return query<EventRow>(on, AFTER, [seq, limit]);
}

const BY_SEQ: Statement = {
  name: "ledger.by-seq",
  text: `select ${EVENT} from events e join sources s on s.id = e.source_id where e.seq = any ($1::bigint[]) order by e.seq`,
};

export function selectEvents(on: Pool | Client, seqs: readonly number[]): Promise<EventRow[]> {
  return query<EventRow>(on, BY_SEQ, [seqs]);
}

/** What a reader may ask for; each present field narrows. */
export interface EventFilter {
  readonly subject?: string;
  readonly correlation?: string;
  readonly type?: string;
  /** Happened at this time or later. */
  readonly from?: string;
  /** Happened before this time. */
  readonly until?: string;
  /** Of these plants, or of none. */
  readonly plants?: readonly string[];
  /** Position, exclusive. */
  readonly after?: number;
  readonly before?: number;
}

const CONDITIONS: Record<keyof EventFilter, (n: number) => string> = {
  subject: (n) => `e.subject = $${n}`,
  // The index on correlation leaves out events that are their own root: those are found by subject.
  correlation: (n) =>
    `((e.correlation = $${n} and e.correlation <> e.subject) or (e.subject = $${n} and e.correlation = $${n}))`,
  type: (n) => `e.type = $${n}`,
  plants: (n) => `(e.plant is null or e.plant = any ($${n}::text[]))`,
  from: (n) => `e.occurred_at >= $${n}`,
  until: (n) => `e.occurred_at < $${n}`,
  after: (n) => `e.seq > $${n}`,
  before: (n) => `e.seq < $${n}`,
};

/** One statement per combination of filters, each with a plan of its own. */
export function findEvents(
  pool: Pool,
  filter: EventFilter,
  order: "oldest-first" | "newest-first",
  limit: number,
): Promise<EventRow[]> {
  const given = (Object.keys(CONDITIONS) as (keyof EventFilter)[]).filter((key) => filter[key] !== undefined);
  const where = given.map((key, i) => CONDITIONS[key](i + 2)).join(" and ") || "true";
  const text = `select ${EVENT} from events e join sources s on s.id = e.source_id where ${where}
    order by e.seq ${order === "oldest-first" ? "asc" : "desc"} limit $1`;
  const values = [limit, ...given.map((key) => filter[key])];
  return query<EventRow>(pool, { name: `ledger.find.${order}.${given.join(".")}`, text }, values);
}
