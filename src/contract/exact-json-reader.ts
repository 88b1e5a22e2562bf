import type { JSON_ERRORS } from "./errors.ts";
import { appendPointer } from "./pointer.ts";

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

export class ExactJsonError extends Error {
  override readonly name = "ExactJsonError";
  readonly code: keyof typeof JSON_ERRORS;
  /** JSON pointer (RFC 6901) to the value or member concerned. */
  readonly pointer: string;
  /** Offset in the text, in UTF-16 code units. */
  readonly offset: number;

  constructor(code: keyof typeof JSON_ERRORS, pointer: string, offset: number, message: string) {
    super(message);
    this.code = code;
    this.pointer = pointer;
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERALS: [string, JsonValue][] = [
  ["true", true],
  ["false", false],
  ["null", null],
];

/**
 * The strict reader behind `parseExactJson`: one character at a time, knowing at each moment where in the document
 * it is. It decides what is refused.
 */
export function readExactJson(text: string, maxDepth: number): JsonValue {
  const reader = new Reader(text, maxDepth);
  reader.skipBlanks();
  const value = reader.value("", 0);
  reader.skipBlanks();
  if (reader.offset < text.length) reader.refuse("JSON_SYNTAX", "", "text follows the end of the document");
  return value;
}

class Reader {
  offset = 0;
  readonly #text: string;
  readonly #maxDepth: number;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  value(pointer: string, depth: number): JsonValue {
    const c = this.#text[this.offset];
    if (c === "{" || c === "[") {
      if (depth >= this.#maxDepth)
        this.refuse("JSON_DEPTH", pointer, `nested more than ${this.#maxDepth} levels deep`);
      this.offset++;
      return c === "{" ? this.#object(pointer, depth + 1) : this.#array(pointer, depth + 1);
    }
    if (c === '"') return this.#string(pointer);
    for (const [word, value] of LITERALS) {
      if (this.#text.startsWith(word, this.offset)) {
        this.offset += word.length;
        return value;
      }
    }
    return this.#number(pointer);
  }

  skipBlanks(): void {
    for (; ; this.offset++) {
      const c = this.#text.charCodeAt(this.offset);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
    }
  }

  refuse(code: keyof typeof JSON_ERRORS, pointer: string, why: string): never {
    const before = this.#text.slice(0, this.offset).split("\n");
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    throw new ExactJsonError(code, pointer, this.offset, `${pointer || "the document"}: ${why} (${place})`);
  }

  #object(pointer: string, depth: number): JsonValue {
    const object: { [key: string]: JsonValue } = {};
    this.skipBlanks();
    if (this.#take("}")) return object;
    do {
      this.skipBlanks();
      if (this.#text[this.offset] !== '"')
        this.refuse("JSON_SYNTAX", pointer, "expected a member name in quotes");
      const key = this.#string(pointer);
      const member = appendPointer(pointer, key);
      if (key === "__proto__") this.refuse("JSON_KEY", member, "a member may not be named __proto__");
      if (Object.hasOwn(object, key)) this.refuse("JSON_DUPLICATE_KEY", member, `"${key}" is named twice`);
      this.skipBlanks();
      if (!this.#take(":")) this.refuse("JSON_SYNTAX", member, "expected a colon after the member name");
      this.skipBlanks();
      object[key] = this.value(member, depth);
      this.skipBlanks();
    } while (this.#take(","));
    if (!this.#take("}"))
      this.refuse("JSON_SYNTAX", pointer, "expected a comma or the closing } of an object");
    return object;
  }

  #array(pointer: string, depth: number): JsonValue {
    const array: JsonValue[] = [];
    this.skipBlanks();
    if (this.#take("]")) return array;
    do {
      this.skipBlanks();
      array.push(this.value(appendPointer(pointer, array.length), depth));
      this.skipBlanks();
    } while (this.#take(","));
    if (!this.#take("]"))
      this.refuse("JSON_SYNTAX", pointer, "expected a comma or the closing ] of an array");
    return array;
  }

  #string(pointer: string): string {
    const start = this.offset;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    const value = parseString(this.#text.slice(start, end + 1));
    if (value === undefined)
      return this.refuse("JSON_SYNTAX", pointer, "a string that does not end or has a bad escape");
    if (value.includes("\0")) this.refuse("JSON_TEXT", pointer, "a string holds the NUL character");
    if (!value.isWellFormed()) this.refuse("JSON_TEXT", pointer, "a string holds half of a surrogate pair");
    this.offset = end + 1;
    return value;
  }

  #number(pointer: string): number {
    NUMBER.lastIndex = this.offset;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) return this.refuse("JSON_SYNTAX", pointer, "expected a value");
    const value = Number(text);
    if (!Number.isSafeInteger(value) || String(value) !== text)
      this.refuse(
        "JSON_NUMBER",
        pointer,
        `the number ${text.slice(0, 40)} is not an integer within 2^53: send it as a decimal string`,
      );
    this.offset += text.length;
    return value;
  }

  #take(c: string): boolean {
    if (this.#text[this.offset] !== c) return false;
    this.offset++;
    return true;
  }
}

function parseString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
