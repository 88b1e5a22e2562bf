import type { FastifySchemaCompiler, FastifySchema } from "fastify";

import type { Pressure } from "../intake/pressure.ts";
import { Problem } from "./problem.ts";
import type { Api } from "./route.ts";
import { compileRequestSchema } from "./validator.ts";

const RETRY_SECONDS = 2;

/**
 * The scope takes bodies as they came, whatever their content type, and only while there is room for their bytes. Nothing of
 * a request that is refused here was read.
 */
export function takeRawBodies(scope: Api, pressure: Pressure, bodyLimit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit }, (_request, body, done) =>
    done(null, body),
  );
  scope.addHook("onRequest", async (request, reply) => {
    if (request.method !== "POST") return;
    const length = Number(request.headers["content-length"] ?? bodyLimit);
    const ticket = pressure.enter(Math.min(length, bodyLimit));
    if (!ticket) {
      const detail = `${pressure.bytes} bytes wait to be stored, the oldest for ${Math.round(pressure.oldestWaitMs())} ms`;
      throw new Problem(503, "INTAKE_BUSY", detail, { retryAfterSeconds: RETRY_SECONDS });
    }
    reply.raw.once("close", () => ticket.leave());
  });
}

/** For routes that document a body which is read elsewhere: everything else of the request is held against its schema. */
export const compileAllButBody: FastifySchemaCompiler<FastifySchema> = (route) =>
  route.httpPart === "body" ? () => true : compileRequestSchema(route);
