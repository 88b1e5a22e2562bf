import { Decimal } from "decimal.js";
import type { Field } from "./field.ts";
import { readId } from "./id.ts";
import type { Literal, Operator } from "./soql-parse.ts";
import type { Value } from "./store.ts";
import { colon } from "./value.ts";

type Comparable = Exclude<Value, null>;

/** The literal in the form the field's values are kept in; undefined when it is of another type. */
export function comparable(field: Field, { kind, value }: Literal): Value | undefined {
  if (kind === "null") return null;
  switch (field.type) {
    case "boolean":
      return kind === "boolean" ? value : undefined;
    case "double":
    case "currency":
      return kind === "number" ? value : undefined;
    case "date":
      return kind === "date" ? value : undefined;
    case "datetime":
      return kind === "datetime" ? instant(value) : undefined;
    case "id":
    case "reference":
      return kind === "string" ? (readId(value) ?? value) : undefined;
    default:
      return kind === "string" ? value : undefined;
  }
}

function instant(text: string): string | undefined {
  const ms = Date.parse(colon(text));
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** An empty value equals only null, and is neither more nor less than anything. */
export function matches(field: Field, held: Value | undefined, operator: Operator, wanted: Value): boolean {
  const value = held ?? (field.type === "boolean" ? false : null);
  if (value === null || wanted === null) {
    const same = value === wanted;
    return operator === "=" ? same : operator === "!=" && !same;
  }
  const order = compare(field, value, wanted);
  switch (operator) {
    case "=":
      return order === 0;
    case "!=":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Texts are the same in upper and lower case; ids are not. */
export function compare(field: Field, one: Comparable, other: Comparable): number {
  if (field.type === "double" || field.type === "currency")
    return new Decimal(String(one)).cmp(String(other));
  const exact = ["id", "reference", "date", "datetime", "boolean"].includes(field.type);
  const [a, b] = exact
    ? [String(one), String(other)]
    : [String(one).toLowerCase(), String(other).toLowerCase()];
  return a < b ? -1 : a > b ? 1 : 0;
}
