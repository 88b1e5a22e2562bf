import type { Answer, ProbeAnswer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import type { Client } from "./client.ts";
import { asOrders, type NativeOrder } from "./native.ts";

type Found = { readonly order: NativeOrder };

/** The one order that carries a reference, or the probe's answer when there is none or more than one. */
export async function findByReference(
  client: Client,
  reference: string,
  signal: AbortSignal,
): Promise<Found | ProbeAnswer> {
  const orders = await find(client, "reference", reference, signal);
  if ("class" in orders) return orders;
  const [order, ...others] = orders;
  if (!order) return { class: "absent" };
  if (others.length === 0) return { order };
  const numbers = orders.map(({ number }) => number).join(", ");
  return {
    class: "different",
    difference: `the reference is on ${orders.length} orders: ${numbers}`,
    evidence: { documents: numbers.slice(0, 400) },
  };
}

/**
 * The order held for a sales order, or why it cannot be said. `document` alone would not do: after the order system
 * was restored, the same number may be another order.
 */
export async function findBySalesOrder(
  client: Client,
  { salesOrder, document }: { readonly salesOrder: string; readonly document?: string },
  signal: AbortSignal,
): Promise<Found | HarmlessFailure | Extract<Answer, { class: "reject" }>> {
  const orders = await find(client, "sourceOrder", salesOrder, signal);
  if ("class" in orders) return orders;
  const matching = document === undefined ? orders : orders.filter(({ number }) => number === document);
  const [order, ...others] = matching;
  if (!order)
    return {
      class: "reject",
      code: "REFERENCE_ORDER_UNKNOWN",
      reason: `the order system holds no order ${document === undefined ? "" : `${document} `}for ${salesOrder}`,
    };
  if (others.length > 0)
    return {
      class: "reject",
      code: "REFERENCE_ORDER_AMBIGUOUS",
      reason: `the order system holds ${matching.length} orders for ${salesOrder}: ${matching.map(({ number }) => number).join(", ")}`,
    };
  return { order };
}

async function find(
  client: Client,
  field: "reference" | "sourceOrder",
  value: string,
  signal: AbortSignal,
): Promise<NativeOrder[] | HarmlessFailure> {
  const reply = await client.read(`/orders?${field}=${encodeURIComponent(value)}`, signal);
  if (!reply.ok) return reply.failure;
  return asOrders(reply.body) ?? { class: "retry", why: "a look for orders was not answered with orders" };
}
