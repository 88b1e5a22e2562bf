import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { principalOf } from "./access.ts";
import { Problem } from "./problem.ts";

/** What a person says with everything they do; `wordOf` makes of it what goes into the ledger. */
export const WORD = {
  reason: Type.String({
    minLength: 3,
    maxLength: 1_000,
    pattern: "\\S",
    description: "Why, in the person's words.",
  }),
  actor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: "^[^\\p{C}]+$",
      description:
        "Who does it: the account's id, not a person's name. Only automation names one; of whoever signed in it is the account.",
    }),
  ),
};

/**
 * Who does it and why. The actor is the account that calls; the admin token may name the person it acts for.
 * @throws Problem ACTOR_DENIED when somebody claims to be another
 */
export function wordOf(
  request: FastifyRequest,
  { actor, reason }: { readonly actor?: string; readonly reason: string },
): { actor: string; reason: string } {
  const { account, kind } = principalOf(request);
  if (actor === undefined || actor === account) return { actor: account, reason };
  if (kind === "automation") return { actor, reason };
  throw new Problem(403, "ACTOR_DENIED", `${account} cannot act as ${actor}`, {
    errors: [{ pointer: "/actor", detail: `is not ${account}` }],
  });
}
