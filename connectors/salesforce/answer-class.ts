import type { Answer } from "../../src/connector/index.ts";

export type Failure = Extract<Answer, { class: "retry" | "reject" | "auth" | "unknown" }>;
/** A failed look or a failed token request: nothing was at stake, so it is never `unknown`. */
export type HarmlessFailure = Extract<Answer, { class: "retry" | "auth" }>;

export type Response = {
  readonly status: number;
  /** The parsed body, numbers as written; undefined when there is none or it is no JSON. */
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  /** When the org answered, by its own clock. */
  readonly date: string | undefined;
};

/** The org gave up before it did anything, or took back what it had done: its own promise for these codes. */
const UNDONE = new Set([
  "UNABLE_TO_LOCK_ROW",
  "REQUEST_LIMIT_EXCEEDED",
  "SERVER_UNAVAILABLE",
  "REQUEST_RUNNING_TOO_LONG",
]);
/** 403, but about one record and not about the app's rights. */
const ONE_RECORD = new Set([
  "INSUFFICIENT_ACCESS_OR_READONLY",
  "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
]);
/** What a query is answered where the integration user does not see an object or a field. */
const UNSEEN = new Set(["INVALID_FIELD", "INVALID_TYPE"]);

/**
 * What an answered call came to; undefined: it is done. A 401 is for the token keeper to judge.
 * @param keys the fields that make the write known to the org: a duplicate of those may be our own write
 */
export function failureOfResponse(
  { status, body, retryAfterMs }: Omit<Response, "date">,
  keys: readonly string[],
): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const { code, message, fields } = refusalOf(body);
  const told = { status: code === undefined ? String(status) : `${status} ${code}` };
  const why = message ?? `answered ${status}`;
  if (status === 300)
    return {
      class: "reject",
      code: "SALESFORCE_RECORD_AMBIGUOUS",
      reason: `the key is on more than one record: ${urlsOf(body)}`,
      ...told,
    };
  if (status === 429 || (code !== undefined && UNDONE.has(code)))
    return { class: "retry", why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...told };
  if (status === 401 || (status === 403 && !(code !== undefined && ONE_RECORD.has(code))))
    return { class: "auth", why, ...told };
  // Our reference or key is there: whether it is our own write, only a look can tell.
  if (code === "DUPLICATE_VALUE" && fields.some((field) => keys.includes(field)))
    return { class: "unknown", why, ...told };
  // A refusal carries the product's code: a 4xx without one comes from something in between.
  if (status >= 400 && status < 500 && status !== 408 && code !== undefined)
    return { class: "reject", reason: why, code, ...told };
  return { class: "unknown", why, ...told };
}

/** The same of a call that only looks: it can be asked again, unless rights are missing. */
export function harmlessFailureOf(failure: Failure, about: string): HarmlessFailure {
  if (failure.class === "retry" || failure.class === "auth") return failure;
  const told = failure.status === undefined ? {} : { status: failure.status };
  if (failure.class === "reject" && failure.code !== undefined && UNSEEN.has(failure.code))
    return {
      class: "auth",
      why: `${failure.reason.trim().slice(-300)} (give the integration user the fields of README.md)`,
      ...told,
    };
  return {
    class: "retry",
    why: `${about}: ${failure.class === "reject" ? failure.reason : failure.why}`,
    ...told,
  };
}

/** What a call without an answer came to. `sent`: it went to a connected socket. */
export function failureOfError(
  error: unknown,
  sent: boolean,
): Extract<Failure, { class: "retry" | "unknown" }> {
  const { message, code } = (error ?? {}) as { message?: string; code?: unknown };
  const why = message || String(code ?? error);
  return sent ? { class: "unknown", why: `no answer: ${why}` } : { class: "retry", why: `not sent: ${why}` };
}

type Refused = { code?: string; message?: string; fields: readonly string[] };

/** Errors come as an array; the first one counts. */
function refusalOf(body: unknown): Refused {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof first !== "object" || first === null) return { fields: [] };
  const { errorCode, message, fields } = first as Record<string, unknown>;
  return {
    ...(typeof errorCode === "string" ? { code: errorCode.slice(0, 80) } : {}),
    ...(typeof message === "string" ? { message: message.slice(0, 500) } : {}),
    fields: Array.isArray(fields) ? fields.filter((field) => typeof field === "string") : [],
  };
}

function urlsOf(body: unknown): string {
  return Array.isArray(body) ? body.map(String).join(", ").slice(0, 300) : "unknown ones";
}
