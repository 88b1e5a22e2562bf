import { Pool, type Dispatcher } from "undici";
import {
  failureOfError,
  failureOfResponse,
  harmlessFailureOf,
  type Failure,
  type HarmlessFailure,
  type Response,
} from "./answer-class.ts";
import type { DynamicsConfig } from "./config.ts";
import { parseExact, printExact } from "./exact-json.ts";
import { CHANGESET_TYPE, printChangeset, readChangeset, type Part } from "./multipart.ts";
import { queryPath, type Query } from "./odata.ts";
import { TokenKeeper, type Token } from "./token.ts";
import { writeGate, type Gated } from "./write-gate.ts";

type Done = { readonly ok: true } & Response;
export type Reply = Done | { readonly ok: false; readonly failure: Failure };
export type Row = Readonly<Record<string, unknown>>;
export type Rows =
  | {
      readonly ok: true;
      readonly rows: readonly Row[];
      /** Of `top`: the ERP has more than it would show at once. */
      readonly more: boolean;
      readonly date: string | undefined;
    }
  | { readonly ok: false; readonly failure: HarmlessFailure };

/** What a write takes over from the effect it makes. */
export type Sending = {
  readonly traceparent?: string | undefined;
  /** Called when the request goes to its socket; a throw keeps it from being sent and passes through. */
  readonly beforeWrite?: () => void;
};
type Call = Sending & {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const SERVICE = "/api/services/ILKServices/ILKIntegrationService";
const QUEUE = "/api/services/SysMessageServices/SysMessageService/SendMessage";
const RESPONSE_LIMIT_BYTES = 16 * 1024 * 1024;
/** Pages one look follows at most: a limit on what a strange ERP can make us read. */
const PAGES = 50;
/** Well below what servers keep: a connection it is just closing would turn a write into an unknown one. */
const IDLE_CONNECTION_MS = 20_000;

/**
 * The only file that talks to the ERP. One call is one request: nothing is sent again from here, no redirect is
 * followed, and every answer is turned into one of the contract's classes.
 */
export class Client {
  readonly legalEntity: string;
  readonly #pool: Dispatcher;
  readonly #login: Dispatcher;
  readonly #prefix: string;
  readonly #tokens: TokenKeeper;

  constructor(config: DynamicsConfig, timeoutMs: number) {
    const base = new URL(config.baseUrl);
    const login = new URL(config.loginUrl ?? "https://login.microsoftonline.com");
    const pool = (origin: string, connections: number) =>
      new Pool(origin, {
        connections,
        pipelining: 1,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        connect: { timeout: Math.min(timeoutMs, 10_000) },
        keepAliveTimeout: IDLE_CONNECTION_MS,
        keepAliveMaxTimeout: IDLE_CONNECTION_MS,
        maxResponseSize: RESPONSE_LIMIT_BYTES,
      }).compose(writeGate);
    this.legalEntity = config.legalEntity;
    this.#prefix = base.pathname.replace(/\/$/, "");
    this.#pool = pool(base.origin, config.connections ?? 8);
    this.#login = pool(login.origin, 1);
    const tokenPath = `${login.pathname.replace(/\/$/, "")}/${config.tenant}/oauth2/v2.0/token`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    this.#tokens = new TokenKeeper(config, (body, signal) =>
      exchange(this.#login, { method: "POST", path: tokenPath, headers, body, signal }),
    );
  }

  /** One operation of the customer's own service. */
  service(name: string, request: unknown, sending: Sending, signal: AbortSignal): Promise<Reply> {
    const body = printExact({ _companyId: this.legalEntity, _request: request });
    return this.#write({ method: "POST", path: `${SERVICE}/${name}`, body, ...sending }, signal);
  }

  /** Puts a message into the MES queue. Done means no more than that it is there. */
  async sendMessage(type: string, content: string, sending: Sending, signal: AbortSignal): Promise<Reply> {
    const body = JSON.stringify({
      _companyId: this.legalEntity,
      _messageQueue: "JmgMES3P",
      _messageType: type,
      _messageContent: content,
    });
    return this.#write({ method: "POST", path: QUEUE, body, ...sending }, signal);
  }

  /** Changes one record, if it is still the one that was read. */
  patch(path: string, body: object, etag: string, sending: Sending, signal: AbortSignal): Promise<Reply> {
    const headers = { "if-match": etag };
    return this.#write(
      { method: "PATCH", path: `${path}?cross-company=true`, body: printExact(body), headers, ...sending },
      signal,
    );
  }

  /** Several writes as one: all of them are done, or none. */
  async changeset(parts: readonly Part[], sending: Sending, signal: AbortSignal): Promise<Reply> {
    const reply = await this.#write(
      {
        method: "POST",
        path: "/data/$batch",
        body: printChangeset(parts, this.#prefix),
        headers: { "content-type": CHANGESET_TYPE },
        ...sending,
      },
      signal,
    );
    if (!reply.ok) return reply;
    const answers = readChangeset(reply.text, reply.contentType);
    if (!answers)
      return { ok: false, failure: { class: "unknown", why: "the batch was answered without its parts" } };
    for (const { status, body } of answers) {
      // The token died between the envelope and its parts: nothing of the changeset was done.
      if (status === 401) return { ok: false, failure: this.#tokens.refused(undefined) };
      const failure = failureOfResponse({ status, body, retryAfterMs: undefined });
      if (failure) return { ok: false, failure };
    }
    return reply;
  }

  /** All records of a query, its further pages too. */
  async find(set: string, query: Query, signal: AbortSignal): Promise<Rows> {
    const rows: Row[] = [];
    let next: string | undefined = queryPath(set, this.legalEntity, query);
    let date: string | undefined;
    for (let page = 0; next !== undefined; page++) {
      if (page === PAGES)
        return { ok: false, failure: { class: "retry", why: `${set} was answered in too many pages` } };
      const reply = await this.#write({ method: "GET", path: next }, signal);
      if (!reply.ok) return { ok: false, failure: harmlessFailureOf(reply.failure, `a look into ${set}`) };
      const { value, "@odata.nextLink": link } = (reply.body ?? {}) as Record<string, unknown>;
      if (!Array.isArray(value))
        return { ok: false, failure: { class: "retry", why: `${set} was not answered with records` } };
      rows.push(...(value as Row[]));
      // When the first page was answered: what came later may not be in it.
      date ??= reply.date;
      next = typeof link === "string" ? pathOf(link, this.#prefix) : undefined;
      if (query.top !== undefined) return { ok: true, rows, more: next !== undefined, date };
    }
    return { ok: true, rows, more: false, date };
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#login.close()]);
  }

  /** A call that changes something: an answer that was not seen is `unknown`. */
  async #write(call: Call, signal: AbortSignal): Promise<Reply> {
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
    if (response.status === 401) return { ok: false, failure: this.#tokens.refused(token) };
    const failure = failureOfResponse(response);
    if (failure) return { ok: false, failure };
    this.#tokens.accepted(token);
    return { ok: true, ...response };
  }

  #call(
    { method, path, body, headers: more, traceparent }: Call,
    token: Token,
    signal: AbortSignal,
    onWrite: () => void,
  ): Promise<Response> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token.value}`,
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(traceparent !== undefined && { traceparent }),
      ...more,
    };
    const options = { method, path: this.#prefix + path, headers, body: body ?? null, signal, onWrite };
    return exchange(this.#pool, options);
  }
}

async function exchange(pool: Dispatcher, options: Gated): Promise<Response> {
  const response = await pool.request(options as Dispatcher.RequestOptions);
  // Read to the end whatever the status: a connection with a rest in it cannot be used again.
  const text = await response.body.text();
  const { date, "retry-after": retryAfter, "content-type": contentType } = response.headers;
  return {
    status: response.statusCode,
    body: parseExact(text),
    text,
    contentType: typeof contentType === "string" ? contentType : "",
    retryAfterMs: typeof retryAfter === "string" ? waitOf(retryAfter) : undefined,
    date: typeof date === "string" ? date : undefined,
  };
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

/** The path of a next link, whatever host it names: the token goes to no other. */
function pathOf(link: string, prefix: string): string | undefined {
  if (!URL.canParse(link, "http://erp")) return undefined;
  const { pathname, search } = new URL(link, "http://erp");
  return pathname.slice(pathname.startsWith(prefix) ? prefix.length : 0) + search;
}

/** Retry-After is seconds or a date. */
function waitOf(retryAfter: string): number | undefined {
  const ms = /^\d{1,7}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
