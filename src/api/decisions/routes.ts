import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { Type } from "typebox";

import type { Pool } from "../../db/pool.ts";
import type { Contract } from "../../contract/registry.ts";
import { parseSubject } from "../../event/envelope.ts";
import { toUtc } from "../../event/time.ts";
import { appendRow, engineEvent, type NewEvent } from "../../ledger/row.ts";
import { appendEvents } from "../../ledger/queries.ts";
import { readAt } from "../../ledger/read.ts";
import { decides } from "../../access/principal.ts";
import { principalOf } from "../access.ts";
import { WORD, wordOf } from "../person.ts";
import { notFound, Problem } from "../problem.ts";
import { selectPlantOf } from "./queries.ts";
import { defineRoutes } from "../route.ts";
import { isInScope, requirePlant, scopeOf } from "../scope.ts";
import { oneOf, strictObject, text } from "../schema.ts";

const DESCRIPTION = `For what only a person can say and no system tells: a gate is overridden, a change is decided on, an order shall be checked again. It
becomes an event of the ledger with actor and reason, and the processes that wait for it go on. Which events these are, the contracts
say (\`x-person\`).`;

export default defineRoutes((api, { pool, bell, contracts }) => {
  const decisions = contracts.contracts.filter(
    ({ kind, schema }) => kind === "event" && schema["x-person"] === true,
  );

  api.post(
    "/v1/decisions",
    {
      config: { access: "decision.tell" },
      schema: {
        tags: ["cases"],
        summary: "Tell what a person decided",
        description: DESCRIPTION,
        body: strictObject({
          event: text("GateOverridden", 60),
          subject: text("What it is about: productionOrder/PO-1001"),
          data: Type.Object(
            {},
            {
              additionalProperties: true,
              description: "As the event's contract says, without actor and reason.",
            },
          ),
          id: Type.Optional(text("Sent again with the same id, it is one decision.", 100)),
          ...WORD,
        }),
        response: {
          200: Type.Object({
            status: oneOf(["appended", "duplicate"]),
            seq: Type.Integer({ description: "Its position in the ledger." }),
          }),
        },
      },
    },
    async (request) => {
      const { event: name, subject, data, id = randomUUID(), ...said } = request.body;
      const { actor, reason } = wordOf(request, said);
      const contract = decisions.find((each) => each.name === name);
      if (!contract) throw unknown(name, decisions);
      const principal = principalOf(request);
      if (!decides(principal, name)) {
        const detail = `${name} is not for the roles of ${principal.account} (${principal.roles.join(", ")}) to decide`;
        throw new Problem(403, "DECISION_DENIED", detail);
      }
      if (parseSubject(subject) === undefined) throw invalid("/subject", `is no <kind>/<id>: ${subject}`);
      if (scopeOf(request) !== undefined) {
        const plant = await selectPlantOf(pool, subject);
        if (!isInScope(scopeOf(request), plant)) throw notFound("object", subject);
        requirePlant(request, plant, subject);
      }
      const whole = { ...data, ...wordsOf(contract, { actor, reason }) };
      const verdict = contract.validate(whole);
      if (!verdict.ok) {
        const [first] = verdict.problems;
        throw invalid(`/data${first?.pointer}`, first?.message ?? "is not as its contract says");
      }
      const time = toUtc(new Date().toISOString())!;
      const told = engineEvent({ name, id: `decision/${id}`, subject, time, data: whole, actor, reason });
      const [result] = await appendEvents(pool, JSON.stringify([appendRow(told, 0)]));
      const { status, seq } = result!;
      if (status !== "appended" && !(await saysTheSame(pool, seq, told)))
        throw new Problem(
          409,
          "DECISION_CONFLICT",
          `another decision bears the id ${id}, at position ${seq}`,
        );
      bell.ring();
      return { status: status === "appended" ? ("appended" as const) : ("duplicate" as const), seq };
    },
  );
});

/** Sent again, a decision has another time and is the same all the same. */
async function saysTheSame(pool: Pool, seq: number, told: NewEvent): Promise<boolean> {
  const [event] = await readAt(pool, [seq]);
  return (
    event?.type === told.type &&
    event.subject === told.subject &&
    event.actor === told.actor &&
    isDeepStrictEqual(event.data, JSON.parse(told.body))
  );
}

/** Where the contract has places for them, processes read there who said it and why. */
function wordsOf({ schema }: Contract, words: { actor: string; reason: string }): Partial<typeof words> {
  const properties = (schema["properties"] ?? {}) as object;
  return Object.fromEntries(Object.entries(words).filter(([name]) => Object.hasOwn(properties, name)));
}

function unknown(name: string, decisions: readonly Contract[]): Problem {
  const known = decisions.map((each) => each.name).join(", ");
  const detail = `${name} is nothing a person tells; ${known || "no event"} is`;
  return new Problem(422, "DECISION_INVALID", detail, { errors: [{ pointer: "/event", detail }] });
}

function invalid(pointer: string, message: string): Problem {
  return new Problem(422, "DECISION_INVALID", `${pointer} ${message}`, {
    errors: [{ pointer, detail: message }],
  });
}
