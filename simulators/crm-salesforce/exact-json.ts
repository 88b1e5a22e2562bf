import { Refusal } from "./refusal.ts";

/** A number as it stood in the JSON: amounts and quantities never pass through floating point. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Source = { source?: string };
type ExactJson = {
  parse(text: string, reviver: (key: string, value: unknown, context: Source) => unknown): unknown;
  rawJSON(text: string): unknown;
};
const exact = JSON as unknown as ExactJson;

/** The body of a request; numbers stay texts. An empty body is an empty object. */
export function parseBody(text: string): unknown {
  if (text === "") return {};
  try {
    return exact.parse(text, (_key, value, { source }) =>
      typeof value === "number" ? new NumberText(source ?? String(value)) : value,
    );
  } catch (error) {
    throw new Refusal(400, "JSON_PARSER_ERROR", `Unexpected character: ${(error as Error).message}`);
  }
}

/** A decimal text as a JSON number with the very same digits. */
export function numberOf(text: string): unknown {
  return exact.rawJSON(text);
}

/** The same value with plain numbers and without methods: what the admin interface reads. */
export function plain(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
