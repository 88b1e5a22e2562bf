import { Readable } from "node:stream";
import { Type } from "typebox";

import { insertAskedVerification, selectVerifications } from "../../audit/queries.ts";
import { selectHeadSeq } from "../../ledger/queries.ts";
import { principalOf } from "../access.ts";
import { answerPage, PAGE_QUERY, pageOf, readPage } from "../page.ts";
import { defineRoutes } from "../route.ts";
import { strictObject, text, TIME } from "../schema.ts";
import { scopeOf } from "../scope.ts";
import { CHAIN, ENTRY, FORMAT, type FORMATS } from "./entry.ts";
import { exportEntries } from "./export.ts";
import { selectEntries } from "./queries.ts";

const FILTER = {
  actor: Type.Optional(text("Who.", 200)),
  what: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9]{1,80}$", description: "CaseActionTaken" })),
  object: Type.Optional(text("What it was done to: productionOrder/PO-1001")),
  plant: Type.Optional(text("The plant concerned.")),
  from: Type.Optional({ ...TIME, description: "Recorded at this time or later, RFC 3339." }),
  until: Type.Optional({ ...TIME, description: "Recorded before this time." }),
};
const TYPES: Record<(typeof FORMATS)[number], string> = {
  csv: "text/csv; charset=utf-8",
  jsonl: "application/jsonl",
};

export default defineRoutes((api, { pool }) => {
  api.get(
    "/v1/audit",
    {
      config: { access: "audit.read" },
      schema: {
        tags: ["audit"],
        summary: "Who did what, when and why, the newest first",
        querystring: strictObject({ ...FILTER, ...PAGE_QUERY }),
        response: { 200: pageOf(ENTRY) },
      },
    },
    async (request) => {
      const { after: before, limit } = readPage(request.query, Type.Integer({ minimum: 1 }));
      const filter = { ...request.query, scope: scopeOf(request) };
      const rows = await selectEntries(pool, filter, before, limit + 1);
      return answerPage(
        rows,
        limit,
        ({ seq }) => seq,
        (row) => row,
      );
    },
  );

  api.get(
    "/v1/audit/export",
    {
      config: { access: "audit.read" },
      schema: {
        tags: ["audit"],
        summary: "The same as a file, without a limit",
        produces: Object.values(TYPES),
        querystring: strictObject({ ...FILTER, format: Type.Optional(FORMAT) }),
      },
    },
    async (request, reply) => {
      const { format = "csv", ...filter } = request.query;
      return reply
        .type(TYPES[format])
        .header("content-disposition", `attachment; filename="audit.${format}"`)
        .send(Readable.from(exportEntries(pool, { ...filter, scope: scopeOf(request) }, format)));
    },
  );

  async function showChain() {
    const [head, found] = await Promise.all([selectHeadSeq(pool), selectVerifications(pool, 20)]);
    return {
      head,
      last: found.find(({ endedAt }) => endedAt !== null) ?? null,
      running: found[0]?.endedAt === null ? found[0] : null,
    };
  }

  api.get(
    "/v1/audit/chain",
    {
      config: { access: "audit.read" },
      schema: {
        tags: ["audit"],
        summary: "Up to which event the ledger is proven to be as it was written",
        response: { 200: CHAIN },
      },
    },
    showChain,
  );

  api.post(
    "/v1/audit/verify",
    {
      config: { access: "audit.read" },
      schema: {
        tags: ["audit"],
        summary: "Ask for the whole ledger to be looked through; GET /v1/audit/chain shows how far it is",
        response: { 202: CHAIN },
      },
    },
    async (request, reply) => {
      await insertAskedVerification(pool, principalOf(request).account);
      return reply.code(202).send(await showChain());
    },
  );
});
