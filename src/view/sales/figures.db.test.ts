/* The three views that figures are made of, and the figures, played with one order from the quote to the truck. */
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ViewDefinition } from "../contract.ts";
import production from "../production/view.ts";
import { resetView } from "../queries.ts";
import report from "../report/view.ts";
import { type Follower, openFollower } from "../testing/follower.ts";
import { STORY } from "./testing/story.ts";
import sales from "./view.ts";

const VIEWS: ViewDefinition[] = [production, report, sales];
let follower: Follower;
beforeAll(async () => {
  follower = await openFollower(VIEWS);
});
afterAll(() => follower.database.drop());

async function figures(kpi: string) {
  const { rows } = await follower.database.pool.query(
    `select object, part, plant, business_unit, numerator::float8, denominator::float8 from kpi_points() where kpi = $1 order by at, object, part`,
    [kpi],
  );
  return rows as Record<string, unknown>[];
}

test("the same bytes stand there however the batches fall, and filled anew", async () => {
  await follower.append(STORY);
  await follower.follow(1);
  const one = await follower.digests();
  for (const view of VIEWS) await resetView(follower.database.pool, view);
  await follower.follow(4);
  expect(await follower.digests()).toEqual(one);
  for (const view of VIEWS) await resetView(follower.database.pool, view);
  await follower.follow();
  expect(await follower.digests()).toEqual(one);
});

test("a release is delayed from the ERP's word until the work order goes to the plant", async () => {
  expect(await figures("order-release-delay")).toEqual([
    {
      object: "productionOrder/PO-1",
      part: null,
      plant: "lyon",
      business_unit: "pumps",
      numerator: 7_200,
      denominator: 1,
    },
  ]);
  const { rows } = await follower.database.pool.query("select delayed_for from kpi_production");
  expect(rows).toEqual([{ delayed_for: "credit" }]);
});

test("an order that ends within a day of the end frozen at release kept its date", async () => {
  expect(await figures("schedule-adherence")).toMatchObject([{ numerator: 1, denominator: 1 }]);
});

test("a report is posted when the ERP's echo names it or its effect was applied", async () => {
  const open = (await figures("unposted-confirmations")).map(({ numerator }) => numerator);
  // Reports 1 (echo), 2 (effect), 3 (neither); one told twice is one.
  expect(open).toEqual([0, 0, 1]);
});

test("a piece that comes back from rework was not good at first, and is counted once", async () => {
  const sum = (rows: Record<string, unknown>[], key: string) =>
    rows.reduce((total, row) => total + Number(row[key]), 0);
  const yields = await figures("first-pass-yield");
  expect([sum(yields, "numerator"), sum(yields, "denominator")]).toEqual([5, 8]);
  const scrap = await figures("scrap-ratio");
  expect([sum(scrap, "numerator"), sum(scrap, "denominator")]).toEqual([1, 8]);
});

test("a line is on time by what the customer was told first; a shipment told twice leaves once", async () => {
  expect(await figures("on-time-shipment")).toMatchObject([
    { part: "1", numerator: 1 },
    { part: "2", numerator: 0 },
  ]);
  expect(await figures("on-time-to-latest-promise")).toMatchObject([
    { part: "1", numerator: 1 },
    { part: "2", numerator: 1 },
  ]);
});

test("an order's time is told by stage once everything has left", async () => {
  const stages = (await figures("order-cycle-time")).map(({ part, numerator }) => [
    part,
    Number(numerator) / 3600,
  ]);
  expect(Object.fromEntries(stages)).toEqual({
    "1 order": 1,
    "2 release": 3,
    "3 start": 20,
    "4 production": 24,
    "5 shipping": 96,
    total: 144,
  });
});
