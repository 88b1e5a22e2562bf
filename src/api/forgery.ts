/*
 * A browser sends the session's cookie along whoever made it send the request. What changes something must show besides that
 * it comes from the hub's own page: by what the browser says of its origin, which no page can forge, and by the token that
 * only a page of this origin can have read.
 */
import type { FastifyRequest } from "fastify";

import { isCsrfTokenOf } from "../access/secret.ts";
import type { AccessConfig } from "../access/config.ts";
import { Problem } from "./problem.ts";

const HARMLESS = new Set(["GET", "HEAD", "OPTIONS"]);

export const CSRF_HEADER = "x-csrf-token";

/** @throws Problem CSRF_REFUSED, 403 */
export function refuseForged(request: FastifyRequest, sessionSecret: string, access: AccessConfig): void {
  if (HARMLESS.has(request.method)) return;
  refuseForeign(request, access);
  const token = request.headers[CSRF_HEADER];
  if (typeof token !== "string" || !isCsrfTokenOf(sessionSecret, token))
    throw refusal(
      `the header ${CSRF_HEADER} ${token === undefined ? "is missing" : "is not this session's"}`,
    );
}

/** For requests without a session, too: nobody is signed in as somebody else by another site. */
export function refuseForeign({ headers, host, protocol }: FastifyRequest, access: AccessConfig): void {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    throw refusal("the browser says that another site sends it");
  const { origin } = headers;
  if (origin === undefined) return;
  const own = new Set([`${protocol}://${host}`]);
  if (access.publicUrl !== undefined) own.add(new URL(access.publicUrl).origin);
  if (!own.has(origin)) throw refusal("its origin is another site's");
}

function refusal(detail: string): Problem {
  return new Problem(403, "CSRF_REFUSED", detail);
}
