import type { FastifyError, FastifyRequest } from "fastify";

import { AccessError } from "../access/errors.ts";
import { StoreError } from "../db/errors.ts";
import type { Refusal } from "../intake/refusal.ts";
import { type FieldError, Problem } from "./problem.ts";

/** What Fastify itself refuses, in our words. */
const FRAMEWORK: Record<string, [status: number, code: string, detail: string]> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, "BODY_MISSING", "the body is empty"],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, "BODY_NOT_JSON", "the body cannot be read as JSON"],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    400,
    "REQUEST_INVALID",
    "the body's length is not what Content-Length says",
  ],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, "BODY_TOO_LARGE", "the body is longer than this address accepts"],
  FST_ERR_BAD_URL: [400, "REQUEST_INVALID", "the address is not a valid path"],
  FST_ERR_MAX_PARAM_LENGTH: [400, "REQUEST_INVALID", "a part of the address is longer than 512 characters"],
};

/** What access control refuses; the rest of its codes is the gate's own. */
const ACCESS: Partial<Record<AccessError["code"], number>> = {
  SIGN_IN_REFUSED: 401,
  SIGN_IN_LINK_SPENT: 401,
  SIGN_IN_LOCKED: 429,
  SIGN_IN_PROVIDER: 502,
  SIGN_IN_OFF: 409,
  ACCOUNT_UNKNOWN: 404,
  ACCOUNT_TAKEN: 409,
  ACCOUNT_MOVED: 409,
  ACCOUNT_LAST_ADMIN: 409,
  TOKEN_UNKNOWN: 404,
};

/** What people do and may be refused, by the code of the concept that refuses. */
const PERSON: Record<string, number> = {
  CASE_UNKNOWN: 404,
  CASE_MOVED: 409,
  CROSSWALK_TAKEN: 409,
  CASE_ACTION_REFUSED: 409,
  CASE_WORD_MISSING: 422,
  CASE_CONTENT_INVALID: 422,
  REASON_REQUIRED: 422,
};

function fieldDetail(params: Readonly<Record<string, unknown>>, message = "not as documented"): string {
  if (params["additionalProperty"] !== undefined) return "is not known here";
  const allowed = params["allowedValues"] as readonly unknown[] | undefined;
  return allowed ? `must be one of ${allowed.join(", ")}` : message;
}

const PART: Record<string, string> = { querystring: "query", params: "address", headers: "headers" };

/** A busy or absent database is no fault of the request: the sender is told to come again. */
const RETRY_SECONDS = 2;

/** Whatever was thrown, as the problem to answer with. What is not ours to tell becomes INTERNAL without details. */
export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError) return storeProblem(error);
  if (error instanceof AccessError) {
    const { retryAfterSeconds } = error;
    const options = { cause: error, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
    return new Problem(ACCESS[error.code] ?? 422, error.code, error.message, options);
  }
  const { code, validation, validationContext } = error as Partial<FastifyError>;
  if (validation) {
    const errors = validation.map(({ instancePath, message, params }): FieldError => {
      const field = (params["additionalProperty"] ?? params["missingProperty"]) as string | undefined;
      const pointer = field === undefined ? instancePath : `${instancePath}/${field}`;
      return {
        pointer: validationContext === "body" ? pointer : pointer.slice(1),
        detail: fieldDetail(params, message),
      };
    });
    const where = PART[validationContext ?? "body"] ?? "body";
    const first = errors[0]!;
    const detail = `${where}: ${first.pointer || "the whole"} ${first.detail}`;
    return new Problem(400, "REQUEST_INVALID", detail, { errors, cause: error });
  }
  const status = PERSON[code ?? ""];
  if (status !== undefined) return new Problem(status, code!, (error as Error).message, { cause: error });
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    const type = request.headers["content-type"];
    const detail =
      type === undefined ? "the request names no content type" : `the content type ${type} is not read here`;
    return new Problem(415, "MEDIA_TYPE_UNKNOWN", detail, { cause: error });
  }
  // query_canceled: by the statement's time limit, nobody else cancels.
  if (code === "57014") {
    return new Problem(503, "QUERY_TOO_LONG", "the look-up was given up", {
      cause: error,
      retryAfterSeconds: RETRY_SECONDS,
    });
  }
  const known = FRAMEWORK[code ?? ""];
  if (known) return new Problem(...known, { cause: error });
  return new Problem(500, "INTERNAL", `request ${request.id} failed inside the hub`, { cause: error });
}

function storeProblem(error: StoreError): Problem {
  const options = { cause: error, retryAfterSeconds: RETRY_SECONDS };
  if (error.code === "STORE_COMMIT_UNKNOWN") {
    const detail =
      "the database's answer was lost: the request may have been done or not; send it again as it is";
    return new Problem(503, error.code, detail, options);
  }
  return new Problem(
    503,
    error.code,
    "the database does not take the request at the moment; nothing was done",
    options,
  );
}

/** What intake refuses, as a problem. */
export function refusalProblem({ status, code, detail, pointer, errors }: Refusal): Problem {
  return new Problem(status, code, detail, {
    errors: errors ?? (pointer === undefined ? [] : [{ pointer, detail }]),
    ...(status === 503 && { retryAfterSeconds: RETRY_SECONDS }),
  });
}
