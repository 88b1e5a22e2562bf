import { Decimal } from "decimal.js";

/** Quantities and money: exact, kept as plain decimal text, computed with enough digits for any sum here. */
export const Exact = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_UP });
export type Exact = Decimal;

export function exact(value: Decimal.Value): Exact {
  return new Exact(value);
}

export function plain(value: Decimal): string {
  return value.toFixed();
}

export function cents(value: Decimal): Exact {
  return exact(value).toDecimalPlaces(2);
}

export function sum(values: Iterable<Decimal.Value>): Exact {
  let total = exact(0);
  for (const value of values) total = total.plus(value);
  return total;
}
