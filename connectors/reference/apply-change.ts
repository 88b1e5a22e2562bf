import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import { findByReference, findBySalesOrder } from "./find-order.ts";
import { lineDifference, nativeLine } from "./line.ts";
import { asOrder, evidenceOf, sameNumber, type NativeOrder } from "./native.ts";
import { sendingOf, type Operation } from "./operation.ts";
import type { ChangeSalesOrder } from "./payload.ts";

/** ChangeSalesOrder. The effect's reference is added to the order's `changeReferences`. */
export const changeSalesOrder: Operation = { apply, probe };

async function apply(client: Client, effect: OutgoingEffect, signal: AbortSignal): Promise<Answer> {
  const payload = effect.payload as ChangeSalesOrder;
  const found = await findBySalesOrder(client, payload, signal);
  if ("class" in found) return found;
  const reply = await client.write(
    {
      method: "PATCH",
      path: `/orders/${encodeURIComponent(found.order.number)}`,
      body: { externalReference: effect.reference, lines: payload.lines.map(nativeLine) },
      ...sendingOf(effect),
    },
    signal,
  );
  if (!reply.ok) return reply.failure;
  const order = asOrder(reply.body) ?? found.order;
  return { class: "applied", evidence: evidenceOf(order), status: order.status };
}

async function probe(client: Client, effect: OutgoingEffect, signal: AbortSignal): Promise<ProbeAnswer> {
  const found = await findByReference(client, effect.reference, signal);
  if ("class" in found) return found;
  const difference = differenceOf(effect.payload as ChangeSalesOrder, found.order);
  const evidence = evidenceOf(found.order);
  return difference === undefined
    ? { class: "applied", evidence, status: found.order.status }
    : { class: "different", difference, evidence };
}

function differenceOf({ salesOrder, lines }: ChangeSalesOrder, held: NativeOrder): string | undefined {
  if (held.sourceOrder !== salesOrder)
    return `the reference is on the order for ${held.sourceOrder ?? "no sales order"}, not for ${salesOrder}`;
  for (const wanted of lines) {
    const has = held.lines.find(({ line }) => line === wanted.line);
    const takenOut = wanted.quantity !== undefined && sameNumber(wanted.quantity.value, "0");
    if (takenOut && has) return `line ${wanted.line} is still there, wanted none`;
    if (takenOut) continue;
    const difference = has ? lineDifference(wanted, has) : `line ${wanted.line} is not there`;
    if (difference !== undefined) return difference;
  }
  return undefined;
}
