import { type TProperties, type TSchema, Type } from "typebox";

/** Knows its members and no others. */
export function strictObject<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** One of a fixed set of words. */
export function oneOf<const Words extends readonly string[]>(words: Words, description?: string) {
  return Type.Unsafe<Words[number]>({
    type: "string",
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  });
}

/** Identifiers in addresses and queries: whatever systems call their objects, without being endless. */
export function text(description: string, maxLength = 300) {
  return Type.String({ minLength: 1, maxLength, description });
}

export const TIME = Type.String({ format: "date-time", description: "RFC 3339, UTC." });

/** A ledger position or a row id in an address or a query. */
export function wholeNumber(description: string) {
  return Type.String({ pattern: "^[0-9]{1,15}$", description });
}
