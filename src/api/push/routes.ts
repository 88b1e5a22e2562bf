import { Type } from "typebox";

import type { Receipt } from "../../intake/receive.ts";
import type { Refusal } from "../../intake/refusal.ts";
import { principalOf } from "../access.ts";
import { PROBLEM, type Problem, problemBody } from "../problem.ts";
import { refusalProblem } from "../refusal.ts";
import { compileAllButBody, takeRawBodies } from "../raw-body.ts";
import { defineRoutes } from "../route.ts";
import { oneOf } from "../schema.ts";

const BODY_LIMIT = 4 * 1_048_576;

const TAKEN = Type.Object({
  status: oneOf(
    ["appended", "duplicate"],
    "duplicate: the same content was there before; nothing was written.",
  ),
  seq: Type.Integer({ description: "Its position in the ledger." }),
});
const REFUSED = Type.Object({ status: Type.Literal("refused"), problem: PROBLEM });
const BATCH = Type.Object({
  items: Type.Array(Type.Union([TAKEN, REFUSED]), { description: "In the order of the batch." }),
});
const EVENT = Type.Object(
  {
    specversion: Type.Literal("1.0"),
    id: Type.String(),
    source: Type.String({ description: "/systems/<system>" }),
    type: Type.String({ description: "interlock.<Name>.v<major>" }),
    subject: Type.String({ description: "<kind>/<id>" }),
    time: Type.String({ format: "date-time" }),
    data: Type.Unknown({ description: "As the contract of the type says: GET /v1/contracts." }),
  },
  { additionalProperties: true },
);
const BODY = {
  content: {
    "application/cloudevents+json": { schema: EVENT },
    "application/cloudevents-batch+json": { schema: Type.Array(EVENT) },
    "application/json": {
      schema: Type.Unknown({ description: "Binary mode: `data` alone, the attributes in ce- headers." }),
    },
  },
};

const DESCRIPTION = `CloudEvents 1.0: structured, batch, or binary with ce- headers. An answer of 2xx comes after the commit: what it says is
taken is on disk. Sending the same event again is safe: it is found and counted as a duplicate.`;

export default defineRoutes((api, { intake, pressure, metrics, errors }) => {
  takeRawBodies(api, pressure, BODY_LIMIT);

  api.post(
    "/v1/events",
    {
      config: { access: "event.write" },
      bodyLimit: BODY_LIMIT,
      validatorCompiler: compileAllButBody,
      schema: {
        tags: ["events"],
        summary: "Tell what happened",
        description: DESCRIPTION,
        body: BODY,
        response: {
          200: Type.Union([TAKEN, BATCH], { description: "A duplicate, or a batch that was taken whole." }),
          202: { ...TAKEN, description: "Appended." },
          207: { ...BATCH, description: "A batch of which some events were refused: see each." },
        },
      },
    },
    async (request, reply) => {
      const answer = await intake.receive(
        request.headers,
        (request.body as Buffer | undefined) ?? Buffer.alloc(0),
        principalOf(request).system,
      );
      if (answer.kind === "refused") throw count(answer.refusal);
      if (answer.kind === "one") {
        const { receipt } = answer;
        if (!receipt.ok) throw count(receipt.refusal);
        metrics.count("event.received", 1, { verdict: receipt.status });
        return reply
          .code(receipt.status === "appended" ? 202 : 200)
          .send({ status: receipt.status, seq: receipt.seq });
      }
      const refusals = answer.receipts.filter((receipt) => !receipt.ok);
      // Nothing was taken and nothing is wrong with the events: the sender sends the batch again as it is.
      const first = refusals[0];
      if (
        first &&
        refusals.length === answer.receipts.length &&
        refusals.every(({ refusal }) => refusal.status === 503)
      ) {
        throw count(first.refusal);
      }
      return reply.code(refusals.length === 0 ? 200 : 207).send({ items: answer.receipts.map(showReceipt) });
    },
  );

  function showReceipt(receipt: Receipt) {
    if (receipt.ok) {
      metrics.count("event.received", 1, { verdict: receipt.status });
      return { status: receipt.status, seq: receipt.seq };
    }
    return { status: "refused" as const, problem: problemBody(count(receipt.refusal), errors) };
  }

  function count(refusal: Refusal): Problem {
    metrics.count("event.received", 1, { verdict: refusal.status === 409 ? "conflict" : "refused" });
    return refusalProblem(refusal);
  }
});
