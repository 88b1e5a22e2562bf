import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { loadProcesses } from "../../process/load.ts";
import { openTestApi, type TestApi } from "../testing/app.ts";
import { insertLane } from "../testing/rows.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    processes: await loadProcesses([join(import.meta.dirname, "../../../processes")]),
  });
  await insertLane(api.database.pool, "SO-1", { effects: 1 });
  await insertLane(api.database.pool, "SO-2", { effects: 1 });
  await api.database.pool.query("update instances set phase = 'creating'");
});
afterAll(() => api.close());

test("a process shows its state diagram, and how many instances stand where since when", async () => {
  const { json } = await api.get("/v1/processes/order-confirmation");
  const phases = json["phases"] as { name: string; instances: number; oldest: string | null }[];
  expect(phases.find(({ name }) => name === "creating")).toMatchObject({
    instances: 2,
    oldest: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(phases.find(({ name }) => name === "new")).toMatchObject({ instances: 0, oldest: null });
  const edges = json["edges"] as { from: string; to: string; on: string[] }[];
  const names = phases.map(({ name }) => name);
  expect(edges.length).toBeGreaterThan(0);
  for (const { from, to, on } of edges) {
    expect(names).toEqual(expect.arrayContaining([from, to]));
    expect(on.length).toBeGreaterThan(0);
  }
  expect(
    (await api.get("/v1/instances?process=order-confirmation&phase=creating&limit=1")).json,
  ).toMatchObject({ items: [{ key: "SO-1" }], next: expect.any(String) });
});

test("a process that there is not is told", async () => {
  expect((await api.get("/v1/processes/no")).status).toBe(404);
});
