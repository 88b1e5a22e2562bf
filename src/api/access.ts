/*
 * The gate. Every route names what its caller must be allowed (`config.access`), and none is registered without. A request
 * passes in this order: who is it (admin token, API token, session), may that account do this, and, in the route itself, does
 * what it asks for lie within the account's plants (scope.ts).
 */
import type { FastifyRequest } from "fastify";

import type { AccessConfig } from "../access/config.ts";
import { isPermission, type Permission } from "../access/permission.ts";
import { ADMIN_TOKEN, type Principal } from "../access/principal.ts";
import { resumeSession } from "../access/session/session.ts";
import { holderOf } from "../access/token/api-token.ts";
import type { Pool } from "../db/pool.ts";
import { readCookie } from "./cookie.ts";
import { refuseForged } from "./forgery.ts";
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
export function createGate(
  context: Credentials,
  wrongCredential: (request: FastifyRequest) => Promise<void>,
): Gate {
  const identify = createIdentify(context, wrongCredential);
  return async (request, access) => {
    if (access === "open" || access === "signature") return;
    const principal = await identify(request);
    request.principal = principal;
    if (access === undefined || access === "signed-in" || principal.permissions.has(access)) return;
    throw new Problem(
      403,
      "PERMISSION_MISSING",
      `${request.method} ${pathOf(request.url)} needs the permission ${access}, which ${principal.account} has not`,
    );
  };
}

const CHALLENGE = { headers: { "www-authenticate": 'Bearer realm="interlock"' } };

interface Credentials {
  readonly adminToken: string;
  readonly pool: Pool;
  readonly access: AccessConfig;
}

function createIdentify(
  { adminToken, pool, access }: Credentials,
  wrongCredential: (request: FastifyRequest) => Promise<void>,
): (request: FastifyRequest) => Promise<Principal> {
  const isAdmin = tokenGuard(adminToken);
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer ([\x21-\x7e]{1,200})$/.exec(authorization)?.[1];
      if (token !== undefined && isAdmin(token)) return ADMIN_TOKEN;
      const holder = token === undefined ? undefined : await holderOf(pool, token);
      if (holder) return holder;
      await wrongCredential(request);
      const detail = "the Authorization header does not carry a token that holds";
      throw new Problem(401, "TOKEN_WRONG", detail, CHALLENGE);
    }
    const secret = readCookie(request, "session", access);
    if (secret === undefined) {
      const detail = `${request.method} ${pathOf(request.url)} needs a session or a bearer token`;
      throw new Problem(401, "TOKEN_MISSING", detail, CHALLENGE);
    }
    const session = await resumeSession(pool, secret, access);
    if (!session) await wrongCredential(request);
    if (!session) throw new Problem(401, "SESSION_ENDED", "the session has ended", CHALLENGE);
    refuseForged(request, secret, access);
    return session;
  };
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
