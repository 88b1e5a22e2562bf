import { type Client, type Pool, query, type Statement } from "../db/pool.ts";
import { EVENT, type EventRow } from "../ledger/queries.ts";
import type { Handout } from "../route/router.ts";

/** An event handed to an instance, with the instance as it is. Columns of the instance are null when there is none. */
export type DeliveryRow = EventRow & {
  partition: number;
  n: number;
  process: string;
  key: string;
  generation: number | null;
  has_deferred: boolean;
  recovery_open: boolean | null;
  recovery_began_at: string | null;
} & InstanceColumns;

export interface InstanceColumns {
  definition_version: number | null;
  phase: string | null;
  state: string | null;
  began_at: string | null;
  instance_correlation: string | null;
  instance_plant: string | null;
  last_n: number | null;
  instance_version: number | null;
  held: string | null;
}

const INSTANCE = `i.definition_version, i.phase, i.state, i.began_at, i.correlation as instance_correlation,
  i.plant as instance_plant, i.last_n, i.version as instance_version, i.held`;

const GENERATION = (process: string, key: string) =>
  `case when e.type = 'interlock.TimerFired.v1' then (select t.generation from timers t
     where t.process = ${process} and t.key = ${key} and t.name = e.body::json ->> 'name') end as generation`;

const HAS_DEFERRED = `exists (select 1 from deferred f where f.process = d.process and f.key = d.key) as has_deferred`;

const RECOVERY = `(select bool_or(ended_at is null) from recoveries) as recovery_open,
  (select max(began_at) from recoveries) as recovery_began_at`;

const DELIVERIES: Statement = {
  name: "process.deliveries",
  // Laterals with "offset 0" stay lookups by key, whatever a generic plan believes of the tables' sizes.
  text: `with mine as (
      select w.partition, l.checkpoint
      from unnest($1::text[], $2::smallint[]) as w (name, partition) join leases l on l.name = w.name
    ), d as materialized (
      select x.* from mine m cross join lateral (
        select * from deliveries y where y.partition = m.partition and y.n > m.checkpoint order by y.n limit $3) x
      order by x.n limit $3
    )
    select d.partition, d.n, d.process, d.key, ${EVENT}, ${INSTANCE}, ${HAS_DEFERRED}, ${GENERATION("d.process", "d.key")}, ${RECOVERY}
    from (
      select h.partition, h.n, h.process, h.key, x.*,
        sum(octet_length(x.body)) over (order by h.n) as bytes, row_number() over (order by h.n) as nth
      from d h cross join lateral (select * from events y where y.seq = h.seq offset 0) x) d
    cross join lateral (select d.*) e
    join sources s on s.id = e.source_id
    left join lateral (select * from instances x where x.process = d.process and x.key = d.key offset 0) i on true
    where d.nth = 1 or d.bytes <= 16777216
    order by d.n`,
};

/** What has been handed out to these partitions and not decided on, oldest first, at most 16 MB of it. */
export function selectDeliveries(
  pool: Pool,
  leases: readonly { readonly name: string; readonly partition: number }[],
  limit: number,
): Promise<DeliveryRow[]> {
  const names = leases.map(({ name }) => name);
  const partitions = leases.map(({ partition }) => partition);
  return query<DeliveryRow>(pool, DELIVERIES, [names, partitions, limit]);
}

/** An instance to which something is handed out, and its partition. */
export type StandingRow = Omit<DeliveryRow, keyof EventRow | "n" | "generation"> & {
  checkpoint: number;
  /** Something that was handed out is not decided on. */
  is_left: boolean;
};

const STANDING: Statement = {
  name: "process.standing",
  text: `with mine as materialized (
      select w.partition, l.checkpoint,
        exists (select from deliveries y where y.partition = w.partition and y.n > l.checkpoint) as is_left
      from unnest($1::text[], $2::smallint[]) as w (name, partition) join leases l on l.name = w.name
    )
    select d.process, d.key, d.partition, m.checkpoint, m.is_left, ${INSTANCE}, ${HAS_DEFERRED}, ${RECOVERY}
    from (select distinct * from unnest($3::text[], $4::text[], $5::smallint[]) as w (process, key, partition)) d
    join mine m on m.partition = d.partition
    left join lateral (select * from instances x where x.process = d.process and x.key = d.key offset 0) i on true`,
};

/** How these instances stand, stored or not, and their partitions: one moment for all of it. */
export function selectStanding(
  pool: Pool,
  leases: readonly { readonly name: string; readonly partition: number }[],
  instances: readonly { readonly process: string; readonly key: string; readonly partition: number }[],
): Promise<StandingRow[]> {
  return query<StandingRow>(pool, STANDING, [
    leases.map(({ name }) => name),
    leases.map(({ partition }) => partition),
    instances.map(({ process }) => process),
    instances.map(({ key }) => key),
    instances.map(({ partition }) => partition),
  ]);
}

export type StoredRow = InstanceColumns & {
  process: string;
  key: string;
  partition: number;
  has_deferred: boolean;
  recovery_open: boolean | null;
  recovery_began_at: string | null;
};

const BEHIND: Statement = {
  name: "process.behind",
  text: `select d.process, d.key, d.partition, ${INSTANCE}, ${HAS_DEFERRED}, ${RECOVERY}
    from (select * from instances x
          where x.process = $1 and x.key > $2 and x.definition_version < $3 and x.held is null and x.partition = any ($4::smallint[])
          order by x.key limit $5) d
    cross join lateral (select d.*) i
    order by d.key`,
};

/** Instances of an older definition, in the order of their keys, after a key. */
export function selectBehind(
  pool: Pool,
  process: string,
  afterKey: string,
  version: number,
  partitions: readonly number[],
  limit: number,
): Promise<StoredRow[]> {
  return query<StoredRow>(pool, BEHIND, [process, afterKey, version, partitions, limit]);
}

const KEPT: Statement = {
  name: "process.kept",
  text: `select d.process, d.key, ${INSTANCE}, true as has_deferred, ${RECOVERY}
    from (select x.process, x.key from deferred x
          where x.process = $1 and x.key > $2 and x.deadline_at is null
            and not exists (select from instances h where h.process = x.process and h.key = x.key and h.held is not null)
          group by x.process, x.key order by x.key limit $3) d
    left join lateral (select * from instances x where x.process = d.process and x.key = d.key offset 0) i on true
    order by d.key`,
};

/** Instances, stored or not, that keep something without a deadline and are not held, in the order of their keys, after a key. */
export function selectKept(
  pool: Pool,
  process: string,
  afterKey: string,
  limit: number,
): Promise<Omit<StoredRow, "partition">[]> {
  return query<Omit<StoredRow, "partition">>(pool, KEPT, [process, afterKey, limit]);
}

export type DeferredEventRow = EventRow & {
  process: string;
  key: string;
  n: number;
  deadline_at: string | null;
  expired: boolean;
  generation: number | null;
};

const DEFERRED: Statement = {
  name: "process.deferred",
  text: `select d.process, d.key, d.n, d.deadline_at, d.expired, ${EVENT}, ${GENERATION("d.process", "d.key")}
    from unnest($1::text[], $2::text[]) as w (process, key)
    cross join lateral (select * from deferred x where x.process = w.process and x.key = w.key order by x.n offset 0) d
    cross join lateral (select * from events x where x.seq = d.seq offset 0) e
    join sources s on s.id = e.source_id
    order by d.process, d.key, d.n`,
};

/** What these instances keep for later, in order. */
export function selectDeferred(
  pool: Pool,
  instances: readonly { readonly process: string; readonly key: string }[],
): Promise<DeferredEventRow[]> {
  return query<DeferredEventRow>(pool, DEFERRED, [
    instances.map(({ process }) => process),
    instances.map(({ key }) => key),
  ]);
}

const FACTS: Statement = {
  name: "process.facts",
  text: `select w.kind, w.key, f.value, coalesce(f.seq, 0) as seq
    from unnest($1::text[], $2::text[]) as w (kind, key) left join facts f on f.kind = w.kind and f.key = w.key`,
};

export function selectFacts(
  pool: Pool,
  facts: readonly { readonly kind: string; readonly key: string }[],
): Promise<{ kind: string; key: string; value: string | null; seq: number }[]> {
  return query(pool, FACTS, [facts.map(({ kind }) => kind), facts.map(({ key }) => key)]);
}

export type OpenEffectRow = {
  reference: string;
  system: string;
  lane: string;
  type: string;
  process: string;
  key: string;
  name: string;
  cause_seq: number;
  correlation: string;
  plant: string | null;
  traceparent: string | null;
};

const OPEN_EFFECTS: Statement = {
  name: "process.open-effects",
  text: `select e.reference, e.system, e.lane, e.type, e.process, e.key, e.name, e.cause_seq, e.correlation, e.plant, e.traceparent
    from unnest($1::text[], $2::text[]) as w (process, key)
    join effects e on e.process = w.process and e.key = w.key
    where not exists (select 1 from outcomes o where o.reference = e.reference)
    order by e.system, e.lane, e.pos`,
};

/** The effects of these instances that have not ended. */
export function selectOpenEffects(
  pool: Pool,
  wanted: readonly { readonly process: string; readonly key: string }[],
): Promise<OpenEffectRow[]> {
  return query<OpenEffectRow>(pool, OPEN_EFFECTS, [
    wanted.map(({ process }) => process),
    wanted.map(({ key }) => key),
  ]);
}

/** Parameters of `decide_batch`, as JSON. */
export interface Deciding {
  readonly instances: string;
  readonly effects: string;
  readonly rest: string;
}

const DECIDE: Statement = {
  name: "process.decide-batch",
  text: "select decide_batch($1::json, $2::json, $3::json) as claimed",
};

/**
 * @returns references of effects that were claimed: their lanes are sending, on behalf of this hub
 * @throws DatabaseError IL001 lease lost, IL002 a fact changed, IL003 an instance moved: nothing was written
 */
export async function decideBatch(pool: Pool, { rest, instances, effects }: Deciding): Promise<string[]> {
  const rows = await query<{ claimed: string[] }>(pool, DECIDE, [rest, instances, effects]);
  return rows[0]!.claimed;
}

const ROUTE_AND_DECIDE: Statement = {
  name: "process.route-and-decide",
  text: "select route_and_decide($1::json, $2::json, $3::json, $4::json, $5) as claimed",
};

/**
 * Decides in the transaction that hands out.
 * @param deciding each lease says where its partition stood when its instances were read
 * @returns as `decideBatch`
 * @throws as `decideBatch` and `routeEvents`; IL005 when a partition does not stand there any more: nothing was written
 */
export async function routeAndDecide(
  pool: Pool,
  handout: Handout,
  { rest, instances, effects }: Deciding,
): Promise<string[]> {
  const last = handout.before + handout.deliveries.length;
  const values = [handout.parameters, rest, instances, effects, last];
  return (await query<{ claimed: string[] }>(pool, ROUTE_AND_DECIDE, values))[0]!.claimed;
}

export type DueTimerRow = {
  process: string;
  key: string;
  name: string;
  generation: number;
  due_at: string;
  correlation: string;
  plant: string | null;
};

// A stream that was never read holds its timers: nothing is known of what it would have said.
const LAGGING = `select w from unnest(t.streams) as w
  where not exists (select 1 from cursors c where c.system || '/' || c.stream = w and c.caught_up_to >= t.due_at)`;

/** Whether any is due can also be answered by looking at all of them, which the planner prefers while it expects to find one soon. */
function firstOf(table: string, time: string, when: string): string {
  return `select ${time} from ${table} where ${when} order by ${time} limit 1`;
}

const DUE: Statement = {
  name: "process.due",
  text: `select (${firstOf("timers", "due_at", "not fired")}) <= clock_timestamp() as timers,
    (${firstOf("deferred", "deadline_at", "not expired and deadline_at is not null")}) <= clock_timestamp() as deferrals,
    (${firstOf("waiting", "deadline_at", "not expired")}) <= clock_timestamp() as waits`,
};

/** Null: there is none. */
export type Due = {
  readonly timers: boolean | null;
  readonly deferrals: boolean | null;
  readonly waits: boolean | null;
};

/** Whether the time of anything has come: reads one row of three indexes. */
export async function selectDue(pool: Pool): Promise<Due> {
  return (await query<Due>(pool, DUE))[0]!;
}

const FIRE: Statement = {
  name: "process.fire-timers",
  text: `with due as (
      select t.process, t.key, t.name from timers t
      where not t.fired and t.due_at <= clock_timestamp() and not exists (${LAGGING})
      order by t.due_at limit $1 for update skip locked
    )
    update timers t set fired = true from due d, instances i
    where t.process = d.process and t.key = d.key and t.name = d.name and i.process = d.process and i.key = d.key
    returning t.process, t.key, t.name, t.generation, t.due_at, i.correlation, i.plant`,
};

/** Marks timers fired whose time has come and whose streams were read that far. */
export function fireTimers(client: Client, limit: number): Promise<DueTimerRow[]> {
  return query<DueTimerRow>(client, FIRE, [limit]);
}

export type LateTimerRow = { process: string; key: string; name: string; due_at: string; streams: string[] };

const LATE: Statement = {
  name: "process.late-timers",
  text: `select t.process, t.key, t.name, t.due_at, array(${LAGGING}) as streams
    from timers t where not t.fired and t.due_at <= clock_timestamp() and exists (${LAGGING}) order by t.due_at limit $1`,
};

/** Timers whose time has come but which wait for streams, with those streams. */
export function selectLateTimers(on: Pool | Client, limit: number): Promise<LateTimerRow[]> {
  return query<LateTimerRow>(on, LATE, [limit]);
}

/** An event that waited too long, and for what. */
export type ExpiredRow = {
  process: string;
  seq: number;
  id: string;
  type: string;
  subject: string;
  correlation: string;
  plant: string | null;
  deadline_at: string;
};

const EXPIRE_DEFERRED: Statement = {
  name: "process.expire-deferred",
  text: `with due as (
      select process, key, n from deferred
      where not expired and deadline_at <= clock_timestamp() order by deadline_at limit $1 for update skip locked
    )
    update deferred d set expired = true from due u, events e
    where d.process = u.process and d.key = u.key and d.n = u.n and e.seq = d.seq
    returning d.process, d.key, d.seq, e.id, e.type, e.subject, e.correlation, e.plant, d.deadline_at`,
};

/** Marks deferred events whose deadline has passed. */
export function expireDeferred(client: Client, limit: number): Promise<(ExpiredRow & { key: string })[]> {
  return query<ExpiredRow & { key: string }>(client, EXPIRE_DEFERRED, [limit]);
}

const EXPIRE_WAITING: Statement = {
  name: "process.expire-waiting",
  text: `with due as (
      select kind, id, process, seq from waiting
      where not expired and deadline_at <= clock_timestamp() order by deadline_at limit $1 for update skip locked
    )
    update waiting w set expired = true from due u, events e
    where w.kind = u.kind and w.id = u.id and w.process = u.process and w.seq = u.seq and e.seq = w.seq
    returning w.process, w.seq, w.kind as known_kind, w.id as known_id, w.to_kind, e.id, e.type, e.subject, e.correlation, e.plant, w.deadline_at`,
};

export type ExpiredWaitRow = ExpiredRow & { known_kind: string; known_id: string; to_kind: string };

/** Marks events that waited too long for a link. */
export function expireWaiting(client: Client, limit: number): Promise<ExpiredWaitRow[]> {
  return query<ExpiredWaitRow>(client, EXPIRE_WAITING, [limit]);
}

const OPEN_CASES: Statement = { name: "process.open-cases", text: "select open_cases($1::json)" };

export async function openCases(client: Client, cases: readonly object[]): Promise<void> {
  await query(client, OPEN_CASES, [JSON.stringify(cases)]);
}
