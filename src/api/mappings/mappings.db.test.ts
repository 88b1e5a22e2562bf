import { afterAll, beforeAll, expect, test } from "vitest";

import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

const SOURCE = `{
  "type": "interlock.OrderRequested.v1", "subject": "salesOrder/" & id, "time": "2026-03-01T10:00:00Z",
  "data": { "salesOrder": id, "customer": buyer, "lines": [{ "line": 1, "item": article, "quantity": { "value": "1", "unit": "C62" } }] } }`;
const MAPPING = {
  file: "mappings/shop/orders.jsonata",
  path: "orders.jsonata",
  source: SOURCE,
  system: "shop",
  name: "orders",
  direction: "in" as const,
  shipped: false,
};
const MESSAGE = { id: "SO-1", buyer: "C-1", article: "PUMP-200" };

let api: TestApi;
let message: number;
beforeAll(async () => {
  api = await openTestApi();
  Object.assign(api.context.project, { mappings: [MAPPING] });
  const streams = { orders: { id: "/id", object: { kind: "salesOrder", id: "/id" } } };
  Object.assign(api.context.systems.get("shop")!, { streams });
  for (const [n, each] of [MESSAGE, { ...MESSAGE, id: "SO-2", article: "X Y" }].entries()) {
    const { rows } = await api.database.pool.query(
      `insert into inbound (system, stream, native_id, object_key, content_type, raw, raw_hash)
       values ('shop', 'orders', $1, 'o', 'application/json', $2, $3) returning id`,
      [each.id, Buffer.from(JSON.stringify(each)), Buffer.from([n])],
    );
    if (n === 0) message = (rows[0] as { id: number }).id;
  }
});
afterAll(() => api.close());

async function post(action: string, more: object) {
  const payload = { system: "shop", name: "orders", ...more };
  const url = `/v1/mappings/${action}`;
  const answer = await api.app.inject({ method: "POST", url, headers: AUTHORIZED, payload });
  return answer.json<Record<string, unknown>>();
}

test("the mappings in force are listed, and their text is shown", async () => {
  expect((await api.get("/v1/mappings")).json["items"]).toMatchObject([{ system: "shop", shipped: false }]);
  expect((await api.get("/v1/mappings/shop/orders")).json).toMatchObject({ source: SOURCE });
  expect((await api.get("/v1/mappings/shop/nothing")).status).toBe(404);
});

test("a mapping is tried on a recorded message: output, contract, and where each value stands in it", async () => {
  const tried = await post("try", { message });
  expect(tried).toMatchObject({
    output: { subject: "salesOrder/SO-1" },
    problem: null,
    contract: { type: "interlock.OrderRequested.v1", ok: true },
  });
  expect(tried["sources"]).toEqual(
    expect.arrayContaining([
      { pointer: "/data/customer", from: ["/buyer"] },
      { pointer: "/subject", from: [] },
    ]),
  );
});

test("a changed text is tried on a sample, and what is wrong with it is said with its place", async () => {
  const source = SOURCE.replace("buyer", "$crosswalk('customer', buyer)");
  expect(await post("try", { sample: MESSAGE, source })).toMatchObject({
    output: null,
    problem: { code: "CROSSWALK_UNKNOWN", line: 3, field: "/buyer" },
  });
  expect(await post("try", { sample: { ...MESSAGE, article: "X Y" } })).toMatchObject({
    contract: { ok: false, problems: [{ pointer: "/lines/0/item" }] },
  });
  expect(await post("try", {})).toMatchObject({ code: "REQUEST_INVALID" });
});

test("a changed mapping is run beside the one in force on what was recorded", async () => {
  const source = SOURCE.replace("article", "$replace(article, ' ', '-')");
  const compared = await post("compare", { source });
  expect(compared).toMatchObject({ looked: 2, same: 1, changed: 1, mended: 0, broken: 0 });
  expect(compared["examples"]).toMatchObject([{ after: { data: { lines: [{ item: "X-Y" }] } } }]);
});
