import pg from "pg";

import { StoreError } from "./errors.ts";

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const INT8_ARRAY = 1016;
const TIMESTAMPTZ_ARRAY = 1185;
/** date, time, timestamp, interval, numeric and their arrays, which pg would turn into Date objects or lose digits of. */
const TEXT = new Set([1082, 1083, 1114, 1186, 1700]);
const TEXT_ARRAYS = new Set([1182, 1183, 1115, 1187, 1231]);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new StoreError(
      "STORE_NUMBER",
      `the database returned ${text}, beyond what JavaScript can hold; select it as text`,
    );
  }
  return value;
}

/** `2026-11-27 00:09:15.123456+00` -> `2026-11-27T00:09:15.123456Z`: RFC 3339 with every digit that was stored. */
function instant(text: string): string {
  return text.replace(" ", "T").replace(/\+00$/, "Z");
}

/** pg-types has it, its declarations have it wrong. */
const { create } = pg.types.arrayParser as unknown as {
  create<T>(text: string, parse: (text: string) => T): { parse(): (T | null)[] };
};

function arrayOf<T>(parse: (text: string) => T): (text: string) => (T | null)[] {
  return (text) => create(text, parse).parse();
}

const textArray = arrayOf((text) => text);

/**
 * How values leave the database: int8 as a number (sequence numbers stay far below 2^53; anything else throws), instants
 * as RFC 3339 text in UTC, numeric and other dates as text. JavaScript's Date would lose the microseconds, a float the
 * decimals. `json` is parsed: what may be stored holds no floats and no unsafe integers.
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
    if (oid === INT8) return wholeNumber;
    if (oid === TIMESTAMPTZ) return instant;
    if (oid === INT8_ARRAY) return arrayOf(wholeNumber);
    if (oid === TIMESTAMPTZ_ARRAY) return arrayOf(instant);
    if (TEXT.has(oid)) return (text) => text;
    if (TEXT_ARRAYS.has(oid)) return textArray;
    return pg.types.getTypeParser(oid, format as "text") as (value: string) => unknown;
  },
};
