/* The three views that figures are made of, and the figures, played with one order from the quote to the truck. */
import { afterAll, beforeAll, expect, test } from "vitest";

import type { ViewDefinition } from "../contract.ts";
import production from "../production/view.ts";
import { resetView } from "../queries.ts";
import report from "../report/view.ts";
import { type Follower, openFollower } from "../testing/follower.ts";
import sales from "./view.ts";

const VIEWS: ViewDefinition[] = [production, report, sales];
const PIECES = (value: string | number) => ({ value: String(value), unit: "C62" });

let follower: Follower;
beforeAll(async () => {
  follower = await openFollower(VIEWS);
});
afterAll(() => follower.database.drop());

function at(time: string, name: string, data: object, more: object = {}) {
  return { name, time: `2026-03-${time}:00Z`, body: JSON.stringify(data), ...more };
}
const line = (n: number, day: string) => ({
  line: n,
  item: "PUMP-200",
  quantity: PIECES(n * 10),
  schedule: [{ scheduleLine: 1, quantity: PIECES(n * 10), confirmedDate: day }],
});
const report4 = (confirmation: number, good: number, scrap: number, rework: number) => ({
  workOrder: "PO-1",
  productionOrder: "PO-1",
  operation: "20",
  confirmation,
  good: PIECES(good),
  scrap: PIECES(scrap),
  rework: PIECES(rework),
  last: false,
});
const LYON = { plant: "lyon" };

const STORY = [
  at("01T08:00", "QuoteAccepted", {
    quote: "Q-1",
    salesOrder: "SO-1",
    customer: "C-1",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES(10) }],
  }),
  at(
    "01T09:00",
    "OrderCreated",
    {
      salesOrder: "SO-1",
      document: "1",
      customer: "C-1",
      lines: [line(1, "2026-03-05"), line(2, "2026-03-05")],
    },
    { businessUnit: "pumps" },
  ),
  at(
    "01T10:00",
    "ProductionOrderReleased",
    {
      productionOrder: "PO-1",
      item: "PUMP-200",
      quantity: PIECES(10),
      pegging: [{ salesOrder: "SO-1", line: 1 }],
    },
    { ...LYON, businessUnit: "pumps" },
  ),
  at(
    "01T10:01",
    "OrderReleaseDelayed",
    { productionOrder: "PO-1", gates: [{ gate: "credit", message: "on hold" }] },
    LYON,
  ),
  at(
    "01T12:00",
    "WorkOrderReleased",
    {
      productionOrder: "PO-1",
      workOrder: "PO-1",
      item: "PUMP-200",
      quantity: PIECES(10),
      plannedEnd: "2026-03-02T10:00:00+01:00",
    },
    LYON,
  ),
  at("02T08:00", "OperationCompleted", report4(1, 4, 1, 2), LYON),
  at("02T08:00", "OperationCompleted", report4(1, 4, 1, 2), LYON),
  at("02T08:05", "ProductionConfirmed", {
    productionOrder: "PO-1",
    operation: "20",
    confirmation: 1,
    document: "c1",
    good: PIECES(4),
    scrap: PIECES(1),
  }),
  at("02T09:00", "OperationCompleted", report4(2, 2, 0, -2), LYON),
  at("02T09:30", "OperationCompleted", report4(3, 1, 0, 0), LYON),
  at(
    "02T09:31",
    "EffectApplied",
    {
      effect: "ConfirmOperation.v1",
      reference: "R",
      system: "erp",
      lane: "x",
      process: "p",
      key: "PO-1",
      name: "confirm",
    },
    { causeSeq: 9 },
  ),
  at("03T08:00", "WorkOrderCompleted", { workOrder: "PO-1" }, LYON),
  at("04T08:00", "PromiseDateChanged", { salesOrder: "SO-1", line: 2, newDate: "2026-03-07" }),
  at("05T08:00", "ShipmentConfirmed", {
    shipment: "SH-1",
    salesOrder: "SO-1",
    shippedOn: "2026-03-05",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES("10.000") }],
  }),
  at("05T09:00", "GoodsIssued", {
    salesOrder: "SO-1",
    shipment: "SH-1",
    document: "d1",
    lines: [{ line: 1, item: "PUMP-200", quantity: PIECES(10) }],
  }),
  at("06T08:00", "ShipmentConfirmed", {
    shipment: "SH-2",
    salesOrder: "SO-1",
    shippedOn: "2026-03-06",
    lines: [{ line: 2, item: "PUMP-200", quantity: PIECES(15) }],
  }),
  at("07T08:00", "GoodsIssued", {
    salesOrder: "SO-1",
    document: "d2",
    postedOn: "2026-03-07",
    lines: [{ line: 2, item: "PUMP-200", quantity: PIECES(5) }],
  }),
];

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
