import { emptyAnswer, jsonAnswer, type Answer, type Request } from "./answer.ts";
import { newCall } from "./call.ts";
import type { Erp } from "./erp.ts";
import type { Fault, Faults } from "./fault/fault.ts";
import type { SlowCommits } from "./fault/slow-commit.ts";
import type { MessageProcessor } from "./message-queue/message-processor.ts";
import { sendMessage } from "./message-queue/send-message.ts";
import { Batch } from "./odata/batch.ts";
import { ENTITY_SETS } from "./odata/entity-sets.ts";
import { errorAnswer, odataError } from "./odata/odata-error.ts";
import { ODataService } from "./odata/odata-service.ts";
import { referenceIn, referencesIn } from "./reference.ts";
import { Refusal } from "./refusal.ts";
import { performOperation, refusedAnswer } from "./service/integration-service.ts";
import { Unauthorized, type Tokens } from "./token.ts";

/** What happens to a request in the end: an answer, or a connection reset without one. */
export type End = Answer | "reset";

const MESSAGE_PATH = "/api/services/SysMessageServices/SysMessageService/SendMessage";
const SERVICE_PATH = "/api/services/ILKServices/ILKIntegrationService/";

/** The order of things in one request of a caller: faults before, the token, the work, faults after. */
export class Gateway {
  readonly #erp: Erp;
  readonly #faults: Faults;
  readonly #tokens: Tokens;
  readonly #slowCommits: SlowCommits;
  readonly #processor: MessageProcessor;
  readonly #odata: ODataService;
  readonly #batch: Batch;
  url = "";

  constructor(
    erp: Erp,
    faults: Faults,
    tokens: Tokens,
    slowCommits: SlowCommits,
    processor: MessageProcessor,
  ) {
    this.#erp = erp;
    this.#faults = faults;
    this.#tokens = tokens;
    this.#slowCommits = slowCommits;
    this.#processor = processor;
    this.#odata = new ODataService(erp, ENTITY_SETS);
    this.#odata.onSpared = (fault) => faults.spare(fault);
    this.#batch = new Batch(erp, this.#odata, () => tokens.revokeAll());
  }

  strike(request: Request): End {
    const operation = operationOf(request);
    if (operation === undefined) return noSuchResource(request);
    const fault = this.#faults.draw(operation);
    const midBatch = fault?.kind === "token-expired" && operation === "batch";
    const before = fault && !midBatch ? this.#strikeBefore(fault, request) : undefined;
    if (before) return before;
    try {
      this.#tokens.check(request.headers["authorization"]);
    } catch (error) {
      if (error instanceof Unauthorized) return emptyAnswer(401, { "www-authenticate": "Bearer" });
      throw error;
    }
    if (fault?.kind === "slow-commit") {
      this.#slowCommits.add(referencesIn(request.body), fault, () => void this.#perform(request, operation));
      return "reset";
    }
    const answer = this.#perform(request, operation, fault);
    if (request.method === "GET") this.#slowCommits.countMiss(request.query.get("$filter") ?? "");
    return (fault && strikeAfter(fault, request, this.#odata.entityOf(request))) ?? answer;
  }

  #perform(request: Request, operation: string, fault?: Fault): Answer {
    const who = this.#erp.settings.clientId;
    const call = newCall("api", who, referenceIn(request.body));
    switch (operation) {
      case "batch":
        return this.#batch.perform(request, who, this.url, fault);
      case "sendMessage":
        return sendMessage(this.#erp, call, request.body, (message) => this.#processor.queued(message));
      case "service":
      case "checkOrder":
        return performOperation(this.#erp, call, request.path.slice(SERVICE_PATH.length), request.body);
      default:
        return this.#odata.perform(request, call, this.url, fault);
    }
  }

  #strikeBefore(fault: Fault, request: Request): End | undefined {
    switch (fault.kind) {
      case "reset-before":
        return "reset";
      case "outage":
        return {
          status: 503,
          headers: { "content-type": "text/html" },
          body: "<h1>Service Unavailable</h1>",
        };
      case "throttle": {
        const text = "Number of requests exeeded the limit of 6000 over the time window of 300 seconds.";
        const { retryAfterSeconds = 1 } = fault;
        const answer = request.path.startsWith("/data")
          ? errorAnswer(429, text, "TooManyRequests")
          : jsonAnswer(429, { Message: text });
        const header: Record<string, string> =
          retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) };
        return { ...answer, headers: { ...answer.headers, ...header } };
      }
      case "token-expired":
        this.#tokens.revokeAll();
        return undefined;
      case "update-conflict":
        return errorAnswer(
          500,
          "An update conflict occurred due to another user process deleting the record or changing one or more fields in the record.",
          "Microsoft.Dynamics.Ax.Xpp.UpdateConflictException",
        );
      default:
        return undefined;
    }
  }
}

function strikeAfter(fault: Fault, request: Request, entity: string): End | undefined {
  switch (fault.kind) {
    case "answer-lost":
    case "half-batch":
      return "reset";
    case "error-after":
      return errorAnswer(fault.status ?? 500, "An unexpected error has occurred.", "System.Exception");
    case "duplicate-answer": {
      const reference = referenceIn(request.body);
      const refusal = new Refusal(
        "AlreadyExists",
        `Cannot create a record. External reference: ${reference}. The record already exists`,
        { field: "ILKReference" },
      );
      return request.path.startsWith("/data") ? odataError(refusal, entity) : refusedAnswer(refusal);
    }
    default:
      return undefined;
  }
}

function operationOf({ method, path }: Request): string | undefined {
  if (path === "/data/$batch") return method === "POST" ? "batch" : undefined;
  if (path === "/data" || path.startsWith("/data/")) {
    if (method === "GET") return path.startsWith("/data/ILKBusinessEventLogs") ? "readEvents" : "read";
    return { POST: "create", PATCH: "change", PUT: "change", DELETE: "delete" }[method];
  }
  if (method !== "POST") return undefined;
  if (path === MESSAGE_PATH) return "sendMessage";
  if (!path.startsWith(SERVICE_PATH)) return undefined;
  return path.endsWith("/CheckOrder") ? "checkOrder" : "service";
}

function noSuchResource({ path }: Request): Answer {
  return jsonAnswer(404, {
    Message: `No HTTP resource was found that matches the request URI '${path.slice(0, 200)}'.`,
  });
}
