import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import type { Content } from "./content.ts";
import { findByNumber, probeByReference, REFERENCE, sendingOf, type Operation } from "./operation.ts";
import type { PostOrderComment } from "./payload.ts";
import { upsertAnswer } from "./upsert.ts";

const OBJECT = "Order_Comment__c";

/**
 * PostOrderComment. The reference is the key of an upsert: sent twice, the same comment is written twice with the same
 * words, and is there once. Newer comments are records of their own, so a late copy undoes nothing.
 */
export const postOrderComment: Operation = { apply, probe };

async function apply(
  client: Client,
  effect: OutgoingEffect,
  content: Content,
  signal: AbortSignal,
): Promise<Answer> {
  const { salesOrder } = effect.payload as PostOrderComment;
  const order = await findByNumber(client, "Order", "OrderNumber", salesOrder, signal);
  if ("class" in order) return order;
  const reply = await client.write(
    {
      method: "PATCH",
      path: `/sobjects/${OBJECT}/${REFERENCE}/${encodeURIComponent(effect.reference)}`,
      body: { ...content, Order__c: order.id },
      keys: [REFERENCE],
      ...sendingOf(effect),
    },
    signal,
  );
  return reply.ok ? upsertAnswer(reply, OBJECT, effect.reference) : reply.failure;
}

/** Other words under our reference are not this comment: an upsert will put that right. */
async function probe(
  client: Client,
  effect: OutgoingEffect,
  content: Content,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const found = await probeByReference(client, OBJECT, effect, content, signal);
  return found.class === "different" ? { class: "absent" } : found;
}
