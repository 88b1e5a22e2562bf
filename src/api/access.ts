/*
 * The gate. Every route names what its caller must be allowed (`config.access`), and none is registered without. A request
 * passes in this order: who is it (admin token, API token, session), may that account do this, and, in the route itself, does
 * what it asks for lie within the account's plants (scope.ts).
 */
import type { FastifyRequest } from "fastify";

import { isPermission, type Permission } from "../access/permission.ts";
import { ADMIN_TOKEN, type Principal } from "../access/principal.ts";
import { Problem } from "./problem.ts";
import { tokenGuard } from "./token.ts";

/**
 * What a route asks of its caller: a permission; `signed-in`: to be anyone the hub knows; `open`: nothing; `signature`: that
 * the message is signed as its connector declares, which the route checks itself.
 */
export type Access = Permission | "signed-in" | "open" | "signature";

export function isAccess(word: unknown): word is Access {
  return (
    typeof word === "string" && (["signed-in", "open", "signature"].includes(word) || isPermission(word))
  );
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Required on every route. */
    readonly access?: Access;
  }
  interface FastifyRequest {
    /** Who calls; undefined where the route is open. Handlers ask `principalOf`. */
    principal: Principal | undefined;
  }
}

export type Gate = (request: FastifyRequest, access: Access | undefined) => Promise<void>;

/**
 * @returns lets the request pass with its principal set, or throws Problem 401 or 403 before anything of its body was read.
 *   Without `access` (an address that does not exist) the caller must be known: a stranger learns nothing
 */
export function createGate(adminToken: string): Gate {
  const isAdmin = tokenGuard(adminToken);
  return async (request, access) => {
    if (access === "open" || access === "signature") return;
    const principal = identify(request, isAdmin);
    request.principal = principal;
    if (access === undefined || access === "signed-in" || principal.permissions.has(access)) return;
    throw new Problem(
      403,
      "PERMISSION_MISSING",
      `${request.method} ${pathOf(request.url)} needs the permission ${access}, which ${principal.account} has not`,
    );
  };
}

function identify(
  { method, url, headers: { authorization } }: FastifyRequest,
  isAdmin: (token: string) => boolean,
): Principal {
  const challenge = { headers: { "www-authenticate": 'Bearer realm="interlock"' } };
  if (authorization === undefined) {
    throw new Problem(401, "TOKEN_MISSING", `${method} ${pathOf(url)} needs a bearer token`, challenge);
  }
  if (!authorization.startsWith("Bearer ") || !isAdmin(authorization.slice("Bearer ".length))) {
    throw new Problem(
      401,
      "TOKEN_WRONG",
      "the Authorization header does not carry this hub's token",
      challenge,
    );
  }
  return ADMIN_TOKEN;
}

/** Who calls a route that is not open. */
export function principalOf({ principal, routeOptions }: FastifyRequest): Principal {
  if (principal === undefined) throw new TypeError(`${routeOptions.url} is open: nobody is known there`);
  return principal;
}

/** Without the query, which may carry what should not be repeated. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0]!.slice(0, 200);
}
