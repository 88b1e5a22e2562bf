import type { Asked, Dialect, OperationName, Request } from "./dialect/dialect.ts";
import { isObject, printExact } from "./exact-json.ts";
import type { Fault } from "./fault.ts";
import { findMessages, takeMessage, type Message } from "./message.ts";
import type { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";
import type { Change, Report } from "./report.ts";

export type Answer = { status: number; text: string; headers: Record<string, string> };

const PAGE_LIMIT = 1000;
const STATUS_OF_TAKEN = 202;

/** What callers with a token can do. Refuses by throwing a Refusal; then nothing was done. */
export class Api {
  readonly #plant: Plant;
  readonly #dialect: Dialect;
  /** References that were looked for and not shown, with how often. */
  readonly #misses = new Map<string, number>();
  onMiss: (reference: string) => void = () => {};
  /** Told of each fault that met nothing. */
  onSpared: (fault: Fault) => void = () => {};

  constructor(plant: Plant, dialect: Dialect) {
    this.#plant = plant;
    this.#dialect = dialect;
  }

  operationOf(request: Request): OperationName | undefined {
    return this.#dialect.route(request)?.operation;
  }

  /** @param content the body as it came */
  perform(request: Request, content: string, fault?: Fault): Answer {
    const asked = this.#dialect.route(request);
    if (!asked)
      throw new Refusal(404, "no-such-path", `${request.method} ${request.path} is not served here`);
    switch (asked.operation) {
      case "readOrder":
        return this.#ok(this.#dialect.writeOrder(this.#plant, this.#plant.existing(asked.workOrder ?? "")));
      case "readMessages":
        return this.#ok(this.#dialect.writeMessages(this.#shown(asked.reference ?? "")));
      case "readChanges":
        return this.#changes(asked, fault);
      default:
        return this.#take(asked, request.body, content);
    }
  }

  answerOf(refusal: Pick<Refusal, "status" | "code" | "message" | "field">): Answer {
    return this.#answer(refusal.status, this.#dialect.writeRefusal(refusal));
  }

  referenceOf(body: unknown): string | null {
    const reference = isObject(body) ? body[this.#dialect.referenceField] : undefined;
    if (reference === undefined || reference === null || reference === "") return null;
    if (typeof reference === "string" && reference.length <= 64) return reference;
    const field = this.#dialect.referenceField;
    throw new Refusal(422, "invalid-field", `${field} must be a text of at most 64 characters`, field);
  }

  #take(asked: Asked, body: unknown, content: string): Answer {
    const command = this.#dialect.readCommand(this.#plant, asked, body);
    const message = takeMessage(this.#plant, command, this.referenceOf(body), content);
    const order = message.workOrder === null ? undefined : this.#plant.order(message.workOrder);
    return this.#answer(STATUS_OF_TAKEN, this.#dialect.writeTaken(message, order));
  }

  /** The messages of a reference, as far as looks can see yet. */
  #shown(reference: string): Message[] {
    const { readLagMs, readLagReads } = this.#plant.settings;
    const seen = this.#misses.get(reference) ?? 0;
    const shown = findMessages(this.#plant, reference).filter(
      ({ realAt }) => Date.now() - realAt >= readLagMs && seen >= readLagReads,
    );
    if (shown.length === 0) {
      this.#misses.set(reference, seen + 1);
      this.onMiss(reference);
    }
    return shown;
  }

  #changes({ after: given = "", limit: size = "" }: Asked, fault?: Fault): Answer {
    if (!/^\d{1,15}$/.test(given))
      throw new Refusal(422, "invalid-cursor", `${given.slice(0, 40)} is no number of a report`);
    if (!/^\d{1,4}$/.test(size) || Number(size) < 1 || Number(size) > PAGE_LIMIT)
      throw new Refusal(422, "invalid-limit", `a page has 1 to ${PAGE_LIMIT} reports`);
    const after = Number(given);
    const page = readFeed(this.#plant, after, Number(size));
    if (fault?.kind === "poll-gap" && !page.shift()) this.onSpared(fault);
    const next = page.at(-1)?.sequence ?? after;
    return this.#ok(this.#dialect.writeChanges(this.#plant, page, next, headOf(this.#plant)));
  }

  #ok(body: unknown): Answer {
    return this.#answer(200, body);
  }

  #answer(status: number, body: unknown): Answer {
    return { status, text: printExact(body), headers: { "content-type": this.#dialect.contentType } };
  }
}

type FeedRow = { seq: number; id: string; at: number; body: string };

export function readFeed({ store }: Plant, after: number, limit: number): Change[] {
  return store
    .all<FeedRow>("select * from feed where seq > ? order by seq limit ?", after, limit)
    .map(({ seq, id, at, body }) => ({ sequence: seq, id, at, report: JSON.parse(body) as Report }));
}

export function headOf({ store }: Plant): number {
  return store.one<{ head: number }>("select coalesce(max(seq), 0) as head from feed")!.head;
}
