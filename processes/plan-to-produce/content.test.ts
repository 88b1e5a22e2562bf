import { expect, test } from "vitest";
import { isSame } from "./content.ts";

test("the same amount, moment and fields, however they are written", () => {
  const component = { line: 1, item: "SEAL", quantity: { value: "20", unit: "C62" } };
  expect(
    isSame(
      [component],
      [{ item: "SEAL", quantity: { unit: "C62", value: "20.000", sourceUnit: "PCE" }, line: 1 }],
    ),
  ).toBe(true);
  expect(isSame("2026-03-02T10:00:00+01:00", "2026-03-02T09:00:00Z")).toBe(true);
  expect(isSame(undefined, undefined)).toBe(true);
});

test("anything else is a change", () => {
  expect(isSame({ value: "20", unit: "C62" }, { value: "21", unit: "C62" })).toBe(false);
  expect(isSame({ value: "20", unit: "C62" }, { value: "20", unit: "KGM" })).toBe(false);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame("B", "C")).toBe(false);
  expect(isSame(undefined, "C")).toBe(false);
});
