import { afterAll, beforeAll, expect, test } from "vitest";

import production from "../../view/production/view.ts";
import report from "../../view/report/view.ts";
import { STORY } from "../../view/sales/testing/story.ts";
import sales from "../../view/sales/view.ts";
import { type Follower, openFollower } from "../../view/testing/follower.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";

let follower: Follower;
let api: TestApi;
beforeAll(async () => {
  follower = await openFollower([production, report, sales]);
  await follower.append(STORY);
  await follower.follow();
  api = await openTestApi({ pool: follower.database.pool });
});
afterAll(async () => {
  await api.close();
  await follower.database.drop();
});

const MARCH = "from=2026-03-01&until=2026-03-31";

async function points(path: string) {
  const { status, json } = await api.get(`/v1/kpis/${path}`);
  expect([status, json["code"]]).toEqual([200, undefined]);
  return json["points"] as Record<string, unknown>[];
}

test("every figure says what it means, and the catalogue and the ledger's figures are the same ones", async () => {
  const { json } = await api.get("/v1/kpis");
  const items = json["items"] as { name: string; words: string; formula: string }[];
  for (const { words, formula } of items)
    expect([words.length > 20, formula.length > 5]).toEqual([true, true]);
  const { rows } = await follower.database.pool.query("select distinct kpi from kpi_points() order by kpi");
  expect(items.map(({ name }) => name).toSorted()).toEqual(rows.map(({ kpi }) => kpi as string));
});

test("a figure is a series of periods, in each plant's own days", async () => {
  // Reported on the 2nd at 08:00 UTC; released at noon of the 1st.
  expect(await points(`order-release-delay?${MARCH}`)).toEqual([
    {
      period: "2026-03-01",
      group: null,
      value: 7_200,
      numerator: 7_200,
      denominator: 1,
      count: 1,
      p95: 7_200,
      units: [],
    },
  ]);
  expect(await points(`first-pass-yield?${MARCH}&period=month&by=plant`)).toMatchObject([
    { period: "2026-03-01", group: "lyon", value: 5 / 8, count: 3, p95: null, units: ["C62"] },
  ]);
  expect(await points(`unposted-confirmations?${MARCH}&period=week`)).toMatchObject([
    { period: "2026-03-02", value: 1, denominator: 3 },
  ]);
  expect(await points(`on-time-shipment?${MARCH}&plant=brno`)).toEqual([]);
});

test("an order's time is told as a whole, or by stage", async () => {
  expect(await points(`order-cycle-time?${MARCH}`)).toMatchObject([{ value: 144 * 3600, count: 1 }]);
  const stages = await points(`order-cycle-time?${MARCH}&by=part`);
  expect(stages.map(({ group }) => group)).toEqual([
    "1 order",
    "2 release",
    "3 start",
    "4 production",
    "5 shipping",
    "total",
  ]);
});

test("behind a point stand its orders, the worst first, page by page", async () => {
  const first = await api.get("/v1/kpis/on-time-shipment/orders?period=month&at=2026-03-01&limit=1");
  expect(first.json).toMatchObject({
    items: [{ object: "salesOrder/SO-1", part: "2", value: 0, businessUnit: "pumps" }],
    next: expect.any(String),
  });
  const next = `cursor=${String(first.json["next"])}`;
  const second = await api.get(`/v1/kpis/on-time-shipment/orders?period=month&at=2026-03-01&limit=1&${next}`);
  expect(second.json).toMatchObject({ items: [{ part: "1", value: 1 }], next: null });
  const open = await api.get("/v1/kpis/unposted-confirmations/orders?at=2026-03-02");
  expect(open.json["items"]).toMatchObject([{ object: "productionOrder/PO-1", value: 1, count: 3 }]);
});

test("what is open now is listed, the oldest first", async () => {
  const { json } = await api.get("/v1/kpis/unposted-confirmations/open");
  expect(json["items"]).toMatchObject([
    { object: "productionOrder/PO-1", part: "20", why: "report 3 of PO-1: 1 good, 0 scrap, 0 rework C62" },
  ]);
  const delayed = {
    name: "OrderReleaseDelayed",
    time: "2026-03-08T08:00:00Z",
    body: JSON.stringify({ productionOrder: "PO-2", gates: [{ gate: "credit", message: "on hold" }] }),
    plant: "brno",
  };
  await follower.append([{ ...delayed, name: "ProductionOrderReleased" }, delayed]);
  await follower.follow();
  const late = "/v1/kpis/order-release-delay/open";
  expect((await api.get(late)).json["items"]).toMatchObject([
    { object: "productionOrder/PO-2", why: "credit", since: "2026-03-08T08:00:00Z" },
  ]);
  expect((await api.get(`${late}?plant=lyon`)).json["items"]).toEqual([]);
});

test("clocks that disagree make no time: a little is none, and beyond an hour nothing is counted", async () => {
  const release = (order: string, sent: string) =>
    [
      { name: "ProductionOrderReleased", time: "2026-05-04T08:00:00Z" },
      { name: "WorkOrderReleased", time: sent },
    ].map((event) => ({ ...event, plant: "lyon", body: JSON.stringify({ productionOrder: order }) }));
  await follower.append([
    ...release("PO-10", "2026-05-04T07:59:00Z"),
    ...release("PO-11", "2026-05-04T06:59:00Z"),
    ...release("PO-12", "2026-05-04T08:02:00Z"),
  ]);
  await follower.follow();
  expect(await points("order-release-delay?from=2026-05-01&until=2026-05-31&period=month")).toMatchObject([
    { count: 2, value: 60 },
  ]);
});

test("tells how far it is behind the ledger, and refuses what cannot be asked", async () => {
  const { json } = await api.get(`/v1/kpis/scrap-ratio?${MARCH}`);
  expect(json["fresh"]).toEqual({ lag: 0, rebuilding: false, stoppedFor: null });
  expect((await api.get("/v1/kpis/nothing")).status).toBe(404);
  for (const wrong of ["from=2026-03-31&until=2026-03-01", "from=2019-03-31", "from=2026-02-30"])
    expect((await api.get(`/v1/kpis/scrap-ratio?${wrong}`)).json["code"]).toBe("REQUEST_INVALID");
});
