import cookie from "@fastify/cookie";
import swagger from "@fastify/swagger";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";

import { Denials } from "../access/denial.ts";
import { Provider } from "../access/oidc/provider.ts";
import { createGate, isAccess, pathOf } from "./access.ts";
import type { ApiContext } from "./context.ts";
import { createGuessLimit, limitRequests } from "./limits.ts";
import { answerMalformed } from "./malformed.ts";
import { openApi } from "./openapi.ts";
import { type ErrorCatalogue, Problem, problemBody } from "./problem.ts";
import { problemOf } from "./refusal.ts";
import type { Api } from "./route.ts";
import { strictObject } from "./schema.ts";
import { findErrors, findResources } from "./scan.ts";
import { denialOf } from "./denied.ts";
import { compileAnswer, compileCheckedAnswer, compileRequestSchema } from "./validator.ts";

export interface ApiOptions {
  /** For tests: an answer that is not as documented becomes a 500. */
  readonly checkAnswers?: boolean;
}

const BODY_LIMIT = 1_048_576;
/** Address line and headers together; Node answers 431 beyond it. */
const HEADER_LIMIT = 16_384;

/** The answers are data for programs: a browser must not guess at them, frame them, or keep them. */
const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/** The HTTP API of a hub, ready to listen or to be injected into. Its folders are the resources (see `findResources`). */
export async function buildApi(context: ApiContext, options: ApiOptions = {}): Promise<Api> {
  const errors = await findErrors();
  const denials = new Denials(context.pool, (err) =>
    context.log.error({ event: "denial.untold", err }, "a denial could not be written to the ledger"),
  );
  const app: Api = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: 30_000,
    // Above what a client's pool keeps a connection, or it would send into one that is just closing.
    keepAliveTimeout: 75_000,
    // A hub that ends answers what it has begun on; see the hook below for what happens to the connection then.
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
    trustProxy: (_address, hop) => hop < context.access.proxies,
    http: { maxHeaderSize: HEADER_LIMIT },
    clientErrorHandler: answerMalformed(errors),
    // A malformed address never reaches a route, nor its hooks.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, context, errors),
  }).withTypeProvider();
  app.setValidatorCompiler(compileRequestSchema);
  app.setSerializerCompiler(options.checkAnswers ? compileCheckedAnswer : compileAnswer);
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, context, errors));
  app.setNotFoundHandler((request) => {
    throw new Problem(404, "ROUTE_UNKNOWN", `there is no ${request.method} ${pathOf(request.url)}`);
  });

  await app.register(cookie);
  await limitRequests(app);
  const gate = createGate(context, createGuessLimit(app));
  const own = { ...context, errors, gate, denials, provider: providerOf(context) };
  app.decorateRequest("principal", undefined);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    await gate(request, request.routeOptions.config.access);
  });
  app.addHook("onError", async (request, _reply, error) => {
    const denial = denialOf(problemOf(error, request), request);
    if (denial) denials.note(denial);
  });
  app.addHook("onClose", () => denials.close());
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook("onResponse", async (request, reply) => {
    // Kept alive by its client, it would hold up the end of the hub.
    if (closing) request.raw.socket.destroySoon();
    context.metrics.observe("request.duration", reply.elapsedTime / 1000, {
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: String(reply.statusCode),
    });
  });

  app.addHook("onRoute", (route) => {
    if (!isAccess(route.config?.access)) {
      throw new TypeError(`${String(route.method)} ${route.url} does not say who may call it: config.access`);
    }
    // A parameter nobody reads is a misspelt one: it is refused on every route. The permission is documented with the rest.
    route.schema = { ...{ "x-access": route.config.access }, querystring: strictObject({}), ...route.schema };
  });
  await app.register(swagger, openApi(context.hub.version));
  for (const [name, routes] of await findResources()) {
    await app.register(async (scope) => routes(scope as Api, own), { name });
  }
  app.get("/v1/openapi.json", { config: { access: "signed-in" }, schema: { hide: true } }, () =>
    app.swagger(),
  );
  return app;
}

function providerOf({ access, pool }: ApiContext): Provider | undefined {
  if (access.provider === undefined || access.publicUrl === undefined) return undefined;
  return new Provider(access.provider, pool, access.publicUrl);
}

function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log }: ApiContext,
  catalogue: ErrorCatalogue,
): void {
  const problem = problemOf(error, request);
  // Being busy is no event: a sender that is told to come again must cost next to nothing.
  if (problem.status >= 500 && problem.cause !== undefined) {
    const { method, id } = request;
    const about = {
      event: "request.failed",
      request: id,
      method,
      path: pathOf(request.url),
      err: problem.cause,
    };
    if (problem.status === 500) log.error(about, problem.message);
    else log.warn(about, problem.message);
  }
  if (problem.options.retryAfterSeconds !== undefined) {
    void reply.header("retry-after", String(problem.options.retryAfterSeconds));
  }
  void reply
    .headers({ ...SECURITY_HEADERS, ...problem.options.headers })
    .code(problem.status)
    .type("application/problem+json")
    // Already text: the schema of an error is that of every error.
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(problem, catalogue));
}
