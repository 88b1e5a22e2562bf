import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Static, TSchema } from "typebox";

import type { RouteContext } from "./context.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call: a holder of the admin token unless said; `open` anyone; `signature` whoever signs as the connector declares. */
    readonly access?: "open" | "signature";
  }
}

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

/** The default export of a resource's `routes.ts`. Each resource is its own scope: hooks and parsers stay inside. */
export type Routes = (api: Api, context: RouteContext) => void;

export function defineRoutes(routes: Routes): Routes {
  return routes;
}
