import { type Pool, query } from "../../db/pool.ts";
import type { Freshness, OrderRow, PointRow } from "./kpi.ts";
import type { OpenRow } from "./open.ts";

type Row<T> = T & Record<string, unknown>;

export interface Asked {
  readonly kpi: string;
  readonly period: "day" | "week" | "month";
  /** Days of each plant, both included. */
  readonly from: string;
  readonly until: string;
  readonly plant: string | null;
  readonly businessUnit: string | null;
  readonly part: string | null;
  readonly scope: readonly string[] | null;
  /** Time zone by plant; without one, UTC. */
  readonly zones: Readonly<Record<string, string>>;
}

/**
 * The points of a figure in a period, each with its day where it happened. The bounds on `at` are wide enough for every time
 * zone, and are what the indexes know.
 */
const POINTS = `points as (
    select p.object, p.part, p.plant, p.business_unit, p.unit, p.at, p.numerator, p.denominator,
      (date_trunc($2, p.at at time zone coalesce($9::json ->> p.plant, 'UTC')))::date as period
    from kpi_points() p
    where p.kpi = $1 and p.at >= $3::date - interval '1 day' and p.at < $4::date + interval '2 days'
      and (p.at at time zone coalesce($9::json ->> p.plant, 'UTC'))::date between $3::date and $4::date
      and ($5::text is null or p.plant = $5) and ($6::text is null or p.business_unit = $6) and ($7::text is null or p.part = $7)
      and ($8::text[] is null or p.plant is null or p.plant = any ($8))
  )`;

function valuesOf({ kpi, period, from, until, plant, businessUnit, part, scope, zones }: Asked): unknown[] {
  return [kpi, period, from, until, plant, businessUnit, part, scope, JSON.stringify(zones)];
}

const SUMS = `sum(numerator)::float8 as numerator, sum(denominator)::float8 as denominator, count(*) as count`;

export async function selectSeries(
  pool: Pool,
  asked: Asked,
  by: "part" | "plant" | "businessUnit" | null,
): Promise<Omit<PointRow, "value">[]> {
  return query<Row<Omit<PointRow, "value">>>(
    pool,
    {
      name: "api_kpi_series",
      text: `with ${POINTS}
        select to_char(period, 'YYYY-MM-DD') as period,
          case $10 when 'part' then part when 'plant' then plant when 'businessUnit' then business_unit end as "group", ${SUMS},
          (percentile_cont(0.95) within group (order by numerator::float8)) as p95,
          coalesce(array_agg(distinct unit) filter (where unit is not null), '{}') as units
        from points group by 1, 2 order by 1, 2`,
    },
    [...valuesOf(asked), by],
  );
}

/** The orders behind a point, the worst first: one row for each order and part. */
export async function selectOrders(
  pool: Pool,
  asked: Asked,
  { unit, better }: { readonly unit: string; readonly better: "lower" | "higher" },
  after: readonly [rank: string, object: string, part: string] | undefined,
  limit: number,
): Promise<OrderRow[]> {
  return query<Row<OrderRow>>(
    pool,
    {
      name: "api_kpi_orders",
      text: `with ${POINTS}, orders as (
          select object, part, min(plant) as plant, min(business_unit) as "businessUnit", max(at) as at, ${SUMS},
            $10::integer * coalesce(case when $11 = 'count' then sum(numerator) else sum(numerator) / nullif(sum(denominator), 0) end, 0) as rank
          from points group by object, part
        )
        select object, part, plant, "businessUnit", at, numerator, denominator, count, rank::text as rank from orders o
        where $12::numeric is null or (o.rank, o.object, coalesce(o.part, '')) > ($12, $13, $14)
        order by o.rank, o.object, coalesce(o.part, '') limit $15`,
    },
    [
      ...valuesOf(asked),
      better === "lower" ? -1 : 1,
      unit,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit,
    ],
  );
}

export interface RecentRow {
  readonly kpi: string;
  readonly plant: string | null;
  readonly recent: boolean;
  readonly part: string | null;
  readonly numerator: number;
  readonly denominator: number;
  readonly count: number;
}

/** Every figure of the last sixty days, in two halves. Reads much: see `seldom`. */
export async function selectRecent(pool: Pool, wholes: readonly string[]): Promise<RecentRow[]> {
  return query<Row<RecentRow>>(
    pool,
    {
      name: "api_kpi_recent",
      text: `select kpi, plant, at >= current_date - 29 as recent, case when part = any ($1::text[]) then part end as part, ${SUMS}
        from kpi_points() where at >= current_date - 59 and at < current_date + 1 group by 1, 2, 3, 4`,
    },
    [wholes],
  );
}

/** How far the read models are that a figure is made of: the worst of them counts. */
export async function selectFreshness(pool: Pool, views: readonly string[]): Promise<Freshness> {
  const [row] = await query<Row<Freshness>>(
    pool,
    {
      name: "api_kpi_freshness",
      text: `select coalesce(max((select seq from ledger_head) - checkpoint), (select seq from ledger_head)) as lag,
          coalesce(bool_or(coalesce(rebuilding_to > checkpoint, false)), true) as rebuilding, max(stopped_for) as "stoppedFor"
        from views where name = any ($1::text[])`,
    },
    [views],
  );
  return row!;
}

export interface OpenAsked {
  readonly plant: string | null;
  readonly businessUnit: string | null;
  readonly scope: readonly string[] | null;
}

const OPEN_FILTER = `($1::text is null or plant = $1) and ($2::text is null or business_unit = $2)
  and ($3::text[] is null or plant is null or plant = any ($3))`;

/** Production orders that the ERP released and a gate keeps from the plant, the oldest first. */
export async function selectLateReleases(
  pool: Pool,
  { plant, businessUnit, scope }: OpenAsked,
  after: readonly [since: string, key: string] | undefined,
  limit: number,
): Promise<OpenRow[]> {
  return query<Row<OpenRow>>(
    pool,
    {
      name: "api_late_releases",
      text: `select 'productionOrder/' || production_order as object, null::text as part, plant, business_unit as "businessUnit",
          released_at as since, delayed_for as why, production_order as key
        from kpi_production
        where released_at is not null and sent_at is null and ended_at is null and delayed_since is not null and ${OPEN_FILTER}
          and ($4::timestamptz is null or (released_at, production_order) > ($4, $5))
        order by released_at, production_order limit $6`,
    },
    [plant, businessUnit, scope, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

/** Reports that the ERP does not have, the oldest first. */
export async function selectUnposted(
  pool: Pool,
  { plant, businessUnit, scope }: OpenAsked,
  after: readonly [since: string, key: string] | undefined,
  limit: number,
): Promise<OpenRow[]> {
  return query<Row<OpenRow>>(
    pool,
    {
      name: "api_unposted",
      text: `select 'productionOrder/' || production_order as object, nullif(operation, '') as part, plant,
          business_unit as "businessUnit", reported_at as since,
          'report ' || confirmation || ' of ' || work_order || ': ' || good || ' good, ' || scrap || ' scrap, ' || rework || ' rework ' || unit as why,
          seq::text as key
        from kpi_reports
        where posted_at is null and corrects is null and ${OPEN_FILTER}
          and ($4::timestamptz is null or (reported_at, seq) > ($4, $5::bigint))
        order by reported_at, seq limit $6`,
    },
    [plant, businessUnit, scope, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}
