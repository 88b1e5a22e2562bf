import { Type } from "typebox";

import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text, wholeNumber } from "../schema.ts";
import { checkOrder, SUBJECTS, VERDICTS } from "./check.ts";

const DEADLINE_MS = 3_000;
const LONGEST_MS = 20_000;

const VERDICT = Type.Object({
  subject: oneOf(SUBJECTS, "What was checked."),
  verdict: oneOf(VERDICTS, "unavailable: no system could say in time."),
  line: Type.Optional(Type.Integer({ description: "The line it is about, when it is about one." })),
  message: Type.Optional(Type.String({ description: "The system's own explanation." })),
  remedy: Type.Optional(Type.String({ description: "What would make it pass." })),
  availableOn: Type.Optional(
    Type.String({ format: "date", description: "For availability: the earliest day." }),
  ),
  basis: Type.Optional(Type.String({ description: "For availability: atp, ctp or lead-time." })),
  confidence: Type.Optional(Type.String({ description: "For availability: how sure the day is." })),
  source: Type.Optional(Type.String({ description: "The system that said it." })),
  ageMs: Type.Optional(Type.Integer({ description: "How old what it rests on is; 0: asked now." })),
  latencyMs: Type.Optional(Type.Integer({ description: "How long the system took." })),
});

const DESCRIPTION = `Asks every system that can tell, all at once and under one deadline, whether an order would pass: credit, items,
configuration, price, tax, availability. Nothing is reserved and nothing is kept. A slow system makes its own verdicts unavailable.`;

export default defineRoutes((api, { answerers, contracts }) => {
  api.post(
    "/v1/order-checks",
    {
      config: { access: "order.check" },
      schema: {
        tags: ["orders"],
        summary: "Would this order pass?",
        description: DESCRIPTION,
        querystring: strictObject({
          deadlineMs: Type.Optional(
            wholeNumber(`Answer within; ${DEADLINE_MS} unless told, ${LONGEST_MS} at most.`),
          ),
        }),
        body: Type.Unknown({ description: "As the contract of the query CheckOrder says." }),
        response: {
          200: Type.Object({
            salesOrder: text("The order."),
            verdict: oneOf(VERDICTS, "fail where anything fails, else unavailable where anything is."),
            verdicts: Type.Array(VERDICT),
          }),
        },
      },
    },
    async ({ body, query }) => {
      const verdict = contracts.get("query", "CheckOrder", 1)!.validate(body);
      if (!verdict.ok) throw invalid(verdict.problems);
      const deadlineMs = Math.min(Number(query.deadlineMs ?? DEADLINE_MS), LONGEST_MS);
      const { salesOrder } = body as { salesOrder: string };
      const check = await checkOrder(answerers("CheckOrder.v1"), contracts, body, deadlineMs);
      return { salesOrder, verdict: check.verdict, verdicts: [...check.verdicts] };
    },
  );
});

function invalid(problems: readonly { pointer: string; message: string }[]): Problem {
  const errors = problems.map(({ pointer, message }) => ({ pointer, detail: message }));
  const [first] = errors;
  return new Problem(422, "QUESTION_INVALID", `${first?.pointer || "the body"} ${first?.detail}`, { errors });
}
