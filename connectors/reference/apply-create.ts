import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Call, Client } from "./client.ts";
import { currencyOf, lineDifference, nativeLine } from "./line.ts";
import { asOrder, evidenceOf, type NativeOrder } from "./native.ts";
import { applyRow, sendingOf, type Operation, type Row } from "./operation.ts";
import { findByReference } from "./find-order.ts";
import type { CreateSalesOrder, OrderLine } from "./payload.ts";

/** CreateSalesOrder. The effect's reference becomes the order's `externalReference`. */
const row: Row = { callOf, answerOf };
export const createSalesOrder: Operation = { apply: applyRow(row), row, probe, resume };

function callOf({ reference, payload }: OutgoingEffect): Call | Answer {
  const { salesOrder, customer, customerReference, lines } = payload as CreateSalesOrder;
  const currency = currencyOf(lines);
  if (currency === "mixed")
    return {
      class: "reject",
      code: "REFERENCE_CURRENCY_MIXED",
      reason: `the prices of ${salesOrder} are in several currencies: an order has one`,
    };
  const body = {
    externalReference: reference,
    sourceOrder: salesOrder,
    customer,
    customerPurchaseOrder: customerReference,
    currency,
    lines: lines.map(nativeLine),
  };
  return { method: "POST", path: "/orders", body };
}

function answerOf(body: unknown): Answer {
  const order = asOrder(body);
  return order
    ? { class: "applied", evidence: evidenceOf(order), status: order.status }
    : { class: "unknown", why: "the order system answered with something that is no order" };
}

async function probe(client: Client, effect: OutgoingEffect, signal: AbortSignal): Promise<ProbeAnswer> {
  const found = await findByReference(client, effect.reference, signal);
  return "class" in found ? found : compare(effect.payload as CreateSalesOrder, found.order);
}

/** Completes the lines that are missing. Without a reference: the order already carries this one. */
async function resume(
  client: Client,
  effect: OutgoingEffect,
  missing: unknown,
  signal: AbortSignal,
): Promise<Answer> {
  const { document, lines } = missing as Missing;
  const wanted = (effect.payload as CreateSalesOrder).lines.filter(({ line }) => lines.includes(line));
  const path = `/orders/${encodeURIComponent(document)}`;
  const body = { lines: wanted.map(nativeLine) };
  const reply = await client.write({ method: "PATCH", path, body, ...sendingOf(effect) }, signal);
  return reply.ok ? answerOf(reply.body) : reply.failure;
}

type Missing = { readonly document: string; readonly lines: readonly number[] };

function compare(wanted: CreateSalesOrder, held: NativeOrder): ProbeAnswer {
  const evidence = evidenceOf(held);
  const difference = headDifference(wanted, held) ?? linesDifference(wanted.lines, held);
  if (difference !== undefined) return { class: "different", difference, evidence };
  const lines = wanted.lines
    .map(({ line }) => line)
    .filter((line) => !held.lines.some((has) => has.line === line));
  if (lines.length > 0) return { class: "partial", missing: { document: held.number, lines }, evidence };
  return { class: "applied", evidence, status: held.status };
}

function headDifference(wanted: CreateSalesOrder, held: NativeOrder): string | undefined {
  const currency = currencyOf(wanted.lines);
  const fields: [field: string, want: string | undefined, has: string | null][] = [
    ["sales order", wanted.salesOrder, held.sourceOrder],
    ["customer", wanted.customer, held.customer],
    ["customer's reference", wanted.customerReference, held.customerPurchaseOrder],
    ["currency", currency, held.currency],
  ];
  const differing = fields.find(([, want, has]) => want !== undefined && want !== has);
  return differing && `${differing[0]} is ${differing[2] ?? "empty"}, wanted ${differing[1]}`;
}

function linesDifference(wanted: readonly OrderLine[], held: NativeOrder): string | undefined {
  for (const has of held.lines) {
    const want = wanted.find(({ line }) => line === has.line);
    if (!want) return `line ${has.line} is there, but was not wanted`;
    const difference = lineDifference(want, has);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
