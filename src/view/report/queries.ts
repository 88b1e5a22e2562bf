import { type Client, query } from "../../db/pool.ts";
import type { ReportRow } from "./report.ts";

/** Every report of these orders, and those at these positions, in ledger order. */
export async function selectReports(
  on: Client,
  productionOrders: readonly string[],
  positions: readonly number[],
): Promise<ReportRow[]> {
  return query<ReportRow & Record<string, unknown>>(
    on,
    {
      name: "view.reports",
      text: `select * from (
          select * from kpi_reports where production_order = any ($1::text[])
          union select * from kpi_reports where seq = any ($2::bigint[])) r
        order by seq`,
    },
    [productionOrders, positions],
  );
}

export async function putReports(on: Client, rows: readonly ReportRow[]): Promise<void> {
  await query(
    on,
    {
      name: "view.put_reports",
      text: `insert into kpi_reports select * from json_populate_recordset(null::kpi_reports, $1::json)
        on conflict (work_order, operation, confirmation) do update set posted_at = excluded.posted_at`,
    },
    [JSON.stringify(rows)],
  );
}
