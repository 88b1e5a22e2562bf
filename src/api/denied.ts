import type { FastifyRequest } from "fastify";

import { AccessError } from "../access/errors.ts";
import type { Denial } from "../access/denial.ts";
import type { Problem } from "./problem.ts";

/** Whether a refusal is one of rights, and whose. A page that asks whether somebody is signed in is refused nothing. */
export function denialOf(
  { status, code, cause }: Problem,
  { method, routeOptions, principal }: FastifyRequest,
): Denial | undefined {
  const isDenial = status === 401 || status === 403 || code === "SIGN_IN_LOCKED" || code === "RATE_LIMITED";
  if (!isDenial) return undefined;
  const asked = `${method} ${routeOptions.url ?? "an unknown address"}`;
  if (code === "TOKEN_MISSING" && asked === "GET /v1/session") return undefined;
  const account = principal?.account ?? (cause instanceof AccessError ? cause.account : undefined);
  return { code, account, asked };
}
