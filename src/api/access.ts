import type { FastifyRequest } from "fastify";

import { Problem } from "./problem.ts";
import { tokenGuard } from "./token.ts";

/**
 * Lets pass who shows the admin token in `Authorization: Bearer`.
 * @returns throws Problem TOKEN_MISSING or TOKEN_WRONG, 401, before anything of the request's body was read
 */
export function requireToken(token: string): (request: FastifyRequest) => void {
  const isAdmin = tokenGuard(token);
  return ({ method, url, headers: { authorization } }) => {
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
  };
}

/** Without the query, which may carry what should not be repeated. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0]!.slice(0, 200);
}
