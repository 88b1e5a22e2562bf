import { type Static, Type } from "typebox";

import { CASE_OWNERS } from "../../process/contract.ts";
import { nullable, oneOf, TIME } from "../schema.ts";
import { HEALTH } from "../systems/health.ts";

const NODE = Type.Object({
  system: Type.String(),
  role: Type.String(),
  plant: nullable(Type.String()),
  connector: nullable(Type.String()),
  health: oneOf(HEALTH),
  why: nullable(Type.String({ description: "Why it is not healthy, in words." })),
  waitingEffects: Type.Integer({ description: "Effects to it that are due, parked or of unknown outcome." }),
  waitingMessages: Type.Integer({ description: "Messages of it that are not in the ledger yet." }),
});

/** A number with the query that lists what is behind it. */
const FIGURE = Type.Object({
  name: oneOf([
    "orders-consistent",
    "orders-released-late",
    "confirmations-not-posted",
    "effects-unknown",
    "effects-parked",
    "messages-quarantined",
    "cases-open",
  ]),
  title: Type.String(),
  value: nullable(
    Type.Number({ description: "A share from 0 to 1, or how many. Null: there is nothing to tell of." }),
  ),
  unit: oneOf(["share", "count"]),
  since: nullable(Type.String({ ...TIME, description: "The oldest of them." })),
  of: nullable(Type.Integer({ description: "Of a share: of how many." })),
  query: Type.String({ description: "GET this for the list behind the number." }),
});

const TEAM = Type.Object({
  owner: oneOf(CASE_OWNERS),
  open: Type.Integer(),
  overdue: Type.Integer({ description: "Of these, how many should have been answered." }),
  nextDueAt: nullable(Type.String({ ...TIME, description: "The next answer that is due." })),
  query: Type.String(),
});

const LINK = Type.Object({
  system: Type.String(),
  direction: oneOf(["in", "out"], "in: events it tells. out: effects it applied."),
  perSecond: Type.Number(),
});

export const OVERVIEW = Type.Object({
  at: Type.String({ ...TIME, description: "When it was counted." }),
  nodes: Type.Array(NODE),
  links: Type.Array(LINK, { description: "Those on which something moved." }),
  window: Type.Object(
    { seconds: Type.Number(), eventsPerSecond: Type.Number() },
    { description: "The rates are of the last minute, or where that is more, of the last 20,000 events." },
  ),
  figures: Type.Array(FIGURE),
  teams: Type.Array(TEAM, { description: "Every team, those without an open case too." }),
});

export type Overview = Static<typeof OVERVIEW>;
