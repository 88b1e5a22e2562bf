import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Admin } from "./admin.ts";
import { advance, nextDue } from "./agenda.ts";
import { Api, type Answer } from "./api.ts";
import { brno } from "./dialect/brno.ts";
import type { Request } from "./dialect/dialect.ts";
import { lyon } from "./dialect/lyon.ts";
import { parseExact } from "./exact-json.ts";
import { Faults, type Fault } from "./fault.ts";
import { duplicateReference, findMessages } from "./message.ts";
import { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";
import { SlowCommits } from "./slow-commit.ts";
import { Store } from "./store.ts";
import { Tokens } from "./token.ts";
import { Webhooks } from "./webhook.ts";

const BODY_LIMIT_BYTES = 1_048_576;
/** Longer than a client keeps an idle connection, so that it is the client who closes. */
const KEEP_ALIVE_MS = 65_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const DIALECTS = { lyon, brno } as const;
export type Vendor = keyof typeof DIALECTS;

export type Options = { port: number; dataDir: string; seed: number; dialect: Vendor };
export type Running = { url: string; close(): Promise<void> };

/** What happens to a request in the end: an answer, or a connection reset without one. */
type End = Answer | "reset";

/** Starts the plant on the loopback interface and resolves when it takes requests. */
export async function startPlant({ port, dataDir, seed, dialect: vendor }: Options): Promise<Running> {
  const dialect = DIALECTS[vendor];
  const store = new Store(dataDir);
  const plant = new Plant(store, vendor, seed);
  const faults = new Faults(seed);
  const tokens = new Tokens();
  const api = new Api(plant, dialect);
  const webhooks = new Webhooks(plant, dialect, faults);
  const slowCommits = new SlowCommits();
  const admin = new Admin({ plant, faults, slowCommits, webhooks, vendor });
  api.onMiss = (reference) => slowCommits.countMiss(reference);
  api.onSpared = (fault) => faults.spare(fault);
  let timer: NodeJS.Timeout | undefined;

  /** Lets the floor go on, tells what happened, and waits for what is due next. */
  function live(): void {
    advance(plant);
    webhooks.wake();
    clearTimeout(timer);
    const due = nextDue(plant);
    const wait = due === undefined ? undefined : plant.clock.realWait(due);
    if (wait !== undefined) timer = setTimeout(live, Math.min(wait, LONGEST_TIMER_MS)).unref();
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    readBody(incoming, (text) => {
      let end: End;
      try {
        end = text === undefined ? tooLarge() : handle(incoming, text);
        live();
      } catch (error) {
        if (!(error instanceof Refusal)) process.stderr.write(`${(error as Error).stack}\n`);
        end = api.answerOf(error instanceof Refusal ? error : BROKEN);
      }
      finish(response, end);
    });
  });

  function handle(incoming: IncomingMessage, text: string): End {
    const [encodedPath = "/", query] = (incoming.url ?? "/").split("?", 2);
    const path = decode(encodedPath);
    const method = incoming.method ?? "GET";
    if (path.startsWith("/admin/"))
      return store.transact(() => admin.perform(method, path, new URLSearchParams(query), text));
    if (webhooks.cutOff) return "reset";
    if (path === dialect.tokenPath && method === "POST") {
      const fault = faults.draw("token");
      const before = fault && strikeBefore(fault);
      return (
        before ?? {
          status: 200,
          text: JSON.stringify(tokens.issue(text, plant.settings)),
          headers: JSON_TYPE,
        }
      );
    }
    const request: Request = { method, path, query: new URLSearchParams(query), body: parseExact(text) };
    return strike(request, text, incoming.headers.authorization);
  }

  /** The order of things in one request: faults before, the token, the work, faults after. */
  function strike(request: Request, text: string, authorization: string | undefined): End {
    const fault = faults.draw(api.operationOf(request) ?? "unknown");
    const before = fault && strikeBefore(fault);
    if (before) return before;
    tokens.check(authorization);
    if (fault?.kind === "slow-commit") {
      const reference = api.referenceOf(request.body) ?? "";
      slowCommits.add(reference, fault, () => {
        attempt(() => api.perform(request, text));
        live();
      });
      return "reset";
    }
    const answer = attempt(() => api.perform(request, text, fault));
    return (fault && strikeAfter(fault, request)) ?? answer;
  }

  /** What is due at once, such as the plant's decision, is done with the request: one wait for the disk. */
  function attempt(work: () => Answer): Answer {
    try {
      return store.transact(() => {
        const answer = work();
        advance(plant);
        return answer;
      });
    } catch (error) {
      if (error instanceof Refusal) return api.answerOf(error);
      throw error;
    }
  }

  function strikeBefore(fault: Fault): End | undefined {
    switch (fault.kind) {
      case "reset-before":
        return "reset";
      case "outage":
        return api.answerOf(
          new Refusal(503, "maintenance", "the system is down for maintenance; nothing was done"),
        );
      case "throttle": {
        const answer = api.answerOf(new Refusal(429, "too-many-requests", "slow down; nothing was done"));
        const wait = { "retry-after": String(fault.retryAfterSeconds ?? 1) };
        return { ...answer, headers: { ...answer.headers, ...wait } };
      }
      case "token-expired":
        tokens.revokeAll();
        return undefined;
      default:
        return undefined;
    }
  }

  function strikeAfter(fault: Fault, { body }: Request): End | undefined {
    if (fault.kind === "answer-lost") return "reset";
    if (fault.kind === "error-after") return api.answerOf({ ...BROKEN, status: fault.status ?? 500 });
    if (fault.kind !== "duplicate-answer") return undefined;
    const reference = api.referenceOf(body) ?? "";
    const [message] = findMessages(plant, reference);
    return api.answerOf(duplicateReference(reference, message ?? { id: 0 }));
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  live();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      clearTimeout(timer);
      webhooks.close();
      slowCommits.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      store.close();
    },
  };
}

const JSON_TYPE = { "content-type": "application/json" };
const BROKEN = { status: 500, code: "internal-error", message: "something went wrong", field: undefined };

function finish(response: ServerResponse, end: End): void {
  if (end === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(end.status, { "content-length": Buffer.byteLength(end.text), ...end.headers });
  response.end(end.text);
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

function tooLarge(): never {
  throw new Refusal(413, "too-large", `a body has at most ${BODY_LIMIT_BYTES} bytes`);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new Refusal(400, "invalid-path", "the path is not percent-encoded text");
  }
}
