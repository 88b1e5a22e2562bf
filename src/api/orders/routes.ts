import { Type } from "typebox";

import { STAGES } from "../../view/order/stage.ts";
import { WAITED_FOR } from "../../view/order/waiting.ts";
import { answerPage, cursorOf, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { notFound } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text } from "../schema.ts";
import { isInScope, scopeOf } from "../scope.ts";
import { readOrder } from "./detail.ts";
import { DETAIL, LISTED, RISKS, showOrder, SORTS } from "./order.ts";
import {
  countByStage,
  countOpenCases,
  findByNumber,
  type OrderFilter,
  selectMatched,
  selectOrders,
} from "./queries.ts";

const LIST = strictObject({
  search: Type.Optional(
    text(
      "Any number that anybody has, or how it begins: order, quote, customer's order, work order, lot, shipment, invoice. Capitals do not count.",
      80,
    ),
  ),
  plant: Type.Optional(text("Made in this plant.")),
  businessUnit: Type.Optional(text("The business unit.")),
  customer: Type.Optional(text("The customer.")),
  stage: Type.Optional(oneOf(STAGES)),
  waitingFor: Type.Optional(oneOf(WAITED_FOR, "Whose move it is.")),
  risk: Type.Optional(oneOf(RISKS)),
  open: Type.Optional(oneOf(["true", "false"], "Only those that are not, or are, at their end.")),
  sort: Type.Optional(
    oneOf(
      SORTS,
      "latest: what changed last first, unless told; promised: the nearest day first; waiting: who has waited longest first, and nobody else.",
    ),
  ),
  ...PAGE_QUERY,
});

const CURSOR = cursorOf(Type.String(), Type.String());

export default defineRoutes((api, { pool, processes }) => {
  api.get(
    "/v1/orders",
    {
      config: { access: "order.read" },
      schema: {
        tags: ["orders"],
        summary: "Sales orders: where each is, whose move it is, what is wrong with it",
        description:
          "Read from the view `order`, which follows the ledger: GET /v1/views says how far it is. Within a plant scope, orders of other plants are left out; those of no plant yet are shown.",
        querystring: LIST,
        response: {
          200: Type.Object({
            ...pageOf(LISTED).properties,
            stages: Type.Optional(
              Type.Record(oneOf(STAGES), Type.Integer(), {
                description:
                  "How many there are by stage, of all that the other filters leave. With the first page only, and not where a search finds more than 20,000 numbers.",
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { search, sort = "latest", open, ...query } = request.query;
      const { after, limit } = readPage(query, CURSOR);
      const filter: OrderFilter = {
        ...query,
        scope: scopeOf(request),
        ...(open !== undefined && { open: open === "true" }),
        ...(search !== undefined && { search: await findByNumber(pool, search) }),
      };
      const [rows, stages] = await Promise.all([
        selectOrders(pool, filter, sort, after, limit + 1),
        after === undefined && filter.search?.many !== true ? countByStage(pool, filter) : undefined,
      ]);
      const ids = rows.slice(0, limit).map(({ id }) => id);
      const [cases, matched] = await Promise.all([
        countOpenCases(pool, ids),
        search === undefined ? [] : selectMatched(pool, ids, search),
      ]);
      const casesOf = new Map(cases.map(({ id, count }) => [id, count]));
      const matchedBy = Map.groupBy(matched, ({ id }) => id);
      return {
        ...answerPage(
          rows,
          limit,
          ({ sortKey, id }) => [sortKey, id],
          (row) => ({
            ...showOrder(row, casesOf.get(row.id) ?? 0),
            matched: (matchedBy.get(row.id) ?? []).map(({ kind, number }) => ({ kind, number })),
          }),
        ),
        ...(stages && { stages: Object.fromEntries(stages.map(({ stage, count }) => [stage, count])) }),
      };
    },
  );

  api.get(
    "/v1/orders/:id",
    {
      config: { access: "order.read" },
      schema: {
        tags: ["orders"],
        summary: "One order: lines, stages, what each system says, its numbers, cases and effects",
        description: "What happened, event by event, is its trace: GET /v1/trace/{id}.",
        params: strictObject({ id: text("The sales order; encode a / as %2F.") }),
        response: { 200: DETAIL },
      },
    },
    async (request) => {
      const { id } = request.params;
      const order = await readOrder(pool, id, processes.values());
      const scope = scopeOf(request);
      if (!order || !(order.plants.length === 0 || order.plants.some((plant) => isInScope(scope, plant))))
        throw notFound("order", id);
      return order;
    },
  );
});
