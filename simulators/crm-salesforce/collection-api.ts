import { asObject } from "./body.ts";
import { methodNotAllowed, type RecordApi } from "./record-api.ts";
import { notFound, Refusal } from "./refusal.ts";
import type { Answer } from "./request.ts";
import { fieldOf, objectOf, type SObject } from "./schema.ts";
import type { Store } from "./store.ts";

const ROWS = 200;
const CHUNKS = 10;

type Row = { readonly object: SObject; readonly body: Record<string, unknown> };
type RowResult = { id?: string; success: boolean; created?: boolean; errors: object[] };

/**
 * Up to 200 records in one request. A request that can be read is answered 200 although every row failed; without
 * `allOrNone` the rows that can be done are done.
 */
export class CollectionApi {
  readonly #api: RecordApi;
  readonly #store: Store;

  constructor(api: RecordApi, store: Store) {
    this.#api = api;
    this.#store = store;
  }

  /** @param only how many rows are done, when the request is cut off in its middle */
  perform(
    method: string,
    rest: readonly string[],
    { body, query }: { body: unknown; query: URLSearchParams },
    only = ROWS,
  ): Answer {
    if (method === "DELETE") return this.#delete(query);
    const given = asObject(body);
    const allOrNone = given["allOrNone"] === true;
    const rows = readRows(given["records"]);
    const [type, key] = rest;
    if (method === "POST" && type === undefined)
      return this.#each(rows.slice(0, only), allOrNone, ({ object, body }) => ({
        id: this.#api.create(object, body).id,
      }));
    if (method === "PATCH" && type === undefined)
      return this.#each(rows.slice(0, only), allOrNone, ({ object, body: { id, Id, ...values } }) => {
        const target = id ?? Id;
        if (typeof target !== "string")
          throw new Refusal(400, "MISSING_ARGUMENT", "Id not specified in an update call");
        return { id: this.#api.update(object, target, values).id };
      });
    if (method === "PATCH" && key !== undefined)
      return this.#each(rows.slice(0, only), allOrNone, (row) => this.#upsert(type!, key, row));
    if (rest.length > 2) throw notFound();
    throw methodNotAllowed(method, "GET,POST,PATCH,DELETE");
  }

  #upsert(type: string, key: string, { object, body }: Row): { id: string; created: boolean } {
    if (object.name.toLowerCase() !== type.toLowerCase())
      throw new Refusal(
        400,
        "INVALID_TYPE",
        `a record of ${object.name} in an upsert of ${type.slice(0, 80)}`,
      );
    const name = fieldOf(object, key)?.name ?? key;
    const { [name]: value, ...values } = body;
    if (typeof value !== "string" || value === "")
      throw new Refusal(400, "MISSING_ARGUMENT", `${name} not specified`, [name]);
    return this.#api.upsert(object, name, value, values);
  }

  #delete(query: URLSearchParams): Answer {
    const ids = (query.get("ids") ?? "").split(",").filter((id) => id !== "");
    if (ids.length === 0 || ids.length > ROWS) throw tooMany(ids.length);
    const allOrNone = query.get("allOrNone") === "true";
    return this.#each(ids, allOrNone, (id) => {
      const row = this.#store.get(id);
      if (!row) throw new Refusal(404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
      this.#api.remove(objectOf(row.type)!, id);
      return { id };
    });
  }

  #each<T>(
    rows: readonly T[],
    allOrNone: boolean,
    work: (row: T) => { id: string; created?: boolean },
  ): Answer {
    let results: RowResult[] = [];
    try {
      this.#store.transaction(() => {
        results = rows.map((row) => this.#attempt(() => work(row)));
        if (allOrNone && results.some(({ success }) => !success)) throw new RolledBack();
      });
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      results = results.map((result) => (result.success ? halted() : result));
    }
    return { status: 200, body: results };
  }

  #attempt(work: () => { id: string; created?: boolean }): RowResult {
    try {
      return { ...this.#store.transaction(work), success: true, errors: [] };
    } catch (error) {
      if (error instanceof Refusal) return { success: false, errors: [error.row()] };
      throw error;
    }
  }
}

class RolledBack extends Error {}

function halted(): RowResult {
  const message =
    "Record rolled back because not all records were valid and the request was using AllOrNone header";
  return {
    success: false,
    errors: [{ statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK", message, fields: [] }],
  };
}

function readRows(records: unknown): Row[] {
  if (!Array.isArray(records) || records.length === 0 || records.length > ROWS)
    throw tooMany(Array.isArray(records) ? records.length : 0);
  const rows = records.map((record) => {
    const { attributes, ...body } = asObject(record);
    const type = (attributes as { type?: unknown } | undefined)?.type;
    const object = typeof type === "string" ? objectOf(type) : undefined;
    if (!object)
      throw new Refusal(400, "INVALID_TYPE", `sObject type '${String(type).slice(0, 80)}' is not supported`);
    return { object, body };
  });
  const chunks = rows.filter(({ object }, n) => object !== rows[n - 1]?.object).length;
  if (chunks > CHUNKS)
    throw new Refusal(
      400,
      "INVALID_OPERATION",
      `Cannot have more than ${CHUNKS} chunks in a single operation.`,
    );
  return rows;
}

function tooMany(count: number): Refusal {
  return new Refusal(400, "EXCEEDED_ID_LIMIT", `record limit reached. 1 to ${ROWS} records, not ${count}`);
}
