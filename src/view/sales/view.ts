import { parseEventType } from "../../event/envelope.ts";
import { defineView } from "../contract.ts";
import { newSales, salesOrderOf, type SalesRow, tell, TELLS } from "./order.ts";
import { deleteLines, insertLines, putSales, selectSales } from "./queries.ts";

/** Sales orders: when they were wanted, held and shipped, and line by line what was promised first and last. */
export default defineView({
  name: "sales",
  version: 1,
  tables: ["kpi_sales_lines", "kpi_sales"],
  events: Object.keys(TELLS),
  async apply({ events }, on) {
    const keys = [...new Set(events.map(salesOrderOf))];
    const rows = new Map((await selectSales(on, keys)).map((row) => [row.sales_order, row]));
    for (const event of events) {
      const key = salesOrderOf(event);
      const name = parseEventType(event.type)!.name;
      rows.set(key, tell(rows.get(key) ?? newSales(key), name, event));
    }
    const orders = [...rows.values()];
    await deleteLines(on, keys);
    await putSales(on, orders.map(withoutLines));
    await insertLines(
      on,
      orders.flatMap(({ sales_order, lines }) => lines.map((line) => ({ sales_order, ...line }))),
    );
  },
});

function withoutLines(order: SalesRow): Omit<SalesRow, "lines"> {
  const { lines: _, ...rest } = order;
  return rest;
}
