import type { Field } from "./field.ts";
import { allObjects, childrenOf, type SObject } from "./schema.ts";

export function describeGlobal(base: string): object {
  return {
    encoding: "UTF-8",
    maxBatchSize: 200,
    sobjects: allObjects().map((object) => summaryOf(object, base)),
  };
}

export function describeObject(object: SObject, base: string): object {
  return {
    ...summaryOf(object, base),
    fields: [...object.fields.values()].map(describeField),
    childRelationships: childrenOf(object).map(({ name, object: child, field }) => ({
      childSObject: child.name,
      field: field.name,
      relationshipName: name,
    })),
  };
}

function summaryOf({ name, label, prefix }: SObject, base: string): object {
  const custom = name.endsWith("__c");
  const writable = name !== "User";
  return {
    name,
    label,
    keyPrefix: prefix,
    custom,
    createable: writable,
    updateable: writable,
    deletable: writable,
    queryable: true,
    urls: { sobject: `${base}/sobjects/${name}`, describe: `${base}/sobjects/${name}/describe` },
  };
}

function describeField(field: Field): object {
  const { name, type, length, scale, required, createable, updateable, unique, externalId } = field;
  const decimal = type === "double" || type === "currency";
  return {
    name,
    type,
    custom: name.endsWith("__c"),
    length: decimal ? 0 : length,
    precision: decimal ? length : 0,
    scale,
    nillable: !required && type !== "boolean",
    createable,
    updateable,
    unique,
    externalId,
    caseSensitive: false,
    autoNumber: field.autoNumber !== undefined,
    defaultValue: field.initial ?? null,
    picklistValues: (field.values ?? []).map((value) => ({ value, label: value, active: true })),
    restrictedPicklist: field.restricted,
    referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
    relationshipName: field.relationship ?? null,
  };
}
