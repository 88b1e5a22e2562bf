import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { REC_20_3 } from "un-ece-recommendation";
import { Decimal } from "./decimal.ts";
import { QuantityError } from "./quantity-error.ts";

/** amount in the dimension's base unit = (amount + offset) * numerator / denominator */
export interface UnitFactor {
  dimension: string;
  numerator: Decimal;
  denominator: Decimal;
  offset: Decimal;
}

const CODES = new Set<string>(REC_20_3.map((unit) => unit.code));
const FACTORS = readFactors();

/** True for a current code of UN/ECE Recommendation 20 (Codes for Units of Measure Used in International Trade). */
export function isUnit(code: string): boolean {
  return CODES.has(code);
}

/** @throws QuantityError UNIT_UNKNOWN, or UNIT_NO_FACTOR for units whose content depends on the item */
export function unitFactor(code: string): UnitFactor {
  const factor = FACTORS.get(code);
  if (factor) return factor;
  if (isUnit(code))
    throw new QuantityError(
      "UNIT_NO_FACTOR",
      `unit ${code} has no general conversion factor, only a per-item one`,
    );
  throw new QuantityError("UNIT_UNKNOWN", `"${String(code).slice(0, 20)}" is no UN/ECE Rec 20 unit code`);
}

/** factors.csv: by definition exact (NIST SP 811), where Rec 20's own column is rounded to seven digits. */
function readFactors(): Map<string, UnitFactor> {
  const rows: { code: string; dimension: string; factor: string; offset: string }[] = parse(
    readFileSync(new URL("factors.csv", import.meta.url)),
    { columns: true },
  );
  return new Map(
    rows.map(({ code, dimension, factor, offset }) => {
      const [numerator, denominator = "1"] = factor.split("/");
      return [
        code,
        {
          dimension,
          numerator: new Decimal(numerator!),
          denominator: new Decimal(denominator),
          offset: new Decimal(offset || "0"),
        },
      ];
    }),
  );
}
