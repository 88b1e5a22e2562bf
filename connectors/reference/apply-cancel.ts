import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import { findBySalesOrder } from "./find-order.ts";
import { asOrder, evidenceOf } from "./native.ts";
import { sendingOf, type Operation } from "./operation.ts";
import type { CancelSalesOrder } from "./payload.ts";

/** CancelSalesOrder. The order system answers a second cancellation like the first and does nothing. */
export const cancelSalesOrder: Operation = { apply, probe };

async function apply(client: Client, effect: OutgoingEffect, signal: AbortSignal): Promise<Answer> {
  const payload = effect.payload as CancelSalesOrder;
  const found = await findBySalesOrder(client, payload, signal);
  if ("class" in found) return found;
  const reply = await client.write(
    {
      method: "POST",
      path: `/orders/${encodeURIComponent(found.order.number)}/cancel`,
      body: { externalReference: effect.reference, reason: payload.reason?.slice(0, 200) },
      ...sendingOf(effect),
    },
    signal,
  );
  if (!reply.ok) return reply.failure;
  const order = asOrder(reply.body) ?? found.order;
  return { class: "applied", evidence: evidenceOf(order), status: order.status };
}

async function probe(client: Client, effect: OutgoingEffect, signal: AbortSignal): Promise<ProbeAnswer> {
  const found = await findBySalesOrder(client, effect.payload as CancelSalesOrder, signal);
  // No order for it, or several: `apply` will be told the same and say so.
  if ("class" in found) return found.class === "reject" ? { class: "absent" } : found;
  const { order } = found;
  return order.status === "cancelled"
    ? { class: "applied", evidence: evidenceOf(order), status: order.status }
    : { class: "absent", status: order.status };
}
