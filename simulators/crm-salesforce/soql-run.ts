import type { Field } from "./field.ts";
import type { LateCommits } from "./late-commit.ts";
import type { Records } from "./records.ts";
import { childrenOf, fieldOf, objectOf, relationOf, type SObject } from "./schema.ts";
import { comparable, compare, matches } from "./soql-match.ts";
import type { Condition, Path, Query } from "./soql-parse.ts";
import { malformed } from "./soql-token.ts";
import type { Row, Value } from "./store.ts";
import { renderValue } from "./value.ts";

/** How the rows of a query are read: deleted ones too, and without what commits late and does not show yet. */
export type View = {
  readonly records: Records;
  readonly deleted: boolean;
  /** The first row is not committed yet: what comes behind it fills the page. */
  readonly gap: boolean;
  readonly late: LateCommits;
  /** Of the API, as it stands in `attributes.url`. */
  readonly base: string;
};

export type Result = {
  readonly object: SObject;
  readonly rows: Row[];
  readonly render: (row: Row) => object;
  /** A row was left out, as `View.gap` asks. */
  readonly gapped: boolean;
};

/** Runs a query on its object. Every name is looked up first: what does not exist is refused although nothing matches. */
export function runQuery(query: Query, view: View): Result {
  const object = objectOf(query.from.path.join("."));
  if (!object)
    throw malformed(
      query.text,
      query.from.at,
      `sObject type '${query.from.path.join(".")}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.`,
      "INVALID_TYPE",
    );
  return { object, ...selectFrom(query, object, view, undefined) };
}

type Resolved = { readonly relations: readonly Field[]; readonly field: Field };

function selectFrom(
  query: Query,
  object: SObject,
  view: View,
  parent: { field: Field; id: string } | undefined,
): Omit<Result, "object"> {
  const names = query.fields.map((path) => resolve(query, object, path));
  const children = query.children.map((child) => childQuery(child, object, view));
  const test = query.where && compile(query, object, query.where, view.records);
  const orders = query.order.map(({ field, ...how }) => ({ ...how, ...resolve(query, object, field) }));
  const isAsked = (row: Row) =>
    (view.deleted || row.fields["IsDeleted"] !== true) && (test === undefined || test(row));
  const candidates = parent
    ? view.records.store.withKey(object.name, parent.field.name, parent.id)
    : candidatesOf(query, object, view, isAsked);
  let rows = view.late.shown(candidates).filter(isAsked);
  rows = rows.toSorted((a, b) => {
    for (const { relations, field, descending, nullsLast } of orders) {
      const order = compareValues(
        field,
        valueOf(view.records, a, relations, field),
        valueOf(view.records, b, relations, field),
        nullsLast,
        descending,
      );
      if (order !== 0) return order;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
  const gapped = view.gap && !parent && rows.length > 0;
  if (gapped) rows = rows.slice(1);
  if (query.limit !== undefined) rows = rows.slice(0, query.limit);
  return { rows, render: (row) => renderRow(row, names, children, view), gapped };
}

function compareValues(field: Field, a: Value, b: Value, nullsLast: boolean, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  return descending ? compare(field, b, a) : compare(field, a, b);
}

type Child = { readonly name: string; readonly of: (row: Row) => object | null };

function childQuery(query: Query, object: SObject, view: View): Child {
  const name = query.from.path.join(".");
  const child = childrenOf(object).find((child) => child.name.toLowerCase() === name.toLowerCase());
  if (!child)
    throw malformed(
      query.text,
      query.from.at,
      `Didn't understand relationship '${name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`,
      "INVALID_TYPE",
    );
  // Once without a row, so that a wrong name is found although there is no parent.
  selectFrom(query, child.object, view, { field: child.field, id: "" });
  return {
    name: child.name,
    of: (row) => {
      const { rows, render } = selectFrom(query, child.object, view, { field: child.field, id: row.id });
      return rows.length === 0 ? null : { totalSize: rows.length, done: true, records: rows.map(render) };
    },
  };
}

function resolve(query: Query, object: SObject, { path, at }: Path): Resolved {
  const relations: Field[] = [];
  let here = object;
  for (const name of path.slice(0, -1)) {
    // The object's own name may stand before its fields.
    if (relations.length === 0 && name.toLowerCase() === here.name.toLowerCase()) continue;
    const relation = relationOf(here, name);
    if (!relation)
      throw malformed(
        query.text,
        at,
        `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name.`,
        "INVALID_FIELD",
      );
    relations.push(relation);
    here = objectOf(relation.referenceTo!)!;
  }
  const name = path.at(-1)!;
  const field = fieldOf(here, name);
  if (field) return { relations, field };
  throw malformed(
    query.text,
    at,
    `No such column '${name}' on entity '${here.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    "INVALID_FIELD",
  );
}

function compile(
  query: Query,
  object: SObject,
  condition: Condition,
  records: Records,
): (row: Row) => boolean {
  switch (condition.op) {
    case "and":
    case "or": {
      const all = condition.all.map((part) => compile(query, object, part, records));
      return condition.op === "and"
        ? (row) => all.every((test) => test(row))
        : (row) => all.some((test) => test(row));
    }
    case "not": {
      const test = compile(query, object, condition.of, records);
      return (row) => !test(row);
    }
    case "compare":
    case "in": {
      const { relations, field } = resolve(query, object, condition.field);
      if (field.type === "textarea")
        throw malformed(
          query.text,
          condition.field.at,
          `field '${field.name}' can not be filtered in a query call`,
          "INVALID_FIELD",
        );
      const literals = condition.op === "in" ? condition.literals : [condition.literal];
      const wanted = literals.map((literal) => {
        const value = comparable(field, literal);
        if (value !== undefined) return value;
        const quotes = literal.kind === "string" ? " and should not be enclosed in quotes" : "";
        throw malformed(
          query.text,
          condition.field.at,
          `value of filter criterion for field '${field.name}' must be of type ${field.type}${quotes}`,
          "INVALID_FIELD",
        );
      });
      const of = (row: Row) => valueOf(records, row, relations, field);
      if (condition.op === "compare") return (row) => matches(field, of(row), condition.operator, wanted[0]!);
      return (row) => wanted.some((value) => matches(field, of(row), "=", value)) !== condition.negated;
    }
  }
}

function valueOf(records: Records, row: Row, relations: readonly Field[], field: Field): Value {
  let here: Row | undefined = row;
  for (const { name } of relations) here = here && records.store.get(String(here.fields[name]));
  return here?.fields[field.name] ?? null;
}

/**
 * As few rows as an index gives: by a unique field or lookup that must equal a text, the last ones changed, else from the
 * least stamp on, as many as are asked for.
 */
function candidatesOf(
  query: Query,
  object: SObject,
  { records, late, deleted, gap }: View,
  isAsked: (row: Row) => boolean,
): Row[] {
  const parts = query.where === undefined ? [] : query.where.op === "and" ? query.where.all : [query.where];
  for (const part of parts) {
    if (part.op !== "compare" || part.operator !== "=" || part.literal.kind !== "string") continue;
    if (part.field.path.length > 1) continue;
    const field = fieldOf(object, part.field.path[0]!);
    if (field?.type === "id")
      return [records.store.get(String(comparable(field, part.literal)))].flatMap((row) =>
        row?.type === object.name ? [row] : [],
      );
    if (field && (field.unique || field.referenceTo !== undefined || field.autoNumber !== undefined))
      return records.store.withKey(object.name, field.name, String(comparable(field, part.literal)));
  }
  const since = () => records.store.since(object.name, leastStamp(query.where) ?? "");
  // Instead of a row that does not show yet others would.
  if (query.limit === undefined || !late.none || gap) return [...since()];
  if (isFromLatest(query)) return records.store.latest(object.name, { most: query.limit, deleted });
  return [...(isFromEarliest(query) ? since().filter(isAsked).take(query.limit) : since())];
}

function isFromLatest({ where, order }: Query): boolean {
  return where === undefined && order.length === 1 && order[0]!.descending && isStamp(order[0]!.field);
}

/** By stamp, then by id or by nothing else: rows of one stamp are given by id anyway. */
function isFromEarliest({ order: [first, second, ...others] }: Query): boolean {
  if (first === undefined || first.descending || !isStamp(first.field) || others.length > 0) return false;
  return second === undefined || (!second.descending && isNamed(second.field, "id"));
}

function isStamp(path: Path): boolean {
  return isNamed(path, "systemmodstamp");
}

function isNamed({ path }: Path, name: string): boolean {
  return path.join(".").toLowerCase() === name;
}

function leastStamp(condition: Condition | undefined): string | undefined {
  if (condition === undefined || condition.op === "not" || condition.op === "in") return undefined;
  if (condition.op === "compare") {
    const { field, operator, literal } = condition;
    const bound = isStamp(field) && [">", ">=", "="].includes(operator);
    const ms =
      bound && literal.kind === "datetime"
        ? Date.parse(literal.value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"))
        : NaN;
    return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
  }
  const bounds = condition.all.map(leastStamp);
  if (condition.op === "or" && bounds.includes(undefined)) return undefined;
  const known = bounds.filter((bound) => bound !== undefined).toSorted();
  return condition.op === "and" ? known.at(-1) : known[0];
}

function renderRow(row: Row, names: readonly Resolved[], children: readonly Child[], view: View): object {
  const out: Record<string, unknown> = { attributes: attributesOf(row, view.base) };
  for (const { relations, field } of names) {
    let [here, target]: [Row | undefined, Record<string, unknown> | null] = [row, out];
    for (const { name, relationship } of relations) {
      here = here && view.records.store.get(String(here.fields[name]));
      const holder: Record<string, unknown> | null = target;
      if (holder === null) break;
      holder[relationship!] ??= here ? { attributes: attributesOf(here, view.base) } : null;
      target = holder[relationship!] as Record<string, unknown> | null;
    }
    if (here && target) target[field.name] = renderValue(field, here.fields[field.name]);
  }
  for (const { name, of } of children) out[name] = of(row);
  return out;
}

export function attributesOf({ id, type }: Row, base: string): object {
  return { type, url: `${base}/sobjects/${type}/${id}` };
}

/** A record as a read of its own shows it: all fields. */
export function renderRecord(row: Row, object: SObject, base: string): object {
  const fields = [...object.fields.values()].map((field) => [
    field.name,
    renderValue(field, row.fields[field.name]),
  ]);
  return { attributes: attributesOf(row, base), ...(Object.fromEntries(fields) as object) };
}
