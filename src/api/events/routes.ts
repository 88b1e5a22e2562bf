import { Type } from "typebox";

import { findPage, readAt } from "../../ledger/read.ts";
import { encodeCursor, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, scopeOf } from "../scope.ts";
import { oneOf, strictObject, text, TIME, wholeNumber } from "../schema.ts";
import { EVENT, showEvent } from "./event.ts";

const FILTER = {
  correlation: Type.Optional(text("The root object: salesOrder/SO-1001.")),
  object: Type.Optional(text("The object it is about, its subject: workOrder/WO-7.")),
  type: Type.Optional(text("interlock.OrderRequested.v1")),
};

const CURSOR = Type.Integer({ minimum: 0 });

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/events",
    {
      config: { access: "event.read" },
      schema: {
        tags: ["events"],
        summary: "Events of the ledger",
        querystring: strictObject({
          ...FILTER,
          from: Type.Optional({ ...TIME, description: "Happened at this time or later, RFC 3339." }),
          until: Type.Optional({ ...TIME, description: "Happened before this time." }),
          order: Type.Optional(oneOf(["oldest-first", "newest-first"], "oldest-first unless told.")),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(EVENT) },
      },
    },
    async (request) => {
      const { query } = request;
      const { after, limit } = readPage(query, CURSOR);
      const { correlation, object: subject, type, from, until, order = "oldest-first" } = query;
      const plants = scopeOf(request);
      const asked = Object.entries({ correlation, subject, type, from, until, plants }).filter(
        ([, value]) => value !== undefined,
      );
      const place = after === undefined ? {} : order === "oldest-first" ? { after } : { before: after };
      const { events, next } = await findPage(
        pool,
        { ...Object.fromEntries(asked), ...place },
        { order, limit },
      );
      return { items: events.map(showEvent), next: next === undefined ? null : encodeCursor(next) };
    },
  );

  api.get(
    "/v1/events/:seq",
    {
      config: { access: "event.read" },
      schema: {
        tags: ["events"],
        summary: "The event at one position",
        params: strictObject({ seq: wholeNumber("Position in the ledger.") }),
        response: { 200: EVENT },
      },
    },
    async (request) => {
      const { seq } = request.params;
      const [event] = await readAt(pool, [Number(seq)]);
      if (!event || !isInScope(scopeOf(request), event.plant)) throw notFound("event at position", seq);
      return showEvent(event);
    },
  );
});
