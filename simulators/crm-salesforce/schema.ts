import { field, flag, moment, parent, READ_ONLY, type Field, type ObjectDefinition } from "./field.ts";
import { INTEGRATION } from "./schema-integration.ts";
import { SALES } from "./schema-sales.ts";
import { SERVICE } from "./schema-service.ts";

export type SObject = Omit<ObjectDefinition, "fields"> & {
  readonly fields: ReadonlyMap<string, Field>;
};

/** A child relationship as a query of the parent names it. */
export type Children = { readonly name: string; readonly object: SObject; readonly field: Field };

const AUDIT: readonly Field[] = [
  field("Id", "id", { length: 18, ...READ_ONLY }),
  flag("IsDeleted", false, READ_ONLY),
  moment("CreatedDate", READ_ONLY),
  parent("CreatedById", "User", READ_ONLY),
  moment("LastModifiedDate", READ_ONLY),
  parent("LastModifiedById", "User", READ_ONLY),
  moment("SystemModstamp", READ_ONLY),
];

const OBJECTS: ReadonlyMap<string, SObject> = new Map(
  [...SALES, ...SERVICE, ...INTEGRATION].map((definition) => {
    const fields = [...AUDIT, ...definition.fields].map(
      (field) => [field.name.toLowerCase(), field] as const,
    );
    return [definition.name.toLowerCase(), { ...definition, fields: new Map(fields) }] as const;
  }),
);

/** Names of objects and fields are the same in upper and lower case, as in the product. */
export function objectOf(name: string): SObject | undefined {
  return OBJECTS.get(name.toLowerCase());
}

export function allObjects(): readonly SObject[] {
  return [...OBJECTS.values()];
}

export function fieldOf(object: SObject, name: string): Field | undefined {
  return object.fields.get(name.toLowerCase());
}

export function relationOf(object: SObject, relationship: string): Field | undefined {
  return [...object.fields.values()].find(
    (field) => field.relationship?.toLowerCase() === relationship.toLowerCase(),
  );
}

export function childrenOf(parentObject: SObject): Children[] {
  return allObjects().flatMap((object) =>
    [...object.fields.values()].flatMap((field) =>
      field.children !== undefined && field.referenceTo === parentObject.name
        ? [{ name: field.children, object, field }]
        : [],
    ),
  );
}
