import { Type } from "typebox";

import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { defineRoutes } from "../route.ts";
import { scopeOf } from "../scope.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { LANE, STATES } from "./lane.ts";
import { selectLanes } from "./queries.ts";

const CURSOR = cursorOf(Type.String(), Type.String());

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/lanes",
    {
      config: { access: "effect.read" },
      schema: {
        tags: ["effects"],
        summary: "Lanes with something in them",
        querystring: strictObject({
          system: Type.Optional(text("The target.")),
          lane: Type.Optional(text("The target's own object.")),
          state: Type.Optional(oneOf(STATES)),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(LANE) },
      },
    },
    async (request) => {
      const { query } = request;
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      const { after, limit } = readPage(query, CURSOR);
      const rows = await selectLanes(pool, { ...filter, scope: scopeOf(request) }, after, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ system, lane }) => [system, lane],
        (row) => row,
      );
    },
  );
});
