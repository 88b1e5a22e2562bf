import type { Answer } from "../../src/connector/index.ts";
import type { Dialect } from "./config.ts";
import { textOf } from "./exact-json.ts";
import { valueAt } from "./pointer.ts";

export type Failure = Extract<Answer, { class: "retry" | "reject" | "auth" | "unknown" }>;
/** A failed look or a failed token request: nothing was at stake, so it is never `unknown`. */
export type HarmlessFailure = Extract<Answer, { class: "retry" | "auth" }>;

export type Response = {
  readonly status: number;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  /** When the MES answered, by its server's clock. */
  readonly date: string | undefined;
};

/** What an answered call came to; undefined: it is done. A 401 is for the token keeper to judge. */
export function failureOfResponse(
  dialect: Dialect,
  { status, body, retryAfterMs }: Response,
): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  const code = textOf(valueAt(body, dialect.code))?.slice(0, 80);
  const told = { status: code === undefined ? String(status) : `${status} ${code}` };
  const why = textOf(valueAt(body, dialect.message))?.slice(0, 500) ?? `answered ${status}`;
  if (status === 401 || status === 403) return { class: "auth", why, ...told };
  if (status === 429 || (status === 503 && code === dialect.maintenanceCode))
    return { class: "retry", why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...told };
  // The reference was there before. Whether with the same content, only a probe can tell.
  if (code === dialect.duplicateCode) return { class: "unknown", why, ...told };
  // A refusal carries the product's code: a 4xx without one comes from something in between.
  if (status >= 400 && status < 500 && status !== 408 && code !== undefined)
    return { class: "reject", reason: why, code, ...told };
  return { class: "unknown", why, ...told };
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
