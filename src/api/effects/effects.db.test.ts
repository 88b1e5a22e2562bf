import { afterAll, beforeAll, expect, test } from "vitest";

import { openTestApi, type TestApi } from "../testing/app.ts";
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

test("lanes say what waits behind their head", async () => {
  const { json } = await api.get("/v1/lanes?system=works");
  expect(json["items"]).toMatchObject([
    { lane: "salesOrder/SO-1", state: "parked", parkedFor: "rejected", waiting: 2 },
    { lane: "salesOrder/SO-2", state: "ready", waiting: 0 },
  ]);
});

test("an instance shows its state and its effects, and the story of its object holds both", async () => {
  expect((await api.get("/v1/instances?phase=confirming")).json["items"]).toHaveLength(2);
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
