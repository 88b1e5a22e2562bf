import { type Static, Type } from "typebox";

import { nullable, oneOf, TIME } from "../schema.ts";

/** One thing a person did, or that was done in their name. */
export const ENTRY = Type.Object({
  seq: Type.Integer({ description: "Its position in the ledger." }),
  at: Type.String({ ...TIME, description: "When it was recorded." }),
  actor: Type.String({ description: "Who: the account's id." }),
  what: Type.String({ description: "The event's name: CaseActionTaken, SystemPaused, GateOverridden, ..." }),
  object: Type.String(),
  reason: nullable(Type.String({ description: "Why, in the person's words." })),
  plant: nullable(Type.String()),
  correlation: Type.String({ description: "The root object of the story it belongs to." }),
  detail: Type.Unknown({
    description: "The event's data, as its contract says; personal values are not shown here.",
  }),
});
export type Entry = Static<typeof ENTRY>;

const FINDING = Type.Object({ at: Type.Integer(), kind: Type.String(), differs: Type.String() });

export const VERIFICATION = Type.Object({
  askedAt: TIME,
  askedBy: nullable(Type.String({ description: "Null: the clock, once a day." })),
  beganAt: nullable(TIME),
  endedAt: nullable(TIME),
  verified: Type.Integer({ description: "So many events are as they were written, as far as it has come." }),
  of: nullable(Type.Integer({ description: "Where the ledger stood when it began." })),
  provenUpTo: nullable(
    Type.Object(
      { seq: Type.Integer(), signedAt: TIME },
      {
        description:
          "The last signed anchor that was compared: up to it even a rewriting of all rows is found.",
      },
    ),
  ),
  ok: nullable(Type.Boolean({ description: "Null: not ended." })),
  finding: nullable(FINDING),
});

export const CHAIN = Type.Object({
  head: Type.Integer({ description: "Where the ledger stands now." }),
  last: nullable(VERIFICATION),
  running: nullable(VERIFICATION),
});

export const FORMATS = ["csv", "jsonl"] as const;
export const FORMAT = oneOf(FORMATS, "csv, or one JSON object a line.");
