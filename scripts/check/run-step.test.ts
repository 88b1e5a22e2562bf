import { expect, test } from "vitest";

import { countTests } from "./run-step.ts";
import { chooseSteps, listSteps } from "./steps.ts";
import { root } from "./project-files.ts";

const clean = { passed: 3, failed: 0, skipped: [], failures: [], problems: [] };

test("counts a clean run as it is", () => {
  expect(countTests(clean, 0)).toEqual(clean);
});

test.each([
  ["vitest died before it counted", undefined, 1],
  ["vitest failed for a reason of its own", clean, 1],
  ["a file did not load", { ...clean, problems: ["x.test.ts: SyntaxError"] }, 1],
  ["an error came from outside of a test", { ...clean, problems: ["unhandled"] }, 0],
  ["a test was skipped without a reason", { ...clean, skipped: [{ name: "x", reason: undefined }] }, 0],
  ["no test ran", { ...clean, passed: 0 }, 0],
])("fails when %s", (_, count, code) => {
  expect(countTests(count, code).failed).toBeGreaterThan(0);
});

test("each check file is a step of its own, between the tools and the tests", () => {
  const names = listSteps(root).map(({ name }) => name);
  expect(names).toContain("sizes");
  expect(names.indexOf("sizes")).toBeGreaterThan(names.indexOf("types"));
  expect(names.slice(-4)).toEqual(["unit", "db", "e2e", "acceptance"]);
});

test("refuses to check nothing when a step is misspelt", () => {
  expect(() => chooseSteps(listSteps(root), "types,tpyes")).toThrow("tpyes");
});
