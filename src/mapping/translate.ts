import type { NativeMessage, TranslatedEvent, Translation } from "../connector/contract.ts";
import { ExactJsonError, parseExactJson } from "../contract/exact-json.ts";
import { toUtc } from "../event/time.ts";
import type { MappingContext } from "./functions.ts";
import type { Mappings } from "./mappings.ts";
import { parseNativeJson } from "./native-json.ts";

const REQUIRED = ["type", "subject", "time"] as const;
const OPTIONAL = ["id", "plant", "correlationid", "sourceversion", "reference"] as const;
const FIELDS = new Set<string>([...REQUIRED, ...OPTIONAL, "data"]);
const MAX_FIELD = 400;

/** Translates one native JSON message with a mapping. Whether the event's data satisfies its contract is for admission. */
export async function translateMessage(
  mappings: Mappings,
  file: string,
  message: NativeMessage,
  context: Omit<MappingContext, "direction">,
): Promise<Translation> {
  let input: unknown;
  try {
    input = parseNativeJson(new TextDecoder("utf-8", { fatal: true }).decode(message.raw));
  } catch (error) {
    return refuse("MAPPING_INPUT", `${file}: the message is not JSON: ${(error as Error).message}`);
  }
  const result = await mappings.map(file, input, { ...context, direction: "in" });
  if (result.ok) return readTranslation(file, result.text);
  const { code, message: text, field, missing } = result.problem;
  return {
    ...refuse(code, text),
    ...(field !== undefined && { pointer: field }),
    ...(missing && { missing }),
  };
}

/** Reads what an inbound mapping gave: an event, or `{ "skip": "why" }` for a message that means nothing here. */
export function readTranslation(file: string, text: string): Translation {
  let value: unknown;
  try {
    value = parseExactJson(text);
  } catch (error) {
    if (!(error instanceof ExactJsonError)) throw error;
    return { ...refuse("MAPPING_RESULT", `${file}: the result's ${error.message}`), pointer: error.pointer };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(
      "MAPPING_RESULT",
      `${file}: the result must be one event, an object with type, subject, time and data`,
    );
  const result = value as Record<string, unknown>;
  if (typeof result["skip"] === "string" && Object.keys(result).length === 1)
    return { ok: true, skip: result["skip"].slice(0, MAX_FIELD) };
  const wrong = envelopeProblem(result);
  if (wrong)
    return { ...refuse("MAPPING_RESULT", `${file}: the result's ${wrong.join(" ")}`), pointer: wrong[0] };
  return { ok: true, event: result as unknown as TranslatedEvent };
}

function envelopeProblem(result: Record<string, unknown>): [pointer: string, message: string] | undefined {
  for (const key of Object.keys(result))
    if (!FIELDS.has(key)) return [`/${key}`, "is not a field of an event"];
  for (const key of [...REQUIRED, "data"])
    if (!(key in result)) return [`/${key}`, "is required and missing"];
  for (const key of [...REQUIRED, ...OPTIONAL]) {
    const value = result[key];
    if (value !== undefined && (typeof value !== "string" || value === "" || value.length > MAX_FIELD))
      return [`/${key}`, `must be a text of 1 to ${MAX_FIELD} characters`];
  }
  if (toUtc(result["time"] as string) === undefined)
    return [
      "/time",
      `"${String(result["time"]).slice(0, 40)}" is no RFC 3339 time with offset: use $localTime`,
    ];
  return undefined;
}

function refuse(code: string, message: string): Translation & { ok: false } {
  return { ok: false, code, message };
}
