import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Static, TSchema } from "typebox";

import type { RouteContext } from "./context.ts";

/** Lets handlers see what the schemas of their route say. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  serializer: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  SchemaTypes
>;

/** The default export of a resource's `routes.ts`. Each route says who may call it: `config: { access: "order.read" }`. Each resource is its own scope: hooks and parsers stay inside. */
export type Routes = (api: Api, context: RouteContext) => void;

export function defineRoutes(routes: Routes): Routes {
  return routes;
}
