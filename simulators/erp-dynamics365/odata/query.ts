import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import type { Stored } from "../store/store.ts";
import { lookedUpBy, type Fields, type RowOf } from "../store/table.ts";
import type { EntitySet } from "./entity-set.ts";
import type { Query } from "./asked.ts";
import {
  alternatives,
  compareValues,
  conjuncts,
  matches,
  necessary,
  parseFilter,
  type Comparison,
} from "./filter.ts";
import type { ReadLag } from "./read-lag.ts";
import { etagOf, toWire } from "./wire-row.ts";

const OPTIONS = [
  "$filter",
  "$select",
  "$orderby",
  "$top",
  "$skip",
  "$count",
  "$expand",
  "$skiptoken",
  "cross-company",
];

export function parseQuery(set: EntitySet, query: URLSearchParams): Query {
  const { fields } = set.table;
  for (const name of query.keys())
    if (!OPTIONS.includes(name)) refuse("InvalidQuery", `The query option '${name}' is not served here`);
  const filter = query.get("$filter");
  const select = query.get("$select");
  const orderBy = query.get("$orderby");
  const expand = (query.get("$expand") ?? "").split(",").filter((name) => name !== "");
  for (const name of expand)
    if (!Object.hasOwn(set.expands ?? {}, name))
      refuse("InvalidQuery", `Could not find a navigation named '${name}' that can be expanded`, name);
  const token = readCount(query, "$skiptoken") ?? 0;
  return {
    filter: filter === null ? undefined : parseFilter(filter, fields),
    select:
      select === null ? undefined : new Set(select.split(",").map((name) => known(fields, name.trim()))),
    orderBy: orderBy === null ? [] : orderBy.split(",").map((part) => parseOrder(fields, part)),
    top: readCount(query, "$top"),
    skip: token === 0 ? (readCount(query, "$skip") ?? 0) : token,
    count: query.get("$count") === "true",
    expand,
    crossCompany: query.get("cross-company") === "true",
  };
}

/** The rows that a query asks for, in its order, without paging. */
export function selectRows(erp: Erp, lag: ReadLag, set: EntitySet, query: Query): Stored<Fields>[] {
  const comparisons = necessary(query.filter);
  if (
    comparisons.some(
      (each) => each.field === "ILKReference" && each.operator === "eq" && lag.hides(each.value),
    )
  )
    return [];
  const rows = candidates(erp, set, comparisons, query).filter(
    ({ row }) =>
      (query.crossCompany || row["dataAreaId"] === erp.company) &&
      (query.filter === undefined || matches(query.filter, set.table.fields, row)),
  );
  if (query.orderBy.length === 0) return rows;
  return rows.toSorted((a, b) => {
    for (const { field, down } of query.orderBy) {
      const kind = set.table.fields[field] ?? "text";
      const compared = compareValues(kind, String(a.row[field]), String(b.row[field]));
      if (compared !== 0) return down ? -compared : compared;
    }
    return a.recId - b.recId;
  });
}

export function renderRow(
  erp: Erp,
  set: EntitySet,
  { row, version, recId }: Stored<Fields>,
  query: Pick<Query, "select" | "expand">,
  find: (name: string) => EntitySet,
): Record<string, unknown> {
  const wire: Record<string, unknown> = {
    "@odata.etag": etagOf(version, recId),
    ...toWire(set.table.fields, row, query.select),
  };
  for (const name of query.expand) {
    const expand = set.expands?.[name];
    if (!expand) continue;
    const other = find(expand.set);
    wire[name] = erp.store
      .findStored(other.table, { [expand.by]: row[expand.by] } as Partial<RowOf<Fields>>)
      .filter((each) => each.row["dataAreaId"] === row["dataAreaId"])
      .map((each) => renderRow(erp, other, each, { select: undefined, expand: [] }, find));
  }
  return wire;
}

/** Stored rows that meet the equalities every row must meet; the database looks them up. */
function candidates(
  erp: Erp,
  set: EntitySet,
  comparisons: readonly Comparison[],
  query: Query,
): Stored<Fields>[] {
  if (set.read) return set.read(erp, query).map((row, index) => ({ row, version: 1, recId: index + 1 }));
  const where: Record<string, string> = {};
  for (const { field, operator, value } of comparisons) {
    const kind = set.table.fields[field];
    if (operator === "eq" && (kind === "text" || kind === "yesno") && !value.includes("*"))
      where[field] = value;
  }
  const find = (more: Record<string, string>) =>
    erp.store.findStored(set.table, { ...where, ...more } as Partial<RowOf<Fields>>);
  for (const field of lookedUpBy(set.table)) {
    const [values] = conjuncts(query.filter).flatMap((part) => {
      const named = part.kind === "or" ? alternatives(part, field) : undefined;
      return named ? [named] : [];
    });
    if (values)
      return [...new Set(values)]
        .flatMap((value) => find({ [field]: value }))
        .toSorted((a, b) => a.recId - b.recId);
  }
  return find({});
}

function parseOrder(fields: Fields, part: string): { field: string; down: boolean } {
  const [, name = "", direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/.exec(part) ?? [];
  return { field: known(fields, name), down: direction === "desc" };
}

function known(fields: Fields, name: string): string {
  if (!Object.hasOwn(fields, name)) refuse("UnknownField", `Could not find a property named '${name}'`, name);
  return name;
}

function readCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text))
    refuse("InvalidQuery", `${name} must be a whole number, not '${text.slice(0, 40)}'`);
  return Number(text);
}
