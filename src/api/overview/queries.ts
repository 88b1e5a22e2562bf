import { type Pool, query } from "../../db/pool.ts";
import { instantText } from "../sql-text.ts";
import type { Scope } from "../scope.ts";

export interface Rates {
  readonly seconds: number;
  readonly events: number;
  /** By source name, such as `/systems/erp`. */
  readonly told: Readonly<Record<string, number>>;
  /** By target system. */
  readonly applied: Readonly<Record<string, number>>;
}

/**
 * How much moved in the last minute. Looks at the ledger's last 20,000 events at most, so that it costs the same however much
 * there is and however fast it comes.
 */
export async function selectRates(pool: Pool): Promise<Rates> {
  const [row] = await query<Rates & Record<string, unknown>>(pool, {
    name: "api_rates",
    text: `with recent as materialized (
        select e.source_id, e.type, e.recorded_at,
          case when e.type in ('interlock.EffectApplied.v1', 'interlock.EffectMarkedApplied.v1') then e.body::json ->> 'system' end as target
        from events e
        where e.seq > (select seq - 20000 from ledger_head) and e.recorded_at > clock_timestamp() - interval '1 minute'
      )
      select case when (select count(*) from recent) < 20000 then 60
          else greatest(0.001, extract(epoch from clock_timestamp() - (select min(recorded_at) from recent)))::float8 end as seconds,
        (select count(*) from recent) as events,
        coalesce((select json_object_agg(name, n) from (
          select s.name, count(*) as n from recent r join sources s on s.id = r.source_id group by s.name) t), '{}') as told,
        coalesce((select json_object_agg(target, n) from (
          select target, count(*) as n from recent where target is not null group by target) a), '{}') as applied`,
  });
  return row!;
}

export interface Counts {
  readonly systems: readonly {
    system: string;
    paused: string | null;
    silentSince: string | null;
    due: number;
    unknown: number;
    parked: number;
    waiting: number;
    quarantined: number;
  }[];
  readonly orders: { readonly open: number; readonly consistent: number };
  readonly late: { readonly count: number; readonly since: string | null };
  readonly unposted: { readonly count: number; readonly since: string | null };
  readonly unknown: { readonly count: number; readonly since: string | null };
  readonly parked: { readonly count: number; readonly since: string | null };
  readonly teams: readonly { owner: string; open: number; overdue: number; nextDueAt: string | null }[];
}

/** Everything the overview counts, of one moment. Each part reads what waits, never what is done. */
export async function selectCounts(pool: Pool, systems: readonly string[], scope: Scope): Promise<Counts> {
  const seen = (column: string) => `($2::text[] is null or ${column} is null or ${column} = any ($2))`;
  const heads = (
    condition: string,
  ) => `(select json_build_object('count', count(*), 'since', ${instantText("min(e.created_at)")})
      from lanes l join effects e on e.reference = l.head
      where l.system = any ($1) and ${condition} and ${seen("e.plant")})`;
  const [row] = await query<{ counts: Counts }>(
    pool,
    {
      name: "api_overview",
      text: `select json_build_object(
        'systems', coalesce((select json_agg(x) from (
          select g.system, s.paused,
            (select ${instantText("opened_at")} from cases
             where state = 'open' and fingerprint = 'PLANT_UNREACHABLE/' || g.system) as "silentSince",
            (select count(*) from lanes where system = g.system and wake_at is not null) as due,
            (select count(*) from lanes where system = g.system and wake_at is not null and state = 'unknown') as unknown,
            (select count(*) from lanes where system = g.system and parked_for is not null) as parked,
            (select count(*) from inbound where system = g.system and state = 'kept')
              + (select count(*) from inbound where system = g.system and state in ('held', 'quarantined')) as waiting,
            (select count(*) from inbound where system = g.system and state = 'quarantined') as quarantined
          from unnest($1::text[]) with ordinality as g (system, n) left join systems s on s.system = g.system order by g.n) x), '[]'),
        'orders', (select json_build_object('open', count(*), 'consistent', count(*) filter (where differing = 0))
          from orders where open and ($2::text[] is null or plants = '{}' or plants && $2)),
        'late', (select json_build_object('count', count(*), 'since', ${instantText("min(released_at)")})
          from kpi_production where released_at is not null and sent_at is null and ended_at is null and delayed_since is not null
            and ${seen("plant")}),
        'unposted', (select json_build_object('count', count(*), 'since', ${instantText("min(reported_at)")})
          from kpi_reports where posted_at is null and corrects is null and ${seen("plant")}),
        'unknown', ${heads("l.wake_at is not null and l.state = 'unknown'")},
        'parked', ${heads("l.parked_for is not null")},
        'teams', coalesce((select json_agg(x) from (
          select owner, count(*) as open, count(*) filter (where sla_at < clock_timestamp()) as overdue,
            ${instantText("min(sla_at) filter (where sla_at >= clock_timestamp())")} as "nextDueAt"
          from cases where state = 'open' and ${seen("plant")} group by owner) x), '[]')) as counts`,
    },
    [systems, scope ?? null],
  );
  return row!.counts;
}
