import { asObject, readFields, referenceOf } from "./body.ts";
import type { Who } from "./book.ts";
import { readId } from "./id.ts";
import { knownField, type Records } from "./records.ts";
import { notFound, Refusal } from "./refusal.ts";
import type { Answer } from "./request.ts";
import { objectOf, type SObject } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { renderRecord } from "./soql-run.ts";
import type { Row } from "./store.ts";

export type Saved = { readonly id: string; readonly created: boolean };

/** One record by the REST API: read, created, changed, deleted, upserted by an external id. */
export class RecordApi {
  readonly #records: Records;
  readonly #settings: () => Settings;
  readonly #userId: string;
  /** Strikes an upsert that found nothing: another one of the same key has just come through, too. */
  raceNextUpsert = false;

  constructor(records: Records, settings: () => Settings, userId: string) {
    this.#records = records;
    this.#settings = settings;
    this.#userId = userId;
  }

  perform(
    method: string,
    base: string,
    [type = "", ...rest]: readonly string[],
    request: {
      body: unknown;
      query: URLSearchParams;
    },
  ): Answer {
    const object = objectOf(type);
    if (!object) throw notFound();
    const [key, value] = rest;
    if (rest.length > 2) throw notFound();
    if (key === undefined) {
      if (method !== "POST") throw methodNotAllowed(method, "HEAD,GET,POST");
      return created({ id: this.create(object, request.body).id, created: true }, false);
    }
    if (value === undefined) return this.#byId(method, base, object, key, request.body);
    const found = this.#byKey(object, key, value);
    switch (method) {
      case "GET":
        if (found.length > 1) return manyFound(found, base);
        if (!found[0])
          throw notFound("Provided external ID field does not exist or is not accessible: " + key);
        return { status: 200, body: renderRecord(found[0], object, base) };
      case "PATCH": {
        if (found.length > 1) return manyFound(found, base);
        if (!found[0] && request.query.get("updateOnly") === "true") throw notFound();
        return this.#answerUpsert(this.upsert(object, key, value, request.body));
      }
      default:
        throw methodNotAllowed(method, "HEAD,GET,PATCH,DELETE");
    }
  }

  create(object: SObject, body: unknown): Row {
    refuseUsers(object);
    const values = readFields(this.#records, object, body, "createable");
    return this.#records.create(object.name, values, this.#who(body));
  }

  update(object: SObject, id: string, body: unknown): Row {
    refuseUsers(object);
    const row = this.#existing(object, id);
    return this.#records.update(row, readFields(this.#records, object, body, "updateable"), this.#who(body));
  }

  remove(object: SObject, id: string): void {
    refuseUsers(object);
    this.#records.remove(this.#existing(object, id), this.#who(null));
  }

  /** @throws Refusal 300 when the key is on more than one record: nothing is written then */
  upsert(object: SObject, key: string, value: string, body: unknown): Saved {
    refuseUsers(object);
    const field = knownField(object, key);
    const given = asObject(body);
    if (Object.keys(given).some((name) => name.toLowerCase() === field.name.toLowerCase()))
      throw new Refusal(
        400,
        "INVALID_FIELD",
        `The ${field.name} field should not be specified in the sobject data.`,
        [field.name],
      );
    const found = this.#byKey(object, key, value);
    if (found.length > 1)
      throw new Refusal(
        300,
        "DUPLICATE_EXTERNAL_ID",
        `${field.name}: more than one record found for external id field: [${found.map(({ id }) => id).join(", ")}]`,
      );
    const who = this.#who({ ...given, [field.name]: value });
    const [row] = found;
    if (row) {
      this.#records.update(row, readFields(this.#records, object, given, "updateable"), who);
      return { id: row.id, created: false };
    }
    const values = { ...readFields(this.#records, object, given, "createable"), [field.name]: value };
    const made = this.#records.create(object.name, values, who);
    // Two that come at once both find nothing: where the field is not unique, both are there from then on.
    if (this.raceNextUpsert && !this.#settings().uniqueReference)
      this.#records.create(object.name, values, who);
    return { id: made.id, created: true };
  }

  #byId(method: string, base: string, object: SObject, id: string, body: unknown): Answer {
    switch (method) {
      case "GET":
        return { status: 200, body: renderRecord(this.#existing(object, id), object, base) };
      case "PATCH":
        this.update(object, id, body);
        return { status: 204 };
      case "DELETE":
        this.remove(object, id);
        return { status: 204 };
      default:
        throw methodNotAllowed(method, "HEAD,GET,PATCH,DELETE");
    }
  }

  #byKey(object: SObject, key: string, value: string): Row[] {
    const field = knownField(object, key);
    if (!field.externalId)
      throw notFound(`Provided external ID field does not exist or is not accessible: ${field.name}`);
    if (value === "" || value.length > field.length)
      throw new Refusal(400, "STRING_TOO_LONG", `${field.name}: data value too large`, [field.name]);
    return this.#records.find(object.name, field.name, value);
  }

  #answerUpsert(saved: Saved): Answer {
    if (saved.created) return created(saved, true);
    if (this.#settings().upsertAnswersNoContent) return { status: 204 };
    return { status: 200, body: { id: saved.id, success: true, errors: [], created: false } };
  }

  #existing(object: SObject, text: string): Row {
    const id = readId(text);
    if (id === undefined)
      throw new Refusal(
        400,
        "MALFORMED_ID",
        `${object.name} ID: id value of incorrect type: ${text.slice(0, 40)}`,
        ["Id"],
      );
    const row = this.#records.store.get(id);
    if (row?.type !== object.name) throw notFound("The requested resource does not exist");
    if (row.fields["IsDeleted"] === true) throw new Refusal(404, "ENTITY_IS_DELETED", "entity is deleted");
    return row;
  }

  #who(body: unknown): Who {
    return { actor: "api", userId: this.#userId, reference: referenceOf(body) };
  }
}

function created({ id }: Saved, upserted: boolean): Answer {
  return { status: 201, body: { id, success: true, errors: [], ...(upserted ? { created: true } : {}) } };
}

function manyFound(rows: readonly Row[], base: string): Answer {
  return { status: 300, body: rows.map(({ id, type }) => `${base}/sobjects/${type}/${id}`) };
}

function refuseUsers({ name }: SObject): void {
  if (name === "User")
    throw new Refusal(403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id");
}

export function methodNotAllowed(method: string, allowed: string): Refusal {
  return new Refusal(
    405,
    "METHOD_NOT_ALLOWED",
    `HTTP Method '${method.slice(0, 10)}' not allowed. Allowed are ${allowed}`,
  );
}
