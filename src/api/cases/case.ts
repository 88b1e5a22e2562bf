import { type Static, Type } from "typebox";

import { CASE_OWNERS } from "../../process/contract.ts";
import { ALLOWED } from "../effects/action.ts";
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

const MEMBER = Type.Object({
  kind: oneOf(["effect", "inbound", "event", "instance", "system"]),
  ref: Type.String({
    description: "Effect reference, inbound number, ledger position, process/key#kind, or system.",
  }),
  at: TIME,
  settled: Type.Boolean({ description: "What the case waited for has happened." }),
});

const CASE_EFFECT = Type.Object({
  reference: Type.String(),
  system: Type.String(),
  lane: Type.String(),
  type: Type.String(),
  state: Type.String({
    description: "Send it back with `attempt` when you act: what has moved since is not acted on.",
  }),
  attempt: Type.Integer(),
  payload: Type.Unknown(),
  actions: ALLOWED,
});

export const CASE_WHOLE = Type.Object({
  ...CASE.properties,
  detail: Type.Unknown({ description: "What happened, the evidence, and what would make it pass." }),
  members: Type.Array(MEMBER),
  effects: Type.Array(CASE_EFFECT, { description: "Its effects that still wait, as they are now." }),
  actions: ALLOWED,
});

export type CaseRow = Static<typeof CASE>;
export type CaseWhole = CaseRow & { detail: unknown };
export type MemberRow = Static<typeof MEMBER>;
export type CaseAnswer = Static<typeof CASE_WHOLE>;
