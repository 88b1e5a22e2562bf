import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";

export const PERIODS = ["day", "week", "month"] as const;
export const GROUPS = ["part", "plant", "businessUnit"] as const;

/** `pattern` beside the format: what matches is a day of this era in every calendar that PostgreSQL knows. */
export const DAY = Type.String({ format: "date", pattern: "^(19|20)[0-9]{2}-", description: "2026-03-02" });

export const DEFINITION = Type.Object({
  name: Type.String(),
  title: Type.String(),
  unit: oneOf(
    ["seconds", "share", "count"],
    "seconds: a mean. share: from 0 to 1. count: how many there are.",
  ),
  better: oneOf(["lower", "higher"]),
  words: Type.String({ description: "What it means." }),
  formula: Type.String(),
  standard: nullable(Type.String({ description: "Its name in ISO 22400-2, where it has one." })),
  part: nullable(Type.String({ description: "What it can be told apart by: stage, operation, line." })),
  counted: Type.String({ description: "Which moment puts something into a period." }),
});

const FIGURE = {
  value: nullable(Type.Number({ description: "Null: nothing counted." })),
  numerator: Type.Number(),
  denominator: Type.Number(),
  count: Type.Integer({ description: "How many things count into it." }),
};

export const POINT = Type.Object({
  period: Type.String({ description: "The first day of the period, in each plant's own time." }),
  group: nullable(Type.String({ description: "Of what it was asked to be told apart by." })),
  ...FIGURE,
  p95: nullable(Type.Number({ description: "Of seconds: nineteen of twenty were no longer." })),
  units: Type.Array(Type.String(), {
    description: "Units of the quantities in it: of several, read it with care.",
  }),
});

/** How far the read models are that it is made of. */
export const FRESH = Type.Object({
  lag: Type.Integer({ description: "Events of the ledger that are not in it yet." }),
  rebuilding: Type.Boolean({ description: "It is being filled anew, and short of the ledger until then." }),
  stoppedFor: nullable(Type.String({ description: "Why it takes in nothing more." })),
});

export const RECENT = Type.Object({
  ...DEFINITION.properties,
  last30Days: Type.Object(FIGURE),
  before: Type.Object(FIGURE, { description: "The thirty days before those." }),
  countedAt: TIME,
});

export const ORDER = Type.Object({
  object: Type.String({ description: "productionOrder/PO-1001, salesOrder/SO-1001" }),
  part: nullable(Type.String()),
  plant: nullable(Type.String()),
  businessUnit: nullable(Type.String()),
  at: Type.String({ ...TIME, description: "The last moment that put it into the period." }),
  ...FIGURE,
});

export type PointRow = Static<typeof POINT>;
export type OrderRow = Static<typeof ORDER> & { rank: string };
export type Freshness = Static<typeof FRESH>;
export type Figure = Pick<PointRow, "value" | "numerator" | "denominator" | "count">;
