import type { Answer, OutgoingEffect } from "../../src/connector/index.ts";
import { harmlessFailureOf } from "./answer-class.ts";
import { isObject, type Content } from "./content.ts";
import { sendingOf, type Erp } from "./operation.ts";

/**
 * CheckOrder: a question. It changes nothing, so an answer that was not seen is asked for again. What the ERP says is a
 * message of the stream `sales` like any other, whose mapping makes OrderChecked of it.
 */
export async function checkOrder(
  { client }: Erp,
  effect: OutgoingEffect,
  content: Content,
  signal: AbortSignal,
): Promise<Answer> {
  const reply = await client.service("CheckOrder", content, sendingOf(effect), signal);
  if (!reply.ok)
    return reply.failure.class === "reject" ? reply.failure : harmlessFailureOf(reply.failure, "CheckOrder");
  if (!isObject(reply.body) || !isObject(reply.body["Credit"]))
    return { class: "retry", why: "CheckOrder was answered without verdicts" };
  const { salesOrder } = effect.payload as { salesOrder: string };
  const time = new Date(reply.date ?? Date.now()).toISOString();
  const { reference } = effect;
  const said = {
    id: `${reference}/${time}`,
    part: "checked",
    object: `salesOrder/${salesOrder}`,
    question: { reference, salesOrder, time },
    answer: reply.body,
  };
  const message = { contentType: "application/json", raw: Buffer.from(JSON.stringify(said)) };
  return {
    class: "applied",
    evidence: { question: "CheckOrder", salesOrder },
    told: { stream: "sales", message },
  };
}
