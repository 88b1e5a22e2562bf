import type jsonata from "jsonata";
import type { Crosswalk } from "../crosswalk/crosswalk.ts";
import { Decimal, decimalText } from "../quantity/decimal.ts";
import { convert, type Quantity, quantity } from "../quantity/quantity.ts";
import { isUnit } from "../quantity/unit.ts";
import { MappingFunctionError } from "./function-error.ts";
import { localTime, plantTime, type TimeNote } from "./local-time.ts";

/** What the functions need to know about one message. */
export interface MappingContext {
  /** Id of the system the message comes from or goes to. */
  system: string;
  /** in: native to canonical; out: canonical to native. */
  direction: "in" | "out";
  /** Plant of the system, for local times. */
  plant?: string;
  /** Shown in errors. */
  messageId?: string;
}

export interface MappingTables {
  crosswalk: Crosswalk;
  /** IANA time zone of each plant. */
  zones: Readonly<Record<string, string>>;
}

/** `undefined` in, `undefined` out: a missing field stays missing and its contract says so, with a pointer. */
type Value = string | number | undefined;

/**
 * Adds Interlock's functions to a compiled expression. `current` gives the context of the message being mapped;
 * `note` collects what people should know although the message was mapped.
 */
export function registerFunctions(
  expression: jsonata.Expression,
  tables: MappingTables,
  current: () => MappingContext,
  note: (note: TimeNote) => void,
): void {
  const functions: Record<string, (...args: never[]) => unknown> = {
    crosswalk: (kind: string, value: Value) => {
      if (value === undefined) return undefined;
      const { system, direction } = current();
      const text = plainText(value);
      return blaming(value, () =>
        direction === "in"
          ? tables.crosswalk.toCanonical(system, plainText(kind), text)
          : tables.crosswalk.toNative(system, plainText(kind), text),
      );
    },

    quantity: (value: Value, unit: Value) => {
      if (value === undefined || unit === undefined) return undefined;
      const source = plainText(unit);
      const canonical = blaming(unit, () => canonicalUnit(tables.crosswalk, current().system, source));
      return blaming(value, () =>
        quantity(plain(value), canonical, canonical === source ? undefined : source),
      );
    },

    convert: (from: Quantity | undefined, unit: string) =>
      from === undefined ? undefined : blaming(from.value, () => convert(from, plainText(unit))),

    money: (amount: Value, currency: Value) =>
      amount === undefined || currency === undefined
        ? undefined
        : { amount: exact(amount), currency: plainText(currency) },

    decimal: (value: Value, mark?: "." | ",") => (value === undefined ? undefined : exact(value, mark)),

    plus: (a: Value, b: Value) => arithmetic(a, b, (x, y) => x.plus(y)),
    times: (a: Value, b: Value) => arithmetic(a, b, (x, y) => x.times(y)),

    localTime: (text: Value, plant?: string, picture?: string) => {
      if (text === undefined) return undefined;
      const result = localTime(plainText(text), zoneOf(tables, plant ?? current().plant), picture);
      if (result.note) note(result.note);
      return result.time;
    },

    plantTime: (instant: Value, plant?: string, picture?: string) =>
      instant === undefined
        ? undefined
        : blaming(instant, () =>
            plantTime(plainText(instant), zoneOf(tables, plant ?? current().plant), picture),
          ),

    ...switchedOff,
  };
  for (const [name, implementation] of Object.entries(functions))
    expression.registerFunction(name, implementation as (...args: unknown[]) => unknown);
}

function zoneOf({ zones }: MappingTables, plant: string | undefined): string {
  const zone = plant === undefined ? undefined : zones[plant];
  if (zone !== undefined) return zone;
  throw new MappingFunctionError("PLANT_UNKNOWN", `plant "${plant ?? ""}" is not in interlock.yaml`, plant);
}

/** A mapping gives the same result whenever it runs: a message read again after a year must not become another one. */
const switchedOff = Object.fromEntries(
  ["eval", "now", "millis", "random", "shuffle"].map((name) => [
    name,
    () => {
      const message = `$${name} is switched off: what a mapping gives depends on the message alone`;
      throw new MappingFunctionError("FUNCTION_ARGUMENT", message, undefined);
    },
  ]),
);

/** Says which argument was at fault, so that the message's field can be found by it. */
function blaming<Result>(value: unknown, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && !("value" in error)) Object.assign(error, { value });
    throw error;
  }
}

function exact(value: Value, mark?: "." | ","): string {
  return blaming(value, () => decimalText(plain(value), mark));
}

/** The crosswalk speaks first: a source may use a Rec 20 code for something else. */
function canonicalUnit(crosswalk: Crosswalk, system: string, unit: string): string {
  try {
    return crosswalk.toCanonical(system, "unit", unit);
  } catch (error) {
    if (isUnit(unit)) return unit;
    throw error;
  }
}

function arithmetic(a: Value, b: Value, operate: (x: Decimal, y: Decimal) => Decimal): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  return decimalText(operate(new Decimal(exact(a)), new Decimal(exact(b))).toFixed());
}

function plain(value: unknown): string | number {
  if (typeof value === "string" || (typeof value === "number" && Number.isFinite(value))) return value;
  throw new MappingFunctionError(
    "FUNCTION_ARGUMENT",
    `expected text or a number, got ${kindOf(value)}`,
    value,
  );
}

function plainText(value: unknown): string {
  return String(plain(value));
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? `an array of ${value.length}` : `a ${typeof value}`;
}
