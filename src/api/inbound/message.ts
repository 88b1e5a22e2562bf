import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";

export const INBOUND_STATES = [
  "kept",
  "held",
  "admitted",
  "skipped",
  "quarantined",
  "conflict",
  "refused",
] as const;

export const MESSAGE = Type.Object({
  id: Type.Integer(),
  system: Type.String(),
  stream: Type.String(),
  nativeId: Type.String({ description: "The product's own message id." }),
  objectKey: Type.String({
    description: "While a message of it is quarantined, later ones of the same object wait.",
  }),
  version: nullable(Type.String()),
  contentType: Type.String(),
  receivedAt: TIME,
  state: oneOf(INBOUND_STATES, "docs/states.md draws them."),
  problem: Type.Unknown({ description: "Why it is not admitted: code, message, pointer; null when it is." }),
  eventSeq: nullable(Type.Integer({ description: "The event it became." })),
});
export const MESSAGE_DETAIL = Type.Object({
  ...MESSAGE.properties,
  raw: Type.String({ contentEncoding: "base64", description: "The message exactly as it was sent." }),
});

export type MessageRow = Static<typeof MESSAGE>;
export type MessageDetail = Static<typeof MESSAGE_DETAIL>;
