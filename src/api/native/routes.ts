import { Type } from "typebox";

import { keepPushed, MESSAGE_LIMIT } from "../../intake/native.ts";
import { principalOf } from "../access.ts";
import { notFound, Problem } from "../problem.ts";
import { refusalProblem } from "../refusal.ts";
import { compileAllButBody, takeRawBodies } from "../raw-body.ts";
import { defineRoutes } from "../route.ts";
import { oneOf, strictObject, text } from "../schema.ts";

const KEPT = Type.Object({
  status: oneOf(["kept", "duplicate"], "kept: on disk, whatever becomes of it: see GET /v1/inbound."),
});

const DESCRIPTION = `For webhooks. Where the system's connector knows how its product signs, the signature is the credential and no token is
asked for; otherwise the token is. A message that cannot be translated is kept all the same, quarantined, and a case.`;

export default defineRoutes((api, { keeper, pressure, pushedStream, gate }) => {
  takeRawBodies(api, pressure, MESSAGE_LIMIT);

  api.post(
    "/v1/systems/:system/inbound/:stream",
    {
      config: { access: "signature" },
      bodyLimit: MESSAGE_LIMIT,
      validatorCompiler: compileAllButBody,
      schema: {
        tags: ["events"],
        summary: "Take a message in a system's own format",
        description: DESCRIPTION,
        security: [{ adminToken: [] }, {}],
        params: strictObject({ system: text("The system."), stream: text("A stream it pushes.") }),
        body: { content: { "*/*": { schema: Type.Unknown({ description: "As the product sends it." }) } } },
        response: { 202: KEPT },
      },
      onRequest: async (request) => {
        const { system, stream } = request.params;
        // Without a credential an outsider does not even learn which systems there are.
        if (pushedStream(system, stream)?.verify === undefined) {
          await gate(request, "event.write");
          const { account, system: own } = principalOf(request);
          if (own !== undefined && own !== system)
            throw new Problem(
              403,
              "SOURCE_DENIED",
              `${account} tells the events of ${own}, not of ${system}`,
            );
        }
      },
    },
    async (request, reply) => {
      const { system, stream } = request.params;
      const session = pushedStream(system, stream);
      if (!session) throw notFound("stream to push to", `${system}/${stream}`, "STREAM_UNKNOWN");
      const kept = await keepPushed(keeper, { system, stream, session }, singleHeaders(request.headers), {
        contentType: request.headers["content-type"] ?? "application/octet-stream",
        raw: (request.body as Buffer | undefined) ?? Buffer.alloc(0),
      });
      if (!kept.ok) throw refusalProblem(kept.refusal);
      return reply.code(202).send({ status: kept.status });
    },
  );
});

/** What a signature is made of comes in headers that are sent once. */
function singleHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((header): header is [string, string] => typeof header[1] === "string"),
  );
}
