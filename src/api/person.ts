import { Type } from "typebox";

/** What a person says with everything they do; both go into the ledger. */
export const WORD = {
  reason: Type.String({
    minLength: 3,
    maxLength: 1_000,
    pattern: "\\S",
    description: "Why, in the person's words.",
  }),
  actor: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: "^[^\\p{C}]+$",
    description: "Who does it: the account's id, not a person's name.",
  }),
};
