import type { Answer, OutgoingEffect } from "../../src/connector/index.ts";
import type { Call, Client } from "./client.ts";
import type { Row } from "./operation.ts";

/** Rows of one `POST /orders:batch`, the product's own limit. */
export const BATCH_ROWS = 100;

type Item = { readonly row: Row; readonly call: Call | Answer };

/**
 * Several effects in one call. Each row is judged for itself; when the answer to the whole is lost, any of them may
 * have been done, so each is unknown.
 */
export async function applyBatch(
  client: Client,
  effects: readonly OutgoingEffect[],
  rowOf: (effect: OutgoingEffect) => Row,
  signal: AbortSignal,
): Promise<Answer[]> {
  const items: Item[] = effects.map((effect) => {
    const row = rowOf(effect);
    return { row, call: row.callOf(effect) };
  });
  const calls = items.flatMap(({ call }) => ("class" in call ? [] : [call]));
  const beforeWrite = () => effects.forEach((effect) => effect.beforeWrite());
  const answers = calls.length === 0 ? [] : await send(client, calls, beforeWrite, signal);
  return items.map(({ row, call }) => {
    if ("class" in call) return call;
    const answer = answers.shift()!;
    return "class" in answer ? answer : row.answerOf(answer.body);
  });
}

type RowAnswer = Answer | { readonly body: unknown };

async function send(
  client: Client,
  rows: readonly Call[],
  beforeWrite: () => void,
  signal: AbortSignal,
): Promise<RowAnswer[]> {
  const call: Call = { method: "POST", path: "/orders:batch", body: { rows }, beforeWrite };
  const reply = await client.write(call, signal);
  if (!reply.ok) return rows.map(() => reply.failure);
  const answered = (reply.body as { rows?: unknown } | undefined)?.rows;
  return rows.map((_, index) => {
    const row = (Array.isArray(answered) ? answered[index] : undefined) as
      | { status?: unknown; body?: unknown }
      | undefined;
    if (typeof row?.status !== "number")
      return { class: "unknown", why: "the batch was answered without this row" };
    return client.failureOfRow(row.status, row.body) ?? { body: row.body };
  });
}
