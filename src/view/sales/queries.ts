import { type Client, query } from "../../db/pool.ts";
import type { SalesLine, SalesRow } from "./order.ts";

export async function selectSales(on: Client, salesOrders: readonly string[]): Promise<SalesRow[]> {
  type Row = Omit<SalesRow, "lines"> & { lines: SalesLine[] } & Record<string, unknown>;
  return query<Row>(
    on,
    {
      name: "view.sales",
      // Amounts as text: JSON's numbers would lose digits.
      text: `select s.*, coalesce((
            select json_agg(json_build_object('line', l.line, 'item', l.item, 'unit', l.unit, 'ordered', l.ordered::text,
              'shipped', l.shipped::text, 'first_promise', l.first_promise, 'promise', l.promise, 'completed_on', l.completed_on)
              order by l.line)
            from kpi_sales_lines l where l.sales_order = s.sales_order), '[]') as lines
        from kpi_sales s where s.sales_order = any ($1::text[])`,
    },
    [salesOrders],
  );
}

/** Lines are put as a whole, so that one that is gone goes. */
export async function deleteLines(on: Client, salesOrders: readonly string[]): Promise<void> {
  await query(
    on,
    {
      name: "view.delete_sales_lines",
      text: "delete from kpi_sales_lines where sales_order = any ($1::text[])",
    },
    [salesOrders],
  );
}

export async function putSales(on: Client, rows: readonly Omit<SalesRow, "lines">[]): Promise<void> {
  await query(
    on,
    {
      name: "view.put_sales",
      text: `insert into kpi_sales select * from json_populate_recordset(null::kpi_sales, $1::json)
        on conflict (sales_order) do update set customer = excluded.customer, plant = excluded.plant,
          business_unit = excluded.business_unit, wanted_at = excluded.wanted_at, created_at = excluded.created_at,
          shipped_at = excluded.shipped_at, cancelled_at = excluded.cancelled_at, shipments = excluded.shipments`,
    },
    [JSON.stringify(rows)],
  );
}

export async function insertLines(
  on: Client,
  lines: readonly (SalesLine & { readonly sales_order: string })[],
): Promise<void> {
  await query(
    on,
    {
      name: "view.insert_sales_lines",
      text: "insert into kpi_sales_lines select * from json_populate_recordset(null::kpi_sales_lines, $1::json)",
    },
    [JSON.stringify(lines)],
  );
}
