import { type Client, type Pool, query } from "../src/db/pool.ts";
import { findViews } from "../src/view/scan.ts";

/** One row as a ledger keeps it, without anything that makes a ledger of it. */
export interface BareRow {
  readonly seq: number;
  readonly id: string;
  readonly subject: string;
  readonly body: string;
}

const ANY_HASH = Buffer.alloc(32, 7);

/** Plain rows into the table of events and its indexes: no head, no identity, no chain. */
export async function insertBareEvents(on: Pool, sourceId: number, rows: readonly BareRow[]): Promise<void> {
  await query(
    on,
    {
      name: "bench.bare-events",
      text: `
        insert into events (seq, source_id, id, type, subject, occurred_at, recorded_at, correlation, body, body_hash, chain)
        select seq, $1, id, 'interlock.OrderRequested.v1', subject, now(), now(), subject, body, $6, $6
        from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as r (seq, id, subject, body)`,
    },
    [
      sourceId,
      rows.map(({ seq }) => seq),
      rows.map(({ id }) => id),
      rows.map(({ subject }) => subject),
      rows.map(({ body }) => body),
      ANY_HASH,
    ],
  );
}

/** Events that happened long ago, behind position `after`, with ids in order. */
export async function insertPast(
  on: Client,
  past: { readonly sourceId: number; readonly after: number; readonly count: number; readonly body: string },
): Promise<void> {
  await query(
    on,
    {
      name: "bench.past",
      text: `
        with past as materialized (
          select n as seq, 'past-' || lpad(n::text, 12, '0') as id from generate_series($2::bigint + 1, $2::bigint + $3::bigint) as g (n)
        ), named as (
          insert into identities (source_id, id, seq, content_hash) select $1, id, seq, $5 from past
        )
        insert into events (seq, source_id, id, type, subject, occurred_at, recorded_at, correlation, body, body_hash, chain)
        select seq, $1, id, 'interlock.OrderRequested.v1', 'salesOrder/' || id, now() - interval '1 day', now(), 'salesOrder/' || id, $4, $5, $5
        from past`,
    },
    [past.sourceId, past.after, past.count, past.body, ANY_HASH],
  );
}

/**
 * The ledger's head behind what was inserted beside it, and the router and the read models too: none of it is news. Only while
 * no hub runs.
 */
export async function moveHead(on: Client): Promise<void> {
  await query(on, {
    name: "bench.head",
    text: "update ledger_head set seq = greatest(seq, (select coalesce(max(seq), 0) from events))",
  });
  await query(on, {
    name: "bench.router",
    text: `
      insert into leases (name, hub_id, expires_at, checkpoint) select 'router', '', '-infinity', seq from ledger_head
      on conflict (name) do update set checkpoint = excluded.checkpoint`,
  });
  const views = [...(await findViews()).values()];
  await query(
    on,
    {
      name: "bench.views",
      text: `
        insert into views (name, version, checkpoint) select name, version, h.seq
        from unnest($1::text[], $2::integer[]) as g (name, version), ledger_head h
        on conflict (name) do update set checkpoint = excluded.checkpoint`,
    },
    [views.map(({ name }) => name), views.map(({ version }) => version)],
  );
}

export interface Applied {
  readonly applied: number;
  /** Where to look on from. */
  readonly last: number;
}

/** The effects that ended well behind a position: costs by what is new. */
export async function countApplied(pool: Pool, after: number): Promise<Applied> {
  const [row] = await query<{ applied: number; last: number }>(
    pool,
    {
      name: "bench.applied",
      text: `
        select count(*) filter (where type = 'interlock.EffectApplied.v1') as applied, coalesce(max(seq), $1::bigint) as last
        from events where seq > $1::bigint`,
    },
    [after],
  );
  return row!;
}

/** What a hub has still to do. */
export interface Rest {
  readonly unrouted: number;
  readonly undecided: number;
  readonly kept: number;
  readonly lanes: number;
}

/** @returns what is left to do, and up to which of its changes the ERP was read */
export async function selectRest(pool: Pool): Promise<Rest & { readonly read: number }> {
  const [row] = await query<Rest & { read: number } & Record<string, unknown>>(pool, {
    name: "bench.rest",
    text: `
      select (select seq from ledger_head) - (select checkpoint from leases where name = 'router') as unrouted,
        (select coalesce(sum((select count(*) from deliveries d
            where d.partition = substr(l.name, 9)::smallint and d.n > l.checkpoint)), 0)::bigint
          from leases l where l.name like 'process:%') as undecided,
        (select count(*) from inbound where state = 'kept') as kept,
        (select count(*) from lanes where state <> 'idle') as lanes,
        coalesce((select position::bigint from cursors where system = 'shop-erp' and stream = 'orders'), 0) as read`,
  });
  return row!;
}

/** Objects of one system that have something to be sent, or under way. */
export async function countBusyLanes(pool: Pool, system: string): Promise<number> {
  const [row] = await query<{ busy: number }>(
    pool,
    {
      name: "bench.busy-lanes",
      text: "select count(*) as busy from lanes where system = $1 and state <> 'idle'",
    },
    [system],
  );
  return row!.busy;
}

export async function selectOpenCases(pool: Pool): Promise<{ kind: string; title: string }[]> {
  return query(pool, {
    name: "bench.cases",
    text: "select kind, title from cases where state = 'open' order by id limit 5",
  });
}

/** Whether PostgreSQL keeps the time of each function: it costs a little, so only while somebody asks. */
export async function timeFunctions(on: Client, when: "on" | "off"): Promise<void> {
  // Statements of the server's own, which take no parameters and no transaction.
  await on.query(
    when === "on" ? "alter system set track_functions = 'pl'" : "alter system reset track_functions",
  );
  await on.query("select pg_reload_conf()");
}

export interface FunctionTime {
  readonly name: string;
  /** In it and not in functions that it calls, waits for locks included. */
  readonly selfMs: number;
}

export async function selectFunctionTimes(pool: Pool): Promise<FunctionTime[]> {
  return query<FunctionTime & Record<string, unknown>>(pool, {
    name: "bench.functions",
    text: `select funcname::text as name, self_time as "selfMs" from pg_stat_user_functions order by self_time desc`,
  });
}

/** What a hand-written flow would keep of an order. */
export async function createHandWritten(pool: Pool): Promise<void> {
  await query(pool, {
    name: "bench.hand-written",
    text: "create table if not exists bench_orders (id text primary key, body text not null, state text not null, number text)",
  });
}

export async function insertHandWritten(pool: Pool, id: string, body: string): Promise<void> {
  await query(
    pool,
    {
      name: "bench.hand-written-insert",
      text: "insert into bench_orders (id, body, state) values ($1, $2, 'new')",
    },
    [id, body],
  );
}

export async function finishHandWritten(pool: Pool, id: string, number: string): Promise<void> {
  await query(
    pool,
    {
      name: "bench.hand-written-finish",
      text: "update bench_orders set state = 'done', number = $2 where id = $1",
    },
    [id, number],
  );
}
