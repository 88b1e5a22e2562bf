import { Type } from "typebox";

import { nullable, TIME } from "../schema.ts";

const CURSOR = Type.Object({
  stream: Type.String(),
  position: nullable(Type.String({ description: "As the connector reads it." })),
  caughtUpTo: nullable(
    Type.String({ ...TIME, description: "Everything that happened up to here was read." }),
  ),
  heartbeatAt: nullable(Type.String({ ...TIME, description: "The last look." })),
});

export const SYSTEM = Type.Object({
  system: Type.String(),
  role: Type.String(),
  plant: nullable(Type.String()),
  connector: nullable(Type.String({ description: "Null: it pushes events and receives nothing." })),
  paused: nullable(Type.String({ description: "Why nothing is sent to it." })),
  pausedBy: nullable(Type.String()),
  pausedAt: nullable(TIME),
  owner: nullable(Type.String({ description: "The hub that sends to it; null while none does." })),
  lanes: Type.Record(Type.String(), Type.Integer(), { description: "Lanes that are not idle, by state." }),
  oldestDueAt: nullable(Type.String({ ...TIME, description: "The lane that is due first." })),
  cursors: Type.Array(CURSOR),
  waitingMessages: Type.Integer({ description: "Native messages of it that are not in the ledger yet." }),
});
