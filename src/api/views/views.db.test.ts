import { afterAll, beforeAll, expect, test } from "vitest";

import { resetView } from "../../view/queries.ts";
import { findViews } from "../../view/scan.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  for (const view of (await findViews()).values()) await resetView(api.database.pool, view);
});
afterAll(() => api.close());

const rebuild = (name: string) =>
  api.app.inject({ method: "POST", url: `/v1/views/${name}/rebuild`, headers: AUTHORIZED });

test("every read model says how far it is behind, and can be filled anew", async () => {
  await api.database.pool.query("update ledger_head set seq = 7");
  const { json } = await api.get("/v1/views");
  expect(json["items"]).toContainEqual(expect.objectContaining({ name: "order", checkpoint: 0, lag: 7 }));

  await api.database.pool.query("update views set checkpoint = 7, stopped_for = 'it is wrong'");
  const answer = await rebuild("order");
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ checkpoint: 0, rebuildingTo: 7, stoppedFor: null });
  expect((await rebuild("nothing")).json()).toMatchObject({ status: 404, code: "VIEW_UNKNOWN" });

  const metrics = await api.app.inject({ url: "/metrics", headers: AUTHORIZED });
  expect(metrics.body).toContain('interlock_view_lag{view="order"} 7');
});
