import type { Answer, OutgoingEffect } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import type { Content } from "./content.ts";
import { findByNumber, probeByReference, REFERENCE, sendingOf, type Operation } from "./operation.ts";

type Target = {
  readonly object: string;
  readonly field: string;
  readonly numberOf: (payload: never) => string;
};

/**
 * UpdateOrderStatus, UpdateServiceCase: fields of a record that people made. The record carries the reference of what
 * was told last, so a write is found again; but a late copy of it would overwrite newer news, so it is never sent
 * again without a look.
 */
function updateOf({ object, field, numberOf }: Target): Operation {
  return {
    async apply(
      client: Client,
      effect: OutgoingEffect,
      content: Content,
      signal: AbortSignal,
    ): Promise<Answer> {
      const found = await findByNumber(client, object, field, numberOf(effect.payload as never), signal);
      if ("class" in found) return found;
      const reply = await client.write(
        {
          method: "PATCH",
          path: `/sobjects/${object}/${found.id}`,
          body: { ...content, [REFERENCE]: effect.reference },
          keys: [REFERENCE],
          ...sendingOf(effect),
        },
        signal,
      );
      if (!reply.ok) return reply.failure;
      return { class: "applied", evidence: { record: found.id, object, reference: effect.reference } };
    },
    probe: (client, effect, content, signal) => probeByReference(client, object, effect, content, signal),
  };
}

export const updateOrderStatus = updateOf({
  object: "Order",
  field: "OrderNumber",
  numberOf: ({ salesOrder }: { salesOrder: string }) => salesOrder,
});

export const updateServiceCase = updateOf({
  object: "Case",
  field: "CaseNumber",
  numberOf: ({ serviceCase }: { serviceCase: string }) => serviceCase,
});
