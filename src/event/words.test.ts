import { expect, test } from "vitest";
import { eventWords } from "./words.ts";

const pieces = (value: string) => ({ value, unit: "C62" });

test.each([
  [
    { workOrder: "W", operation: "20", good: pieces("8"), scrap: pieces("2"), rework: pieces("0") },
    "operation 20, good 8, scrap 2",
  ],
  [{ item: "STEEL", quantity: { value: "1.5", unit: "KGM" }, lot: "H-1" }, "STEEL, 1.5 KGM, lot H-1"],
  [{ reason: { code: "X", message: "no tool" } }, "no tool"],
  [{ reasons: [{ message: "credit limit" }, { message: "closed period" }] }, "credit limit, closed period"],
  [{ item: "VALVE", quantity: pieces("0") }, "VALVE, 0"],
  [undefined, ""],
])("%j reads %j", (data, words) => {
  expect(eventWords(data)).toBe(words);
});

test("is never longer than a line has room for", () => {
  expect(eventWords({ reason: "x".repeat(500) })).toMatch(/^x{87}\.\.\.$/);
});
