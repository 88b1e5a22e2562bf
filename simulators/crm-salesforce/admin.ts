import { asObject } from "./body.ts";
import { NumberText, plain } from "./exact-json.ts";
import type { Faults } from "./fault.ts";
import type { Org } from "./org.ts";
import { Refusal } from "./refusal.ts";
import type { Answer, Request } from "./request.ts";
import { knownField } from "./records.ts";
import { objectOf } from "./schema.ts";
import type { SlowCommits } from "./slow-commit.ts";
import type { Row } from "./store.ts";
import { readValue } from "./value.ts";

const BATCH = 1000;

/** The side door: the book, the faults, the clock, and what people at the org's own screens would do. */
export class Admin {
  readonly #org: Org;
  readonly #faults: Faults;
  readonly #slowCommits: SlowCommits;

  constructor(org: Org, faults: Faults, slowCommits: SlowCommits) {
    this.#org = org;
    this.#faults = faults;
    this.#slowCommits = slowCommits;
  }

  perform({ method, path, query, body }: Request): Answer {
    const [, , noun = "", id = ""] = path.split("/");
    const { book, store } = this.#org;
    switch (`${method} ${noun}`) {
      case "GET health":
        return ok({ status: "up" });
      case "GET book":
        return ok(
          id === "summary" ? this.#summary() : { entries: book.entries(Number(query.get("after") ?? 0)) },
        );
      case "GET references":
        return ok(book.ofReference(id));
      case "GET records":
        return ok(this.#records(id, query));
      case "GET settings":
        return ok(this.#org.settings);
      case "PATCH settings":
        return this.#changeSettings(plain(asObject(body)) as Record<string, unknown>);
      case "GET faults":
        return ok(id === "struck" ? this.#faults.struck : this.#faults.armed);
      case "POST faults":
        this.#faults.arm(plain(body));
        return ok(this.#faults.armed);
      case "DELETE faults":
        this.#faults.clear();
        return ok([]);
      case "PUT seed":
        this.#faults.reseed(Number(id));
        return ok({ seed: Number(id) });
      case "POST commits":
        this.#slowCommits.commitAll();
        this.#org.late.commitAll();
        return ok({});
      case "GET clock":
        return ok(this.#clock());
      case "POST clock":
        return this.#setClock(plain(asObject(body)) as { now?: unknown; speed?: unknown });
      case "PUT snapshots":
        store.snapshot(id);
        return ok({ name: id });
      case "POST restore":
        if (!store.restore(id))
          throw new Refusal(
            404,
            "UNKNOWN_SNAPSHOT",
            `there is no snapshot ${id}; make it with PUT /admin/snapshots/${id}`,
          );
        this.#org.late.commitAll();
        return ok(this.#summary());
      case "PUT items":
        if (Array.isArray(body))
          return ok(this.#putAll(body, (name, values) => this.#org.masterData.putItem(name, values)));
        return ok(shown(store.transaction(() => this.#org.masterData.putItem(id, texts(body)))));
      case "PUT customers":
        if (Array.isArray(body))
          return ok(this.#putAll(body, (name, values) => this.#org.masterData.putCustomer(name, values)));
        return ok(shown(store.transaction(() => this.#org.masterData.putCustomer(id, texts(body)))));
      case "POST edit":
        return ok(shown(store.transaction(() => this.#edit(asObject(body)))));
      case "POST clerk":
        return ok(this.#clerk(body));
      default:
        throw new Refusal(404, "NOT_FOUND", `${method} ${path} is not served here`);
    }
  }

  /** Many records as one transaction, each with its `number`. */
  #putAll(
    rows: readonly unknown[],
    put: (number: string, values: Record<string, string>) => unknown,
  ): object {
    this.#org.store.transaction(() => {
      for (const row of rows) {
        const { number, ...values } = texts(row);
        if (typeof number !== "string" || number === "")
          throw new Refusal(422, "MISSING_NUMBER", "each record names its number", ["number"]);
        put(number, values);
      }
    });
    return { records: rows.length };
  }

  #summary(): object {
    const records = [
      "Account",
      "Quote",
      "Order",
      "OrderItem",
      "Asset",
      "Case",
      "Order_Request__c",
      "Order_Comment__c",
    ];
    const counts = Object.fromEntries(records.map((type) => [type, this.#org.store.count(type)]));
    return { records: counts, ...this.#org.book.summary() };
  }

  /** The records of an object as they are kept, all fields; `?Field=value` for those with a unique value or lookup. */
  #records(type: string, query: URLSearchParams): object[] {
    const object = objectOf(type);
    if (!object) throw new Refusal(404, "NOT_FOUND", `there is no object ${type}`);
    const [filter] = query;
    const rows = filter
      ? this.#org.records.find(object.name, knownField(object, filter[0]).name, filter[1])
      : this.#org.store.since(object.name, "").filter(({ fields }) => fields["IsDeleted"] !== true);
    return [...Iterator.from(rows).take(BATCH).map(shown)];
  }

  #changeSettings(changes: Record<string, unknown>): Answer {
    const wrong = this.#org.changeSettings(changes);
    if (wrong === undefined) return ok(this.#org.settings);
    throw new Refusal(422, "INVALID_SETTING", `${wrong} is not a setting, or its value not of its kind`, [
      wrong,
    ]);
  }

  #clock(): object {
    return { now: new Date(this.#org.clock.now()).toISOString(), speed: this.#org.clock.speed };
  }

  #setClock({ now, speed = 1 }: { now?: unknown; speed?: unknown }): Answer {
    const at = now === undefined ? this.#org.clock.now() : typeof now === "string" ? Date.parse(now) : NaN;
    if (Number.isNaN(at))
      throw new Refusal(422, "INVALID_CLOCK", "now is a time such as 2031-05-09T06:00:00Z", ["now"]);
    if (typeof speed !== "number" || !(speed >= 0 && speed <= 1e6))
      throw new Refusal(422, "INVALID_CLOCK", "speed is a factor from 0 to 1000000", ["speed"]);
    this.#org.setClock({ now: at, setAt: Date.now(), speed });
    return ok(this.#clock());
  }

  /** One value changed behind the org's back: no rule, no stamp, no flow. */
  #edit(given: Record<string, unknown>): Row {
    const object = objectOf(String(given["object"]));
    const record = this.#org.records.get(String(given["id"]));
    if (!object || record?.type !== object.name)
      throw new Refusal(422, "UNKNOWN_RECORD", "object and id name a record that is there", ["id"]);
    const field = knownField(object, String(given["field"]));
    const value = readValue(field, given["value"]);
    const row = { ...record, fields: { ...record.fields, [field.name]: value } };
    if (value === null) delete row.fields[field.name];
    const keys = this.#org.store.all<{ field: string; value: string }>(
      "select field, value from key where id = ? and field <> ?",
      record.id,
      field.name,
    );
    const isKey = field.unique || field.referenceTo !== undefined || field.autoNumber !== undefined;
    this.#org.store.put(
      row,
      isKey && typeof value === "string" ? [...keys, { field: field.name, value }] : keys,
    );
    const who = { actor: "hand", userId: this.#org.masterData.people.salesperson, reference: null } as const;
    const what = { type: object.name, record: record.id, number: null, changes: { [field.name]: value } };
    this.#org.book.enter(who, { operation: "update", ...what });
    return row;
  }

  /** One action, or several as one transaction. */
  #clerk(body: unknown): unknown {
    const fault = this.#faults.draw({ verb: "clerk", object: "" });
    const actions = Array.isArray(body) ? body : [body];
    if (actions.length > BATCH) throw new Refusal(422, "TOO_MANY", `at most ${BATCH} actions at once`);
    const rows = this.#org.store.transaction(() =>
      this.#org.late.during(fault, () => actions.map((action) => this.#org.clerk.perform(asObject(action)))),
    );
    return Array.isArray(body) ? rows.map(shown) : shown(rows[0]!);
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** Texts, as kept: this is not the product's API. */
function shown({ type, fields }: Row): object {
  return { type, ...fields };
}

function texts(body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asObject(body)).map(([name, value]) => [
      name,
      (value instanceof NumberText ? value.text : value) as string,
    ]),
  );
}
