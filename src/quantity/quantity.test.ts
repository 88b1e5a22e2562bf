import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalText } from "./decimal.ts";
import { convert, quantity } from "./quantity.ts";
import { isUnit } from "./unit.ts";

test.each([
  ["12.500", ".", "12.500"],
  [" +007.50 ", ".", "7.50"],
  ["-0.00", ".", "0.00"],
  ["5-", ".", "-5"],
  ["1.234.567,80", ",", "1234567.80"],
  ["1 234,5", ",", "1234.5"],
  [0.1, ".", "0.1"],
  [1e-7, ".", "0.0000001"],
] as const)("decimal %j with %j as mark is %j", (value, mark, text) => {
  expect(decimalText(value, mark)).toBe(text);
});

test.each(["", "1,5", "1e5", "0x10", "NaN", "1.", ".5", "1 000", "9".repeat(50), "1.2.3"])(
  "%j is not a decimal",
  (value) => {
    expect(() => decimalText(value)).toThrow(expect.objectContaining({ code: "DECIMAL_INVALID" }));
  },
);

test.each([
  ["2.5", "TNE", "KGM", "2500"],
  ["1", "LBR", "GRM", "453.59237"],
  ["10", "C62", "DZN", "0.833333333333"],
  ["144", "H87", "GRO", "1"],
  ["100", "CEL", "FAH", "212"],
  ["-40", "FAH", "CEL", "-40"],
  ["90", "MIN", "HUR", "1.5"],
  ["36", "KMH", "MTS", "10"],
  ["12345678901234567890.123", "KGM", "GRM", "12345678901234567890123"],
])("%s %s in %s is %s", (value, from, to, result) => {
  expect(convert(quantity(value, from), to)).toEqual({ value: result, unit: to });
});

test("a conversion keeps the source's own unit code", () => {
  expect(convert(quantity("3", "DZN", "DZ"), "C62")).toEqual({ value: "36", unit: "C62", sourceUnit: "DZ" });
});

test("units that measure different things, or that depend on the item, are refused", () => {
  expect(() => convert(quantity("1", "KGM"), "LTR")).toThrow("cannot convert 1 KGM (mass) to LTR (volume)");
  expect(() => convert(quantity("1", "SET"), "C62")).toThrow(
    expect.objectContaining({ code: "UNIT_NO_FACTOR" }),
  );
  expect(() => quantity("1", "pcs")).toThrow(expect.objectContaining({ code: "UNIT_UNKNOWN" }));
});

test("every unit with a factor is a Rec 20 code, and converting there and back gives the amount again", () => {
  const rows = readFileSync(new URL("factors.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const units = rows.map((row) => ({ code: row.split(",")[0]!, dimension: row.split(",")[2]! }));
  expect(units.filter((unit) => !isUnit(unit.code))).toEqual([]);
  const pairs = units.flatMap((a) =>
    units.filter((b) => b.dimension === a.dimension).map((b) => [a.code, b.code] as const),
  );
  fc.assert(
    fc.property(fc.constantFrom(...pairs), fc.integer({ min: -1_000_000, max: 1_000_000 }), ([a, b], n) => {
      const back = convert(convert(quantity(n, a), b), a);
      // Twelve places of the smaller unit may be lost when the other one is up to 1e12 times larger.
      expect(Math.abs(Number(back.value) - n)).toBeLessThanOrEqual(1);
    }),
  );
});
