import { Decimal } from "decimal.js";
import { NumberText, numberOf } from "./exact-json.ts";
import type { Field } from "./field.ts";
import { readId } from "./id.ts";
import { Refusal } from "./refusal.ts";
import type { Value } from "./store.ts";

/** A field's value as a caller sent it, in the form it is kept; refused in the product's words when it is not one. */
export function readValue(field: Field, given: unknown): Value {
  if (given === null || given === "") return null;
  switch (field.type) {
    case "boolean":
      if (typeof given === "boolean") return given;
      throw unreadable(field, given, "boolean");
    case "double":
    case "currency":
      return readDecimal(field, given);
    case "date":
      if (typeof given === "string" && isDay(given.slice(0, 10)) && /^.{10}(T.*)?$/.test(given))
        return given.slice(0, 10);
      throw unreadable(field, given, "date");
    case "datetime":
      return readMoment(field, given);
    case "id":
    case "reference": {
      const id = typeof given === "string" ? readId(given) : undefined;
      if (id !== undefined) return id;
      throw new Refusal(400, "MALFORMED_ID", `${field.name}: id value of incorrect type: ${shown(given)}`, [
        field.name,
      ]);
    }
    default:
      return readText(field, given);
  }
}

function readText(field: Field, given: unknown): string {
  if (typeof given !== "string") throw unreadable(field, given, "string");
  if (field.length > 0 && given.length > field.length)
    throw new Refusal(
      400,
      "STRING_TOO_LONG",
      `${field.name}: data value too large: ${shown(given)} (max length=${field.length})`,
      [field.name],
    );
  if (field.restricted && !field.values?.includes(given))
    throw new Refusal(
      400,
      "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
      `${field.name}: bad value for restricted picklist field: ${shown(given)}`,
      [field.name],
    );
  if (field.type === "email" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(given))
    throw new Refusal(400, "INVALID_EMAIL_ADDRESS", `${field.name}: invalid email address: ${shown(given)}`, [
      field.name,
    ]);
  return given;
}

/** Digits beyond the field's scale are rounded without a word, as the product does. */
function readDecimal(field: Field, given: unknown): string {
  const text = given instanceof NumberText ? given.text : typeof given === "string" ? given : "";
  if (!/^-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,2})?$/.test(text)) throw unreadable(field, given, "double");
  const value = new Decimal(text).toDecimalPlaces(field.scale, Decimal.ROUND_HALF_UP);
  if (value.abs().gte(new Decimal(10).pow(field.length - field.scale)))
    throw new Refusal(
      400,
      "NUMBER_OUTSIDE_VALID_RANGE",
      `${field.name}: value outside of valid range on numeric field: ${shown(text)}`,
      [field.name],
    );
  return value.toFixed();
}

function readMoment(field: Field, given: unknown): string {
  const ms = typeof given === "string" && /^\d{4}-\d\d-\d\dT/.test(given) ? Date.parse(colon(given)) : NaN;
  if (Number.isNaN(ms)) throw unreadable(field, given, "datetime");
  return new Date(ms).toISOString();
}

/** `+0000` without a colon is what the product writes; Date.parse wants one. */
export function colon(moment: string): string {
  return moment.replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function unreadable({ name }: Field, given: unknown, type: string): Refusal {
  const [kind, value] =
    given instanceof NumberText
      ? ["VALUE_NUMBER", given.text]
      : typeof given === "string"
        ? ["VALUE_STRING", given]
        : [
            typeof given === "boolean" ? `VALUE_${String(given).toUpperCase()}` : "START_OBJECT",
            shown(given),
          ];
  const message = `Cannot deserialize instance of ${type} from ${kind} value ${shown(value)} or request may be missing a required field`;
  return new Refusal(400, "JSON_PARSER_ERROR", message, [name]);
}

function shown(value: unknown): string {
  return (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, 100);
}

/** A kept value as the API writes it: numbers with a decimal point, moments with an offset without a colon. */
export function renderValue(field: Field, value: Value | undefined): unknown {
  if (value === undefined || value === null) return field.type === "boolean" ? false : null;
  if (typeof value === "boolean") return value;
  if (field.type === "double" || field.type === "currency")
    return numberOf(value.includes(".") ? value : `${value}.0`);
  if (field.type === "datetime") return value.replace("Z", "+0000");
  return value;
}
