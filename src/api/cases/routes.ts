import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { settlesFor } from "../../access/principal.ts";
import { CASE_OWNERS } from "../../process/contract.ts";
import { CONTENT, REPLACEMENT, SEEN } from "../effects/action.ts";
import { answerPage, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound, Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, requirePlant, scopeOf } from "../scope.ts";
import { nullable, oneOf, strictObject, text, wholeNumber } from "../schema.ts";
import { principalOf } from "../access.ts";
import { ACTIONS, actOnWholeCase } from "./act.ts";
import { CASE, CASE_WHOLE, type CaseAnswer } from "./case.ts";
import { selectCases } from "./queries.ts";
import { readCase } from "./show.ts";

const ID = strictObject({ id: wholeNumber("The case's number.") });
const EFFECT_SEEN = strictObject({
  reference: Type.String({ pattern: "^[0-9A-HJKMNP-TV-Z]{16}$" }),
  ...SEEN,
});
const REQUEST = strictObject({
  action: oneOf(ACTIONS),
  ...WORD,
  version: Type.Optional(
    Type.Integer({ minimum: 1, description: "reassign, comment, close: the version you looked at." }),
  ),
  owner: Type.Optional(oneOf(CASE_OWNERS, "reassign: the team.")),
  assignee: Type.Optional(nullable(text("reassign: the person; null gives it back to the team.", 200))),
  effects: Type.Optional(
    Type.Array(EFFECT_SEEN, {
      minItems: 1,
      maxItems: 200,
      description:
        "retry, resubmit, mark-applied, cancel: which, as you saw them. What has moved since is not acted on.",
    }),
  ),
  ...CONTENT,
});
const RESULT = Type.Object({
  affected: Type.Integer({ description: "Members that were acted on." }),
  refused: Type.Array(Type.Object({ member: Type.String(), code: Type.String(), detail: Type.String() }), {
    description: "Members that could not be acted on, and why.",
  }),
  ...REPLACEMENT,
});

const CURSOR = Type.Integer({ minimum: 1 });

export default defineRoutes((api, context) => {
  const { pool, bell } = context;

  api.get(
    "/v1/cases",
    {
      config: { access: "case.read" },
      schema: {
        tags: ["cases"],
        summary: "Cases, newest first",
        querystring: strictObject({
          state: Type.Optional(oneOf(["open", "closed"])),
          owner: Type.Optional(oneOf(CASE_OWNERS)),
          assignee: Type.Optional(text("The person.")),
          kind: Type.Optional(text("EFFECT_REJECTED")),
          system: Type.Optional(text("The system concerned.")),
          plant: Type.Optional(text("The plant concerned.")),
          object: Type.Optional(text("The object in question: salesOrder/SO-1001.")),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(CASE) },
      },
    },
    async (request) => {
      const { query } = request;
      const { after: before, limit } = readPage(query, CURSOR);
      const rows = await selectCases(pool, { ...query, scope: scopeOf(request) }, before, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ id }) => id,
        (row) => row,
      );
    },
  );

  api.get(
    "/v1/cases/:id",
    {
      config: { access: "case.read" },
      schema: {
        tags: ["cases"],
        summary: "One case: what happened, what would fix it, and what can be done now",
        params: ID,
        response: { 200: CASE_WHOLE },
      },
    },
    async (request) => {
      const { id } = request.params;
      const found = await readCase(pool, Number(id));
      if (!found || !isInScope(scopeOf(request), found.plant)) throw notFound("case", id);
      return found;
    },
  );

  api.post(
    "/v1/cases/:id/actions",
    {
      config: { access: "case.act" },
      schema: {
        tags: ["cases"],
        summary: "Act on a case",
        description:
          "On the case itself (reassign, comment, close), its effects (retry, resubmit, mark-applied, cancel), its messages (readmit, discard), or the instances it holds (release). GET says which can be done now. Each is one entry in the ledger, with who and why.",
        params: ID,
        body: REQUEST,
        response: { 200: RESULT },
      },
    },
    async (request) => {
      const { params, body } = request;
      const { id } = params;
      const found = await readCase(pool, Number(id));
      if (!found || !isInScope(scopeOf(request), found.plant)) throw notFound("case", id);
      requirePlant(request, found.plant, `case ${id}`);
      requireTeam(request, found, body.action);
      const result = await actOnWholeCase(context, found, { ...body, ...wordOf(request, body) });
      if (result.affected === 0) {
        throw new Problem(
          409,
          "CASE_MOVED",
          `${body.action} of case ${id} is not possible: ${found.actions[body.action] ?? "nothing of it waits any more"}`,
        );
      }
      bell.ring();
      return result;
    },
  );
});

/** Everybody who works on cases may say something to one; what is done about it is its team's. */
function requireTeam(request: FastifyRequest, { id, owner }: CaseAnswer, action: string): void {
  const principal = principalOf(request);
  if (action === "comment" || settlesFor(principal, owner)) return;
  throw new Problem(
    403,
    "TEAM_DENIED",
    `case ${id} is of ${owner}, for which ${principal.account} does not act`,
  );
}
