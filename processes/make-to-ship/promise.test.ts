import { test } from "vitest";
import { event, fired } from "../../src/testing/index.ts";
import * as story from "./testing/story.ts";
import { aCase, given, KEY, line, ordered, received, shipped, supply } from "./testing/story.ts";

const passes = (day: string) => ({ ...fired("promise"), time: `${day}T00:00:00Z` });
const moved = (newDate: string, scheduleLine?: number) =>
  event("PromiseDateChanged", { salesOrder: KEY, line: 1, newDate, ...(scheduleLine && { scheduleLine }) });
const risk = (quantity: number, day: string, since: string) => ({
  name: "OrderAtRisk",
  data: {
    salesOrder: KEY,
    because: `${quantity} of line 1, promised for ${day}, have not left`,
    since: `${since}T00:00:00.000000Z`,
    customer: "C-77",
    line: 1,
  },
});
const late = [aCase("PROMISE_MISSED", "customer-service")];
const setFor = (day: string) => ({ promise: `${day}T00:00:00.000000Z` });

test("a promised day that passes while goods have not left is told, day by day", () => {
  given()
    .when(ordered())
    .then({ phase: "open", timers: setFor("2026-03-21") });
  given(ordered())
    .when(passes("2026-03-21"))
    .then({
      phase: "open",
      derived: [risk(6, "2026-03-20", "2026-03-21")],
      cases: late,
      timers: setFor("2026-03-22"),
    });
  given(ordered(), passes("2026-03-21"))
    .when(passes("2026-03-22"))
    .then({
      phase: "open",
      derived: [risk(6, "2026-03-20", "2026-03-22"), risk(4, "2026-03-21", "2026-03-22")],
      cases: late,
      timers: {},
    });
});

test("what has left is not late, and its case closes when the rest has left or is promised anew", () => {
  const whole = [ordered([story.pumps([6])]), supply(), received(6, "L-1")];
  const inTime = [...whole, { ...shipped([line(6)]), time: "2026-03-20T08:00:00Z" }];
  given(...inTime)
    .when(passes("2026-03-21"))
    .thenIgnored(/nothing is left to leave/);
  given(ordered(), passes("2026-03-21"))
    .when({ ...moved("2026-03-25"), time: "2026-03-21T08:00:00Z" })
    .then({ phase: "open", closedCases: ["PROMISE_MISSED"], timers: setFor("2026-03-26") });
  given(ordered(), passes("2026-03-21"))
    .when({ ...moved("2026-03-25", 2), time: "2026-03-21T08:00:00Z" })
    .then({ phase: "open", timers: setFor("2026-03-26") });
});

test("an order that is told after its day has passed is late at once", () => {
  given()
    .when({ ...ordered(), time: "2026-04-01T08:00:00Z" })
    .then({ phase: "open", timers: { promise: "2026-04-01T08:00:00.000000Z" } });
});
