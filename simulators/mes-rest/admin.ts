import { headOf, readFeed, type Answer } from "./api.ts";
import { performByHand } from "./clerk.ts";
import { readCourse, type Course } from "./course.ts";
import { exact, text as written } from "./decimal.ts";
import type { Faults } from "./fault.ts";
import type { ItemMaster } from "./material.ts";
import { reportingOperation, type Order } from "./order.ts";
import type { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";
import { changeSettings } from "./settings.ts";
import type { SlowCommits } from "./slow-commit.ts";
import type { Webhooks } from "./webhook.ts";

type Body = Record<string, unknown>;
type BookRow = {
  n: number;
  at: number;
  actor: string;
  op: string;
  reference: string | null;
  work_order: string | null;
  facts: string;
  undone: number;
};

const PAGE = 1000;

/** The side door: the book, the faults, the clock, and what people in the plant would do. In no vendor's dialect. */
export class Admin {
  readonly #plant: Plant;
  readonly #faults: Faults;
  readonly #slowCommits: SlowCommits;
  readonly #webhooks: Webhooks;
  readonly #vendor: string;

  constructor(given: {
    plant: Plant;
    faults: Faults;
    slowCommits: SlowCommits;
    webhooks: Webhooks;
    vendor: string;
  }) {
    this.#plant = given.plant;
    this.#faults = given.faults;
    this.#slowCommits = given.slowCommits;
    this.#webhooks = given.webhooks;
    this.#vendor = given.vendor;
  }

  perform(method: string, path: string, query: URLSearchParams, text: string): Answer {
    try {
      const [, , noun = "", id = ""] = path.split("/");
      return answer(200, this.#perform(`${method} ${noun}`, id, query, parse(text)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, field } = error;
      return answer(status, { code, message, ...(field !== undefined && { field }) });
    }
  }

  #perform(asked: string, id: string, query: URLSearchParams, given: unknown): unknown {
    const { store, clock } = this.#plant;
    const body = (Array.isArray(given) ? {} : given) as Body;
    switch (asked) {
      case "GET health":
        return { status: "up", dialect: this.#vendor, now: iso(clock.now()) };
      case "GET book":
        return id === "summary" ? this.#summary() : this.#book(query);
      case "GET references":
        return this.#countsOf(id);
      case "GET settings":
        return this.#plant.settings;
      case "PATCH settings":
        this.#plant.settings = changeSettings(this.#plant.settings, body);
        return this.#plant.settings;
      case "GET clock":
        return this.#clock();
      case "POST clock":
        clock.set(body);
        store.keep("clock", clock.state);
        return this.#clock();
      case "GET faults":
        return id === "struck" ? this.#faults.struck : this.#faults.armed;
      case "POST faults":
        this.#faults.arm(given);
        return this.#faults.armed;
      case "DELETE faults":
        this.#faults.clear();
        return [];
      case "POST commits":
        // What is still open is done outside of this transaction.
        setImmediate(() => this.#slowCommits.commitAll());
        return {};
      case "PUT seed":
        this.#faults.reseed(Number(id));
        return { seed: Number(id) };
      case "POST cut-off":
        this.#webhooks.cutOff = body["on"] !== false;
        return { on: this.#webhooks.cutOff };
      case "PUT snapshots":
        if (!/^[\w.-]{1,60}$/.test(id))
          throw new Refusal(422, "invalid-name", "a snapshot's name has 1 to 60 letters, digits, . _ -");
        store.takeSnapshot(id);
        return { name: id };
      case "POST restore":
        if (!store.restoreSnapshot(id))
          throw new Refusal(404, "unknown-snapshot", `there is no snapshot ${id}`);
        return this.#summary();
      case "GET courses":
        return store.list<Course>("course");
      case "POST courses":
        store.put("course", String(store.nextNumber("course")).padStart(9, "0"), readCourse(body));
        return store.list<Course>("course");
      case "DELETE courses":
        store.run("delete from document where kind = 'course'");
        return [];
      case "PUT items":
        if (Array.isArray(given)) return this.#putItems(given as Body[]);
        store.put("item", id, readItem(body));
        return store.get("item", id);
      case "GET orders":
        return id === "" ? store.list<Order>("order").map(digest) : this.#plant.existing(id);
      case "GET work-centers":
        return store.list("workCenter");
      case "GET notifications":
        return store.list("notification");
      case "GET reports":
        return readFeed(this.#plant, Number(query.get("after") ?? 0), PAGE).map((change) => ({
          ...change,
          at: iso(change.at),
        }));
      case "POST edit":
        return this.#edit(body);
      case "POST clerk":
        return Array.isArray(given)
          ? given.map((each) => performByHand(this.#plant, each as Body))
          : performByHand(this.#plant, body);
      default:
        throw new Refusal(404, "no-such-operation", `${asked} is not served here`);
    }
  }

  /** Many at once, each with its `item`. */
  #putItems(rows: readonly Body[]): object {
    for (const { item, ...master } of rows) this.#plant.store.put("item", String(item), readItem(master));
    return { items: rows.length };
  }

  #clock(): object {
    const { state } = this.#plant.clock;
    return { now: iso(this.#plant.clock.now()), speed: state.speed };
  }

  #summary(): object {
    const { store } = this.#plant;
    const many = (where: string) =>
      store
        .all<{ reference: string }>(
          `select reference from book where reference is not null ${where} group by reference having count(*) > 1`,
        )
        .map(({ reference }) => reference);
    const counts = store.one<{ entries: number; refs: number }>(
      "select count(*) as entries, count(distinct reference) as refs from book",
    )!;
    const owed = store.one<{ n: number; due: number | null }>(
      "select count(*) as n, min(due) as due from delivery",
    )!;
    return {
      entries: counts.entries,
      orders: store.one<{ n: number }>("select count(*) as n from document where kind = 'order'")!.n,
      references: counts.refs,
      sequence: headOf(this.#plant),
      undelivered: owed.n,
      nextDelivery: owed.due === null ? null : iso(owed.due),
      appliedMoreThanOnce: many(""),
      standingMoreThanOnce: many("and undone = 0"),
    };
  }

  #book(query: URLSearchParams): object {
    const limit = Math.min(PAGE, Number(query.get("limit") ?? PAGE));
    const rows = this.#plant.store.all<BookRow>(
      "select * from book where n > ? order by n limit ?",
      Number(query.get("after") ?? 0),
      limit,
    );
    const entries = rows.map(({ n, at, actor, op, reference, work_order, facts, undone }) => ({
      n,
      at: iso(at),
      actor,
      op,
      reference,
      workOrder: work_order,
      ...(JSON.parse(facts) as object),
      undone: undone === 1,
    }));
    return { entries, next: rows.at(-1)?.n ?? Number(query.get("after") ?? 0) };
  }

  #countsOf(reference: string): object {
    return this.#plant.store.one(
      `select count(*) as applied, coalesce(sum(undone = 0), 0) as standing from book where reference = ?`,
      reference,
    ) as object;
  }

  /** One value changed behind the system's back: no report, no reference, no new version. */
  #edit({ workOrder, operation, field, value }: Body): object {
    const order = this.#plant.existing(String(workOrder));
    const holder =
      operation === undefined ? order : order.operations.find((had) => had.operation === operation);
    const name = String(field);
    const present: unknown =
      holder && Object.hasOwn(holder, name) ? holder[name as keyof typeof holder] : null;
    if (!holder || typeof present !== "string" || typeof value !== "string")
      throw new Refusal(422, "unknown-field", `${name} is no text that can be edited`, "field");
    Object.assign(holder, { [name]: value });
    this.#plant.save(order);
    this.#plant.enter(this.#plant.clock.now(), "hand", "edit", {
      workOrder: order.workOrder,
      operation,
      field,
      value,
    });
    return digest(order);
  }
}

/** An order in the numbers a comparison needs. */
function digest(order: Order): object {
  const { good, scrap, rework } = reportingOperation(order);
  const { workOrder, productionOrder, item, quantity, unit, status, mode, lots, blocked } = order;
  const scrapped = order.operations.reduce((total, operation) => total.plus(operation.scrap), exact(0));
  return {
    workOrder,
    productionOrder,
    document: order.document,
    item,
    itemRevision: order.itemRevision,
    bomRevision: order.bomRevision,
    routingRevision: order.routingRevision,
    mode,
    quantity,
    unit,
    status,
    good,
    scrap,
    rework,
    scrapOfAllOperations: written(scrapped),
    blocked,
    lots,
    plannedEnd: iso(order.plannedEnd),
    endedAt: order.endedAt === null ? null : iso(order.endedAt),
  };
}

function readItem(body: Body): ItemMaster {
  const { tracking, lot, serials } = body;
  const known = tracking === undefined || ["none", "lot", "serial"].includes(String(tracking));
  const fits =
    known &&
    (lot === undefined || typeof lot === "string") &&
    (serials === undefined || (Array.isArray(serials) && serials.every((s) => typeof s === "string")));
  if (!fits)
    throw new Refusal(422, "invalid-item", "an item is {tracking?: none|lot|serial, lot?, serials?}");
  return body as ItemMaster;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function answer(status: number, body: unknown): Answer {
  return { status, text: JSON.stringify(body), headers: { "content-type": "application/json" } };
}

function parse(text: string): unknown {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new Refusal(400, "invalid-json", "the body is not a JSON object or array");
}
