import type { Field } from "./field.ts";
import { knownField, type Fields, type Records } from "./records.ts";
import { Refusal } from "./refusal.ts";
import { objectOf, relationOf, type SObject } from "./schema.ts";
import { readValue } from "./value.ts";

const FIELD_LIMIT = 500;

/** The values a caller sends for a record, checked field by field; `attributes` says only what the caller knows anyway. */
export function readFields(
  records: Records,
  object: SObject,
  body: unknown,
  right: "createable" | "updateable",
): Fields {
  const given = asObject(body);
  const names = Object.keys(given).filter((name) => name !== "attributes");
  if (names.length > FIELD_LIMIT)
    throw new Refusal(400, "JSON_PARSER_ERROR", `a record has at most ${FIELD_LIMIT} fields here`);
  const values: Fields = {};
  for (const name of names) {
    const relation = relationOf(object, name);
    const field = relation ?? knownField(object, name);
    if (!field[right])
      throw new Refusal(
        400,
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        [field.name],
      );
    values[field.name] = relation
      ? byExternalId(records, relation, given[name])
      : readValue(field, given[name]);
  }
  return values;
}

/** `"Account": {"ERP_Customer_Number__c": "C-100"}` in place of the account's id. */
function byExternalId(records: Records, relation: Field, given: unknown): string | null {
  if (given === null) return null;
  const object = objectOf(relation.referenceTo!)!;
  const [entry, ...others] = Object.entries(asObject(given)).filter(([name]) => name !== "attributes");
  const field = entry && knownField(object, entry[0]);
  if (!field?.externalId || others.length > 0)
    throw new Refusal(
      400,
      "INVALID_FIELD",
      `${relation.relationship}: name one external id of ${object.name}`,
      [relation.name],
    );
  const value = readValue(field, entry![1]);
  const found = value === null ? [] : records.find(object.name, field.name, String(value));
  if (found.length === 1) return found[0]!.id;
  throw new Refusal(
    400,
    "INVALID_FIELD",
    `Foreign key external ID: ${String(value).slice(0, 80).toLowerCase()} not found for field ${field.name} in entity ${object.name}`,
    [],
  );
}

export function asObject(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Refusal(
    400,
    "JSON_PARSER_ERROR",
    "The HTTP entity body is required, but this request has no JSON object",
  );
}

/** The reference a write carries, by which the book counts it. */
export function referenceOf(body: unknown): string | null {
  const reference = (body as Record<string, unknown> | null)?.["Interlock_Ref__c"];
  return typeof reference === "string" && reference !== "" ? reference : null;
}
