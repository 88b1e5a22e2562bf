import { Refusal } from "./refusal.ts";

/** TypeScript's library does not have these yet; Node has them since 22. */
const json = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
};

/** A number as it stood in the JSON, so that no digit is lost on the way through a floating point number. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Reads a body whose numbers keep their text. Empty text is an empty object. */
export function parseExact(text: string): unknown {
  if (text === "") return {};
  try {
    return json.parse(text, (_key, value, { source }) =>
      typeof value === "number" ? new NumberText(source ?? String(value)) : value,
    );
  } catch {
    throw new Refusal(400, "invalid-json", "the body is not valid JSON");
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
  );
}

/** Writes decimals given as NumberText as plain JSON numbers, digit by digit. */
export function printExact(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item instanceof NumberText ? json.rawJSON(item.text) : item,
  );
}
