import type { Answer } from "../../src/connector/index.ts";

export type Failure = Extract<Answer, { class: "retry" | "reject" | "auth" | "unknown" }>;
/** A failed look or a failed token request: nothing was at stake, so it is never `unknown`. */
export type HarmlessFailure = Extract<Answer, { class: "retry" | "auth" }>;

export type Response = {
  readonly status: number;
  /** The parsed body, numbers as written; undefined when there is none or it is no JSON. */
  readonly body: unknown;
  readonly text: string;
  readonly contentType: string;
  readonly retryAfterMs: number | undefined;
  /** When the ERP answered, by its own clock. */
  readonly date: string | undefined;
};

/** Service protection without a header says to wait as long. */
const THROTTLED_MS = 30_000;
/** Whether it is our own write that exists already, only a look can tell. */
const DUPLICATE = "AlreadyExists";

/** What an answered call came to; undefined: it is done. A 401 is for the token keeper to judge. */
export function failureOfResponse({
  status,
  body,
  retryAfterMs,
}: Pick<Response, "status" | "body" | "retryAfterMs">): Failure | undefined {
  if (status >= 200 && status < 300) return failureOfService(body);
  const { code, reason } = refusalOf(body);
  const told = { status: code === undefined ? String(status) : `${status} ${code}`.slice(0, 80) };
  const why = reason ?? `answered ${status}`;
  if (status === 401 || status === 403) return { class: "auth", why, ...told };
  // Answered before anything is done: the product's service protection.
  if (status === 429) return { class: "retry", why, retryAfterMs: retryAfterMs ?? THROTTLED_MS, ...told };
  // Somebody changed the record between our look and our write: nothing was written.
  if (status === 412) return { class: "retry", why, ...told };
  if (code === DUPLICATE) return { class: "unknown", why, ...told };
  // A refusal has the product's form: a 4xx without it comes from something in between.
  if (status >= 400 && status < 500 && status !== 408 && reason !== undefined)
    return { class: "reject", reason: why, ...(code !== undefined && { code }), ...told };
  return { class: "unknown", why, ...told };
}

/** A customer's own service refuses with HTTP 200 and `Success: false`. */
function failureOfService(body: unknown): Failure | undefined {
  if (typeof body !== "object" || body === null || !("Success" in body) || body.Success !== false)
    return undefined;
  const { ErrorCode, ErrorMessage, CostSoFar } = body as Record<string, unknown>;
  const code = typeof ErrorCode === "string" && ErrorCode !== "" ? ErrorCode.slice(0, 80) : undefined;
  const said = typeof ErrorMessage === "string" && ErrorMessage !== "" ? ErrorMessage : "refused";
  const cost = typeof CostSoFar === "string" && !said.includes(CostSoFar) ? `; cost so far ${CostSoFar}` : "";
  const reason = `${said}${cost}`.slice(0, 500);
  const told = { status: `200 ${code ?? "refused"}`.slice(0, 80) };
  if (code === DUPLICATE) return { class: "unknown", why: reason, ...told };
  return { class: "reject", reason, ...(code !== undefined && { code }), ...told };
}

/** The same of a call that only looks: it can be asked again. */
export function harmlessFailureOf(failure: Failure, about: string): HarmlessFailure {
  if (failure.class === "retry" || failure.class === "auth") return failure;
  const told = failure.status === undefined ? {} : { status: failure.status };
  const why = failure.class === "reject" ? failure.reason : failure.why;
  return { class: "retry", why: `${about}: ${why}`, ...told };
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

/** `{error: {innererror: {message, type}}}` of OData, `{Message}` of a service. */
function refusalOf(body: unknown): { code?: string; reason?: string } {
  if (typeof body !== "object" || body === null) return {};
  const { error, Message } = body as { error?: unknown; Message?: unknown };
  if (typeof Message === "string") return { reason: Message.slice(0, 500) };
  if (typeof error !== "object" || error === null) return {};
  const { message, innererror } = error as { message?: unknown; innererror?: unknown };
  const inner = (innererror ?? {}) as { message?: unknown; type?: unknown };
  const text = [inner.message, message].find((each) => typeof each === "string" && each !== "");
  const code = typeof inner.type === "string" ? inner.type.split(".").at(-1) : undefined;
  return {
    ...(code !== undefined && code !== "" && { code: code.slice(0, 70) }),
    ...(typeof text === "string" && { reason: reasonOf(text) }),
  };
}

/** The business reason hides behind `Infolog:`, in parts with their own marks. */
export function reasonOf(text: string): string {
  const log = text.includes("Infolog:") ? text.slice(text.indexOf("Infolog:") + "Infolog:".length) : text;
  const parts = log
    .split(";")
    .map((part) => part.replace(/^\s*(Warning|Error|Info):\s*/, "").trim())
    .filter((part) => part !== "");
  const telling = parts.filter((part) => !part.startsWith("validateWrite failed"));
  return (telling.length > 0 ? telling : parts).join("; ").slice(0, 500);
}
