import { Decimal } from "decimal.js";
import type { Answer, ToNative } from "../../src/connector/index.ts";
import type { Row } from "./client.ts";
import { numberText } from "./exact-json.ts";

/** The fields that a mapping wants a record to have, by their names in the org. */
export type Content = Readonly<Record<string, unknown>>;
type Rejected = Extract<Answer, { class: "reject" }>;
type Mapped =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly rejected: Rejected };

/** The fields of an effect by the mapping named after it, or the refusal when there are none. */
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
  const reason = `mappings/${name}.jsonata must give an object of fields`;
  return { ok: false, rejected: { class: "reject", code: "SALESFORCE_CONTENT_INVALID", reason } };
}

/** What to select to compare a record with the content: a parent named by its external id through the parent. */
export function pathsOf(content: Content): string[] {
  return Object.entries(content).flatMap(([name, value]) =>
    isObject(value) ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );
}

/** What a held record says otherwise than the wanted content, in words; undefined: nothing. */
export function differenceOf(content: Content, held: Row): string | undefined {
  for (const [name, wanted] of Object.entries(content)) {
    const has = held[name];
    if (isObject(wanted)) {
      const inner = differenceOf(wanted, isObject(has) ? has : {});
      if (inner !== undefined) return `${name}.${inner}`;
    } else if (!same(wanted, has)) return `${name} is ${shown(has)}, wanted ${shown(wanted)}`;
  }
  return undefined;
}

/** The org keeps no empty text and no blanks around one, and writes numbers with digits of its own. */
function same(wanted: unknown, has: unknown): boolean {
  const [want, held] = [numberText(wanted), numberText(has)];
  if (held !== undefined && (want !== undefined || isDecimal(wanted)))
    return new Decimal(want ?? (wanted as string)).eq(held);
  const text = (value: unknown) => (typeof value === "string" ? value.trim() || null : (value ?? null));
  return text(wanted) === text(has);
}

function isDecimal(value: unknown): boolean {
  return typeof value === "string" && /^-?\d{1,30}(\.\d{1,30})?$/.test(value);
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "empty" : (numberText(value) ?? String(value)).slice(0, 80);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && numberText(value) === undefined
  );
}
