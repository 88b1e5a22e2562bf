type Source = { source?: string };
type ExactJson = {
  parse(text: string, reviver: (key: string, value: unknown, context: Source) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/**
 * Reads an answer with its numbers as they were written, so that a row passed on has the digits the org sent:
 * 1999.00 stays that, and an amount that a double cannot hold is not rounded.
 */
export function parseExact(text: string): unknown {
  const exact = JSON as unknown as ExactJson;
  try {
    return exact.parse(text, (_key, value, { source }) =>
      typeof value === "number" && source !== undefined ? exact.rawJSON(source) : value,
    );
  } catch {
    return undefined;
  }
}

/** The decimal text of a number that was read exactly, or of a plain one; undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  const raw =
    typeof value === "object" && value !== null ? (value as { rawJSON?: unknown }).rawJSON : undefined;
  return typeof raw === "string" ? raw : undefined;
}
