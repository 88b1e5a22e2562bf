import { Type } from "typebox";

import { allowedOnEffect } from "../../case/allowed.ts";
import { takeEffectAction } from "../../case/effect-action.ts";
import { selectEffect as selectEffectInLane } from "../../case/queries.ts";
import { now } from "../now.ts";
import { wordOf } from "../person.ts";
import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, requirePlant, scopeOf } from "../scope.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { EFFECT_REQUEST, REPLACEMENT } from "./action.ts";
import { DETAIL, EFFECT, OPEN } from "./effect.ts";
import { selectAttempts, selectEffect, selectEffects } from "./queries.ts";

const REFERENCE = strictObject({ reference: text("The effect's reference.", 16) });
const CURSOR = cursorOf(Type.String(), Type.String(), Type.Integer());

export default defineRoutes((api, { pool, bell, effectRules }) => {
  api.get(
    "/v1/effects",
    {
      config: { access: "effect.read" },
      schema: {
        tags: ["effects"],
        summary: "Effects, by system, lane and position",
        querystring: strictObject({
          system: Type.Optional(text("The target.")),
          lane: Type.Optional(text("The target's own object: salesOrder/SO-1001.")),
          process: Type.Optional(text("The process that intended it.")),
          key: Type.Optional(text("The instance of the process.")),
          state: Type.Optional(oneOf(OPEN, "Only those at the head of their lane, in this state.")),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(EFFECT) },
      },
    },
    async (request) => {
      const { query } = request;
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const { after, limit } = readPage(query, CURSOR);
      const rows = await selectEffects(pool, { ...filter, scope: scopeOf(request) }, after, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ system, lane, pos }) => [system, lane, pos],
        (row) => row,
      );
    },
  );

  api.get(
    "/v1/effects/:reference",
    {
      config: { access: "effect.read" },
      schema: {
        tags: ["effects"],
        summary: "One effect with every call that was made for it",
        params: REFERENCE,
        response: { 200: DETAIL },
      },
    },
    async (request) => {
      const { reference } = request.params;
      const [effect, inLane, attempts] = await Promise.all([
        selectEffect(pool, reference),
        selectEffectInLane(pool, reference),
        selectAttempts(pool, reference),
      ]);
      if (!effect || !inLane || !isInScope(scopeOf(request), effect.plant))
        throw notFound("effect", reference);
      return { ...effect, attempts, actions: { ...allowedOnEffect(inLane) } };
    },
  );

  api.post(
    "/v1/effects/:reference/actions",
    {
      config: { access: "effect.act" },
      schema: {
        tags: ["effects"],
        summary: "Act on one effect",
        description:
          "Retry it, send corrected content instead, record that the target has it, or cancel it. Nothing can be done while a call is under way or its answer is not known.",
        params: REFERENCE,
        body: EFFECT_REQUEST,
        response: { 200: Type.Object(REPLACEMENT) },
      },
    },
    async (request) => {
      const { reference } = request.params;
      const { state, attempt, ...asked } = request.body;
      if (scopeOf(request) !== undefined) {
        const effect = await selectEffect(pool, reference);
        if (!effect || !isInScope(scopeOf(request), effect.plant)) throw notFound("effect", reference);
        requirePlant(request, effect.plant, `effect ${reference}`);
      }
      const action = { ...asked, ...wordOf(request, asked), reference, seen: { state, attempt }, now: now() };
      const done = await takeEffectAction(pool, action, effectRules);
      bell.ring();
      return done;
    },
  );
});
