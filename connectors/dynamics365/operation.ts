import type { Answer, OutgoingEffect, ProbeAnswer } from "../../src/connector/index.ts";
import type { Client, Sending } from "./client.ts";
import type { DynamicsConfig } from "./config.ts";
import type { Content } from "./content.ts";

export type Erp = { readonly client: Client; readonly settings: DynamicsConfig };

/** How one effect is made and looked up again. `content` is what its mapping made of the payload. */
export interface Operation {
  readonly apply: (
    erp: Erp,
    effect: OutgoingEffect,
    content: Content,
    signal: AbortSignal,
  ) => Promise<Answer>;
  readonly probe: (
    erp: Erp,
    effect: OutgoingEffect,
    content: Content,
    signal: AbortSignal,
  ) => Promise<ProbeAnswer>;
  readonly resume?: Operation["apply"];
}

export function sendingOf({ traceparent, beforeWrite }: OutgoingEffect): Sending {
  return { traceparent, beforeWrite };
}
