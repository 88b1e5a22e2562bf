import { type Pool, query } from "../../db/pool.ts";

export interface PlantFigures {
  readonly plant: string;
  readonly cases: number;
  readonly reports: number;
  readonly shortestMs: number | null;
  readonly medianMs: number | null;
  readonly due: number;
  readonly kept: number;
}

export async function selectPlantFigures(pool: Pool, plants: readonly string[]): Promise<PlantFigures[]> {
  return query<PlantFigures & Record<string, unknown>>(
    pool,
    {
      name: "api_plants",
      text: `select g.plant, (select count(*) from cases where state = 'open' and plant = g.plant) as cases,
          r.reports, r."shortestMs", r."medianMs", s.due, s.kept
        from unnest($1::text[]) as g (plant)
        cross join lateral (
          select count(*) as reports, round(min(ms))::bigint as "shortestMs",
            round(percentile_cont(0.5) within group (order by ms::float8))::bigint as "medianMs"
          from (select extract(epoch from recorded_at - reported_at) * 1000 as ms from kpi_reports
            where reported_at > now() - interval '24 hours' and plant = g.plant) lag) r
        cross join lateral (
          select count(*) as due, coalesce(sum(numerator), 0)::bigint as kept from kpi_points()
          where kpi = 'schedule-adherence' and at > now() - interval '30 days' and at <= now() and plant = g.plant) s
        order by g.plant`,
    },
    [plants],
  );
}
