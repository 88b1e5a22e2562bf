/** Exact amounts as decimal text, of one line and so of one unit. */
import { Decimal } from "../../src/process/index.ts";
import type { Quantity } from "./state.ts";

export const plus = (a: string, b: string): string => new Decimal(a).plus(b).toString();
export const minus = (a: string, b: string): string => new Decimal(a).minus(b).toString();
export const least = (a: string, b: string): string => Decimal.min(a, b).toString();
export const most = (a: string, b: string): string => Decimal.max(a, b).toString();
export const isPositive = (a: string): boolean => new Decimal(a).greaterThan(0);
export const isNegative = (a: string): boolean => new Decimal(a).lessThan(0);
export const isLess = (a: string, b: string): boolean => new Decimal(a).lessThan(b);
export const positive = (a: string): string => new Decimal(a).abs().toString();
export const sum = (amounts: readonly string[]): string => amounts.reduce(plus, "0");

/** @throws Error when the units differ: the instance waits for a person rather than ship the wrong amount */
export function inUnit({ value, unit }: Quantity, wanted: string): string {
  if (unit === wanted) return value;
  throw new Error(
    `${value} ${unit} cannot be counted in ${wanted}: the ERP has to tell it in the line's unit`,
  );
}
