import { Refusal, refuse } from "../refusal.ts";
import type { RowOf, Table, Fields } from "../store/table.ts";
import { keyOf } from "../store/table.ts";

/** What a path under /data names: a set, and perhaps one record of it by its whole key. */
export type Address = { set: string; key: Record<string, string> | undefined };

const PATH = /^([A-Za-z]\w*)(?:\((.*)\))?$/s;
const PART = /\s*(\w+)\s*=\s*(?:'((?:[^']|'')*)'|(-?\d+))\s*(?:,|$)/y;

export function parseAddress(path: string): Address {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw new Refusal("InvalidPath", "The path is not percent-encoded text");
  }
  const [, set, inner] = PATH.exec(decoded) ?? [];
  if (set === undefined) throw new Refusal("NoSuchResource", "Resource not found", { status: 404 });
  return { set, key: inner === undefined ? undefined : parseKey(inner) };
}

/** All key fields must be given, the company among them. */
export function storeKeyOf<F extends Fields>(table: Table<F>, key: Record<string, string>): string {
  const unknown = Object.keys(key).find((name) => !table.key.includes(name));
  if (unknown !== undefined)
    refuse("InvalidKey", `${unknown} is not a key field: ${table.key.join(", ")}`, unknown);
  const missing = table.key.find((name) => key[name] === undefined);
  if (missing !== undefined)
    refuse(
      "InvalidKey",
      `The key field ${missing} is missing: all of ${table.key.join(", ")} are needed`,
      missing,
    );
  return keyOf(table, key as Partial<RowOf<F>>);
}

function parseKey(inner: string): Record<string, string> {
  const key: Record<string, string> = {};
  PART.lastIndex = 0;
  while (PART.lastIndex < inner.length) {
    const part = PART.exec(inner);
    const [, name, quoted, number] = part ?? [];
    if (name === undefined)
      return refuse("InvalidKey", "The key is not of the form dataAreaId='usmf',Field='value'");
    key[name] = quoted?.replaceAll("''", "'") ?? number ?? "";
  }
  return key;
}
