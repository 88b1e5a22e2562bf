/** Exact sums over decimal texts. */
import { Decimal } from "../../src/process/index.ts";

export function plus(a: string, b: string): string {
  return new Decimal(a).plus(b).toString();
}

export function minus(a: string, b: string): string {
  return new Decimal(a).minus(b).toString();
}

export function isPositive(value: string): boolean {
  return new Decimal(value).greaterThan(0);
}

export function smaller(a: string, b: string): string {
  return new Decimal(a).lessThanOrEqualTo(b) ? a : b;
}

/** The amount where it is above zero, else zero. */
export function above(value: string): string {
  return isPositive(value) ? value : "0";
}
