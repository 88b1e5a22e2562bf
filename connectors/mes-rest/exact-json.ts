type Source = { source?: string };
type ExactJson = {
  parse(text: string, reviver: (key: string, value: unknown, context: Source) => unknown): unknown;
  rawJSON(text: string): unknown;
};

/** Reads JSON with its numbers as they were written, so that a report passed on has the plant's own digits. Undefined: no JSON. */
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

/** The text of a number that was read exactly, of a plain one, or of a text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number") return String(value);
  const raw =
    typeof value === "object" && value !== null ? (value as { rawJSON?: unknown }).rawJSON : undefined;
  return typeof raw === "string" ? raw : undefined;
}
