import { Pool, type Dispatcher } from "undici";
import {
  failureOfError,
  failureOfResponse,
  harmlessFailureOf,
  type Failure,
  type HarmlessFailure,
  type Response,
} from "./answer-class.ts";
import type { SalesforceConfig } from "./config.ts";
import { parseExact } from "./exact-json.ts";
import { TokenKeeper, type Token } from "./token.ts";
import { writeGate, type Gated } from "./write-gate.ts";

type Done = { readonly ok: true } & Response;
export type Reply = Done | { readonly ok: false; readonly failure: Failure };
export type Row = Readonly<Record<string, unknown>>;
export type Rows =
  | { readonly ok: true; readonly rows: readonly Row[]; readonly date: string | undefined }
  | { readonly ok: false; readonly failure: HarmlessFailure };

export type Call = {
  readonly method: "GET" | "POST" | "PATCH";
  /** Percent-encoded, below the API's version. */
  readonly path: string;
  readonly body?: unknown;
  readonly traceparent?: string | undefined;
  /** Called when the request goes to its socket; a throw keeps it from being sent and passes through. */
  readonly beforeWrite?: () => void;
  /** The fields that make this write known to the org. */
  readonly keys?: readonly string[];
};

const RESPONSE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Pages one look follows at most: a limit on what a strange org can make us read. */
const PAGES = 50;
/** Well below what servers keep: a connection it is just closing would turn a write into an unknown one. */
const IDLE_CONNECTION_MS = 20_000;

/**
 * The only file that talks to the org. One call is one request: nothing is sent again from here, no redirect is
 * followed, and every answer is turned into one of the contract's classes.
 */
export class Client {
  readonly #pool: Dispatcher;
  readonly #prefix: string;
  readonly #api: string;
  readonly #tokens: TokenKeeper;

  constructor(config: SalesforceConfig, timeoutMs: number) {
    const base = new URL(config.baseUrl);
    this.#prefix = base.pathname.replace(/\/$/, "");
    this.#api = `/services/data/v${config.apiVersion ?? "66.0"}`;
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
    this.#tokens = new TokenKeeper(config, (form, signal) =>
      this.#send(
        "POST",
        "/services/oauth2/token",
        { "content-type": "application/x-www-form-urlencoded" },
        form,
        signal,
      ),
    );
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
    const failure = failureOfResponse(response, call.keys ?? []);
    if (response.status === 401)
      return {
        ok: false,
        failure: this.#tokens.refused(token, failure?.class === "auth" ? failure.why : "401"),
      };
    if (failure) return { ok: false, failure };
    this.#tokens.accepted(token);
    return { ok: true, ...response };
  }

  /** All rows of a query, its further pages too. @param deleted whether rows in the recycle bin count */
  async query(soql: string, signal: AbortSignal, { deleted = false } = {}): Promise<Rows> {
    const first = `/${deleted ? "queryAll" : "query"}?q=${encodeURIComponent(soql)}`;
    return this.#pages(first, undefined, signal);
  }

  /** The rest of a result that the org cut into pages, such as the children of a row. */
  async rest(nextRecordsUrl: string, signal: AbortSignal): Promise<Rows> {
    return this.#pages(nextRecordsUrl.replace(/^\/services\/data\/v[\d.]+/, ""), undefined, signal);
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #pages(path: string, date: string | undefined, signal: AbortSignal): Promise<Rows> {
    const rows: Row[] = [];
    let next: string | undefined = path;
    for (let page = 0; next !== undefined; page++) {
      if (page === PAGES)
        return { ok: false, failure: { class: "retry", why: `a query has more than ${PAGES} pages` } };
      const reply = await this.write({ method: "GET", path: next }, signal);
      if (!reply.ok) return { ok: false, failure: harmlessFailureOf(reply.failure, "a query") };
      const result = (reply.body ?? {}) as { records?: unknown; done?: unknown; nextRecordsUrl?: unknown };
      if (!Array.isArray(result.records))
        return { ok: false, failure: { class: "retry", why: "a query was not answered with records" } };
      rows.push(...(result.records as Row[]));
      // When the first page was answered: what came later may not be in it.
      date ??= reply.date;
      next =
        result.done === false && typeof result.nextRecordsUrl === "string"
          ? result.nextRecordsUrl.replace(/^\/services\/data\/v[\d.]+/, "")
          : undefined;
    }
    return { ok: true, rows, date };
  }

  async #call(call: Call, token: Token, signal: AbortSignal, onWrite: () => void): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token.value}`,
      "sforce-call-options": "client=interlock",
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
    };
    const body = call.body === undefined ? null : JSON.stringify(call.body);
    return this.#send(call.method, this.#api + call.path, headers, body, signal, onWrite);
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
