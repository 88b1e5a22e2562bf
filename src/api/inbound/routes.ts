import type { FastifyRequest } from "fastify";
import { Type } from "typebox";

import { actOnMessage } from "../../intake/readmit.ts";
import { answerPage, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound, Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { ownSystems, scopeOf } from "../scope.ts";
import { oneOf, strictObject, text, wholeNumber } from "../schema.ts";
import { INBOUND_STATES, MESSAGE, MESSAGE_DETAIL, type MessageDetail } from "./message.ts";
import { selectMessage, selectMessages } from "./queries.ts";

const ID = strictObject({ id: wholeNumber("The message's number.") });

const CURSOR = Type.Integer({ minimum: 1 });

export default defineRoutes((api, { pool, bell, systems }) => {
  /** @throws Problem OBJECT_UNKNOWN when there is none that may be seen */
  async function find(request: FastifyRequest, id: string): Promise<MessageDetail> {
    const message = await selectMessage(pool, Number(id));
    const own = ownSystems(scopeOf(request), systems);
    if (!message || (own && !own.includes(message.system))) throw notFound("message", id);
    return message;
  }

  api.get(
    "/v1/inbound",
    {
      config: { access: "message.read" },
      schema: {
        tags: ["inbound"],
        summary: "Native messages as they were sent, newest first",
        querystring: strictObject({
          system: Type.Optional(text("Who sent it.")),
          stream: Type.Optional(text("On which stream.")),
          object: Type.Optional(text("What it is about, as the connector identifies it.")),
          state: Type.Optional(oneOf(INBOUND_STATES)),
          event: Type.Optional(wholeNumber("The ledger position of the event that it became.")),
          ...PAGE_QUERY,
        }),
        response: { 200: pageOf(MESSAGE) },
      },
    },
    async (request) => {
      const { query } = request;
      const { after: before, limit } = readPage(query, CURSOR);
      const filter = { ...query, systems: ownSystems(scopeOf(request), systems) };
      const rows = await selectMessages(pool, filter, before, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ id }) => id,
        (row) => row,
      );
    },
  );

  api.get(
    "/v1/inbound/:id",
    {
      config: { access: "message.read" },
      schema: {
        tags: ["inbound"],
        summary: "One native message, raw",
        params: ID,
        response: { 200: MESSAGE_DETAIL },
      },
    },
    async (request) => find(request, request.params.id),
  );

  api.post(
    "/v1/inbound/:id/readmit",
    {
      config: { access: "message.act" },
      schema: {
        tags: ["inbound"],
        summary: "Try a quarantined message again, or discard it",
        description:
          "It is translated again as it was sent, with today's mapping and rules, before what waits behind it. Discarding is final; the message stays shown.",
        params: ID,
        body: strictObject({
          action: Type.Optional(oneOf(["readmit", "discard"], "readmit unless told.")),
          ...WORD,
        }),
        response: { 200: Type.Object({ messages: Type.Integer({ description: "How many were waiting." }) }) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { action = "readmit", ...said } = request.body;
      await find(request, id);
      const messages = await actOnMessage({ pool, bell }, Number(id), action, wordOf(request, said));
      if (messages > 0) return { messages };
      const message = await find(request, id);
      throw new Problem(
        409,
        "CASE_MOVED",
        `message ${id} is ${message.state}: only what is quarantined or in conflict waits for a person`,
      );
    },
  );
});
