export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "picklist"
  | "boolean"
  | "double"
  | "currency"
  | "date"
  | "datetime"
  | "email"
  | "phone";

/** One field of an object, in the words of the product's describe. */
export type Field = {
  readonly name: string;
  readonly type: FieldType;
  readonly length: number;
  readonly scale: number;
  readonly required: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  /** The values of a picklist; a restricted one takes no others. */
  readonly values?: readonly string[];
  readonly restricted: boolean;
  readonly initial?: string | boolean;
  readonly referenceTo?: string;
  /** How a query reaches the parent: `Account` of `AccountId`. */
  readonly relationship?: string;
  /** How a query of the parent reaches these: `Contacts` of an account. */
  readonly children?: string;
  /** Numbered by the org: `QT-{00000}`. */
  readonly autoNumber?: string;
};

export type ObjectDefinition = {
  readonly name: string;
  readonly label: string;
  /** First three characters of every id. */
  readonly prefix: string;
  readonly fields: readonly Field[];
};

type Options = Partial<Omit<Field, "name" | "type">>;

const PLAIN = {
  length: 0,
  scale: 0,
  required: false,
  createable: true,
  updateable: true,
  unique: false,
  externalId: false,
  restricted: false,
};

export function field(name: string, type: FieldType, options: Options = {}): Field {
  return { ...PLAIN, name, type, ...options };
}

export const text = (name: string, length = 255, options: Options = {}): Field =>
  field(name, "string", { length, ...options });
export const longText = (name: string, length = 32_000): Field => field(name, "textarea", { length });
export const flag = (name: string, initial = false, options: Options = {}): Field =>
  field(name, "boolean", { initial, ...options });
export const amount = (name: string, options: Options = {}): Field =>
  field(name, "currency", { length: 18, scale: 2, ...options });
export const number = (name: string, scale = 3, options: Options = {}): Field =>
  field(name, "double", { length: 18, scale, ...options });
export const day = (name: string, options: Options = {}): Field => field(name, "date", options);
export const moment = (name: string, options: Options = {}): Field => field(name, "datetime", options);
export const picklist = (name: string, values: readonly string[], options: Options = {}): Field =>
  field(name, "picklist", { length: 255, values, ...options });

/** Written by the org alone. */
export const READ_ONLY = { createable: false, updateable: false } as const;
/** May be said once, when the record is made. */
export const ONCE = { updateable: false } as const;

/** A key another system gave: unique, and records can be found and upserted by it. Upper and lower case are the same. */
export const externalKey = (name: string, length = 80): Field =>
  text(name, length, { unique: true, externalId: true });

export const autoNumber = (name: string, pattern: string): Field =>
  text(name, 30, { ...READ_ONLY, autoNumber: pattern });

export function parent(name: string, referenceTo: string, options: Options = {}): Field {
  const relationship = name.endsWith("__c") ? name.replace(/__c$/, "__r") : name.replace(/Id$/, "");
  return field(name, "reference", { length: 18, referenceTo, relationship, ...options });
}
