import { expect, test } from "vitest";
import type { LogRow } from "./log-file.ts";
import { counterOf, reportsOf } from "./report.ts";

const row: LogRow = {
  line: 2,
  workOrder: "Case 1",
  activity: "Turning & Milling - Machine 4",
  resource: "Machine 4 - Turning & Milling",
  start: "2012/01/29 23:24:00.000",
  complete: "2012/01/30 05:43:00.000",
  span: "006:19",
  ordered: "10",
  part: "Cable Head",
  worker: "ID4932",
  reportType: "S",
  completed: "1",
  rejected: "0",
  forReview: "0",
  rework: "",
};

test("a row that was typed twice is the same report, in another round it is another one", () => {
  expect(reportsOf({ ...row, line: 9 }, "Case-1", 1)).toEqual(reportsOf(row, "Case-1", 1));
  expect(counterOf(row, 2)).not.toBe(counterOf(row, 1));
  expect(counterOf({ ...row, completed: "2" }, 1)).not.toBe(counterOf(row, 1));
});

test("a check of quality and pieces for review are told by reports of their own", () => {
  const kindsOf = (changes: Partial<LogRow>) =>
    reportsOf({ ...row, ...changes }, "Case-1", 1).map(({ report }) => report);
  expect(kindsOf({})).toEqual(["started", "done"]);
  expect(kindsOf({ activity: "Turning Q.C.", forReview: "76" })).toEqual([
    "started",
    "checked",
    "done",
    "review",
  ]);
});
