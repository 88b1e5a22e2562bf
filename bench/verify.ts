import type { Stage } from "./stage.ts";
import { orderName } from "./order.ts";
import { selectOpenCases } from "./queries.ts";

const SHOWN = 5;

/**
 * Holds what was ordered against the books of both systems: each order once in the ERP, each confirmed at the portal, and
 * nothing for a person to settle.
 * @throws Error that names the first orders that are missing, doubled or not told
 */
export async function verifyOrders(stage: Stage, prefix: string, count: number): Promise<void> {
  const [erp, portal] = await Promise.all([stage.erp.readBook(prefix), stage.portal.readBook(prefix)]);
  const found: string[] = [];
  for (let n = 0; n < count; n++) {
    const order = orderName(prefix, n);
    const times = erp.created.get(order) ?? 0;
    if (times !== 1) found.push(`${order} is ${times} times in the ERP`);
    const told = portal.told.get(order);
    if (told !== "confirmed") found.push(`the portal was told ${told ?? "nothing"} of ${order}`);
  }
  if (erp.created.size > count) found.push(`${erp.created.size - count} orders that nobody asked for`);
  for (const { kind, title } of await selectOpenCases(stage.pool)) found.push(`a case, ${kind}: ${title}`);
  if (found.length === 0) return;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  throw new Error(`of ${count} orders: ${found.slice(0, SHOWN).join("; ")}${more}`);
}
