import { expect, test } from "vitest";
import { ALWAYS, readCalendar, type ShiftCalendar } from "./calendar.ts";

const HOUR = 3_600_000;
const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"] as const;
const day: ShiftCalendar = {
  timeZone: "Europe/Paris",
  shifts: [{ days: WORKDAYS, from: "08:00", to: "16:00" }],
  holidays: ["2026-04-06"],
};
const night: ShiftCalendar = {
  timeZone: "Europe/Paris",
  shifts: [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "22:00", to: "06:00" }],
};

test.each([
  ["within a shift", day, "2026-03-02T08:00:00.000123Z", 4, "2026-03-02T12:00:00.000123Z"],
  ["before the shift begins", day, "2026-03-02T02:00:00.000000Z", 1, "2026-03-02T08:00:00.000000Z"],
  ["on to the next day", day, "2026-03-02T14:00:00.000000Z", 4, "2026-03-03T10:00:00.000000Z"],
  ["to the very end of a shift", day, "2026-03-02T07:00:00.000000Z", 8, "2026-03-02T15:00:00.000000Z"],
  ["across a weekend", day, "2026-03-06T14:00:00.000000Z", 2, "2026-03-09T08:00:00.000000Z"],
  // Easter Monday, and summer time since Sunday a week before
  ["across a holiday", day, "2026-04-03T13:00:00.000000Z", 2, "2026-04-07T07:00:00.000000Z"],
  // 2026-03-29 02:00 becomes 03:00: this night has seven hours
  ["in the short night", night, "2026-03-28T21:00:00.000000Z", 8, "2026-03-29T21:00:00.000000Z"],
  // 2026-10-25 03:00 becomes 02:00: this one has nine
  ["in the long night", night, "2026-10-24T20:00:00.000000Z", 9, "2026-10-25T05:00:00.000000Z"],
  ["in a shift that began yesterday", night, "2026-03-03T03:00:00.000000Z", 3, "2026-03-03T22:00:00.000000Z"],
])("counts working time %s", (_where, calendar, from, hours, due) => {
  expect(readCalendar("lyon", calendar).dueAt(from, hours * HOUR)).toBe(due);
});

test("overlapping shifts count once", () => {
  const overlapping = {
    ...day,
    shifts: [...day.shifts, { days: WORKDAYS, from: "07:00", to: "12:00" }],
  };
  expect(readCalendar("lyon", overlapping).dueAt("2026-03-02T06:00:00.000000Z", 9 * HOUR)).toBe(
    "2026-03-02T15:00:00.000000Z",
  );
});

test("without a calendar every hour counts", () => {
  expect(ALWAYS.dueAt("2026-03-07T08:00:00.000000Z", HOUR)).toBe("2026-03-07T09:00:00.000000Z");
});

test.each<[string, Partial<ShiftCalendar>, RegExp]>([
  ["no shift", { shifts: [] }, /shift calendar of lyon: it has no shift/],
  ["an unknown zone", { timeZone: "Europe/Lyon" }, /"Europe\/Lyon" is no time zone/],
  ["no time of day", { shifts: [{ days: ["mon"], from: "8 h", to: "16:00" }] }, /"8 h" is no time of day/],
])("refuses a calendar with %s", (_what, part, message) => {
  expect(() => readCalendar("lyon", { ...day, ...part })).toThrow(message);
});
