import { afterAll, beforeAll, expect, test } from "vitest";

import { Appender } from "../../ledger/append.ts";
import { engineEvent } from "../../ledger/row.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const appender = new Appender(api.database.pool, api.context.bell);
  // Two customers' orders are made by one production order; a lot that went into it; an order that has nothing to do with it.
  for (const [subject, correlation] of [
    ["salesOrder/SO-1", "quote/Q-1"],
    ["salesOrder/SO-2", undefined],
    ["productionOrder/PO-1", undefined],
    ["workOrder/WO-1", "productionOrder/PO-1"],
    ["lot/L-1", undefined],
    ["salesOrder/SO-9", undefined],
  ] as const) {
    await appender.append(
      engineEvent({
        name: "OrderAtRisk",
        id: subject,
        subject,
        time: "2026-03-01T10:00:00Z",
        data: {},
        correlation,
      }),
    );
  }
  for (const [child, parent] of [
    ["productionOrder/PO-1", "salesOrder/SO-1"],
    ["productionOrder/PO-1", "salesOrder/SO-2"],
    ["lot/L-1", "productionOrder/PO-1"],
    ["productionOrder/PO-1", "lot/L-1"],
  ] as const) {
    await api.database.pool.query(
      "insert into links (child_kind, child_id, parent_kind, parent_id, source, since_seq) values ($1, $2, $3, $4, 'test', 1)",
      [...child.split("/"), ...parent.split("/")],
    );
  }
});
afterAll(() => api.close());

async function trace(id: string): Promise<{ objects: Record<string, string>; events: string[] }> {
  const { status, json } = await api.get(`/v1/trace/${encodeURIComponent(id)}`);
  expect(status).toBe(200);
  const { objects, events } = json as {
    objects: { object: string; place: string }[];
    events: { subject: string }[];
  };
  return {
    objects: Object.fromEntries(objects.map(({ object, place }) => [object, place])),
    events: events.map(({ subject }) => subject),
  };
}

test("walks up to what an object was made for and down to what was made for it, and a cycle of links ends", async () => {
  const { objects, events } = await trace("productionOrder/PO-1");
  expect(objects).toEqual({
    "productionOrder/PO-1": "asked",
    "salesOrder/SO-1": "above",
    "salesOrder/SO-2": "above",
    "lot/L-1": "above",
    "workOrder/WO-1": "below",
  });
  expect(events).toEqual([
    "salesOrder/SO-1",
    "salesOrder/SO-2",
    "productionOrder/PO-1",
    "workOrder/WO-1",
    "lot/L-1",
  ]);
});

test("never walks up and down again: another customer's order stays out of the story", async () => {
  const { objects } = await trace("SO-1");
  expect(objects).toMatchObject({
    "salesOrder/SO-1": "asked",
    "productionOrder/PO-1": "below",
    "workOrder/WO-1": "below",
  });
  expect(objects).not.toHaveProperty("salesOrder/SO-2");
});

test("finds the story by the root object, by an event's position and by its id", async () => {
  expect((await trace("quote/Q-1")).events).toContain("salesOrder/SO-1");
  expect((await trace("6")).objects).toEqual({ "salesOrder/SO-9": "asked" });
  expect((await trace("salesOrder/SO-9")).events).toEqual(["salesOrder/SO-9"]);
});

test("says so when nothing is known", async () => {
  expect(await api.get("/v1/trace/SO-404")).toMatchObject({ status: 404, json: { code: "OBJECT_UNKNOWN" } });
});
