import { exact } from "../decimal.ts";
import { refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import type { Fields, RowOf } from "../store/table.ts";

const NO_DATE = "1900-01-01T00:00:00Z";

/** A row as the product shows it: exact numbers, dates at noon, the empty date for none. */
export function toWire(
  fields: Fields,
  row: Readonly<Record<string, unknown>>,
  select?: ReadonlySet<string>,
): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(fields)) {
    if (select && !select.has(name)) continue;
    const value = row[name];
    if (kind === "decimal") wire[name] = exact(String(value ?? "0"));
    else if (kind === "date") wire[name] = value ? `${String(value)}T12:00:00Z` : NO_DATE;
    else if (kind === "time") wire[name] = value || NO_DATE;
    else wire[name] = value ?? (kind === "int" ? 0 : "");
  }
  return wire;
}

/** The fields of a body that a caller may write; a field that is unknown, or not the caller's, is refused. */
export function fromWire<F extends Fields>(
  fields: F,
  body: Record<string, unknown>,
  allowed: readonly string[],
): Partial<RowOf<F>> {
  const reader = new RequestReader(body);
  const row: Record<string, string | number> = {};
  for (const name of Object.keys(body)) {
    if (name.startsWith("@odata.") || name === "ILKReference" || name === "dataAreaId") continue;
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined)
      refuse("UnknownField", `The property '${name}' does not exist on the type of this entity`, name);
    if (!allowed.includes(name)) refuse("ReadOnly", `Field ${name} cannot be changed`, name);
    if (!reader.has(name)) continue;
    if (kind === "text") row[name] = reader.text(name, "");
    else if (kind === "decimal") row[name] = reader.decimal(name).toFixed();
    else if (kind === "int") row[name] = reader.int(name);
    else if (kind === "yesno") row[name] = reader.choice(name, ["Yes", "No"]);
    else row[name] = reader.date(name, "");
  }
  return row as Partial<RowOf<F>>;
}

/** Made of record version and record id, as the product's are. */
export function etagOf(version: number, recId: number): string {
  return `W/"${Buffer.from(`'${version},${recId}'`).toString("base64")}"`;
}
