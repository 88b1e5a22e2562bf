import type { ContractAnswer } from "./answer.ts";

/** One field of a document, as a person reads a schema. */
export interface Field {
  /** Where it stands: `lines[].item`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly personal: boolean;
  readonly description: string | undefined;
}

interface Schema {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly "x-personal"?: boolean;
}

const DEEPEST = 8;

/** The fields of a contract, parents before children; what it shares with others is looked up and named. */
export function fieldsOf({ schema, parts }: Pick<ContractAnswer, "schema" | "parts">): Field[] {
  const root = schema as Schema;
  const shared = parts as Readonly<Record<string, Schema>>;

  function resolve(one: Schema, within: Schema): { found: Schema; home: Schema } {
    if (one.$ref === undefined) return { found: one, home: within };
    const [file = "", pointer = ""] = one.$ref.split("#");
    const home = file === "" ? within : (sharedBy(file) ?? {});
    const found = pointer
      .split("/")
      .filter((step) => step !== "")
      .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], home);
    return { found: { ...(found as Schema), ...withoutRef(one) }, home };
  }

  function sharedBy(reference: string): Schema | undefined {
    const name = reference.split("/").at(-1)!;
    return shared[reference] ?? Object.entries(shared).find(([uri]) => uri.endsWith(`/${name}`))?.[1];
  }

  function walk(one: Schema, within: Schema, path: string, required: boolean, depth: number): Field[] {
    const { found, home } = resolve(one, within);
    const personal = found["x-personal"] === true;
    const own: Field[] =
      path === ""
        ? []
        : [{ path, type: typeOf(found), required, personal, description: found.description ?? found.title }];
    if (depth === DEEPEST) return own;
    const inner = [found, ...(found.allOf ?? []).map((part) => resolve(part, home).found)];
    const fields = inner.flatMap(({ properties = {}, required: names = [] }) =>
      Object.entries(properties).flatMap(([name, field]) =>
        walk(field, home, path === "" ? name : `${path}.${name}`, names.includes(name), depth + 1),
      ),
    );
    const items = found.items ? walk(found.items, home, `${path}[]`, true, depth + 1).slice(1) : [];
    return [...own, ...fields, ...items];
  }

  return walk(root, root, "", true, 0);
}

function withoutRef(schema: Schema): Schema {
  const { $ref: _, ...rest } = schema;
  return rest;
}

function typeOf({ type, format, enum: words, const: only, oneOf, anyOf, items }: Schema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (words) return words.map(String).join(" | ");
  const choices = oneOf ?? anyOf;
  if (type === undefined && choices) return choices.map(typeOf).join(" or ");
  const base = Array.isArray(type) ? type.join(" or ") : ((type as string | undefined) ?? "object");
  if (base === "array") return items ? "list" : "array";
  return format === undefined ? base : format;
}
