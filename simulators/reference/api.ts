import type { Book } from "./book.ts";
import type { Fault } from "./fault.ts";
import type { Actor } from "./journal.ts";
import { cancelOrder, changeOrder, createOrder, type Order } from "./order.ts";
import { readText } from "./order-request.ts";
import { Refusal } from "./refusal.ts";
import type { Tokens } from "./token.ts";

export type Request = {
  method: string;
  /** Decoded, without the query. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
};

export type Answer = { status: number; body: object; headers?: Record<string, string> };

const BATCH_ROWS = 100;

/** The name of what a request asks for, and the order number in its path; undefined: nothing here. */
export function operationOf(method: string, path: string): { operation: string; number: string } | undefined {
  if (path === "/orders") return at({ POST: "createOrder", GET: "findOrders" }[method]);
  if (path === "/orders:batch") return at({ POST: "batch" }[method]);
  if (path === "/changes") return at({ GET: "readChanges" }[method]);
  const [, number, below] = /^\/orders\/([^/]{1,40})(\/cancel|\/status)?$/.exec(path) ?? [];
  if (number === undefined) return undefined;
  const operations: Record<string, string> = {
    "GET ": "readOrder",
    "PATCH ": "changeOrder",
    "POST /cancel": "cancelOrder",
    "PUT /status": "tellStatus",
    "GET /status": "readStatus",
  };
  return at(operations[`${method} ${below ?? ""}`], number);
}

function at(operation: string | undefined, number = "") {
  return operation === undefined ? undefined : { operation, number };
}

/** The system API: what callers with a token can do. Refuses by throwing a Refusal; then nothing was done. */
export class Api {
  readonly #book: Book;
  readonly #tokens: Tokens;
  /** References that were looked for and not shown, with how often. */
  readonly #misses = new Map<string, number>();
  onMiss: (reference: string) => void = () => {};

  constructor(book: Book, tokens: Tokens) {
    this.#book = book;
    this.#tokens = tokens;
  }

  perform(request: Request, fault?: Fault, actor: Actor = "api"): Answer {
    const asked = operationOf(request.method, request.path);
    const { body, query } = request;
    switch (asked?.operation) {
      case "createOrder":
        return this.#create(body, actor, fault?.kind === "half-order");
      case "changeOrder":
        return this.#change(asked.number, body, actor);
      case "cancelOrder":
        return this.#cancel(asked.number, body, actor);
      case "tellStatus":
        return this.#tellStatus(asked.number, body);
      case "batch":
        return this.#batch(body, fault);
      case "readOrder":
        return { status: 200, body: this.#existing(asked.number) };
      case "readStatus":
        return { status: 200, body: this.#book.told(asked.number) ?? notFound(asked.number) };
      case "findOrders":
        return this.#find(query);
      case "readChanges":
        return this.#changes(query, fault);
      default:
        throw new Refusal(404, "no-such-operation", `${request.method} ${request.path} is not served here`);
    }
  }

  /** A half order is what a death in the middle leaves behind: some of its lines, and no one told. */
  #create(body: Record<string, unknown>, actor: Actor, half: boolean): Answer {
    const reference = this.#freshReference(body);
    const order = createOrder(this.#book.nextNumber(), half ? halfOf(body) : body, this.#book);
    this.#book.recordOrder(
      "create",
      actor,
      reference,
      order,
      half ? null : eventOf(order, "order.confirmed"),
    );
    return { status: 201, body: order };
  }

  #change(number: string, body: Record<string, unknown>, actor: Actor): Answer {
    const reference = this.#freshReference(body);
    const order = changeOrder(this.#existing(number), body, this.#book);
    this.#book.recordOrder("change", actor, reference, order, eventOf(order, "order.changed"));
    return { status: 200, body: order };
  }

  /** Cancelling a cancelled order is answered like the first time and does nothing. */
  #cancel(number: string, body: Record<string, unknown>, actor: Actor): Answer {
    const before = this.#existing(number);
    if (before.status === "cancelled") return { status: 200, body: before };
    const reference = this.#freshReference(body);
    const order = cancelOrder(before, body, this.#book);
    this.#book.recordOrder("cancel", actor, reference, order, "order.cancelled");
    return { status: 200, body: order };
  }

  /** A reference that was told before, or the same again, does nothing: a late copy must not undo newer news. */
  #tellStatus(number: string, body: Record<string, unknown>): Answer {
    const status = readText(body, "status");
    const details = Object.fromEntries(
      Object.keys((body["details"] as object | undefined) ?? {}).map((name) => [
        name,
        readText(body["details"] as Record<string, unknown>, name, `details.${name}`),
      ]),
    );
    const reference = body["externalReference"] === undefined ? null : readText(body, "externalReference");
    const before = this.#book.told(number);
    if (before && reference !== null && this.#book.standing.has(reference))
      return { status: 200, body: before };
    if (before?.status === status && JSON.stringify(before.details) === JSON.stringify(details))
      return { status: 200, body: before };
    const told = { number, status, details, toldAt: this.#book.now };
    this.#book.record({ op: "status", at: told.toldAt, actor: "api", reference, told });
    return { status: 200, body: told };
  }

  /** Each row stands alone: `{method, path, body}` in, `{status, body}` out, in the same order. */
  #batch(body: Record<string, unknown>, fault?: Fault): Answer {
    const rows = body["rows"];
    if (!Array.isArray(rows) || rows.length === 0 || rows.length > BATCH_ROWS)
      throw new Refusal(422, "invalid-batch", `rows must be 1 to ${BATCH_ROWS}`, { field: "rows" });
    const until = fault?.kind === "half-batch" ? Math.ceil(rows.length / 2) : rows.length;
    const tokensDieAt = fault?.kind === "token-expired" ? (fault.afterRows ?? 0) : rows.length;
    const answers = rows.slice(0, until).map((row: Partial<Request> | null, index) => {
      if (index >= tokensDieAt) {
        this.#tokens.revokeAll();
        return answerOf(new Refusal(401, "invalid-token", "the access token expired; this row was not done"));
      }
      try {
        const { method = "", path = "", body } = row ?? {};
        const operation = operationOf(method, path)?.operation;
        if (method === "GET" || operation === "batch" || operation === undefined)
          throw new Refusal(422, "invalid-row", `row ${index} is not a write of one order`);
        return this.perform({ method, path, query: new URLSearchParams(), body: body ?? {} });
      } catch (error) {
        if (error instanceof Refusal) return answerOf(error);
        throw error;
      }
    });
    return { status: 207, body: { rows: answers } };
  }

  /** References are looked up in an index that lags behind, source orders among the orders themselves. */
  #find(query: URLSearchParams): Answer {
    const reference = query.get("reference");
    const numbers =
      reference === null
        ? this.#book.bySourceOrder(readText(Object.fromEntries(query), "sourceOrder"))
        : this.#shown(reference);
    return { status: 200, body: { orders: [...new Set(numbers)].map((number) => this.#existing(number)) } };
  }

  /** The orders that carry a reference, as far as reads can see yet. */
  #shown(reference: string): string[] {
    const { readLagMs, readLagReads } = this.#book.settings;
    const seen = this.#misses.get(reference) ?? 0;
    const shown = this.#book
      .byReference(reference)
      .filter(({ at }) => Date.now() - at >= readLagMs && seen >= readLagReads);
    if (shown.length === 0) {
      this.#misses.set(reference, seen + 1);
      this.onMiss(reference);
    }
    return shown.map(({ number }) => number);
  }

  #changes(query: URLSearchParams, fault?: Fault): Answer {
    const after = Number(query.get("after") ?? "0");
    const limit = Number(query.get("limit") ?? "100");
    if (!Number.isSafeInteger(after) || after < 0)
      throw new Refusal(422, "invalid-cursor", `after=${query.get("after")} is no cursor of this system`);
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw new Refusal(422, "invalid-limit", "limit must be 1 to 1000");
    const page = this.#book.changesAfter(after, limit);
    if (fault?.kind === "poll-gap") page.shift();
    const next = String(page.at(-1)?.sequence ?? after);
    return { status: 200, body: { changes: page, next, head: String(this.#book.lastSequence) } };
  }

  #existing(number: string): Order {
    return this.#book.order(number) ?? notFound(number);
  }

  #freshReference(body: Record<string, unknown>): string | null {
    if (body["externalReference"] === undefined) return null;
    const reference = readText(body, "externalReference");
    const [first] = this.#book.byReference(reference);
    if (first && this.#book.settings.uniqueReference) throw duplicateReference(reference, first.number);
    return reference;
  }
}

export function duplicateReference(reference: string, number: string): Refusal {
  const message = `externalReference ${reference} was used before, by order ${number}`;
  return new Refusal(409, "duplicate-reference", message, { field: "externalReference", number });
}

export function answerOf(refusal: Refusal): Answer {
  return { status: refusal.status, body: refusal.body() };
}

function eventOf(order: Order, otherwise: string): string {
  return order.status === "on-hold" ? "order.held" : otherwise;
}

function notFound(number: string): never {
  throw new Refusal(404, "unknown-order", `there is no order ${number}`, { number });
}

function halfOf(body: Record<string, unknown>): Record<string, unknown> {
  const lines = body["lines"];
  return Array.isArray(lines)
    ? { ...body, lines: lines.slice(0, Math.max(1, Math.floor(lines.length / 2))) }
    : body;
}
