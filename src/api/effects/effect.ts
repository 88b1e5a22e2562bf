import { type Static, Type } from "typebox";

import { ALLOWED } from "./action.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

/** States of a lane with something in it. */
export const OPEN = ["ready", "sending", "accepted", "unknown", "parked"] as const;
const ENDED = ["applied", "rejected", "cancelled", "withdrawn"] as const;

export const EFFECT = Type.Object({
  reference: Type.String({ description: "16 characters, as the target stores it." }),
  system: Type.String(),
  lane: Type.String({ description: "The target's own object; effects on it go out in order." }),
  pos: Type.Integer(),
  type: Type.String(),
  process: Type.String(),
  key: Type.String(),
  name: Type.String({ description: "The process's own name for it." }),
  state: oneOf(
    ["queued", ...OPEN, ...ENDED],
    "queued: behind another of its lane. docs/states.md draws them.",
  ),
  why: nullable(Type.String({ description: "Why it is not moving, in words." })),
  attempt: Type.Integer({ description: "Calls begun, sends and probes." }),
  correlation: Type.String(),
  plant: nullable(Type.String()),
  causeSeq: Type.Integer({ description: "The event it follows from." }),
  createdAt: TIME,
  endedAt: nullable(TIME),
});
const ATTEMPT = Type.Object({
  n: Type.Integer(),
  kind: oneOf(["send", "probe"]),
  beganAt: TIME,
  endedAt: TIME,
  class: Type.String({ description: "What the answer came to: applied, retry, unknown, ..." }),
  status: nullable(Type.String({ description: "The product's own status code." })),
  detail: nullable(Type.String()),
});
export const DETAIL = Type.Object({
  ...EFFECT.properties,
  payload: Type.Unknown(),
  evidence: Type.Unknown({ description: "What the target answered; null until it ended." }),
  actor: nullable(Type.String({ description: "Who ended it, when a person did." })),
  replaces: nullable(Type.String()),
  replacedBy: nullable(Type.String()),
  traceparent: nullable(Type.String()),
  laneState: oneOf(["idle", ...OPEN]),
  parkedFor: nullable(Type.String()),
  wakeAt: nullable(TIME),
  ahead: Type.Integer({ description: "Effects of the same lane that must end first." }),
  attempts: Type.Array(ATTEMPT),
  actions: ALLOWED,
});

export type EffectRow = Static<typeof EFFECT>;
export type AttemptRow = Static<typeof ATTEMPT>;
/** As it is stored: its calls and what can be done now come beside it. */
export type EffectDetail = Omit<Static<typeof DETAIL>, "attempts" | "actions">;
export type EffectAnswer = Static<typeof DETAIL>;
