/** A text as a filter or a key writes it. Values go into an address only through here. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `SalesOrderLines(dataAreaId='usmf',InventoryLotId='LOT-000001')`: every key needs all of its fields. */
export function recordPath(set: string, key: Readonly<Record<string, string>>): string {
  const parts = Object.entries(key).map(([name, value]) => `${name}=${encodeURIComponent(quote(value))}`);
  return `/data/${set}(${parts.join(",")})`;
}

export type Query = {
  readonly filter?: string;
  readonly select?: string;
  readonly orderBy?: string;
  readonly expand?: string;
  readonly top?: number;
};

/**
 * The address of a query. Names and values of the company are said in the filter: without `cross-company` only the
 * default company of the integration user is visible, and records of another look as if they were not there.
 */
export function queryPath(set: string, legalEntity: string, query: Query): string {
  const own = `dataAreaId eq ${quote(legalEntity)}`;
  const options: [string, string | number | undefined][] = [
    ["$filter", query.filter === undefined ? own : `${own} and ${query.filter}`],
    ["$select", query.select],
    ["$orderby", query.orderBy],
    ["$expand", query.expand],
    ["$top", query.top],
  ];
  const given = options.filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
  return `/data/${set}?cross-company=true&${text}`;
}

/** `a eq 'x' and b eq 'y'` */
export function equals(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} eq ${quote(value)}`)
    .join(" and ");
}

/** Any of the values; in parentheses, so that it can stand beside others. `in` is not served. */
export function oneOf(field: string, values: readonly string[]): string {
  return `(${values.map((value) => `${field} eq ${quote(value)}`).join(" or ")})`;
}

/** `2031-05-09` of `2031-05-09T12:00:00Z`; undefined for the product's empty date. */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d/.test(value)) return undefined;
  const day = value.slice(0, 10);
  return day === "1900-01-01" ? undefined : day;
}
