import { type Static, Type } from "typebox";

import { nullable, TIME } from "../schema.ts";

export const RECOVERY = Type.Object({
  id: Type.Integer(),
  beganAt: TIME,
  reason: Type.String(),
  anchorSeq: nullable(Type.Integer({ description: "The ledger had been at least this long." })),
  anchorAt: nullable(TIME),
  endedAt: nullable(TIME),
  endedBy: nullable(Type.String()),
});
export type Recovery = Static<typeof RECOVERY>;
