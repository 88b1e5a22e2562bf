import { exact, Exact } from "./decimal.ts";
import { Refusal } from "./refusal.ts";

type Source = { source?: string };
/** TypeScript's library does not have them yet: both are of the "JSON.parse source text access" proposal, in Node since 22. */
const json = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: Source) => unknown): unknown;
};

const LARGEST = exact("1e15");

/** Parses JSON with every number as an exact decimal, so that 0.1 is one tenth. */
export function parseExact(text: string): unknown {
  try {
    return json.parse(text, (_key, value, { source }) =>
      typeof value === "number" ? readNumber(source ?? String(value)) : value,
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("InvalidJson", "The body is not valid JSON.");
  }
}

export function parseObject(text: string): Record<string, unknown> {
  const value = parseExact(text);
  if (isObject(value)) return value;
  throw new Refusal("InvalidJson", "The body is not a JSON object.");
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExact(value);
}

export function isExact(value: unknown): value is Exact {
  return Exact.isDecimal(value);
}

/** Writes JSON in which exact decimals are plain numbers, never through floating arithmetic. */
export function printExact(value: unknown): string {
  return JSON.stringify(toRaw(value));
}

function toRaw(value: unknown): unknown {
  if (isExact(value)) return json.rawJSON(value.toFixed());
  if (Array.isArray(value)) return value.map(toRaw);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toRaw(item)]));
  return value;
}

function readNumber(source: string): Exact {
  const number = exact(source);
  if (number.abs().gte(LARGEST) || number.decimalPlaces() > 12)
    throw new Refusal(
      "NumberOutOfRange",
      `The number ${source.slice(0, 40)} is outside of what is kept here.`,
    );
  return number;
}
