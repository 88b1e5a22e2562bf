import { appendPointer } from "../contract/pointer.ts";
import type { MissingRow } from "../crosswalk/crosswalk.ts";

/** A mapping error with its place: what a plant engineer needs to find it. */
export interface MappingProblem {
  /** One of MAPPING_ERRORS, FUNCTION_ERRORS, or what the crosswalk or quantity said. */
  code: string;
  message: string;
  file: string;
  line?: number;
  column?: number;
  /** JSON pointer into the message, when the value at fault stands in it. */
  field?: string;
  /** The value at fault as shortened JSON text; absent for fields that look like secrets. */
  value?: string;
  messageId?: string;
  /** The native value that the crosswalk has no row for. */
  missing?: MissingRow;
}

const SECRET = /pass(?:word|wd)|secret|token|api-?key|authorization|credential|private/i;
const VALUE_LENGTH = 60;

interface RawError {
  code?: unknown;
  message?: unknown;
  position?: unknown;
  token?: unknown;
  value?: unknown;
  missing?: unknown;
}

/** Turns whatever JSONata or our functions threw into a problem with a place. */
export function describeError(
  thrown: unknown,
  given: { file: string; source: string; input?: unknown; messageId?: string; fallback: string },
): MappingProblem {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as RawError;
  const place = placeOf(given.source, error.position, error.token);
  const field = fieldOf(given.input, error.value);
  const said =
    unknownFunction(error, given.source, place) ??
    (typeof error.message === "string" ? error.message : String(thrown));
  const reason = isSecret(field) ? said.replaceAll(String(error.value), "(not shown)") : said;
  const value = shownValue(error.value, field);
  const code = ownCode(error.code) ?? given.fallback;
  const where = place ? `${given.file}:${place.line}:${place.column}` : given.file;
  return {
    code,
    message: `${where}: ${reason.slice(0, 400)}${field ? ` (message field ${field})` : ""}`,
    file: given.file,
    ...place,
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value }),
    ...(given.messageId === undefined ? {} : { messageId: given.messageId }),
    ...(isMissing(error.missing) && !isSecret(field) ? { missing: error.missing } : {}),
  };
}

function isMissing(missing: unknown): missing is MissingRow {
  const { kind, native } = (missing ?? {}) as Partial<MissingRow>;
  return typeof kind === "string" && typeof native === "string";
}

/** JSONata's own codes (T2001, D3030, S0201) are turned into ours; D1011 and D1012 are its guard rails, D3137 is `$error`. */
function ownCode(code: unknown): string | undefined {
  if (code === "D1012") return "MAPPING_TIME_LIMIT";
  if (code === "D3137") return "MAPPING_REFUSED";
  if (code === "D1011" || code === "D2014" || code === "D2015") return "MAPPING_SIZE_LIMIT";
  return typeof code === "string" && /^[A-Z]+_[A-Z_]+$/.test(code) ? code : undefined;
}

/** JSONata says that something is no function, and not what: the word stands at its place. */
function unknownFunction(
  { code }: RawError,
  source: string,
  place: { line: number; column: number } | undefined,
): string | undefined {
  if (code !== "T1006" || !place) return undefined;
  const word = /^\$?\w+/.exec(source.split("\n")[place.line - 1]!.slice(place.column - 1))?.[0];
  return word && `there is no function ${word}; docs/mappings.md lists those there are`;
}

/** JSONata's position is behind the token: step back to where the token begins. */
function placeOf(
  source: string,
  position: unknown,
  token: unknown,
): { line: number; column: number } | undefined {
  if (typeof position !== "number") return undefined;
  const word = typeof token === "string" || typeof token === "number" ? String(token) : "";
  const found = word === "" ? -1 : source.lastIndexOf(word, position);
  const begin = source[found - 1] === "$" ? found - 1 : found; // the token of a function is its bare name
  const near = begin >= 0 && position - begin <= word.length + 3;
  const lines = source.slice(0, near ? begin : position).split("\n");
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** The first place in the message that holds the value. */
function fieldOf(input: unknown, value: unknown): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const visit = (node: unknown, pointer: string): string | undefined => {
    if (node === value) return pointer;
    if (typeof node !== "object" || node === null) return undefined;
    for (const [key, child] of Object.entries(node)) {
      const found = visit(child, appendPointer(pointer, key));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(input, "");
}

function isSecret(field: string | undefined): boolean {
  return field !== undefined && SECRET.test(field);
}

function shownValue(value: unknown, field: string | undefined): string | undefined {
  if (value === undefined || typeof value === "function" || isSecret(field)) return undefined;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return undefined;
  }
  if (text === undefined) return undefined;
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}...` : text;
}
