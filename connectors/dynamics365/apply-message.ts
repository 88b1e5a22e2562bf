import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import { blindOperation } from "./blind-message.ts";
import type { Row } from "./client.ts";
import type { Content } from "./content.ts";
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
      return "class" in rows ? rows : judge(rows, type, contentText(erp, effect, type, content));
    },
  };
  return openOrBlind(seen, blindOperation(type, send));
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
