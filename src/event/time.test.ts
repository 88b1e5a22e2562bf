import { expect, test } from "vitest";
import { addMillis, toUtc } from "./time.ts";

test.each([
  ["2026-03-01T10:15:00+01:00", "2026-03-01T09:15:00.000000Z"],
  ["2026-03-01T00:15:00.1234567-05:30", "2026-03-01T05:45:00.123456Z"],
  ["2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000Z"],
  ["0099-12-31T00:00:00Z", "0099-12-31T00:00:00.000000Z"],
])("brings %s to UTC with microseconds", (text, utc) => {
  expect(toUtc(text)).toBe(utc);
});

test.each([
  "2026-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-03-01T24:00:00Z",
  "2026-03-01 10:00:00Z",
  "2026-03-01T10:00:00",
  "x",
])("knows no time in %s", (text) => {
  expect(toUtc(text)).toBeUndefined();
});

test("adding milliseconds keeps the microseconds", () => {
  expect(addMillis("2026-03-01T09:15:00.000123Z", 1500)).toBe("2026-03-01T09:15:01.500123Z");
});
