import { type Static, Type } from "typebox";

import { CASE_OWNERS } from "../../process/contract.ts";
import { nullable, oneOf, TIME } from "../schema.ts";

export const CASE = Type.Object({
  id: Type.Integer(),
  kind: Type.String({ description: "A stable code: EFFECT_REJECTED, MAPPING_FAILED, ..." }),
  owner: oneOf(CASE_OWNERS),
  assignee: nullable(Type.String()),
  state: oneOf(["open", "closed"]),
  title: Type.String(),
  subject: Type.String({ description: "The business object in question." }),
  system: nullable(Type.String()),
  plant: nullable(Type.String()),
  correlation: nullable(Type.String()),
  openedAt: TIME,
  slaAt: nullable(Type.String({ ...TIME, description: "When an answer is due." })),
  closedAt: nullable(TIME),
  closedBy: nullable(Type.String()),
  resolution: nullable(Type.String()),
  version: Type.Integer({ description: "Changes with everything that happens to the case." }),
});

export type CaseRow = Static<typeof CASE>;
