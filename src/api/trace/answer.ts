import { type Static, Type } from "typebox";

import { CASE } from "../cases/case.ts";
import { EFFECT } from "../effects/effect.ts";
import { EVENT } from "../events/event.ts";
import { INBOUND_STATES } from "../inbound/message.ts";
import { INSTANCE } from "../instances/instance.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

const OBJECT = Type.Object({
  object: Type.String(),
  place: oneOf(["asked", "above", "below"], "above: it was made for this; below: this was made for it."),
});
const LINK = Type.Object({
  child: Type.String(),
  parent: Type.String(),
  quantity: nullable(Type.String()),
  sinceSeq: Type.Integer(),
});
const HELD = Type.Object({
  id: Type.Integer(),
  system: Type.String(),
  stream: Type.String(),
  objectKey: Type.String(),
  state: oneOf(INBOUND_STATES),
  problem: Type.Unknown(),
  receivedAt: TIME,
});
const TOLD = Type.Object({
  ...EVENT.properties,
  says: Type.String({ description: "What it says, in few words: for a line of a timeline." }),
});
export const STORY = Type.Object({
  asked: Type.String(),
  objects: Type.Array(OBJECT),
  links: Type.Array(LINK),
  events: Type.Array(TOLD),
  instances: Type.Array(INSTANCE),
  effects: Type.Array(EFFECT),
  cases: Type.Array(CASE),
  messages: Type.Array(HELD, {
    description: "Native messages that wait or are quarantined: news not in the ledger yet.",
  }),
  truncated: Type.Boolean({ description: "More belongs to the story than is shown." }),
});

export type StoryAnswer = Static<typeof STORY>;
export type LinkRow = Static<typeof LINK>;
export type HeldMessage = Static<typeof HELD>;
