import type { JsonValue } from "../contract/exact-json.ts";

const MAX_DEPTH = 64;
/** Digits a double may not hold; anything else survives JSON.parse. */
const LONG_NUMBER = /[0-9.]{16,}|[0-9][eE]\+?[0-9]{3}/;

/**
 * Reads a product's JSON for a mapping. Unlike canonical data it may hold fractions. Numbers that a double cannot hold
 * (long ids, amounts with many digits) arrive as text, so nothing is rounded before the mapping sees it.
 * @throws SyntaxError when it is no JSON or nested more than 64 levels deep
 */
export function parseNativeJson(text: string): JsonValue {
  const value = (LONG_NUMBER.test(text) ? JSON.parse(text, keepLongNumbers) : JSON.parse(text)) as JsonValue;
  if (isDeeper(value, MAX_DEPTH))
    throw new SyntaxError(`the JSON is nested more than ${MAX_DEPTH} levels deep`);
  return value;
}

function keepLongNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  return digitsOf(String(value)) === digitsOf(context.source) ? value : context.source;
}

/** The significant digits of a number's text: equal for 1.50 and 1.5, not for ...890 and ...891. */
function digitsOf(text: string): string {
  const [mantissa] = text.split(/[eE]/);
  const digits = mantissa!.replaceAll(/[-.]/g, "").replace(/^0+/, "");
  return digits.replace(/0+$/, "");
}

function isDeeper(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((child) => isDeeper(child, depth - 1));
}
