import { type Pool, query, type Statement } from "../../db/pool.ts";
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
