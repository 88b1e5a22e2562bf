import { type Client, query } from "../../db/pool.ts";
import type { ProductionRow } from "./order.ts";

export async function selectProduction(
  on: Client,
  productionOrders: readonly string[],
): Promise<ProductionRow[]> {
  return query<ProductionRow & Record<string, unknown>>(
    on,
    {
      name: "view.production",
      text: "select * from kpi_production where production_order = any ($1::text[])",
    },
    [productionOrders],
  );
}

export async function putProduction(on: Client, rows: readonly ProductionRow[]): Promise<void> {
  await query(
    on,
    {
      name: "view.put_production",
      text: `insert into kpi_production select * from json_populate_recordset(null::kpi_production, $1::json)
        on conflict (production_order) do update set item = excluded.item, plant = excluded.plant,
          business_unit = excluded.business_unit, released_at = excluded.released_at, delayed_since = excluded.delayed_since,
          delayed_for = excluded.delayed_for, sent_at = excluded.sent_at, due_at = excluded.due_at,
          started_at = excluded.started_at, completed_at = excluded.completed_at, ended_at = excluded.ended_at,
          cancelled = excluded.cancelled`,
    },
    [JSON.stringify(rows)],
  );
}

export async function putPegging(
  on: Client,
  pegged: readonly { readonly production_order: string; readonly sales_order: string }[],
): Promise<void> {
  await query(
    on,
    {
      name: "view.put_pegging",
      text: `insert into kpi_pegging select * from json_populate_recordset(null::kpi_pegging, $1::json) on conflict do nothing`,
    },
    [JSON.stringify(pegged)],
  );
}
