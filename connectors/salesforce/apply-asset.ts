import type { Answer, OutgoingEffect } from "../../src/connector/index.ts";
import type { Client } from "./client.ts";
import type { Content } from "./content.ts";
import { probeByReference, REFERENCE, sendingOf, type Operation } from "./operation.ts";
import type { UpsertAsset } from "./payload.ts";
import { upsertAnswer } from "./upsert.ts";

const OBJECT = "Asset";
const KEY = "Asset_Key__c";

/**
 * UpsertAsset, by an external id. The key says which asset, not which news of it: an older copy that comes late would
 * overwrite newer news, so after a lost answer the reference is looked for before anything is sent again.
 */
export const upsertAsset: Operation = {
  apply,
  probe: (client, effect, content, signal) => probeByReference(client, OBJECT, effect, content, signal),
};

async function apply(
  client: Client,
  effect: OutgoingEffect,
  content: Content,
  signal: AbortSignal,
): Promise<Answer> {
  const { asset } = effect.payload as UpsertAsset;
  const reply = await client.write(
    {
      method: "PATCH",
      path: `/sobjects/${OBJECT}/${KEY}/${encodeURIComponent(asset)}`,
      body: { ...content, [REFERENCE]: effect.reference },
      keys: [REFERENCE, KEY],
      ...sendingOf(effect),
    },
    signal,
  );
  return reply.ok ? upsertAnswer(reply, OBJECT, asset) : reply.failure;
}
