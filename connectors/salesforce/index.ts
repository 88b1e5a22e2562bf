import { defineConnector, type OutgoingEffect } from "../../src/connector/index.ts";
import { upsertAsset } from "./apply-asset.ts";
import { postOrderComment } from "./apply-comment.ts";
import { updateOrderStatus, updateServiceCase } from "./apply-update.ts";
import { Client } from "./client.ts";
import { config, type SalesforceConfig } from "./config.ts";
import { contentOf } from "./content.ts";
import { identify, translate } from "./identify.ts";
import type { Operation } from "./operation.ts";
import { assetLane, caseLane, orderLane } from "./payload.ts";
import { readRows } from "./read-rows.ts";
import { sourceOf } from "./stream.ts";

/** Queries see a commit at once, but a request that was cut off may still be at work: its time on the org is limited to this. */
const SETTLES_WITHIN_MS = 10_000;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  UpdateOrderStatus: updateOrderStatus,
  PostOrderComment: postOrderComment,
  UpdateServiceCase: updateServiceCase,
  UpsertAsset: upsertAsset,
};

const probed = { safety: "probe", settlesWithinMs: SETTLES_WITHIN_MS } as const;

export default defineConnector<SalesforceConfig>({
  product: "salesforce",
  title: "Salesforce",
  config,
  streams: {
    orders: {
      kind: "poll",
      events: ["QuoteAccepted", "OrderRequested", "OrderChangeRequested", "OrderCancelRequested"],
      help: "What salespeople ask for: order requests as the org's flow writes them, one row for each acceptance, change and cancellation.",
      intervalMs: 5_000,
    },
    cases: {
      kind: "poll",
      events: ["ServiceCaseOpened", "ServiceCaseUpdated", "ServiceCaseClosed"],
      help: "What people say of service cases: case events as the org's flow writes them.",
      intervalMs: 15_000,
    },
    customers: {
      kind: "poll",
      events: ["CustomerChanged"],
      help: "Accounts with a customer number as they stand after a change: the fields that sales owns.",
      intervalMs: 60_000,
    },
  },
  effects: {
    UpdateOrderStatus: { ...probed, lane: orderLane },
    PostOrderComment: { safety: "idempotent", settlesWithinMs: SETTLES_WITHIN_MS, lane: orderLane },
    UpdateServiceCase: { ...probed, lane: caseLane },
    UpsertAsset: { ...probed, lane: assetLane },
  },
  open({ config: settings, timeoutMs, toNative }) {
    const client = new Client(settings, timeoutMs);
    return {
      async apply(effect, signal) {
        const mapped = await contentOf(toNative, effect.type, effect.payload);
        return mapped.ok
          ? operationOf(effect).apply(client, effect, mapped.content, signal)
          : mapped.rejected;
      },
      async probe(effect, signal) {
        const mapped = await contentOf(toNative, effect.type, effect.payload);
        if (mapped.ok) return operationOf(effect).probe(client, effect, mapped.content, signal);
        // What was sent cannot be put in the org's words now, so what is there cannot be compared.
        return { class: "retry", why: `${mapped.rejected.reason}: correct it, then the look can be made` };
      },
      identify,
      translate: async (stream, message) => translate(stream, message),
      read(stream, cursor, signal, share) {
        const source = sourceOf(stream);
        if (!source) throw new Error(`the salesforce connector does not declare stream ${stream}`);
        return readRows(client, source, cursor, settings, signal, share);
      },
      close: () => client.close(),
    };
  },
});

/** Of every effect this connector knows major 1. */
function operationOf({ type }: OutgoingEffect): Operation {
  const operation = OPERATIONS[type.replace(/\.v1$/, "")];
  if (!operation) throw new Error(`the salesforce connector does not declare ${type}`);
  return operation;
}
