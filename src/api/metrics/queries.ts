import { type Pool, query } from "../../db/pool.ts";

export interface StoreGauges {
  readonly seq: number;
  readonly routed: number;
  readonly deliveryLag: number;
  readonly lanes: readonly { system: string; state: string; count: number; oldest: number | null }[];
  readonly inbound: readonly { system: string; state: string; count: number }[];
  readonly cases: readonly { owner: string; count: number }[];
  readonly timersOverdue: number;
  readonly paused: readonly string[];
  readonly views: readonly { name: string; lag: number; seconds: number }[];
  readonly recovering: boolean;
  readonly snapshotSeconds: number;
}

/** Everything the gauges show, in one statement: all figures are of one moment. */
export async function selectGauges(pool: Pool): Promise<StoreGauges> {
  const [row] = await query<{ gauges: StoreGauges }>(pool, {
    name: "api_gauges",
    text: `select json_build_object(
      'seq', (select seq from ledger_head),
      'routed', coalesce((select checkpoint from leases where name = 'router'), 0),
      'deliveryLag', coalesce((
        select sum(d.n)
        from leases l
        -- positions are shared by all partitions: what is left in one must be counted, to where it is plain that it is much
        cross join lateral (
          select count(*) as n from (
            select from deliveries y where y.partition = right(l.name, 2)::smallint and y.n > l.checkpoint limit 10000) y) d
        where l.name like 'process:%'), 0),
      'lanes', coalesce((select json_agg(x) from (
        select system, state, count(*) as count,
          ceil(extract(epoch from clock_timestamp() - min(wake_at)))::bigint as oldest
        from lanes where state <> 'idle' group by system, state) x), '[]'),
      'inbound', coalesce((select json_agg(x) from (
        select system, state, count(*) as count from inbound
        where state in ('kept', 'held', 'quarantined') group by system, state) x), '[]'),
      'cases', coalesce((select json_agg(x) from (
        select owner, count(*) as count from cases where state = 'open' group by owner) x), '[]'),
      'timersOverdue', (select count(*) from timers where not fired and due_at < clock_timestamp()),
      'paused', coalesce((select json_agg(system) from systems where paused is not null), '[]'),
      'views', coalesce((select json_agg(x) from (
        select v.name, greatest(0, h.seq - v.checkpoint) as lag,
          coalesce(greatest(0, extract(epoch from clock_timestamp() - e.recorded_at)), 0)::float8 as seconds
        from views v cross join ledger_head h left join events e on e.seq = v.checkpoint + 1) x), '[]'),
      'recovering', exists (select from recoveries where ended_at is null),
      'snapshotSeconds', coalesce((
        select ceil(extract(epoch from clock_timestamp() - min(xact_start)))::bigint
        from pg_stat_activity where backend_xmin is not null and datname = current_database()), 0)
    ) as gauges`,
  });
  return row!.gauges;
}
