import { Type } from "typebox";

import { CONTRACT_FOLDERS, type ContractKind } from "../../contract/registry.ts";
import { nullable, oneOf, strictObject, text, wholeNumber } from "../schema.ts";

export const KINDS = Object.keys(CONTRACT_FOLDERS) as ContractKind[];

export const ADDRESS = strictObject({
  kind: oneOf(KINDS),
  name: text("OrderRequested"),
  major: wholeNumber("The major version: 1"),
});

export const SUMMARY = Type.Object({
  kind: oneOf(KINDS),
  name: Type.String(),
  major: Type.Integer(),
  type: Type.String({ description: "What stands in an envelope or an effect: interlock.OrderRequested.v1." }),
  description: Type.String(),
  hash: Type.String({ description: "SHA-256 over the schema and everything it refers to." }),
  versions: Type.Array(Type.Integer(), { description: "Every major version there is, oldest first." }),
  owners: Type.Array(Type.String(), { description: "Of an event: the roles or systems that may tell it." }),
});

const PARTY = Type.Object({
  kind: oneOf(["system", "process", "person", "engine"]),
  id: Type.String(),
  how: Type.String({ description: "By which right or on which way, in words." }),
});

const SAMPLES = Type.Object({
  valid: Type.Array(Type.Unknown()),
  invalid: Type.Array(
    Type.Object({ pointer: Type.String({ description: "Where it fails." }), data: Type.Unknown() }),
  ),
});

export const WHOLE = Type.Object({
  ...SUMMARY.properties,
  schema: Type.Unsafe<object>({ type: "object", description: "JSON Schema 2020-12." }),
  parts: Type.Unsafe<Record<string, object>>({
    type: "object",
    description: "Every shared schema it refers to, by the URI that stands in `$ref` when it is resolved.",
  }),
  samples: nullable(SAMPLES),
  producers: Type.Array(PARTY),
  consumers: Type.Array(PARTY),
  recordOnly: nullable(Type.String({ description: "Why no process reads it, when that is on purpose." })),
});

export const DIFFERENCE = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  compatibility: oneOf(
    ["same", "backward", "forward", "breaking"],
    "same: documents may look as before. backward: every older document is valid still. forward: every newer one would have been valid before. breaking: neither.",
  ),
  changes: Type.Array(
    Type.Object({
      pointer: Type.String({ description: "Where in a document; `*` is each item of a list." }),
      reach: oneOf(
        ["narrower", "wider", "both", "words"],
        "narrower: what was valid may be refused now. wider: what was refused may come now.",
      ),
      message: Type.String(),
    }),
  ),
});

export const CHECK = Type.Object({
  ok: Type.Boolean(),
  problems: Type.Array(
    Type.Object({
      pointer: Type.String({
        description: "JSON pointer into the content; for a missing field, where it should be.",
      }),
      message: Type.String({ description: "What is wrong, in words." }),
      value: Type.Optional(Type.String({ description: "What stands there, cut; never a personal field." })),
    }),
  ),
  personal: Type.Array(Type.String(), { description: "Pointers of the personal fields in it." }),
});
