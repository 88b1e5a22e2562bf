/** Exact sums over decimal texts. */
import { Decimal } from "../../quantity/decimal.ts";

export function plus(a: string | undefined, b: string | undefined): string {
  return new Decimal(a ?? "0").plus(b ?? "0").toString();
}

export function minus(a: string, b: string): string {
  return new Decimal(a).minus(b).toString();
}

export function isLess(a: string, b: string): boolean {
  return new Decimal(a).lessThan(b);
}

export function smaller(a: string, b: string): string {
  return isLess(b, a) ? b : a;
}

export function larger(a: string, b: string): string {
  return isLess(a, b) ? b : a;
}

export function isPositive(a: string): boolean {
  return new Decimal(a).greaterThan("0");
}

export function sumOf(values: readonly string[]): string {
  return values.reduce(plus, "0");
}

/** Without the zeros that only say how exactly was measured: `10.000` and `10` are one amount. */
export function plain(value: string): string {
  return /^[+-]?[0-9]+(\.[0-9]+)?$/.test(value) ? new Decimal(value).toString() : value;
}
