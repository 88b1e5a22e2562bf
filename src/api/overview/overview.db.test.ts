import { afterAll, beforeAll, expect, test } from "vitest";

import { sourceOf } from "../../event/envelope.ts";
import { appendEvents } from "../../ledger/queries.ts";
import { appendRow, engineEvent } from "../../ledger/row.ts";
import { Sources } from "../../ledger/source.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";
import { insertLane } from "../testing/rows.ts";
import type { Overview } from "./overview.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const { pool } = api.database;
  await insertLane(pool, "SO-1", { effects: 2 });
  await pool.query(
    `insert into cases (fingerprint, kind, owner, subject, title, detail, plant, sla_at)
     values ('a', 'X', 'finance', 's/1', 't', '{}', 'lyon', now() - interval '1 hour'), ('b', 'X', 'finance', 's/2', 't', '{}', null, now() + interval '1 hour')`,
  );
  await pool.query(
    `insert into kpi_production (production_order, plant, released_at, delayed_since, cancelled) values ('PO-1', 'lyon', '2026-03-01', '2026-03-01', false)`,
  );
  const name = sourceOf("shop");
  const sourceId = await new Sources(pool).idOf(name);
  const told = { time: "2026-03-01T08:00:00.000000Z", data: { system: "works" }, subject: "salesOrder/SO-1" };
  const own = (id: string) => appendRow(engineEvent({ name: "EffectApplied", id, ...told }), 0);
  const sold = appendRow(
    { ...engineEvent({ name: "OrderRequested", id: "1", ...told }), source: name, sourceId },
    2,
  );
  await appendEvents(pool, JSON.stringify([own("a"), { ...own("b"), ord: 1 }, sold]));
});
afterAll(() => api.close());

test("tells where something waits, since when and whose move it is, each with the list behind it", async () => {
  const { json } = await api.get("/v1/overview");
  const { nodes, figures, teams, links, window } = json as unknown as Overview;
  expect(nodes).toMatchObject([
    { system: "shop", role: "crm", health: "healthy" },
    { system: "works", plant: "lyon", health: "attention", why: "1 parked effect", waitingEffects: 1 },
  ]);
  const figure = (name: string) => figures.find((each) => each.name === name);
  expect(figure("effects-parked")).toMatchObject({ value: 1, since: expect.any(String) });
  expect(figure("orders-released-late")).toMatchObject({ value: 1, since: "2026-03-01T00:00:00.000000Z" });
  expect(figure("orders-consistent")).toMatchObject({ value: null, of: 0 });
  expect(teams.find(({ owner }) => owner === "finance")).toMatchObject({
    open: 2,
    overdue: 1,
    nextDueAt: expect.any(String),
  });
  expect(teams).toHaveLength(5);
  expect(window).toEqual({ seconds: 60, eventsPerSecond: 3 / 60 });
  expect(links).toEqual([
    { system: "shop", direction: "in", perSecond: 1 / 60 },
    { system: "works", direction: "out", perSecond: 2 / 60 },
  ]);
  for (const { query } of [...figures, ...teams]) {
    const { status } = await api.get(query);
    expect([query, status]).toEqual([query, 200]);
  }
});

test("a plant tells whether it is heard, what waits for it and how it keeps its dates", async () => {
  const { pool } = api.database;
  expect((await api.get("/v1/plants")).json).toMatchObject({
    items: [
      { plant: "lyon", connected: "unknown", backlog: { effects: 1, cases: 1 }, clock: { reports: 0 } },
    ],
  });
  await pool.query("insert into cursors (system, stream, heartbeat_at) values ('works', 'orders', now())");
  await pool.query(
    `insert into kpi_reports (work_order, operation, confirmation, seq, production_order, plant, unit, good, scrap, rework, reported_at, recorded_at)
     values ('W', '10', 1, 1, 'W', 'lyon', 'C62', 1, 0, 0, now() - interval '1 hour', now() - interval '1 hour 5 seconds')`,
  );
  await pool.query(
    `update kpi_production set sent_at = '2026-03-01', due_at = now() - interval '3 days', completed_at = now() - interval '4 days'`,
  );
  expect((await api.get("/v1/plants/lyon")).json).toMatchObject({
    connected: "yes",
    systems: [{ system: "works", heardAt: expect.any(String) }],
    clock: { reports: 1, shortestMs: -5_000, aheadMs: 5_000 },
    scheduleAdherence: { value: 1, orders: 1 },
  });
  await pool.query(
    `insert into cases (fingerprint, kind, owner, subject, title, detail) values ('PLANT_UNREACHABLE/works', 'PLANT_UNREACHABLE', 'it', 'plant/lyon', 't', '{}')`,
  );
  expect((await api.get("/v1/plants/lyon")).json).toMatchObject({
    connected: "no",
    silentSince: expect.any(String),
  });
  expect((await api.get("/v1/plants/none")).status).toBe(404);
});
