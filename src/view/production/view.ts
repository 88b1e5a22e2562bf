import { parseEventType } from "../../event/envelope.ts";
import { defineView } from "../contract.ts";
import { newOrder, orderOf, peggedTo, tell, TELLS } from "./order.ts";
import { putPegging, putProduction, selectProduction } from "./queries.ts";

/** Production orders: when they were released, went to the plant, began and ended, and when they were due. */
export default defineView({
  name: "production",
  version: 1,
  tables: ["kpi_pegging", "kpi_production"],
  events: Object.keys(TELLS),
  async apply({ events }, on) {
    const keys = [...new Set(events.flatMap((event) => orderOf(event) ?? []))];
    const rows = new Map((await selectProduction(on, keys)).map((row) => [row.production_order, row]));
    const pegged = [];
    for (const event of events) {
      const key = orderOf(event);
      const name = parseEventType(event.type)?.name;
      if (key === undefined || name === undefined) continue;
      rows.set(key, tell(rows.get(key) ?? newOrder(key), name, event));
      for (const sales_order of peggedTo(event)) pegged.push({ production_order: key, sales_order });
    }
    await putProduction(on, [...rows.values()]);
    if (pegged.length > 0) await putPegging(on, pegged);
  },
});
