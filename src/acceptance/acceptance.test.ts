import { expect, test } from "vitest";
import { findData, formatFigures, isEqual } from "./acceptance.ts";

test("compares figures as they are read", () => {
  expect(isEqual({ what: "pieces", expected: 12, seen: "12" })).toBe(true);
  expect(isEqual({ what: "pieces", expected: 12, seen: "12.5" })).toBe(false);
});

test("marks what differs, and shows what does not as well", () => {
  const table = formatFigures([
    { what: "orders", expected: 45, seen: 45 },
    { what: "pieces", expected: 3097, seen: 3096 },
  ]);
  expect(table.split("\n")).toHaveLength(3);
  expect(table).toMatch(/^DIFFERS +pieces +3097 +3096$/m);
  expect(table).toMatch(/^ +orders +45 +45$/m);
});

test("what is too long for its column is shown below its figure", () => {
  const table = formatFigures([
    { what: "lines", expected: "116 145 146 203", seen: "116 145 146 203" },
    { what: "orders", expected: "Case-17 Case-22", seen: "Case-17" },
  ]);
  expect(table).toMatch(/lines +below +equal\n +116 145 146 203\n/);
  expect(table).toMatch(/^DIFFERS +orders +below +below\n +expected Case-17 Case-22\n +seen +Case-17$/m);
});

test("says where it looked for the data, and how to name another place", () => {
  expect(findData("/nowhere/checkout", {})).toEqual({
    missing: "no data in /nowhere/shared/data; name its folder in INTERLOCK_DATA",
  });
  expect(findData("/nowhere/checkout", { INTERLOCK_DATA: "/nowhere/else" })).toEqual({
    missing: "INTERLOCK_DATA names /nowhere/else, which does not exist",
  });
  expect(findData("/nowhere", { INTERLOCK_DATA: import.meta.dirname })).toEqual({
    folder: import.meta.dirname,
  });
});
