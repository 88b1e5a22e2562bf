import { Decimal, decimalText } from "./decimal.ts";
import { QuantityError } from "./quantity-error.ts";
import { isUnit, unitFactor } from "./unit.ts";

/** An amount of something, exact. The same shape as contracts/quantity.json. */
export interface Quantity {
  /** Decimal text, such as "12.500". */
  value: string;
  /** UN/ECE Recommendation 20 code, such as KGM. */
  unit: string;
  /** The code the source used, kept for people who look the source's document up. */
  sourceUnit?: string;
}

/** A conversion that has no finite decimal (10 pieces in dozens) is rounded half-even to this many places. */
export const CONVERTED_PLACES = 12;

/** @throws QuantityError DECIMAL_INVALID or UNIT_UNKNOWN */
export function quantity(value: string | number, unit: string, sourceUnit?: string): Quantity {
  if (!isUnit(unit))
    throw new QuantityError("UNIT_UNKNOWN", `"${String(unit).slice(0, 20)}" is no UN/ECE Rec 20 unit code`);
  const text = decimalText(value);
  return sourceUnit === undefined ? { value: text, unit } : { value: text, unit, sourceUnit };
}

/**
 * The same amount in another unit of the same dimension.
 * @throws QuantityError UNIT_UNKNOWN, UNIT_NO_FACTOR or UNIT_INCOMPATIBLE
 */
export function convert(from: Quantity, unit: string): Quantity {
  const { value } = quantity(from.value, from.unit);
  if (unit === from.unit) return { ...from, value };
  const source = unitFactor(from.unit);
  const target = unitFactor(unit);
  if (source.dimension !== target.dimension)
    throw new QuantityError(
      "UNIT_INCOMPATIBLE",
      `cannot convert ${value} ${from.unit} (${source.dimension}) to ${unit} (${target.dimension})`,
    );
  const base = new Decimal(value).plus(source.offset).times(source.numerator).div(source.denominator);
  const result = base.times(target.denominator).div(target.numerator).minus(target.offset);
  const places = Math.min(result.decimalPlaces(), CONVERTED_PLACES);
  return { ...from, value: decimalText(result.toFixed(places)), unit };
}
