import { Decimal } from "decimal.js";

/** Amounts are kept as decimal text; this is what counts with them. Wide enough for any sum of them to be exact. */
const Exact = Decimal.clone({ precision: 80, toExpNeg: -40, toExpPos: 60 });

export function exact(value: string | number | Decimal): Decimal {
  return new Exact(value);
}

export function text(value: Decimal): string {
  return value.toFixed();
}

const DECIMAL = /^-?\d{1,18}(\.\d{1,6})?$/;

export function isDecimal(value: unknown): value is string {
  return typeof value === "string" && DECIMAL.test(value);
}
