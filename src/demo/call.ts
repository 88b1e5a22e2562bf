export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly contentType?: string;
  readonly token?: string;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** The JSON it answered with, or the text that is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each caller knows the interface it speaks to
  readonly body: any;
}

const TIMEOUT_MS = 30_000;

/** One HTTP call with JSON in it. Whatever the status, an answer is an answer. @throws when there is none */
export async function call(
  url: string,
  { method = "GET", body, contentType, token, signal }: Call,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": contentType ?? "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) as unknown };
  } catch {
    return { status: response.status, body: text };
  }
}
