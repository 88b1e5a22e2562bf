import rateLimit from "@fastify/rate-limit";
import type { RateLimitOptions } from "@fastify/rate-limit";
import type { FastifyRequest } from "fastify";

import { Problem } from "./problem.ts";
import type { Api } from "./route.ts";

const MINUTE_MS = 60_000;

/** A person with several pages open, each asking as the ledger moves, stays far below. */
const OF_A_PERSON = 3_000;
/** Of an address that shows nobody: pages that are loaded, by whole offices behind one address. */
const OF_AN_ADDRESS = 3_000;

/** For the doors at which a password, a link or a code is tried: each try costs the hub an argon2id. */
export const SIGN_IN_LIMIT: RateLimitOptions = {
  max: 20,
  timeWindow: MINUTE_MS,
  keyGenerator: ({ ip }) => ip,
};

/** Of credentials that are none, by address. */
const WRONG_CREDENTIALS = 1_200;

/**
 * Per hub and minute. What systems push is not counted here: intake takes as much as the disk does, and says when it cannot
 * (INTAKE_BUSY).
 */
export async function limitRequests(api: Api): Promise<void> {
  await api.register(rateLimit, {
    timeWindow: MINUTE_MS,
    max: ({ principal }: FastifyRequest) => (principal ? OF_A_PERSON : OF_AN_ADDRESS),
    keyGenerator: ({ principal, ip }) => principal?.account ?? ip,
    allowList: ({ principal, routeOptions }) =>
      (principal !== undefined && principal.kind !== "person") || routeOptions.config.access === "signature",
    addHeadersOnExceeding: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
    },
    addHeaders: {
      "x-ratelimit-limit": false,
      "x-ratelimit-remaining": false,
      "x-ratelimit-reset": false,
      "retry-after": false,
    },
    errorResponseBuilder: (_request, { ttl, max }) => tooMany(max, ttl),
  });
}

/** @returns counts a wrong credential. @throws Problem RATE_LIMITED, when there were too many from this address */
export function createGuessLimit(api: Api): (request: FastifyRequest) => Promise<void> {
  const count = api.createRateLimit({
    max: WRONG_CREDENTIALS,
    timeWindow: MINUTE_MS,
    keyGenerator: ({ ip }) => `guess ${ip}`,
  });
  return async (request) => {
    const counted = await count(request);
    if (!counted.isAllowed && counted.isExceeded) throw tooMany(WRONG_CREDENTIALS, counted.ttl);
  };
}

function tooMany(max: number, ttlMs: number): Problem {
  return new Problem(429, "RATE_LIMITED", `more than ${max} requests in a minute`, {
    retryAfterSeconds: Math.max(1, Math.ceil(ttlMs / 1000)),
  });
}
