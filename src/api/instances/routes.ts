import { Type } from "typebox";

import { selectEffectsOfInstances } from "../effects/queries.ts";
import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, scopeOf } from "../scope.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { INSTANCE, INSTANCE_DETAIL } from "./instance.ts";
import { selectInstance, selectInstances } from "./queries.ts";

const EFFECTS_LIMIT = 1000;

const CURSOR = cursorOf(Type.String(), Type.String());

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/instances",
    {
      config: { access: "process.read" },
      schema: {
        tags: ["processes"],
        summary: "What each process is doing, object by object",
        querystring: strictObject({
          process: Type.Optional(text("order-confirmation")),
          key: Type.Optional(text("The business object's id.")),
          phase: Type.Optional(text("A phase of the definition.")),
          plant: Type.Optional(text("The plant.")),
          held: Type.Optional(oneOf(["true"], "Only those that a failed handler holds.")),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(INSTANCE) },
      },
    },
    async (request) => {
      const { held, ...query } = request.query;
      const { after, limit } = readPage(query, CURSOR);
      const rows = await selectInstances(
        pool,
        { ...query, held: held === "true", scope: scopeOf(request) },
        after,
        limit + 1,
      );
      return answerPage(
        rows,
        limit,
        ({ process, key }) => [process, key],
        (row) => row,
      );
    },
  );

  api.get(
    "/v1/instances/:process/:key",
    {
      config: { access: "process.read" },
      schema: {
        tags: ["processes"],
        summary: "One instance: its state, timers, deferred events and effects",
        params: strictObject({ process: text("The process."), key: text("The business object's id.") }),
        response: { 200: INSTANCE_DETAIL },
      },
    },
    async (request) => {
      const { process, key } = request.params;
      const instance = await selectInstance(pool, process, key);
      if (!instance || !isInScope(scopeOf(request), instance.plant))
        throw notFound("instance", `${process}/${key}`);
      return {
        ...instance,
        effects: await selectEffectsOfInstances(pool, [{ process, key }], EFFECTS_LIMIT),
      };
    },
  );
});
