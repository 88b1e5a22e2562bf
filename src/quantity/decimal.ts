import { Decimal as DecimalJs } from "decimal.js";
import { QuantityError } from "./quantity-error.ts";

/** Exact decimal arithmetic; 60 digits are far beyond what any ERP field holds. */
export const Decimal = DecimalJs.clone({
  precision: 60,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = DecimalJs;

const PLAIN = /^[+-]?[0-9]+(?:\.[0-9]+)?$/;
const MAX_DIGITS = 38;

/**
 * Reads a decimal as the field's systems write them and returns it in canonical text: `-12.500`, no exponent, no
 * grouping, no plus sign, trailing zeros kept because they say how exactly was measured.
 * @param value text, or a number that JSON carried (its shortest text is taken)
 * @param decimalMark "." by default; with "," the full stop, the blank and the apostrophe group digits
 * @throws QuantityError DECIMAL_INVALID
 */
export function decimalText(value: string | number, decimalMark: "." | "," = "."): string {
  const given =
    typeof value === "number" && Number.isFinite(value) ? new Decimal(value).toString() : String(value);
  let text = given.trim();
  if (decimalMark === "," && typeof value === "string")
    text = text.replace(/[. '\u00a0\u202f](?=[0-9]{3})/g, "").replace(",", ".");
  // SAP writes the minus behind the number.
  if (/^[0-9.]+-$/.test(text)) text = `-${text.slice(0, -1)}`;
  if (!PLAIN.test(text) || text.length > MAX_DIGITS + 2)
    throw new QuantityError(
      "DECIMAL_INVALID",
      `"${given.slice(0, 40)}" is not a decimal number of at most ${MAX_DIGITS} digits with "${decimalMark}" as decimal mark`,
    );
  const [, sign, digits] = /^([+-]?)(.*)$/.exec(text)!;
  const plain = digits!.replace(/^0+(?=[0-9])/, "");
  return sign === "-" && /[1-9]/.test(plain) ? `-${plain}` : plain;
}
