import { type Static, Type } from "typebox";

import { nullable, oneOf } from "../schema.ts";

export const MAPPING = Type.Object({
  system: Type.String(),
  name: Type.String({
    description: "Of the stream it reads, or of the effect it puts into the system's words.",
  }),
  direction: oneOf(["in", "out"]),
  file: Type.String(),
  shipped: Type.Boolean({ description: "False: the project's own, in place of what its connector ships." }),
});

export const MAPPING_WHOLE = Type.Object({
  ...MAPPING.properties,
  source: Type.String({ description: "JSONata, with the functions of docs/mappings.md." }),
});

const PROBLEM = Type.Object({
  code: Type.String(),
  message: Type.String(),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  field: Type.Optional(Type.String({ description: "JSON pointer into the message: the value at fault." })),
});

const VERDICT = Type.Object(
  {
    type: Type.String(),
    ok: Type.Boolean(),
    problems: Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() })),
  },
  {
    description: "What the contract says of it; null: there is no such contract, or the message was skipped.",
  },
);

export const TRIED = Type.Object({
  output: Type.Unknown({ description: "What the mapping gave; null when it failed." }),
  problem: nullable(PROBLEM),
  contract: nullable(VERDICT),
  sources: Type.Array(
    Type.Object({
      pointer: Type.String({ description: "A field of the output." }),
      from: Type.Array(Type.String(), { description: "Fields of the message that hold the same value." }),
    }),
    {
      description:
        "Found by value, not by following the mapping: a value that was calculated, translated or written in the mapping has none, and one that stands in the message twice has two.",
    },
  ),
});

export const COMPARED = Type.Object({
  looked: Type.Integer({ description: "Recorded messages that both were run on, the newest first." }),
  same: Type.Integer(),
  mended: Type.Integer({ description: "Failed by the mapping in force, and not by the changed one." }),
  broken: Type.Integer({ description: "Failed by the changed mapping, and not by the one in force." }),
  changed: Type.Integer({ description: "Something else comes out." }),
  examples: Type.Array(
    Type.Object({
      message: Type.Integer({ description: "Its number: GET /v1/inbound/{id}" }),
      object: Type.String(),
      before: Type.Unknown({ description: "The output, or the problem." }),
      after: Type.Unknown({ description: "The output, or the problem." }),
    }),
    { description: "The first fifty that are not the same." },
  ),
});

export type Tried = Static<typeof TRIED>;
export type Compared = Static<typeof COMPARED>;
