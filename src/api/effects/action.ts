import { Type } from "typebox";

import { EFFECT_ACTIONS } from "../../case/allowed.ts";
import { WORD } from "../person.ts";
import { nullable, oneOf, strictObject, text } from "../schema.ts";

/** By action: null when it can be done now, otherwise why not. */
export const ALLOWED = Type.Record(Type.String(), nullable(Type.String()), {
  description: "By action: null when it can be done now, otherwise why not.",
});

/** What a person saw when they decided: an effect that has moved since is not acted on. */
export const SEEN = {
  state: text("As GET showed it.", 20),
  attempt: Type.Integer({ minimum: 0, description: "As GET showed it." }),
};

export const CONTENT = {
  payload: Type.Optional(
    Type.Unknown({ description: "resubmit: the corrected content; it is held against its contract." }),
  ),
  evidence: Type.Optional(
    Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 400 }), {
      maxProperties: 20,
      description: "mark-applied: what you saw in the target: its number of the object.",
    }),
  ),
};

export const EFFECT_REQUEST = strictObject({ action: oneOf(EFFECT_ACTIONS), ...SEEN, ...WORD, ...CONTENT });

export const REPLACEMENT = {
  replacement: Type.Optional(
    Type.String({ description: "resubmit: the reference of the effect that takes its place." }),
  ),
};
