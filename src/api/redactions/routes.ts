import { Type } from "typebox";

import { redactSubject } from "../../audit/redact.ts";
import { parseSubject } from "../../event/envelope.ts";
import { WORD, wordOf } from "../person.ts";
import { Problem } from "../problem.ts";
import { defineRoutes } from "../route.ts";
import { requirePlant } from "../scope.ts";
import { strictObject, text } from "../schema.ts";

export default defineRoutes((api, { pool, bell }) => {
  api.post(
    "/v1/redactions",
    {
      config: { access: "personal.redact" },
      schema: {
        tags: ["audit"],
        summary: "Erase the personal values of an object's events",
        description:
          "For good, and without breaking the chain: the ledger holds only salted commitments to them. It keeps who did it and why. Asking again does what is left.",
        body: strictObject({
          object: text("salesOrder/SO-1001"),
          pointers: Type.Optional(
            Type.Array(Type.String({ pattern: "^/", maxLength: 400 }), {
              minItems: 1,
              maxItems: 200,
              description: "JSON pointers into `data`; all personal fields unless told.",
            }),
          ),
          ...WORD,
        }),
        response: {
          200: Type.Object({ events: Type.Integer({ description: "In how many something was erased." }) }),
        },
      },
    },
    async (request) => {
      const { object, pointers, ...said } = request.body;
      requirePlant(request, undefined, "what an object's events say of people");
      if (parseSubject(object) === undefined) {
        const detail = `an object is <kind>/<id>, such as salesOrder/SO-1001, not ${object}`;
        throw new Problem(422, "REQUEST_INVALID", detail, { errors: [{ pointer: "/object", detail }] });
      }
      const events = await redactSubject(pool, {
        subject: object,
        ...wordOf(request, said),
        ...(pointers && { pointers }),
      });
      if (events > 0) bell.ring();
      return { events };
    },
  );
});
