/*
 * Where values stand in JSON text. What the ledger keeps of a message is the text its sender wrote, cut out, never a value that
 * was read and written again.
 *
 * These walk text that was already read without complaint (parseExactJson), or whose pieces will be: they find boundaries and
 * judge nothing.
 */
import { pointerKeys } from "../contract/pointer.ts";

/** Offsets into the text: start inclusive, end exclusive. */
export type Slice = readonly [start: number, end: number];

/** The value a JSON pointer names, in a valid document; undefined when there is none. */
export function sliceAt(text: string, pointer: string): Slice | undefined {
  let start = skipBlanks(text, 0);
  for (const key of pointerKeys(pointer)) {
    const found = text[start] === "{" ? findMember(text, start, key) : findItem(text, start, key);
    if (found === undefined) return undefined;
    start = found;
  }
  return [start, skipValue(text, start)];
}

/** The items of an array's text, by brackets, quotes and commas alone; undefined when these do not make an array. */
export function itemSlices(text: string): Slice[] | undefined {
  let at = skipBlanks(text, 0);
  if (text[at] !== "[") return undefined;
  at = skipBlanks(text, at + 1);
  const items: Slice[] = [];
  for (let open = text[at] !== "]"; open;) {
    const end = skipPiece(text, at);
    items.push([at, end]);
    if (text[end] !== "," && text[end] !== "]") return undefined;
    open = text[end] === ",";
    at = open ? skipBlanks(text, end + 1) : end;
  }
  return skipBlanks(text, at + 1) === text.length ? items : undefined;
}

/** Up to the comma or bracket that ends an item, whatever stands in it. */
function skipPiece(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (c === '"') i = skipString(text, i) - 1;
    else if (c === "{" || c === "[") depth++;
    else if (depth === 0 && (c === "," || c === "]")) return i;
    else if (c === "}" || c === "]") depth--;
  }
  return text.length;
}

function findMember(text: string, object: number, wanted: string): number | undefined {
  let at = skipBlanks(text, object + 1);
  while (text[at] === '"') {
    const end = skipString(text, at);
    const value = skipBlanks(text, skipBlanks(text, end) + 1);
    if (isKey(text, at, end, wanted)) return value;
    at = afterComma(text, value);
  }
  return undefined;
}

function isKey(text: string, start: number, end: number, wanted: string): boolean {
  const inner = text.slice(start + 1, end - 1);
  return inner === wanted || (inner.includes("\\") && JSON.parse(text.slice(start, end)) === wanted);
}

function findItem(text: string, array: number, wanted: string): number | undefined {
  if (text[array] !== "[" || !/^(0|[1-9][0-9]*)$/.test(wanted)) return undefined;
  let at = skipBlanks(text, array + 1);
  for (let n = Number(wanted); n > 0 && text[at] !== "]" && at < text.length; n--) at = afterComma(text, at);
  return text[at] === "]" || at >= text.length ? undefined : at;
}

/** The start of what follows the value at `value`: the next member or item, or the closing bracket. */
function afterComma(text: string, value: number): number {
  const end = skipBlanks(text, skipValue(text, value));
  return text[end] === "," ? skipBlanks(text, end + 1) : end;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first !== "{" && first !== "[") {
    let end = start;
    while (end < text.length && !",]} \t\n\r".includes(text[end]!)) end++;
    return end;
  }
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0x22) i = skipString(text, i) - 1;
    else if (c === 0x7b || c === 0x5b) depth++;
    else if ((c === 0x7d || c === 0x5d) && --depth === 0) return i + 1;
  }
  return text.length;
}

/** The offset behind the closing quote. */
function skipString(text: string, start: number): number {
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\" && quote - 1 - slashes > start) slashes++;
    if (slashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  return at;
}
