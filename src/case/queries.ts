import { query, type Client, type Pool } from "../db/pool.ts";
import type { EffectIdentity } from "../effect/effect-event.ts";
import type { AppendRow } from "../ledger/row.ts";
import type { CaseOwner } from "../process/contract.ts";
import type { EffectState } from "./allowed.ts";

type Row<T> = T & Record<string, unknown>;

export interface CaseHead {
  readonly id: number;
  readonly state: "open" | "closed";
  readonly owner: CaseOwner;
  readonly assignee: string | null;
  readonly subject: string;
  readonly correlation: string | null;
  readonly plant: string | null;
  readonly version: number;
  /** Members that still hold something up: an effect that is parked, a message, a held instance, a system. */
  readonly waiting: number;
}

/**
 * An event that was told twice, or a question that a process asked of people, holds nothing up: it ends with the case that a
 * person closes. A lane, a message, a system or an instance goes on only by an action on it.
 */
const HOLDS = `not m.settled and (m.kind in ('effect', 'inbound', 'system') or m.kind = 'instance' and m.ref like '%#PROCESS\\_HELD')`;

export async function selectCase(on: Pool | Client, id: number): Promise<CaseHead | undefined> {
  const rows = await query<Row<CaseHead>>(
    on,
    {
      name: "case.select",
      text: `
        select c.id, c.state, c.owner, c.assignee, c.subject, c.correlation, c.plant, c.version,
          (select count(*) from case_members m where m.case_id = c.id and ${HOLDS}) as waiting
        from cases c where c.id = $1`,
    },
    [id],
  );
  return rows[0];
}

export interface EffectInLane extends EffectIdentity, EffectState {
  readonly payload: string;
  /** The newest open case it belongs to. */
  readonly caseId: number | null;
}

const EFFECT = `
  select e.reference, e.system, e.lane, e.type, e.process, e.key, e.name, e.cause_seq as "causeSeq", e.correlation, e.plant,
    e.traceparent, e.payload, o.kind as outcome, l.head, l.parked_for as "parkedFor", l.attempt,
    case when o.kind is not null then 'ended' when l.head = e.reference then l.state else 'queued' end as state,
    (select max(m.case_id) from case_members m join cases c on c.id = m.case_id
      where m.kind = 'effect' and m.ref = e.reference and not m.settled and c.state = 'open') as "caseId"
  from effects e
  join lanes l on l.system = e.system and l.lane = e.lane
  left join outcomes o on o.reference = e.reference`;

export async function selectEffect(on: Pool | Client, reference: string): Promise<EffectInLane | undefined> {
  const rows = await query<Row<EffectInLane>>(
    on,
    { name: "case.effect", text: `${EFFECT} where e.reference = $1` },
    [reference],
  );
  return rows[0];
}

/** The effects of a case that still wait, oldest first. */
export async function selectCaseEffects(
  on: Pool | Client,
  id: number,
  after: string,
  limit: number,
): Promise<EffectInLane[]> {
  return query<Row<EffectInLane>>(
    on,
    {
      name: "case.effects",
      text: `${EFFECT}
        where e.reference in (select ref from case_members where case_id = $1 and kind = 'effect' and not settled and ref > $2
          order by ref limit $3)
        order by e.reference`,
    },
    [id, after, limit],
  );
}

/** @returns false when the lane has moved meanwhile */
export async function actOnEffect(
  on: Pool | Client,
  p: {
    readonly reference: string;
    readonly state: string;
    readonly attempt: number;
    readonly action: string;
    readonly actor: string;
    readonly vouched: boolean;
    readonly effect: { reference: string; payload: string; payload_hash: string } | null;
    readonly events: readonly AppendRow[];
  },
): Promise<boolean> {
  const rows = await query<{ done: boolean }>(
    on,
    { name: "case.act", text: "select act_on_effect($1) as done" },
    [JSON.stringify(p)],
  );
  return rows[0]!.done;
}

/** @returns false when the case has changed meanwhile */
export async function updateCase(
  on: Client,
  id: number,
  version: number,
  change: { readonly owner?: string | undefined; readonly assignee?: string | null | undefined },
): Promise<boolean> {
  const rows = await query(
    on,
    {
      name: "case.update",
      text: `
        update cases set owner = coalesce($3, owner), assignee = case when $4 then $5 else assignee end, version = version + 1
        where id = $1 and version = $2 and state = 'open' returning id`,
    },
    [id, version, change.owner ?? null, change.assignee !== undefined, change.assignee ?? null],
  );
  return rows.length > 0;
}

/** Only a case whose members are all settled can be closed. @returns false when it has changed meanwhile */
export async function closeCase(
  on: Client,
  id: number,
  version: number,
  actor: string,
  resolution: string,
): Promise<boolean> {
  const rows = await query(
    on,
    {
      name: "case.close",
      text: `
        with closed as (
          update cases c set state = 'closed', closed_at = clock_timestamp(), closed_by = $3, resolution = $4, version = version + 1
          where id = $1 and version = $2 and state = 'open'
            and not exists (select 1 from case_members m where m.case_id = c.id and ${HOLDS})
          returning id
        ), settled as (
          update case_members m set settled = true from closed where m.case_id = closed.id and not m.settled
        )
        select id from closed`,
    },
    [id, version, actor, resolution],
  );
  return rows.length > 0;
}

/** @returns false when it was paused already */
export async function pauseSystem(on: Client, system: string, why: string, by: string): Promise<boolean> {
  const rows = await query(
    on,
    {
      name: "case.pause",
      text: `
        insert into systems as s (system, paused, paused_by, paused_at) values ($1, $2, $3, clock_timestamp())
        on conflict (system) do update set paused = excluded.paused, paused_by = excluded.paused_by, paused_at = excluded.paused_at
        where s.paused is null
        returning system`,
    },
    [system, why, by],
  );
  return rows.length > 0;
}

/** Settles the cases that waited for it, in the order of locks of `settle`. @returns false when it was not paused */
export async function resumeSystem(
  on: Client,
  system: string,
  by: string,
  resolution: string,
): Promise<boolean> {
  await query(
    on,
    { name: "case.settle-system", text: "select settle_members('system', array[$1], $2, $3)" },
    [system, by, resolution],
  );
  const rows = await query(
    on,
    {
      name: "case.resume",
      text: `
        update systems set paused = null, paused_by = null, paused_at = null
        where system = $1 and paused is not null returning system`,
    },
    [system],
  );
  return rows.length > 0;
}

export interface HeldInstance {
  readonly version: number;
  readonly correlation: string;
  readonly plant: string | null;
}

/** Undefined when nothing holds it. */
export async function selectHeldInstance(
  on: Client,
  process: string,
  key: string,
): Promise<HeldInstance | undefined> {
  const rows = await query<Row<HeldInstance>>(
    on,
    {
      name: "case.held-instance",
      text: "select version, correlation, plant from instances where process = $1 and key = $2 and held is not null",
    },
    [process, key],
  );
  return rows[0];
}
