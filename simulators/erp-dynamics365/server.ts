import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Admin } from "./admin/admin.ts";
import { jsonAnswer, type Answer, type Request } from "./answer.ts";
import { Automation } from "./automation.ts";
import { Erp } from "./erp.ts";
import { parseObject } from "./exact-json.ts";
import { Faults } from "./fault/fault.ts";
import { SlowCommits } from "./fault/slow-commit.ts";
import { Gateway, type End } from "./gateway.ts";
import { MessageProcessor } from "./message-queue/message-processor.ts";
import { Refusal } from "./refusal.ts";
import { DEFAULT_SEED } from "./seed/default-seed.ts";
import { seedErp } from "./seed/seed.ts";
import { SITES } from "./stock/place.ts";
import { Tokens } from "./token.ts";

const BODY_LIMIT_BYTES = 1_048_576;
/** Longer than a client keeps an idle connection, so that it is the client who closes. */
const KEEP_ALIVE_MS = 65_000;
const TOKEN_PATH = /^(\/[\w.-]{1,80})?\/oauth2\/(v2\.0\/)?token$/;

export type Options = { port: number; dataDir: string; seed: number };
export type Running = { url: string; close(): Promise<void> };

/** Starts the ERP on the loopback interface and resolves when it takes requests. */
export async function startErp({ port, dataDir, seed }: Options): Promise<Running> {
  const erp = new Erp(dataDir);
  if (erp.store.find(SITES).length === 0) seedErp(erp, parseObject(JSON.stringify(DEFAULT_SEED)));
  const faults = new Faults(seed);
  erp.events.faults = faults;
  const tokens = new Tokens();
  const slowCommits = new SlowCommits();
  const processor = new MessageProcessor(erp, faults);
  const automation = new Automation(erp, processor);
  const gateway = new Gateway(erp, faults, tokens, slowCommits, processor);
  const admin = new Admin(erp, faults, processor, slowCommits, automation);

  function handle(incoming: IncomingMessage, body: string): End {
    const [path = "/", query] = (incoming.url ?? "/").split("?", 2);
    const request: Request = {
      method: incoming.method ?? "GET",
      path,
      query: new URLSearchParams(query),
      headers: headersOf(incoming),
      body,
    };
    if (path === "/health") return jsonAnswer(200, { status: "up" });
    if (path.startsWith("/admin/")) return admin.perform(request);
    if (request.method === "POST" && TOKEN_PATH.test(path)) return issueToken(body);
    return gateway.strike(request);
  }

  function issueToken(form: string): End {
    const kind = faults.draw("token")?.kind;
    if (kind === "outage") return jsonAnswer(503, { error: "temporarily_unavailable" });
    if (kind === "reset-before" || kind === "answer-lost") return "reset";
    try {
      return jsonAnswer(200, tokens.issue(form, erp.settings));
    } catch (error) {
      if (error instanceof Refusal)
        return jsonAnswer(error.status, { error: error.code, error_description: error.message });
      throw error;
    }
  }

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (incoming, response) => {
    readBody(incoming, (body) => {
      let end: End;
      try {
        end = body === undefined ? tooLarge() : handle(incoming, body);
      } catch (error) {
        process.stderr.write(`${(error as Error).stack}\n`);
        end = jsonAnswer(500, { Message: "An error has occurred." });
      }
      finish(response, end, erp.clock.now());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  gateway.url = url;
  automation.start();
  return {
    url,
    async close() {
      automation.stop();
      slowCommits.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      erp.close();
    },
  };
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
}

/** An answer says what time it is in the ERP. */
function finish(response: ServerResponse, end: End, now: number): void {
  if (end === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(end.status, {
    date: new Date(now).toUTCString(),
    ...end.headers,
    "content-length": Buffer.byteLength(end.body),
  });
  response.end(end.body);
}

/** Calls back with the whole body, or with undefined when it is larger than the limit. */
function readBody(incoming: IncomingMessage, done: (body: string | undefined) => void): void {
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

function tooLarge(): Answer {
  return jsonAnswer(413, { Message: `The request is larger than ${BODY_LIMIT_BYTES} bytes.` });
}
