import {
  defineConnector,
  entriesOf,
  type EffectDeclaration,
  type OutgoingEffect,
} from "../../src/connector/index.ts";
import { applyBatch, BATCH_ROWS } from "./apply-batch.ts";
import { cancelSalesOrder } from "./apply-cancel.ts";
import { changeSalesOrder } from "./apply-change.ts";
import { createSalesOrder } from "./apply-create.ts";
import { updateOrderStatus } from "./apply-status.ts";
import { Client } from "./client.ts";
import { config, type ReferenceConfig } from "./config.ts";
import type { Operation } from "./operation.ts";
import { laneOf } from "./payload.ts";
import { readChanges } from "./read-changes.ts";
import { identify, translate } from "./translate.ts";
import { verifyWebhook } from "./webhook.ts";

/** How long after a write a read by reference may still miss it: the product's documented bound. */
const SETTLES_WITHIN_MS = 2_000;

const EVENTS = ["OrderConfirmed", "OrderRejected", "CreditHoldPlaced", "CreditHoldReleased"];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateSalesOrder: createSalesOrder,
  ChangeSalesOrder: changeSalesOrder,
  CancelSalesOrder: cancelSalesOrder,
  UpdateOrderStatus: updateOrderStatus,
};

const declared = { settlesWithinMs: SETTLES_WITHIN_MS, lane: laneOf } satisfies Partial<EffectDeclaration>;

export default defineConnector<ReferenceConfig>({
  product: "reference",
  title: "Reference order system",
  config,
  streams: {
    orders: {
      kind: "poll",
      events: EVENTS,
      help: "What happens to orders and customers, in the order system's own sequence, read from where the last page ended.",
      intervalMs: 1_000,
    },
    webhook: {
      kind: "webhook",
      events: EVENTS,
      help: "The same events, sent at once and signed after Standard Webhooks; may come twice or out of order.",
    },
  },
  effects: {
    CreateSalesOrder: { ...declared, safety: "probe", batch: BATCH_ROWS },
    ChangeSalesOrder: { ...declared, safety: "probe" },
    CancelSalesOrder: { ...declared, safety: "idempotent" },
    UpdateOrderStatus: { ...declared, safety: "idempotent", batch: BATCH_ROWS },
  },
  open({ config: { pageSize = 200, ...settings }, timeoutMs }) {
    const client = new Client(settings, timeoutMs);
    return {
      apply: (effect, signal) => operationOf(effect).apply(client, effect, signal),
      applyBatch: (effects, signal) => applyBatch(client, effects, rowOf, signal),
      probe: (effect, signal) => operationOf(effect).probe(client, effect, signal),
      resume: (effect, missing, signal) => resumeOf(effect)(client, effect, missing, signal),
      identify: (_stream, message) => identify(message),
      translate: async (_stream, message) => translate(message),
      read: (_stream, cursor, signal, share) =>
        readChanges(client, cursor, entriesOf(pageSize, share), signal),
      verify: (_stream, headers, raw) => verifyWebhook(settings.webhookSecret, headers, raw),
      close: () => client.close(),
    };
  },
});

/** Of every effect this connector knows major 1. */
function operationOf({ type }: OutgoingEffect): Operation {
  const operation = OPERATIONS[type.replace(/\.v1$/, "")];
  if (!operation) throw new Error(`the reference connector does not declare ${type}`);
  return operation;
}

function resumeOf(effect: OutgoingEffect) {
  const { resume } = operationOf(effect);
  if (!resume) throw new Error(`${effect.type} is done in one piece: there is nothing to resume`);
  return resume;
}

function rowOf(effect: OutgoingEffect) {
  const { row } = operationOf(effect);
  if (!row) throw new Error(`${effect.type} does not travel in batches`);
  return row;
}
