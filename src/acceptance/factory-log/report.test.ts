import { expect, test } from "vitest";
import type { LogRow } from "./log-file.ts";
import { counterOf, reportsOf } from "./report.ts";

const row: LogRow = {
  line: 2,
  workOrder: "Order 1",
  activity: "Turning on lathe A",
  resource: "Lathe A",
  start: "2024/02/05 22:10:00.000",
  complete: "2024/02/06 03:55:00.000",
  span: "005:45",
  ordered: "40",
  part: "Flange",
  worker: "P-07",
  reportType: "S",
  completed: "12",
  rejected: "0",
  forReview: "0",
  rework: "",
};

test("a row that was typed twice is the same report, in another round it is another one", () => {
  expect(reportsOf({ ...row, line: 9 }, "Order-1", 1)).toEqual(reportsOf(row, "Order-1", 1));
  expect(counterOf(row, 2)).not.toBe(counterOf(row, 1));
  expect(counterOf({ ...row, completed: "2" }, 1)).not.toBe(counterOf(row, 1));
});

test("a check of quality and pieces for review are told by reports of their own", () => {
  const kindsOf = (changes: Partial<LogRow>) =>
    reportsOf({ ...row, ...changes }, "Order-1", 1).map(({ report }) => report);
  expect(kindsOf({})).toEqual(["started", "done"]);
  expect(kindsOf({ activity: "Lathe Q.C.", forReview: "9" })).toEqual([
    "started",
    "checked",
    "done",
    "review",
  ]);
});
