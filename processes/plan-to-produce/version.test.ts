import { expect, test } from "vitest";
import { hasCounter, withCounter } from "./counter.ts";
import { isNewer } from "./version.ts";

test("versions that count are compared as numbers, others as text; without one, what comes is taken", () => {
  expect(isNewer("10", "9")).toBe(true);
  expect(isNewer("9", "10")).toBe(false);
  expect(isNewer("10", "10")).toBe(true);
  expect(isNewer("2026-03-02T08:00:00Z", "2026-03-01T08:00:00Z")).toBe(true);
  expect(isNewer("2026-03-01", "2026-03-02")).toBe(false);
  expect(isNewer(undefined, "3")).toBe(true);
  expect(isNewer("1", undefined)).toBe(true);
});

test("counters without holes are one range", () => {
  const counters = [3, 1, 2, 7, 2, 6].reduce(withCounter, [] as ReturnType<typeof withCounter>);
  expect(counters).toEqual([
    [1, 3],
    [6, 7],
  ]);
  expect(hasCounter(counters, 2)).toBe(true);
  expect(hasCounter(counters, 5)).toBe(false);
  expect(hasCounter(undefined, 1)).toBe(false);
});
