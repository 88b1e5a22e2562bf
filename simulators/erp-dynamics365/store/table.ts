/**
 * One declaration of a table's fields gives its row type, its form on the wire, its metadata and its empty row.
 * `decimal` is kept as plain decimal text, `date` as YYYY-MM-DD or empty, `time` as RFC 3339 or empty, `yesno` as the
 * product's enum symbols.
 */
export type FieldKind = "text" | "decimal" | "int" | "date" | "time" | "yesno";
export type Fields = Readonly<Record<string, FieldKind>>;
export type RowOf<F extends Fields> = {
  -readonly [K in keyof F]: F[K] extends "int" ? number : F[K] extends "yesno" ? "Yes" | "No" : string;
};

export type Table<F extends Fields> = {
  readonly name: string;
  readonly fields: F;
  readonly key: readonly (keyof F & string)[];
  /** Fields that rows are looked up by. */
  readonly indexes: readonly (keyof F & string)[];
};

export function defineTable<const F extends Fields>(
  name: string,
  fields: F,
  key: readonly (keyof F & string)[],
  indexes: readonly (keyof F & string)[] = [],
): Table<F> {
  return { name, fields, key, indexes };
}

/** A new row: the fields given, all others empty as the product shows them. */
export function newRow<F extends Fields>(table: Table<F>, given: Partial<RowOf<F>>): RowOf<F> {
  const empty = Object.entries(table.fields).map(([name, kind]) => [name, emptyOf(kind)]);
  return { ...(Object.fromEntries(empty) as RowOf<F>), ...given };
}

export function emptyOf(kind: FieldKind): string | number {
  return kind === "int" ? 0 : kind === "decimal" ? "0" : kind === "yesno" ? "No" : "";
}

/** The parts of a key are joined by a character that no key holds. */
export function keyOf<F extends Fields>(table: Table<F>, row: Partial<RowOf<F>>): string {
  return table.key.map((field) => String(row[field])).join("\u001f");
}

/** Fields with an index. Behind the company, the first part of a key is what rows are asked for by. */
export function lookedUpBy<F extends Fields>(table: Table<F>): readonly (keyof F & string)[] {
  return [...table.indexes, ...table.key.slice(1, 2)];
}
