import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Admin } from "./admin.ts";
import { performApi } from "./api.ts";
import { referenceOf } from "./body.ts";
import { parseBody } from "./exact-json.ts";
import { Faults, type Fault } from "./fault.ts";
import { Org } from "./org.ts";
import { duplicateValue } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { decodePath, operationOf, versions, type Answer, type Request } from "./request.ts";
import { SlowCommits } from "./slow-commit.ts";
import { Tokens } from "./token.ts";

const BODY_LIMIT_BYTES = 1_048_576;
const URL_LIMIT_CHARS = 16_384;
/** Longer than a client keeps an idle connection, so that it is the client who closes. */
const KEEP_ALIVE_MS = 65_000;

export type Options = { port: number; dataDir: string; seed: number };
export type Running = { url: string; close(): Promise<void> };

/** What happens to a request in the end: an answer, or a connection reset without one. */
type End = Answer | "reset";

/** Starts the org on the loopback interface and resolves when it takes requests. */
export async function startOrg({ port, dataDir, seed }: Options): Promise<Running> {
  const org = new Org(dataDir);
  const faults = new Faults(seed);
  const tokens = new Tokens(org.clock);
  const slowCommits = new SlowCommits();
  const admin = new Admin(org, faults, slowCommits);
  org.queryApi.onMiss = (query) => slowCommits.countMiss(query);
  org.queryApi.onSpared = (fault) => faults.spare(fault);
  let url = "";

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: 32_768 },
    (incoming, response) => {
      readBody(incoming, (text) => {
        let end: End;
        try {
          end = text === undefined ? tooLarge() : handle(incoming, text);
        } catch (error) {
          if (!(error instanceof Refusal)) process.stderr.write(`${(error as Error).stack}\n`);
          end = error instanceof Refusal ? answerOf(error) : unexpected(500);
        }
        finish(response, end, new Date(org.clock.now()));
      });
    },
  );

  function handle(incoming: IncomingMessage, text: string): End {
    const given = incoming.url ?? "/";
    if (given.length > URL_LIMIT_CHARS)
      throw new Refusal(414, "URI_TOO_LONG", `an address has at most ${URL_LIMIT_CHARS} characters`);
    const [encodedPath = "/", query] = given.split("?", 2);
    const path = decodePath(encodedPath);
    const method = incoming.method ?? "GET";
    if (path === "/services/oauth2/token") {
      const fault = faults.draw({ verb: "token", object: "" });
      const before = fault && strikeBefore(fault);
      if (before) return before;
      if (method !== "POST") throw new Refusal(405, "METHOD_NOT_ALLOWED", "POST the form of a token request");
      return tokens.issue(text, org.settings, url, org.masterData.people.integration);
    }
    const request = {
      method,
      path,
      query: new URLSearchParams(query),
      headers: incoming.headers,
      body: method === "GET" ? {} : parseBody(text),
    };
    if (path.startsWith("/admin/")) return admin.perform(request);
    if (path === "/services/data" || path === "/services/data/") return { status: 200, body: versions() };
    return strike(request);
  }

  /** The order of things in one request: faults before, the session, the limit, the work, faults after. */
  function strike(request: Request): End {
    const operation = operationOf(request);
    const fault = faults.draw(operation);
    const before = fault && strikeBefore(fault);
    if (before) return before;
    tokens.check(request.headers["authorization"] as string | undefined);
    if (org.settings.apiRequestsUsed >= org.settings.dailyApiRequests) throw limitExceeded();
    org.settings = { ...org.settings, apiRequestsUsed: org.settings.apiRequestsUsed + 1 };
    const headers = {
      "sforce-limit-info": `api-usage=${org.settings.apiRequestsUsed}/${org.settings.dailyApiRequests}`,
    };
    if (fault?.kind === "lock-row") return { ...lockRow(operation.verb, request), headers };
    if (fault?.kind === "slow-commit") {
      slowCommits.add(referenceOf(request.body), fault, () => void attempt(() => work(request, fault)));
      return "reset";
    }
    const answer = attempt(() => work(request, fault));
    const end = (fault && strikeAfter(fault, request)) ?? answer;
    return end === "reset" ? end : { ...end, headers: { ...headers, ...end.headers } };
  }

  function work(request: Request, fault: Fault | undefined): Answer {
    org.recordApi.raceNextUpsert = fault?.kind === "upsert-race";
    const perform = () => org.late.during(fault, () => performApi(org, request, fault));
    return request.method === "GET" ? perform() : org.store.transaction(perform);
  }

  function lockRow(verb: string, request: Request): Answer {
    const refusal = new Refusal(
      400,
      "UNABLE_TO_LOCK_ROW",
      "unable to obtain exclusive access to this record",
      [],
    );
    const records = (request.body as { records?: unknown[]; allOrNone?: unknown }).records;
    if (verb !== "collections" || !Array.isArray(records)) return answerOf(refusal);
    // Rows of one parent wait for each other: every second one gives up, the others are done.
    const free = records.filter((_, n) => n % 2 === 0);
    const done = attempt(() =>
      work({ ...request, body: { ...(request.body as object), records: free } }, undefined),
    );
    if (!Array.isArray(done.body)) return done;
    const results = [...(done.body as object[])];
    const body = records.map((_, n) =>
      n % 2 === 0 ? results.shift() : { success: false, errors: [refusal.row()] },
    );
    return { status: 200, body };
  }

  function strikeBefore(fault: Fault): End | undefined {
    switch (fault.kind) {
      case "reset-before":
        return "reset";
      case "outage":
        return answerOf(unavailable());
      case "throttle": {
        const headers = { "retry-after": String(fault.retryAfterSeconds ?? 1) };
        return { ...answerOf(unavailable()), headers };
      }
      case "request-limit":
        return answerOf(limitExceeded());
      case "token-expired":
        tokens.revokeAll();
        return undefined;
      case "session-refused":
        return answerOf(
          new Refusal(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
        );
      default:
        return undefined;
    }
  }

  function strikeAfter(fault: Fault, { body }: Request): End | undefined {
    switch (fault.kind) {
      case "answer-lost":
      case "half-batch":
        return "reset";
      case "error-after":
        return unexpected(fault.status ?? 500);
      case "upsert-race":
        return org.settings.uniqueReference ? duplicateOf(body) : undefined;
      case "duplicate-answer":
        return duplicateOf(body);
      default:
        return undefined;
    }
  }

  function duplicateOf(body: unknown): Answer {
    const [entry] = org.book.ofReference(referenceOf(body) ?? "").entries;
    return answerOf(duplicateValue("Interlock_Ref__c", entry?.record ?? ""));
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async close() {
      slowCommits.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      org.store.close();
    },
  };
}

function attempt(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return answerOf(error);
    throw error;
  }
}

function answerOf(refusal: Refusal): Answer {
  return { status: refusal.status, body: refusal.body() };
}

function finish(response: ServerResponse, end: End, date: Date): void {
  if (end === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  // The org's clock, not the machine's: a poller reads from it how far it is.
  const headers = { date: date.toUTCString(), ...end.headers };
  if (end.body === undefined) {
    response.writeHead(end.status, headers).end();
    return;
  }
  const body = JSON.stringify(end.body);
  const length = Buffer.byteLength(body);
  response
    .writeHead(end.status, {
      "content-type": "application/json;charset=UTF-8",
      "content-length": length,
      ...headers,
    })
    .end(body);
}

/** Calls back with the whole body, or with undefined when it is larger than the limit. */
function readBody(incoming: IncomingMessage, done: (text: string | undefined) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT_BYTES) chunks.push(chunk);
  });
  incoming.on("end", () =>
    done(bytes > BODY_LIMIT_BYTES ? undefined : Buffer.concat(chunks).toString("utf8")),
  );
}

function unexpected(status: number): Answer {
  const message = "An unexpected error occurred. Please include this ErrorId if you contact support: 1";
  return answerOf(new Refusal(status, "UNKNOWN_EXCEPTION", message));
}

function unavailable(): Refusal {
  return new Refusal(503, "SERVER_UNAVAILABLE", "Server unavailable, try again later");
}

function limitExceeded(): Refusal {
  return new Refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
}

function tooLarge(): never {
  throw new Refusal(413, "REQUEST_ENTITY_TOO_LARGE", `a body has at most ${BODY_LIMIT_BYTES} bytes`);
}
