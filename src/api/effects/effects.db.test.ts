import { afterAll, beforeAll, expect, test } from "vitest";

import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";
import { insertLane } from "../testing/rows.ts";

let api: TestApi;
let parked: string[];
beforeAll(async () => {
  api = await openTestApi();
  parked = await insertLane(api.database.pool, "SO-1", { effects: 3 });
  await insertLane(api.database.pool, "SO-2", { effects: 1, state: "ready" });
});
afterAll(() => api.close());

test("effects are listed by lane and position: the head with its lane's state, the others queued", async () => {
  const first = await api.get("/v1/effects?system=works&limit=2");
  expect(first.json["items"]).toMatchObject([
    { reference: parked[0], state: "parked", why: "unknown item", attempt: 1 },
    { reference: parked[1], state: "queued", why: null, attempt: 0 },
  ]);
  const second = await api.get(`/v1/effects?system=works&limit=2&cursor=${String(first.json["next"])}`);
  expect(second.json).toMatchObject({
    items: [{ reference: parked[2] }, { lane: "salesOrder/SO-2", state: "ready" }],
    next: null,
  });
});

test("a state is asked of the heads", async () => {
  const { json } = await api.get("/v1/effects?state=parked");
  expect(json["items"]).toMatchObject([{ reference: parked[0] }]);
});

test("one effect shows its content, every call that was made for it, and what is ahead of it", async () => {
  expect(await api.get(`/v1/effects/${parked[0]}`)).toMatchObject({
    status: 200,
    json: {
      payload: { salesOrder: "X" },
      parkedFor: "rejected",
      ahead: 0,
      attempts: [{ n: 1, kind: "send", class: "reject", status: "422" }],
    },
  });
  expect((await api.get(`/v1/effects/${parked[2]}`)).json).toMatchObject({
    state: "queued",
    ahead: 2,
    attempts: [],
  });
  expect(await api.get("/v1/effects/0000000000000000")).toMatchObject({
    status: 404,
    json: { code: "OBJECT_UNKNOWN" },
  });
});

test("an effect is acted on as it was seen, or not at all", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-3", { effects: 1 });
  const { json } = await api.get(`/v1/effects/${reference}`);
  expect(json["actions"]).toMatchObject({ retry: null, cancel: null });
  const cancel = async (attempt: unknown) =>
    api.app.inject({
      method: "POST",
      url: `/v1/effects/${reference}/actions`,
      headers: AUTHORIZED,
      payload: { action: "cancel", state: "parked", attempt, reason: "not wanted any more", actor: "erika" },
    });
  expect((await cancel(5)).json()).toMatchObject({ status: 409, code: "CASE_MOVED" });
  expect((await cancel(json["attempt"])).statusCode).toBe(200);
  expect((await api.get(`/v1/effects/${reference}`)).json).toMatchObject({
    state: "cancelled",
    actor: "erika",
    actions: { retry: "it has ended: cancelled" },
  });
});

test("lanes say what waits behind their head", async () => {
  const { json } = await api.get("/v1/lanes?system=works&limit=2");
  expect(json["items"]).toMatchObject([
    { lane: "salesOrder/SO-1", state: "parked", parkedFor: "rejected", waiting: 2 },
    { lane: "salesOrder/SO-2", state: "ready", waiting: 0 },
  ]);
});

test("an instance shows its state and its effects", async () => {
  expect((await api.get("/v1/instances?phase=confirming&key=SO-1")).json["items"]).toHaveLength(1);
  expect((await api.get("/v1/instances/order-confirmation/SO-1")).json).toMatchObject({
    state: { lines: 1 },
    effects: [{ reference: parked[0] }, { reference: parked[1] }, { reference: parked[2] }],
  });
});

test("systems and metrics count the lanes by state", async () => {
  const { json } = await api.get("/v1/systems");
  expect(json["items"]).toMatchObject([
    { system: "shop", lanes: {} },
    { system: "works", lanes: { parked: 1, ready: 1 } },
  ]);
  expect(JSON.stringify(json)).not.toContain("shop-secret");
});
