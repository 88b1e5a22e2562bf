/*
 * JSON text in, the same JSON text out.
 *
 * The ledger stores and hashes text. What `JSON.parse` reads is not always what was sent: 12345678901234567891
 * becomes ...892, the second of two equal keys wins, 0.1 is a double. So text that would not survive being read
 * and written again is refused at the door, with a pointer to the place.
 *
 * Thousands of messages a second pass here, nearly all of them clean. The quick way is the engine's own JSON.parse
 * plus one scan over what stands outside strings; anything suspicious goes to the slow reader (exact-json-reader.ts),
 * which alone decides what is refused and why. The quick way may suspect too much, never too little.
 */
import { ExactJsonError, type JsonValue, readExactJson } from "./exact-json-reader.ts";

export { ExactJsonError, type JsonValue };

export interface JsonLimits {
  /** Longest accepted text, in UTF-16 code units. Default 1 MiB. */
  maxLength: number;
  /** Deepest accepted nesting of arrays and objects. Default 64. */
  maxDepth: number;
}

export const JSON_LIMITS: JsonLimits = { maxLength: 1_048_576, maxDepth: 64 };

/**
 * Reads JSON whose every value survives as text.
 * @throws ExactJsonError with code, pointer and offset of the first thing refused
 */
export function parseExactJson(text: string, limits: Partial<JsonLimits> = {}): JsonValue {
  const { maxLength, maxDepth } = { ...JSON_LIMITS, ...limits };
  if (text.length > maxLength) {
    throw new ExactJsonError(
      "JSON_TOO_LARGE",
      "",
      maxLength,
      `the JSON text has ${text.length} characters, the limit is ${maxLength}: send less per message`,
    );
  }
  const members = countMembers(text, maxDepth);
  if (members >= 0) {
    const value = parseOrUndefined(text);
    // Equal keys collapse into one member, so fewer members than colons means a key was sent twice.
    if (value !== undefined && members === countKeys(value)) return value;
  }
  return readExactJson(text, maxDepth);
}

function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // The slow reader says what is wrong, and where.
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The number of colons outside strings, or -1 when the slow reader should look at the text. */
function countMembers(text: string, maxDepth: number): number {
  if (!text.isWellFormed()) return -1;
  let members = 0;
  let depth = 0;
  let digits = 0;
  let escape = text.indexOf("\\");
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = text.indexOf('"', i + 1);
      if (end < 0) return -1;
      if (escape >= 0 && escape < end) {
        i = endOfEscapedString(text, escape);
        if (i < 0) return -1;
        escape = text.indexOf("\\", i);
      } else {
        // "__proto__" is the one plain string the slow reader must see.
        if (end - i === 10 && text.startsWith("__proto__", i + 1)) return -1;
        i = end;
      }
      digits = 0;
    } else if (c >= 0x30 && c <= 0x39) {
      if (++digits > 15) return -1;
    } else {
      digits = 0;
      if (c === 0x3a) members++;
      else if (c === 0x7b || c === 0x5b) {
        if (++depth > maxDepth) return -1;
      } else if (c === 0x7d || c === 0x5d) depth--;
      // A full stop, an E, or a minus before a zero: a number that is not a plain integer.
      else if (c === 0x2e || c === 0x45) return -1;
      else if (c === 0x65 && isDigit(text.charCodeAt(i - 1))) return -1;
      else if (c === 0x2d && text.charCodeAt(i + 1) === 0x30) return -1;
    }
  }
  return members;
}

/** Offset of the closing quote of a string with escapes, or -1 when it holds a \u escape or does not end. */
function endOfEscapedString(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) return i;
    if (c === BACKSLASH) {
      // \u can spell NUL, half a surrogate pair, or __proto__.
      if (text.charCodeAt(i + 1) === 0x75) return -1;
      i++;
    }
  }
  return -1;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function countKeys(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countKeys(item);
    return count;
  }
  for (const key in value) {
    count++;
    const member = value[key];
    if (typeof member === "object" && member !== null) count += countKeys(member);
  }
  return count;
}
