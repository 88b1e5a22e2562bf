import { orderName } from "./order.ts";
import { selectOpenCases } from "./queries.ts";
import type { Stage } from "./stage.ts";

const SHOWN = 5;

/**
 * Holds what was ordered against the books of both systems: each order once in the ERP, each confirmed at the portal, and
 * nothing for a person to settle.
 * @throws Error that names the first orders that are missing, doubled or not told
 */
export async function verifyOrders(stage: Stage, prefix: string, count: number): Promise<void> {
  const { created } = await stage.erp.readBook(prefix);
  const found: string[] = [];
  for (let n = 0; n < count; n++) {
    const order = orderName(prefix, n);
    const times = created.get(order) ?? 0;
    if (times !== 1) found.push(`${order} is ${times} times in the ERP`);
  }
  if (created.size > count) found.push(`${created.size - count} orders that nobody asked for`);
  report(count, found);
  await verifyTold(stage, prefix, count, "confirmed");
}

/**
 * Holds what the portal was told last against what it should show, and looks for cases.
 * @throws Error that names the first orders that show anything else
 */
export async function verifyTold(stage: Stage, prefix: string, count: number, status: string): Promise<void> {
  const { told } = await stage.portal.readBook(prefix);
  const found: string[] = [];
  for (let n = 0; n < count; n++) {
    const order = orderName(prefix, n);
    if (told.get(order) !== status)
      found.push(`the portal was told ${told.get(order) ?? "nothing"} of ${order}`);
  }
  if (told.size > count) found.push(`the portal was told of ${told.size - count} orders that nobody sent`);
  for (const { kind, title } of await selectOpenCases(stage.pool)) found.push(`a case, ${kind}: ${title}`);
  report(count, found);
}

function report(count: number, found: readonly string[]): void {
  if (found.length === 0) return;
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  throw new Error(`of ${count} orders: ${found.slice(0, SHOWN).join("; ")}${more}`);
}
