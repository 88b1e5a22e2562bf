import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { HarmlessFailure } from "./answer-class.ts";
import { blindOperation } from "./blind-message.ts";
import type { Row } from "./client.ts";
import type { Content } from "./content.ts";
import { findTraces, otherOperation, type Trace } from "./find-trace.ts";
import { CHECK_AFTER_MS, contentText, judge, orderOf } from "./message.ts";
import { equals } from "./odata.ts";
import { sendingOf, type Erp, type Operation } from "./operation.ts";

/**
 * A message for the MES queue. The answer to it means "queued" and nothing else, and a second copy is a second report:
 * the queue knows no reference. Ours travels as a member that the ERP ignores, and is found again in the queue's own
 * record of the message.
 */
export function messageOperation(type: string): Operation {
  const send: Operation["apply"] = (erp, effect, content, signal) =>
    sendMessage(erp, effect, type, content, signal);
  const seen: Operation = {
    apply: send,
    async probe(erp, effect, content, signal) {
      const rows = await findMessages(erp, effect.reference, signal);
      if ("class" in rows) return rows;
      if (rows.length > 0) return judge(rows, type, contentText(erp, effect, type, content));
      return cleanedAway(await findTraces(erp, effect.reference, signal), content);
    },
  };
  return openOrBlind(seen, blindOperation(type, send));
}

/**
 * Operators let the queue forget what was processed. What a message posted keeps its reference all the same, on the
 * order that the message was about.
 */
export function cleanedAway(traces: readonly Trace[] | HarmlessFailure, content: Content): ProbeAnswer {
  if ("class" in traces) return traces;
  if (traces.length === 0) return { class: "absent" };
  const order = orderOf(content);
  if (!traces.some(({ record }) => record === order)) return otherOperation(traces);
  const posted = traces.map(({ operation }) => operation).join(", ");
  return { class: "applied", evidence: { productionOrder: order, posted: posted.slice(0, 400) } };
}

/** How an effect is made safe where the queue can be read, and where it cannot. */
export function openOrBlind(open: Operation, blind: Operation): Operation {
  const chosen = ({ settings }: Erp) => (settings.messageLog === false ? blind : open);
  return {
    apply: (erp, ...rest) => chosen(erp).apply(erp, ...rest),
    probe: (erp, ...rest) => chosen(erp).probe(erp, ...rest),
    async resume(erp, ...rest) {
      const { resume } = chosen(erp);
      if (!resume) throw new Error("a message is sent in one piece: there is nothing to resume");
      return resume(erp, ...rest);
    },
  };
}

export async function sendMessage(
  erp: Erp,
  effect: OutgoingEffect,
  type: string,
  content: Content,
  signal: AbortSignal,
): Promise<Answer> {
  const text = contentText(erp, effect, type, content);
  const reply = await erp.client.sendMessage(type, text, sendingOf(effect), signal);
  if (!reply.ok) return reply.failure;
  const evidence = { message: type, productionOrder: orderOf(content) };
  return { class: "accepted", evidence, checkAfterMs: CHECK_AFTER_MS };
}

/** The queue's record of every message with this reference, oldest first. */
export async function findMessages(
  { client }: Erp,
  reference: string,
  signal: AbortSignal,
): Promise<readonly Row[] | Extract<ProbeAnswer, { class: "retry" | "auth" }>> {
  const found = await client.find(
    "ILKMessageProcessorMessages",
    { filter: equals({ ILKReference: reference }), orderBy: "MessageId" },
    signal,
  );
  return found.ok ? found.rows : found.failure;
}
