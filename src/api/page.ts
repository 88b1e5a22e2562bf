import { type Static, type TSchema, type TTuple, Type } from "typebox";

import { Problem } from "./problem.ts";
import { isValid } from "./validator.ts";

/** What every list takes. */
export const PAGE_QUERY = {
  limit: Type.Optional(
    Type.String({ pattern: "^[1-9][0-9]{0,2}$", description: "How many at most, 1 to 999; 50 unless told." }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: "`next` of the page before, as it came. Absent: the first page.",
    }),
  ),
};

/** What a cursor holds whose list is in the order of several columns. */
export function cursorOf<Columns extends TSchema[]>(...columns: [...Columns]) {
  const { length: minItems } = columns;
  return Type.Unsafe<Static<TTuple<Columns>>>({
    type: "array",
    prefixItems: columns,
    items: false,
    minItems,
  });
}

export interface PageQuery {
  readonly limit?: string;
  readonly cursor?: string;
}

/** What every list answers. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    items: Type.Array(item),
    next: Type.Union([Type.String(), Type.Null()], {
      description: "The cursor of the next page; null when this one is the last.",
    }),
  });
}

/** A page that was asked for: where it begins, and one row more than it shows, to know whether another follows. */
export interface Page<Key> {
  readonly after: Key | undefined;
  readonly limit: number;
}

/**
 * Reads `limit` and `cursor`. The cursor is the key of the last row shown, opaque to callers: it may change its form.
 * @param key what a cursor of this list holds; one made by another list is refused
 * @throws Problem CURSOR_INVALID
 */
export function readPage<Key extends TSchema>(query: PageQuery, key: Key): Page<Static<Key>> {
  const limit = Number(query.limit ?? 50);
  if (query.cursor === undefined) return { after: undefined, limit };
  let after: unknown;
  try {
    after = JSON.parse(Buffer.from(query.cursor, "base64url").toString("utf8"));
  } catch {
    after = undefined;
  }
  if (!isValid(key, after)) {
    throw new Problem(
      400,
      "CURSOR_INVALID",
      `the cursor ${JSON.stringify(query.cursor.slice(0, 80))} is not of this list`,
    );
  }
  return { after, limit };
}

/** Cuts what was read (up to `limit + 1` rows) to the page and makes the next cursor. */
export function answerPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => unknown,
  show: (row: Row) => Item,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(show),
    next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}

export function encodeCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}
