import type { Book, Operation, Who } from "./book.ts";
import type { Clock } from "./clock.ts";
import type { Field } from "./field.ts";
import { makeId } from "./id.ts";
import { Refusal } from "./refusal.ts";
import { fieldOf, objectOf, type SObject } from "./schema.ts";
import type { Settings } from "./settings.ts";
import type { Key, Row, Store, Value } from "./store.ts";

export type Fields = Record<string, Value>;

/** What the org does by itself when a record is saved, in the same transaction. */
export type Rules = {
  readonly beforeSave: (records: Records, before: Row | null, after: Row, who: Who) => void;
  readonly afterSave: (records: Records, before: Row | null, after: Row, who: Who) => void;
};

/** The fields that say what number a person knows a record by, in this order. */
const NUMBERS = [
  "OrderNumber",
  "QuoteNumber",
  "CaseNumber",
  "ERP_Customer_Number__c",
  "Asset_Key__c",
  "Name",
];

/**
 * Creates and changes records under the org's rules: required and unique fields, lookups that exist, and what the org
 * does by itself before and after. To be called within a transaction.
 */
export class Records {
  readonly store: Store;
  readonly clock: Clock;
  readonly #book: Book;
  readonly #settings: () => Settings;
  readonly #rules: Rules;
  /** Called with what is about to be overwritten; null for a new record. */
  onWrite: (id: string, before: Row | null) => void = () => {};

  constructor(store: Store, clock: Clock, book: Book, settings: () => Settings, rules: Rules) {
    this.store = store;
    this.clock = clock;
    this.#book = book;
    this.#settings = settings;
    this.#rules = rules;
  }

  get(id: string): Row | undefined {
    const row = this.store.get(id);
    return row?.fields["IsDeleted"] === true ? undefined : row;
  }

  /** The records that are there with this value in a unique field or lookup. */
  find(type: string, field: string, value: string): Row[] {
    return this.store.withKey(type, field, value).filter(({ fields }) => fields["IsDeleted"] !== true);
  }

  create(type: string, values: Fields, who: Who): Row {
    const object = objectOf(type)!;
    const id = makeId(object.prefix, this.store.next(`id ${object.name}`));
    const stamp = this.clock.stamp();
    const fields: Fields = { Id: id, IsDeleted: false, CreatedDate: stamp, CreatedById: who.userId };
    for (const field of object.fields.values()) {
      if (field.autoNumber !== undefined) fields[field.name] = this.#number(object, field);
      else if (field.initial !== undefined) fields[field.name] = field.initial;
    }
    Object.assign(fields, values);
    const row = { id, type: object.name, fields };
    return this.#save(object, null, row, values, who, "create");
  }

  update(row: Row, values: Fields, who: Who): Row {
    const object = objectOf(row.type)!;
    const after = { ...row, fields: { ...row.fields, ...values } };
    return this.#save(object, row, after, values, who, "update");
  }

  remove(row: Row, who: Who): void {
    const object = objectOf(row.type)!;
    this.#save(object, row, { ...row, fields: { ...row.fields, IsDeleted: true } }, {}, who, "delete");
  }

  #save(
    object: SObject,
    before: Row | null,
    after: Row,
    values: Fields,
    who: Who,
    operation: Operation,
  ): Row {
    this.#rules.beforeSave(this, before, after, who);
    const stamp = this.clock.stamp();
    Object.assign(after.fields, {
      LastModifiedDate: stamp,
      LastModifiedById: who.userId,
      SystemModstamp: stamp,
    });
    for (const [name, value] of Object.entries(after.fields)) if (value === null) delete after.fields[name];
    if (operation !== "delete") this.#check(object, after);
    this.onWrite(after.id, before);
    this.store.put(after, this.#keysOf(object, after));
    const changes = operation === "delete" ? { IsDeleted: true } : changed(before, after, values);
    const number = NUMBERS.map((name) => after.fields[name]).find((value) => typeof value === "string");
    const what = { operation, type: object.name, record: after.id, number: number ?? null, changes };
    this.#book.enter(who, what);
    this.#rules.afterSave(this, before, after, who);
    return this.store.get(after.id)!;
  }

  #check(object: SObject, { id, fields }: Row): void {
    const missing = [...object.fields.values()].filter(
      ({ required, name }) => required && fields[name] === undefined,
    );
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name);
      throw new Refusal(
        400,
        "REQUIRED_FIELD_MISSING",
        `Required fields are missing: [${names.join(", ")}]`,
        names,
      );
    }
    for (const field of object.fields.values()) {
      const value = fields[field.name];
      if (typeof value !== "string") continue;
      // What the org itself has set exists.
      if (field.createable && field.referenceTo !== undefined && this.get(value)?.type !== field.referenceTo)
        throw new Refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [field.name]);
      if (!field.unique || !this.#settings().uniqueReference) continue;
      const other = this.find(object.name, field.name, value).find((row) => row.id !== id);
      if (other) throw duplicateValue(field.name, other.id);
    }
  }

  #keysOf(object: SObject, { fields }: Row): Key[] {
    return [...object.fields.values()].flatMap(({ name, unique, referenceTo, autoNumber }) => {
      const value = fields[name];
      const isKey = unique || referenceTo !== undefined || autoNumber !== undefined;
      return isKey && typeof value === "string" ? [{ field: name, value }] : [];
    });
  }

  #number(object: SObject, { name, autoNumber }: Field): string {
    const sequence = String(this.store.next(`number ${object.name}.${name}`));
    return autoNumber!.replace(/\{(0+)\}/, (_all, zeros: string) => sequence.padStart(zeros.length, "0"));
  }
}

export function duplicateValue(field: string, id: string): Refusal {
  return new Refusal(
    400,
    "DUPLICATE_VALUE",
    `duplicate value found: ${field} duplicates value on record with id: ${id}`,
    [field],
  );
}

/** What of the values sent was not so before. */
function changed(before: Row | null, after: Row, values: Fields): Fields {
  const names =
    before === null ? Object.keys(after.fields).filter((name) => !AUDIT.has(name)) : Object.keys(values);
  return Object.fromEntries(
    names
      .filter((name) => (before?.fields[name] ?? null) !== (after.fields[name] ?? null))
      .map((name) => [name, after.fields[name] ?? null]),
  );
}

const AUDIT = new Set([
  "IsDeleted",
  "CreatedDate",
  "CreatedById",
  "LastModifiedDate",
  "LastModifiedById",
  "SystemModstamp",
]);

/** A field by its name, or the product's refusal for one that does not exist. */
export function knownField(object: SObject, name: string): Field {
  const field = fieldOf(object, name);
  if (field) return field;
  throw new Refusal(
    400,
    "INVALID_FIELD",
    `No such column '${name.slice(0, 80)}' on sobject of type ${object.name}`,
    [name.slice(0, 80)],
  );
}
