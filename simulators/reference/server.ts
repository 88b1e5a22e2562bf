import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Admin } from "./admin.ts";
import { answerOf, Api, duplicateReference, operationOf, type Answer, type Request } from "./api.ts";
import { Book } from "./book.ts";
import { Faults, type Fault } from "./fault.ts";
import { Refusal } from "./refusal.ts";
import { SlowCommits } from "./slow-commit.ts";
import { Tokens } from "./token.ts";
import { Webhooks } from "./webhook.ts";

const BODY_LIMIT_BYTES = 1_048_576;
/** Longer than a client keeps an idle connection, so that it is the client who closes. */
const KEEP_ALIVE_MS = 65_000;

export type Options = { port: number; dataDir: string; seed: number };
export type Running = { url: string; close(): Promise<void> };

/** What happens to a request in the end: an answer, or a connection reset without one. */
type End = Answer | "reset";

/** Starts the order system on the loopback interface and resolves when it takes requests. */
export async function startOrderSystem({ port, dataDir, seed }: Options): Promise<Running> {
  const book = new Book(dataDir);
  const faults = new Faults(seed);
  const tokens = new Tokens();
  const api = new Api(book, tokens);
  const webhooks = new Webhooks(book, faults);
  const slowCommits = new SlowCommits();
  const admin = new Admin(book, faults, api, slowCommits);
  // What others hear of must not be forgotten in a crash.
  book.onChange = (change) => book.afterWrite(() => webhooks.enqueue(change));
  api.onMiss = (reference) => slowCommits.countMiss(reference);

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    readBody(incoming, (text) => {
      let end: End;
      try {
        end = text === undefined ? tooLarge() : handle(incoming, text);
      } catch (error) {
        if (!(error instanceof Refusal)) process.stderr.write(`${(error as Error).stack}\n`);
        end = error instanceof Refusal ? answerOf(error) : internalError(500);
      }
      book.afterWrite(() => finish(response, end));
    });
  });

  function handle(incoming: IncomingMessage, text: string): End {
    const [encodedPath = "/", query] = (incoming.url ?? "/").split("?", 2);
    const path = decode(encodedPath);
    const method = incoming.method ?? "GET";
    if (path === "/health") return { status: 200, body: { status: "up" } };
    if (path === "/oauth/token") {
      const fault = faults.draw("token");
      return (fault && strikeBefore(fault)) ?? { status: 200, body: tokens.issue(text, book.settings) };
    }
    const parsed = parse(text);
    const request = {
      method,
      path,
      query: new URLSearchParams(query),
      body: Array.isArray(parsed) ? {} : parsed,
    };
    if (path.startsWith("/admin/")) return admin.perform(request as Request, parsed);
    return strike(request as Request, incoming.headers.authorization);
  }

  /** The order of things in one request: faults before, the token, the work, faults after. */
  function strike(request: Request, authorization: string | undefined): End {
    const operation = operationOf(request.method, request.path)?.operation ?? "unknown";
    const fault = faults.draw(operation);
    const midBatch = fault?.kind === "token-expired" && operation === "batch";
    const before = fault && !midBatch ? strikeBefore(fault) : undefined;
    if (before) return before;
    tokens.check(authorization);
    if (fault?.kind === "slow-commit") {
      const reference = String(request.body["externalReference"] ?? "");
      slowCommits.add(reference, fault, () => void attempt(() => api.perform(request)));
      return "reset";
    }
    const answer = attempt(() => api.perform(request, fault));
    return (fault && strikeAfter(fault, request)) ?? answer;
  }

  function strikeBefore(fault: Fault): End | undefined {
    switch (fault.kind) {
      case "reset-before":
        return "reset";
      case "outage":
        return answerOf(
          new Refusal(503, "maintenance", "the system is down for maintenance; nothing was done"),
        );
      case "throttle": {
        const answer = answerOf(new Refusal(429, "too-many-requests", "slow down; nothing was done"));
        return { ...answer, headers: { "retry-after": String(fault.retryAfterSeconds ?? 1) } };
      }
      case "token-expired":
        tokens.revokeAll();
        return undefined;
      default:
        return undefined;
    }
  }

  function strikeAfter(fault: Fault, { body }: Request): End | undefined {
    switch (fault.kind) {
      case "answer-lost":
      case "half-order":
      case "half-batch":
        return "reset";
      case "error-after":
        return {
          status: fault.status ?? 500,
          body: { code: "internal-error", message: "something went wrong" },
        };
      case "duplicate-answer": {
        const reference = String(body["externalReference"] ?? "");
        return answerOf(duplicateReference(reference, book.byReference(reference)[0]?.number ?? ""));
      }
      default:
        return undefined;
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      webhooks.close();
      slowCommits.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      book.close();
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

function finish(response: ServerResponse, end: End): void {
  if (end === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const body = JSON.stringify(end.body);
  response.writeHead(end.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...end.headers,
  });
  response.end(body);
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

function internalError(status: number): Answer {
  return { status, body: { code: "internal-error", message: "something went wrong" } };
}

function tooLarge(): never {
  throw new Refusal(413, "too-large", `a body has at most ${BODY_LIMIT_BYTES} bytes`);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refusal(400, "invalid-path", `${path} is not percent-encoded text`);
  }
}

function parse(text: string): Record<string, unknown> | unknown[] {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new Refusal(400, "invalid-json", "the body is not a JSON object");
}
