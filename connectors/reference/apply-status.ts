import { isDeepStrictEqual } from "node:util";
import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Call, Client } from "./client.ts";
import { applyRow, type Operation, type Row } from "./operation.ts";
import type { UpdateOrderStatus } from "./payload.ts";

/** UpdateOrderStatus. The order system tells a reference once: a late copy cannot undo newer news. */
const row: Row = { callOf, answerOf };
export const updateOrderStatus: Operation = { apply: applyRow(row), row, probe };

const TEXT_LIMIT = 200;

function callOf({ reference, payload }: OutgoingEffect): Call {
  const { salesOrder, status } = payload as UpdateOrderStatus;
  const details = detailsOf(payload as UpdateOrderStatus);
  return { method: "PUT", path: pathOf(salesOrder), body: { externalReference: reference, status, details } };
}

function answerOf(body: unknown): Answer {
  const { number, status } = (body ?? {}) as Record<string, unknown>;
  return typeof number === "string" && typeof status === "string"
    ? { class: "applied", evidence: { document: number, status }, status }
    : { class: "unknown", why: "the order system answered with something that is no status" };
}

async function probe(client: Client, { payload }: OutgoingEffect, signal: AbortSignal): Promise<ProbeAnswer> {
  const { salesOrder, status } = payload as UpdateOrderStatus;
  const reply = await client.read(pathOf(salesOrder), signal);
  if (!reply.ok) return reply.failure.status?.startsWith("404 ") ? { class: "absent" } : reply.failure;
  const held = (reply.body ?? {}) as { status?: unknown; details?: Record<string, string> };
  const details = detailsOf(payload as UpdateOrderStatus);
  const same = held.status === status && isDeepStrictEqual(held.details, details);
  // Another status is an earlier one: ours was not told, or it would stand there.
  return same ? { class: "applied", evidence: { document: salesOrder, status } } : { class: "absent" };
}

function detailsOf({ confirmedDate, document, message }: UpdateOrderStatus): Record<string, string> {
  const details = { confirmedDate, document, message: message?.slice(0, TEXT_LIMIT) };
  return Object.fromEntries(Object.entries(details).filter(([, text]) => text !== undefined)) as Record<
    string,
    string
  >;
}

function pathOf(salesOrder: string): string {
  return `/orders/${encodeURIComponent(salesOrder)}/status`;
}
