import { Decimal } from "decimal.js";
import type { Answer, ToNative } from "../../src/connector/index.ts";
import type { Row } from "./client.ts";
import { numberText } from "./exact-json.ts";
import { dayOf } from "./odata.ts";

/** What a mapping wants the ERP to be told, in the ERP's own names. */
export type Content = Readonly<Record<string, unknown>>;
type Rejected = Extract<Answer, { class: "reject" }>;
type Mapped =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly rejected: Rejected };

/** An effect in the ERP's words by the mapping named after it, or the refusal when there are none. */
export async function contentOf(
  toNative: ToNative | undefined,
  type: string,
  payload: unknown,
): Promise<Mapped> {
  const name = type.replace(/\.v1$/, "");
  const native = await toNative?.(name, payload);
  if (native?.ok === false)
    return { ok: false, rejected: { class: "reject", code: native.code, reason: native.message } };
  const content = native?.content;
  if (isObject(content)) return { ok: true, content };
  const reason = `mappings/${name}.jsonata must give an object`;
  return { ok: false, rejected: { class: "reject", code: "DYNAMICS_CONTENT_INVALID", reason } };
}

/** What a held record says otherwise than the wanted fields, in words; undefined: nothing. What was not wanted may be anything. */
export function differenceOf(wanted: Content, held: Row): string | undefined {
  for (const [name, want] of Object.entries(wanted)) {
    if (want === undefined || Array.isArray(want)) continue;
    const has = held[name];
    if (!sameValue(want, has)) return `${name} is ${shown(has)}, wanted ${shown(want)}`;
  }
  return undefined;
}

/** The ERP writes numbers with digits of its own, and days as noon of that day. */
export function sameValue(wanted: unknown, has: unknown): boolean {
  const [want, held] = [decimalOf(wanted), decimalOf(has)];
  if (want !== undefined && held !== undefined) return new Decimal(want).eq(held);
  const day = dayOf(has);
  if (day !== undefined && typeof wanted === "string" && wanted.length === 10) return wanted === day;
  return (wanted ?? "") === (has ?? "");
}

function decimalOf(value: unknown): string | undefined {
  if (typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value)) return value;
  return numberText(value);
}

export function textOf(value: unknown): string {
  return numberText(value) ?? (typeof value === "string" ? value : "");
}

export function listOf(value: unknown): readonly Content[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function shown(value: unknown): string {
  return textOf(value).slice(0, 80) || "empty";
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && numberText(value) === undefined
  );
}
