import { DECIMAL, readText } from "./order-request.ts";
import type { Answer, Api, Request } from "./api.ts";
import type { Book } from "./book.ts";
import { newCustomer, type Customer } from "./catalogue.ts";
import type { Faults } from "./fault.ts";
import { moveOrder, totalOf, type Line, type Order } from "./order.ts";
import { Refusal } from "./refusal.ts";
import type { SlowCommits } from "./slow-commit.ts";
import { changeSettings } from "./settings.ts";

/** The side door: the book, the faults, and what people at the system's own screens would do. */
export class Admin {
  readonly #book: Book;
  readonly #faults: Faults;
  readonly #api: Api;
  readonly #slowCommits: SlowCommits;

  constructor(book: Book, faults: Faults, api: Api, slowCommits: SlowCommits) {
    this.#book = book;
    this.#faults = faults;
    this.#api = api;
    this.#slowCommits = slowCommits;
  }

  perform({ method, path, body }: Request, faults: unknown): Answer {
    const [, , noun = "", id = ""] = path.split("/");
    switch (`${method} ${noun}`) {
      case "GET book":
        return ok(id === "summary" ? this.#summary() : this.#wholeBook());
      case "GET references":
        return ok(this.#countsOf(id));
      case "GET settings":
        return ok(this.#book.settings);
      case "PATCH settings":
        this.#book.record({ op: "settings", settings: changeSettings(this.#book.settings, body) });
        return ok(this.#book.settings);
      case "GET faults":
        return ok(this.#faults.armed);
      case "POST faults":
        this.#faults.arm(faults);
        return ok(this.#faults.armed);
      case "DELETE faults":
        this.#faults.clear();
        return ok([]);
      case "POST commits":
        this.#slowCommits.commitAll();
        return ok({});
      case "PUT seed":
        this.#faults.reseed(Number(id));
        return ok({ seed: Number(id) });
      case "PUT snapshots":
        this.#book.record({ op: "snapshot", name: id });
        return ok({ name: id });
      case "POST restore":
        return this.#restore(id);
      case "PUT items":
        this.#book.record({
          op: "item",
          item: {
            item: id,
            unit: readText(body, "unit"),
            price: readDecimal(body, "price"),
            leadDays: Number(body["leadDays"] ?? 1),
          },
        });
        return ok(this.#book.item(id) ?? {});
      case "PUT customers":
        return ok(this.#changeCustomer(id, body));
      case "POST edit":
        return ok(this.#edit(body));
      case "POST clerk":
        return this.#clerk(body);
      default:
        throw new Refusal(404, "no-such-operation", `${method} ${path} is not served here`);
    }
  }

  #summary(): object {
    const { orders, applied, standing, lastSequence } = this.#book;
    return {
      orders: orders.size,
      references: applied.size,
      sequence: lastSequence,
      appliedMoreThanOnce: [...applied].filter(([, times]) => times > 1).map(([reference]) => reference),
      standingMoreThanOnce: [...standing].filter(([, times]) => times > 1).map(([reference]) => reference),
    };
  }

  #wholeBook(): object {
    const references = [...this.#book.applied.keys()].map((reference) => [
      reference,
      this.#countsOf(reference),
    ]);
    return {
      ...this.#summary(),
      references: Object.fromEntries(references) as object,
      entries: this.#book.history().map(({ entry, undone }) => ({ ...entry, undone })),
    };
  }

  #countsOf(reference: string): object {
    return {
      applied: this.#book.applied.get(reference) ?? 0,
      standing: this.#book.standing.get(reference) ?? 0,
      numbers: [...new Set(this.#book.byReference(reference).map(({ number }) => number))],
    };
  }

  #restore(name: string): Answer {
    if (!this.#book.hasSnapshot(name))
      throw new Refusal(
        404,
        "unknown-snapshot",
        `there is no snapshot ${name}; make it with PUT /admin/snapshots/${name}`,
      );
    this.#book.record({ op: "restore", name });
    return ok(this.#summary());
  }

  /** A customer made, given another limit, put on credit hold or released from it; the last two are told to all. */
  #changeCustomer(id: string, body: Record<string, unknown>): Customer {
    const before = this.#book.customer(id) ?? newCustomer(id, null);
    const creditLimit =
      body["creditLimit"] === undefined
        ? before.creditLimit
        : body["creditLimit"] === null
          ? null
          : readDecimal(body, "creditLimit");
    const onHold = body["onHold"] === undefined ? before.onHold : body["onHold"] === true;
    const holdReason = onHold
      ? (before.holdReason ?? readText({ reason: "payments are due", ...body }, "reason"))
      : null;
    const customer = { ...before, creditLimit, onHold, holdReason, revision: before.revision + 1 };
    const moved = onHold === before.onHold ? null : onHold ? "customer.held" : "customer.released";
    return this.#book.recordCustomer(customer, moved);
  }

  /** One value changed behind the system's back: no revision, no event, no reference. */
  #edit(body: Record<string, unknown>): Order {
    const order = this.#existing(body);
    const field = readText(body, "field");
    const value = readText(body, "value");
    const edited =
      body["line"] === undefined
        ? { ...order, [known(order, field)]: value }
        : withLines(
            order,
            order.lines.map((line) =>
              line.line === body["line"] ? { ...line, [known(line, field)]: value } : line,
            ),
          );
    return this.#book.recordOrder("edit", "hand", null, { ...edited, changedAt: this.#book.now }, null);
  }

  /** An order done at a screen: the same rules, no reference. `release` and `ship` exist only here. */
  #clerk(body: Record<string, unknown>): Answer {
    const action = readText(body, "action");
    if (action === "create") return this.#api.perform(write("POST", "/orders", body), undefined, "clerk");
    const { number } = this.#existing(body);
    const path = `/orders/${number}`;
    if (action === "change") return this.#api.perform(write("PATCH", path, body), undefined, "clerk");
    if (action === "cancel")
      return this.#api.perform(write("POST", `${path}/cancel`, body), undefined, "clerk");
    if (action !== "release" && action !== "ship")
      throw new Refusal(422, "unknown-action", `${action} is none of create, change, cancel, release, ship`);
    const [status, event] =
      action === "ship"
        ? (["shipped", "order.shipped"] as const)
        : (["confirmed", "order.confirmed"] as const);
    const order = moveOrder(this.#existing(body), status, this.#book.now);
    return ok(this.#book.recordOrder(action, "clerk", null, order, event));
  }

  #existing(body: Record<string, unknown>): Order {
    const number = readText(body, "number");
    const order = this.#book.order(number);
    if (!order) throw new Refusal(404, "unknown-order", `there is no order ${number}`, { number });
    return order;
  }
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function write(method: string, path: string, body: Record<string, unknown>): Request {
  return { method, path, query: new URLSearchParams(), body };
}

function withLines(order: Order, lines: Line[]): Order {
  return { ...order, lines, total: totalOf(lines) };
}

function known(holder: object, field: string): string {
  const value: unknown = Object.hasOwn(holder, field) ? holder[field as keyof typeof holder] : undefined;
  if (typeof value === "string" && field !== "number") return field;
  throw new Refusal(422, "unknown-field", `${field} is not a field that can be edited`, { field });
}

function readDecimal(body: Record<string, unknown>, field: string): string {
  const text = readText(body, field);
  if (DECIMAL.test(text)) return text;
  throw new Refusal(422, "invalid-decimal", `${field} ${text} is not a decimal`, { field });
}
