import { type Pool, query } from "../../db/pool.ts";
import { filtered } from "../filter.ts";
import { plantCondition, type Scope } from "../scope.ts";
import type { AttemptRow, EffectDetail, EffectRow } from "./effect.ts";

/** An effect's state is its outcome, or that of its lane while it is the head, or `queued` behind it. */
const STATE = "coalesce(o.kind, case when l.head = e.reference then l.state else 'queued' end)";
const HEAD = "case when l.head = e.reference";

const COLUMNS = `e.reference, e.system, e.lane, e.pos, e.type, e.process, e.key, e.name, ${STATE} as state,
  ${HEAD} then l.why end as why, ${HEAD} then l.attempt else (select count(*) from attempts a where a.reference = e.reference) end as attempt,
  e.correlation, e.plant, e.cause_seq as "causeSeq", e.created_at as "createdAt", o.at as "endedAt"`;
const OPEN_HEADS = `from lanes l join effects e on e.reference = l.head left join outcomes o on o.reference = e.reference`;
const EFFECTS = `from effects e
  join lanes l on l.system = e.system and l.lane = e.lane left join outcomes o on o.reference = e.reference`;

export interface EffectFilter {
  readonly system?: string | undefined;
  readonly lane?: string | undefined;
  readonly process?: string | undefined;
  readonly key?: string | undefined;
  readonly scope?: Scope;
  /** A lane's state: only heads have one. */
  readonly state?: string | undefined;
}

export async function selectEffects(
  pool: Pool,
  filter: EffectFilter,
  after: readonly [string, string, number] | undefined,
  limit: number,
): Promise<EffectRow[]> {
  const { statement, values } = filtered(
    filter.state === undefined ? "api_effects" : "api_open_effects",
    `select ${COLUMNS} ${filter.state === undefined ? EFFECTS : OPEN_HEADS}`,
    [
      ["e.system = ?", filter.system],
      ["e.lane = ?", filter.lane],
      ["e.process = ?", filter.process],
      ["e.key = ?", filter.key],
      plantCondition("e.plant", filter.scope),
      ["l.state = ?", filter.state],
      // the same once more, as the index on parked lanes knows it
      ["l.parked_for is not null and ?::boolean", filter.state === "parked" ? true : undefined],
      ["(e.system, e.lane, e.pos) > (?, ?, ?)", ...(after ?? [undefined])],
    ],
    ["order by e.system, e.lane, e.pos limit ?", limit],
  );
  return query<EffectRow>(pool, statement, values);
}

/** The effects of several instances: what a story intends. */
export async function selectEffectsOfInstances(
  pool: Pool,
  instances: readonly { readonly process: string; readonly key: string }[],
  limit: number,
): Promise<EffectRow[]> {
  return query<EffectRow>(
    pool,
    {
      name: "api_effects_of_instances",
      text: `select ${COLUMNS} from unnest($1::text[], $2::text[]) as i (process, key)
        join effects e on e.process = i.process and e.key = i.key
        join lanes l on l.system = e.system and l.lane = e.lane left join outcomes o on o.reference = e.reference
        order by e.created_at, e.system, e.lane, e.pos limit $3`,
    },
    [instances.map(({ process }) => process), instances.map(({ key }) => key), limit],
  );
}

export async function selectEffect(pool: Pool, reference: string): Promise<EffectDetail | undefined> {
  const [row] = await query<EffectDetail>(
    pool,
    {
      name: "api_effect",
      text: `select ${COLUMNS}, e.payload::json as payload, o.evidence::json as evidence, o.actor, e.replaces, e.traceparent,
          (select r.reference from effects r where r.system = e.system and r.lane = e.lane and r.replaces = e.reference) as "replacedBy",
          l.state as "laneState", ${HEAD} then l.parked_for end as "parkedFor", ${HEAD} then l.wake_at end as "wakeAt",
          (select count(*) from effects a where a.system = e.system and a.lane = e.lane and a.pos < e.pos
             and not exists (select from outcomes x where x.reference = a.reference)) as ahead
        ${EFFECTS} where e.reference = $1`,
    },
    [reference],
  );
  return row;
}

export async function selectAttempts(pool: Pool, reference: string): Promise<AttemptRow[]> {
  return query<AttemptRow>(
    pool,
    {
      name: "api_attempts",
      text: `select n, kind, began_at as "beganAt", ended_at as "endedAt", class, status, detail
        from attempts where reference = $1 order by n limit 1000`,
    },
    [reference],
  );
}
