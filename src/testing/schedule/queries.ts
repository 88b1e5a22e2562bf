import { type Pool, query, type Statement, transaction } from "../../db/pool.ts";
import type { ToldEvent, WrittenEffect } from "./model.ts";

const LEDGER_ID: Statement = { name: "schedule.ledger-id", text: "select ledger_id from ledger_head" };

export async function selectLedgerId(pool: Pool): Promise<string> {
  return (await query<{ ledger_id: string }>(pool, LEDGER_ID))[0]!.ledger_id;
}

const SHIFT: Statement = {
  name: "schedule.shift-time",
  text: `with by as (select $1::integer * interval '1 millisecond' as ms), moved as (
      update lanes set wake_at = wake_at - ms, first_sent_at = first_sent_at - ms, sent_at = sent_at - ms,
        send_deadline = send_deadline - ms, settled_after = settled_after - ms
      from by where state <> 'idle')
    update leases set expires_at = expires_at - ms from by where isfinite(expires_at)`,
};

/** Lets time pass: what is due in an hour becomes due now, and what began now began an hour ago. */
export async function shiftTime(pool: Pool, ms: number): Promise<void> {
  await query(pool, SHIFT, [ms]);
}

const UNREST: Statement = {
  name: "schedule.unrest",
  text: `select
      (select count(*) from lanes where state <> 'idle') as lanes,
      (select seq from ledger_head) - coalesce((select checkpoint from leases where name = 'router'), 0) as unrouted,
      (select count(*) from deliveries d join leases l on l.name = 'process:' || lpad(d.partition::text, 2, '0')
       where d.n > l.checkpoint) as undecided,
      (select count(*) from deferred) as deferred,
      (select count(*) from instances where held is not null) as held,
      (select count(*) from cases where state = 'open') as cases`,
};

/** What is not at rest; all zero when nothing is left to do. */
export async function selectUnrest(pool: Pool): Promise<Record<string, number>> {
  return (await query<Record<string, number>>(pool, UNREST))[0]!;
}

const OPEN_LANES: Statement = {
  name: "schedule.open-lanes",
  text: `select n.system, n.lane, n.state, n.head, n.attempt, n.fence, n.why,
      round(extract(epoch from n.wake_at - clock_timestamp()) * 1000)::bigint as wake_in_ms,
      round(extract(epoch from n.send_deadline - clock_timestamp()) * 1000)::bigint as deadline_in_ms,
      l.hub_id as owner, l.fence as owners_fence, round(extract(epoch from l.expires_at - clock_timestamp()) * 1000)::bigint as expires_in_ms
    from lanes n join leases l on l.name = 'system:' || n.system where n.state <> 'idle' order by n.system, n.lane`,
};

/** The lanes that are not at rest, and who should see to them. */
export function selectOpenLanes(pool: Pool): Promise<Record<string, unknown>[]> {
  return query(pool, OPEN_LANES);
}

const EVENTS: Statement = {
  name: "schedule.events",
  text: `select id, split_part(type, '.', 2) as name, case when cause_effect is not null and source_id = 1 then body::json ->> 'name' end as effect
    from events where correlation = 'salesOrder/' || $1 order by seq`,
};

/** What the ledger tells of an order. */
export function selectEvents(pool: Pool, order: string): Promise<ToldEvent[]> {
  return query<ToldEvent & Record<string, unknown>>(pool, EVENTS, [order]);
}

const EFFECTS: Statement = {
  name: "schedule.effects",
  text: `select e.reference, e.system, e.name, e.payload::json ->> 'because' as because, o.kind as outcome
    from effects e left join outcomes o on o.reference = e.reference where e.process = 'orders' and e.key = $1
    order by e.system, e.lane, e.pos`,
};

/** The effects of an order, lane by lane in their order. */
export function selectEffects(pool: Pool, order: string): Promise<WrittenEffect[]> {
  return query<WrittenEffect & Record<string, unknown>>(pool, EFFECTS, [order]);
}

const TABLES = `select c.relname as name, string_agg(format('p.%1$I = b.%1$I', a.attname), ' and ') as same
    from pg_class c
    join pg_index i on i.indrelid = c.oid and i.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' group by c.relname`;

const CREATE_COPIES: Statement = {
  name: "schedule.create-copies",
  text: `do $$ declare t record; begin
    create schema backup;
    create table backup.moment (snapshot pg_snapshot not null);
    insert into backup.moment values ('1:1:');
    for t in ${TABLES} loop execute format('create unlogged table backup.%I (like public.%1$I)', t.name); end loop;
  end $$`,
};

/** Of every table an empty copy. */
export async function createCopies(pool: Pool): Promise<void> {
  await query(pool, CREATE_COPIES);
}

const COPY_TABLES: Statement = {
  name: "schedule.copy-tables",
  // Only what is other than in the copy before is copied.
  text: `do $$ declare t record; m pg_snapshot; begin
    select snapshot into m from backup.moment;
    update backup.moment set snapshot = pg_current_snapshot();
    for t in ${TABLES} loop
      execute format('delete from backup.%I b where not exists (select from public.%1$I p
        where %s and pg_visible_in_snapshot(p.xmin::text::xid8, $1))', t.name, t.same) using m;
      execute format('insert into backup.%I select * from public.%1$I p
        where not pg_visible_in_snapshot(p.xmin::text::xid8, $1)', t.name) using m;
    end loop;
  end $$`,
};

/** Everything that is committed, as it is now. */
export async function copyTables(pool: Pool): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query("set transaction isolation level repeatable read");
    await query(client, COPY_TABLES);
  });
}

const COPY_BACK: Statement = {
  name: "schedule.copy-back",
  // What was written since goes, then what is missing comes: only that much is touched. Foreign keys were right before.
  text: `do $$ declare t record; m pg_snapshot; begin
    set local session_replication_role = replica;
    select snapshot into m from backup.moment;
    for t in ${TABLES} loop
      execute format('delete from public.%I where not pg_visible_in_snapshot(xmin::text::xid8, $1)', t.name) using m;
      execute format('insert into public.%I overriding system value select * from backup.%1$I b
        where not exists (select from public.%1$I p where %s)', t.name, t.same);
    end loop;
  end $$`,
};

/** Every table as it was when it was copied. Nothing else may be under way. */
export async function copyBack(pool: Pool): Promise<void> {
  await query(pool, COPY_BACK);
}

const REFERENCES: Statement = {
  name: "schedule.references",
  text: "select reference from effects where process = 'orders' and starts_with(key, $1)",
};

/** The effects of all orders whose number begins like this. */
export async function selectReferences(pool: Pool, orders: string): Promise<string[]> {
  const rows = await query<{ reference: string }>(pool, REFERENCES, [orders]);
  return rows.map(({ reference }) => reference);
}
