type Source = { source?: string };
type ExactJson = {
  parse(text: string, reviver: (key: string, value: unknown, context: Source) => unknown): unknown;
  rawJSON(text: string): unknown;
};
const exact = JSON as unknown as ExactJson;

/**
 * Reads an answer with its numbers as they were written, so that a record passed on has the digits the ERP sent:
 * 1999.00 stays that, and an amount that a double cannot hold is not rounded.
 */
export function parseExact(text: string): unknown {
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

/** Quantities, prices and hours leave a mapping as decimal text; the ERP wants JSON numbers, with those digits. */
const DECIMALS = /(Quantity|Price|Hours)$/;

export function printExact(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) =>
    typeof inner === "string" && DECIMALS.test(key) && /^-?(0|[1-9]\d{0,29})(\.\d{1,30})?$/.test(inner)
      ? exact.rawJSON(inner)
      : inner,
  );
}
