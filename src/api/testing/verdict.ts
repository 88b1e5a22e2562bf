import { isDeepStrictEqual } from "node:util";
import { request } from "undici";

/*
 * Whether an answer to malformed input is right: a refusal is a problem document, and what was taken is valid by rules that
 * are written down here once more, by hand, and is kept as it was sent.
 */

export interface Door {
  readonly url: string;
  readonly token: string;
  /** `/systems/shop`: a system that may tell OrderRequested. */
  readonly source: string;
  /** Where native messages go; absent: none are sent. */
  readonly native?: string;
}

export interface Attack {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a batch whose other items are junk: each item is judged by itself, so that the rest of a batch is taken. */
  readonly first?: string;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** @returns what is wrong with the answer */
export async function judge(door: Door, made: Attack, answer: Answer): Promise<string | undefined> {
  if (answer.status >= 400) return badProblem(answer);
  if (made.path === door.native) return undefined;
  const told = JSON.parse(answer.text) as { seq?: number; items?: { status: string; seq?: number }[] };
  if (told.items === undefined) return wronglyTaken(door, parse(made.body.toString()), told.seq!);
  for (const [i, item] of told.items.entries()) {
    if (item.status === "refused") continue;
    const sent = i === 0 ? parse(made.first ?? "") : undefined;
    const wrong = await wronglyTaken(door, sent, item.seq!);
    if (wrong !== undefined) return `item ${i}: ${wrong}`;
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badProblem({ status, type, text }: Answer): string | undefined {
  if (status >= 500 && status !== 503) return "the hub failed";
  if (!type.startsWith("application/problem+json"))
    return `the answer is ${type || "nothing"}, and no problem document`;
  const problem = parse(text) as Record<string, unknown> | undefined;
  const code = problem?.["code"];
  if (problem?.["status"] !== status || typeof code !== "string" || !/^[A-Z][A-Z0-9_]+$/.test(code))
    return "the problem has no status or no code";
  if (problem["type"] !== `urn:interlock:error:${code}`) return "the problem's type does not name its code";
  return typeof problem["title"] === "string" && typeof problem["detail"] === "string"
    ? undefined
    : "the problem says nothing";
}

async function wronglyTaken(door: Door, sent: unknown, seq: number): Promise<string | undefined> {
  const wrong = whyInvalid(sent, door.source);
  if (wrong !== undefined) return `it was taken, though ${wrong}`;
  const answer = await request(`${door.url}/v1/events/${seq}`, {
    headers: { authorization: `Bearer ${door.token}` },
  });
  const kept = (await answer.body.json()) as Record<string, unknown>;
  for (const name of ["id", "source", "type", "subject", "data"])
    if (!isDeepStrictEqual(kept[name], (sent as Record<string, unknown>)[name]))
      return `it was kept with another ${name}`;
  return undefined;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,79}$/;
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;
const TEXT = (most: number) => (value: unknown) =>
  typeof value === "string" &&
  value.length > 0 &&
  value.length <= most &&
  !value.includes("\0") &&
  value.isWellFormed();
const IS =
  (pattern: RegExp, most = 200) =>
  (value: unknown) =>
    typeof value === "string" && value.length <= most && pattern.test(value);
type Rule = (value: unknown) => boolean;
const OF =
  (fields: Record<string, Rule>, ...required: string[]): Rule =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, inner]) => Object.hasOwn(fields, name) && fields[name]!(inner));

const LINE = OF(
  {
    line: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 999_999,
    item: IS(ID),
    quantity: OF(
      { value: IS(DECIMAL, 40), unit: IS(/^[A-Z0-9]{2,3}$/), sourceUnit: TEXT(40) },
      "value",
      "unit",
    ),
    unitPrice: OF({ amount: IS(DECIMAL, 40), currency: IS(/^[A-Z]{3}$/) }, "amount", "currency"),
    requestedDate: (value) => IS(/^\d{4}-\d{2}-\d{2}$/)(value) && isDay(value as string),
  },
  "line",
  "item",
  "quantity",
);
const DATA = OF(
  {
    salesOrder: IS(ID),
    customer: IS(ID),
    customerReference: TEXT(80),
    contact: (value) =>
      OF({ name: TEXT(120), email: IS(/^[^@\s]+@[^@\s]+$/, 254), phone: TEXT(40) })(value) &&
      Object.keys(value as object).length > 0,
    serviceLevel: TEXT(40),
    lines: (value) => Array.isArray(value) && value.length > 0 && value.every(LINE),
  },
  "salesOrder",
  "customer",
  "lines",
);

/** A day that exists: Date would make the 2nd of March of the 30th of February. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function whyInvalid(sent: unknown, source: string): string | undefined {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return "it is no JSON object";
  const event = sent as Record<string, unknown>;
  if (event["specversion"] !== "1.0") return "it is not CloudEvents 1.0";
  if (!TEXT(200)(event["id"])) return "its id is none";
  if (event["source"] !== source) return "its source may not tell this";
  if (event["type"] !== "interlock.OrderRequested.v1") return "its type is another";
  if (!DATA(event["data"])) return "its data breaks the contract";
  if (!IS(/^[a-z][A-Za-z0-9]*\/[^\0]+$/)(event["subject"])) return "its subject names no object";
  if (!IS(/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/)(event["time"]))
    return "its time is none";
  return isDay((event["time"] as string).slice(0, 10)) ? undefined : "its time is on no day";
}
