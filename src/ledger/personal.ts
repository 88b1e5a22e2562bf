/*
 * Personal values can be erased from a ledger that cannot be changed, because they are not in it. The row holds a commitment,
 * sha256(salt, value), in the value's place; salt and value lie beside it and are deleted together. The chain never notices,
 * and until then it proves the value as well as if it stood in the row.
 */
import { hash, randomBytes } from "node:crypto";
import { pointerKeys } from "../contract/pointer.ts";
import { sliceAt } from "../event/json-slice.ts";
import type { PersonalField } from "./row.ts";

const SALT_BYTES = 16;

/**
 * Takes the personal values out of a body.
 * @param body valid JSON text
 * @param pointers of the personal values present in it; one inside another is taken with the outer one
 */
export function separate(
  body: string,
  pointers: readonly string[],
): { body: string; personal: PersonalField[] } {
  const fields = outermost(pointers)
    .map((pointer) => ({ pointer, slice: sliceAt(body, pointer)! }))
    .toSorted((a, b) => a.slice[0] - b.slice[0]);
  const personal: PersonalField[] = [];
  let text = "";
  let from = 0;
  for (const { pointer, slice } of fields) {
    const value = body.slice(...slice);
    const salt = randomBytes(SALT_BYTES).toString("hex");
    personal.push({ pointer, salt, value });
    text += `${body.slice(from, slice[0])}{"$personal":"${commitment(salt, value)}"}`;
    from = slice[1];
  }
  return { body: text + body.slice(from), personal };
}

function outermost(pointers: readonly string[]): string[] {
  const given = [...new Set(pointers)];
  return given.filter((pointer) => !given.some((other) => pointer.startsWith(`${other}/`)));
}

/** What stands in the body for a value. @param salt hexadecimal */
export function commitment(salt: string, value: string): string {
  return hash("sha256", Buffer.concat([Buffer.from(salt, "hex"), Buffer.from(value)]), "hex");
}

/** Puts the values back into the parsed body; null where they were redacted. */
export function rejoin(data: unknown, values: Readonly<Record<string, string | null>>): unknown {
  let whole = data;
  for (const [pointer, text] of Object.entries(values)) {
    const value: unknown = text === null ? null : JSON.parse(text);
    const keys = pointerKeys(pointer);
    const last = keys.pop();
    if (last === undefined) {
      whole = value;
      continue;
    }
    let parent = whole as Record<string, unknown>;
    for (const key of keys) parent = parent[key] as Record<string, unknown>;
    parent[last] = value;
  }
  return whole;
}
