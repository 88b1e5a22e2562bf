import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";

export const STATES = ["ready", "sending", "accepted", "unknown", "parked"] as const;

export const LANE = Type.Object({
  system: Type.String(),
  lane: Type.String({ description: "The target's own object: salesOrder/SO-1001." }),
  state: oneOf(STATES),
  head: Type.String({ description: "The effect the state is about." }),
  why: nullable(Type.String({ description: "Why it is not moving, in words." })),
  parkedFor: nullable(oneOf(["rejected", "exhausted", "unproven", "mismatch"])),
  attempt: Type.Integer(),
  wakeAt: nullable(TIME),
  waiting: Type.Integer({ description: "Effects behind the head." }),
});

export type LaneRow = Static<typeof LANE>;
