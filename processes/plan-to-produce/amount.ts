/** Exact sums over decimal texts. */
import { Decimal } from "../../src/process/index.ts";

export function plus(a: string, b: string): string {
  return new Decimal(a).plus(b).toString();
}

export function minus(a: string, b: string): string {
  return new Decimal(a).minus(b).toString();
}

export function compare(a: string, b: string): number {
  return new Decimal(a).comparedTo(b);
}

export function isZero(value: string): boolean {
  return new Decimal(value).isZero();
}

export function smaller(a: string, b: string): string {
  return compare(a, b) <= 0 ? a : b;
}

/** The amount where it is above zero, else zero. */
export function above(value: string): string {
  return compare(value, "0") > 0 ? value : "0";
}

/** The amount as a positive one where it is below zero, else zero. */
export function below(value: string): string {
  return compare(value, "0") < 0 ? new Decimal(value).negated().toString() : "0";
}

export function sumOf(values: readonly string[]): string {
  return values.reduce(plus, "0");
}

/** What may be received of an order: its quantity and so many percent more. */
export function withTolerance(quantity: string, percent: string | undefined): string {
  return new Decimal(quantity).times(new Decimal(percent ?? "0").dividedBy(100).plus(1)).toString();
}

/** Adds to the entry of a table. */
export function added(table: Readonly<Record<string, string>>, key: string, value: string) {
  return { ...table, [key]: plus(table[key] ?? "0", value) };
}
