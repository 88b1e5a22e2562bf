import { type Static, Type } from "typebox";

import { EFFECT } from "../effects/effect.ts";
import { nullable, TIME } from "../schema.ts";

export const INSTANCE = Type.Object({
  process: Type.String(),
  key: Type.String({ description: "The business object's id." }),
  phase: Type.String(),
  version: Type.Integer({ description: "Of the definition that decided last." }),
  held: nullable(Type.String({ description: "Why nothing is decided until a person acts." })),
  correlation: Type.String(),
  plant: nullable(Type.String()),
  beganAt: TIME,
  deferred: Type.Integer({ description: "Events that wait for another phase." }),
});
const TIMER = Type.Object({
  name: Type.String(),
  dueAt: TIME,
  fired: Type.Boolean(),
  watches: Type.Array(Type.String(), {
    description: "system/stream: fires only when these were read up to dueAt.",
  }),
});
const DEFERRED = Type.Object({ seq: Type.Integer(), deadlineAt: nullable(TIME), expired: Type.Boolean() });

export const INSTANCE_DETAIL = Type.Object({
  ...Type.Omit(INSTANCE, ["deferred"]).properties,
  state: Type.Unknown({ description: "As the definition's state type has it." }),
  timers: Type.Array(TIMER),
  deferred: Type.Array(DEFERRED),
  effects: Type.Array(EFFECT),
});

export type InstanceRow = Static<typeof INSTANCE>;
export type InstanceDetail = Omit<Static<typeof INSTANCE_DETAIL>, "effects">;
