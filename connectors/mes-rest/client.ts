import { Pool, type Dispatcher } from "undici";
import {
  failureOfError,
  failureOfResponse,
  type Failure,
  type HarmlessFailure,
  type Response,
} from "./answer-class.ts";
import { dialectOf, type Dialect, type MesConfig } from "./config.ts";
import { parseExact } from "./exact-json.ts";
import { TokenKeeper, type Token } from "./token.ts";
import { writeGate, type Gated } from "./write-gate.ts";

type Done = { readonly ok: true } & Response;
export type Reply = Done | { readonly ok: false; readonly failure: Failure };
export type ReadReply = Done | { readonly ok: false; readonly failure: HarmlessFailure };

export type Call = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  /** Percent-encoded, below `baseUrl`. */
  readonly path: string;
  readonly body?: unknown;
  readonly traceparent?: string | undefined;
  /** Called when the request goes to its socket; a throw keeps it from being sent and passes through. */
  readonly beforeWrite?: () => void;
};

const RESPONSE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Well below a server's minute: a connection it is just closing would turn a write into an unknown one. */
const IDLE_CONNECTION_MS = 20_000;

/**
 * The only file that talks to the MES. One call is one request: nothing is sent again from here, no redirect is followed,
 * and every answer is turned into one of the contract's classes.
 */
export class Client {
  readonly dialect: Dialect;
  readonly #pool: Dispatcher;
  readonly #prefix: string;
  readonly #tokens: TokenKeeper;

  constructor(config: MesConfig, timeoutMs: number) {
    this.dialect = dialectOf(config);
    const base = new URL(config.baseUrl);
    this.#prefix = base.pathname.replace(/\/$/, "");
    this.#pool = new Pool(base.origin, {
      connections: config.connections ?? 8,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: Math.min(timeoutMs, 10_000) },
      keepAliveTimeout: IDLE_CONNECTION_MS,
      keepAliveMaxTimeout: IDLE_CONNECTION_MS,
      maxResponseSize: RESPONSE_LIMIT_BYTES,
    }).compose(writeGate);
    this.#tokens = new TokenKeeper(config, (form, signal) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return this.#send("POST", this.dialect.tokenPath, headers, form, signal);
    });
  }

  /** A call that changes something: an answer that was not seen is `unknown`. */
  async write(call: Call, signal: AbortSignal): Promise<Reply> {
    const token = await this.#tokens.current(signal);
    if ("class" in token) return { ok: false, failure: token };
    const gate = openGate(call.beforeWrite);
    let response: Response;
    try {
      response = await this.#call(call, token, signal, gate.onWrite);
    } catch (error) {
      if (gate.refusal) throw gate.refusal.cause;
      return { ok: false, failure: failureOfError(error, gate.passed) };
    }
    const failure =
      response.status === 401 ? this.#tokens.refused(token) : failureOfResponse(this.dialect, response);
    if (failure) return { ok: false, failure };
    this.#tokens.accepted(token);
    return { ok: true, ...response };
  }

  /** A call that only looks: whatever goes wrong, it can be asked again. */
  async read(path: string, signal: AbortSignal): Promise<ReadReply> {
    const reply = await this.write({ method: "GET", path }, signal);
    if (reply.ok) return reply;
    const { failure } = reply;
    if (failure.class === "retry" || failure.class === "auth") return { ok: false, failure };
    const why = `GET ${path}: ${failure.class === "reject" ? failure.reason : failure.why}`;
    const told = failure.status === undefined ? {} : { status: failure.status };
    return { ok: false, failure: { class: "retry", why, ...told } };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #call(
    { method, path, body, traceparent }: Call,
    token: Token,
    signal: AbortSignal,
    onWrite: () => void,
  ): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${token.value}` };
    if (traceparent !== undefined) headers["traceparent"] = traceparent;
    if (body === undefined) return this.#send(method, path, headers, null, signal, onWrite);
    headers["content-type"] = "application/json";
    return this.#send(method, path, headers, JSON.stringify(body), signal, onWrite);
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    headers: Record<string, string>,
    body: string | null,
    signal: AbortSignal,
    onWrite?: () => void,
  ): Promise<Response> {
    const options: Gated = { method, path: this.#prefix + path, headers, body, signal, onWrite };
    const response = await this.#pool.request(options as Dispatcher.RequestOptions);
    // Read to the end whatever the status: a connection with a rest in it cannot be used again.
    const text = await response.body.text();
    const { date, "retry-after": retryAfter } = response.headers;
    return {
      status: response.statusCode,
      body: parseExact(text),
      retryAfterMs: typeof retryAfter === "string" ? waitOf(retryAfter) : undefined,
      date: typeof date === "string" ? date : undefined,
    };
  }
}

type Gate = { readonly onWrite: () => void; passed: boolean; refusal?: { readonly cause: unknown } };

/** Remembers whether a request ever went to a socket: only after that it can have done anything. */
function openGate(beforeWrite: (() => void) | undefined): Gate {
  const gate: Gate = {
    passed: false,
    onWrite() {
      try {
        beforeWrite?.();
      } catch (cause) {
        gate.refusal = { cause };
        throw cause;
      }
      gate.passed = true;
    },
  };
  return gate;
}

/** Retry-After is seconds or a date. */
function waitOf(retryAfter: string): number | undefined {
  const ms = /^\d{1,7}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
