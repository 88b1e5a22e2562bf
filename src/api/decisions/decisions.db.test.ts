import { afterAll, beforeAll, expect, test } from "vitest";
import { readAfter } from "../../ledger/read.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const OVERRIDE = {
  event: "GateOverridden",
  subject: "productionOrder/PO-1",
  data: { productionOrder: "PO-1", gate: "credit" },
  actor: "planner-7",
  reason: "the customer has paid, the bank is slow",
};

async function decide(payload: object) {
  const answer = await api.app.inject({
    method: "POST",
    url: "/v1/decisions",
    headers: AUTHORIZED,
    payload,
  });
  return { status: answer.statusCode, json: answer.json() as Record<string, unknown> };
}

test("what a person decides is an event of the ledger, with actor and reason", async () => {
  const { status, json } = await decide(OVERRIDE);
  expect({ status, said: json["status"] }).toEqual({ status: 200, said: "appended" });
  const event = (await readAfter(api.database.pool, 0)).find(({ seq }) => seq === json["seq"]);
  expect(event).toMatchObject({
    type: "interlock.GateOverridden.v1",
    source: "/interlock",
    subject: "productionOrder/PO-1",
    actor: "planner-7",
    reason: OVERRIDE.reason,
    data: { productionOrder: "PO-1", gate: "credit", actor: "planner-7", reason: OVERRIDE.reason },
  });
});

test("sent again with the same id it is one decision, and with other content a conflict", async () => {
  const once = await decide({ ...OVERRIDE, id: "d-1" });
  expect(
    await decide({ ...OVERRIDE, id: "d-1", data: { productionOrder: "PO-1", gate: "item" } }),
  ).toMatchObject({
    status: 409,
    json: { code: "DECISION_CONFLICT" },
  });
  expect(once.json["status"]).toBe("appended");
  expect(await decide({ ...OVERRIDE, id: "d-1" })).toEqual({
    status: 200,
    json: { status: "duplicate", seq: once.json["seq"] },
  });
});

test.each([
  ["an event that only systems tell", { ...OVERRIDE, event: "OrderConfirmed" }, "/event"],
  ["an event that only the engine tells", { ...OVERRIDE, event: "EffectApplied" }, "/event"],
  ["a gate there is not", { ...OVERRIDE, data: { productionOrder: "PO-1", gate: "weather" } }, "/data/gate"],
  ["something missing", { ...OVERRIDE, data: { gate: "credit" } }, "/data/productionOrder"],
  ["no object", { ...OVERRIDE, subject: "PO-1" }, "/subject"],
])("%s is refused with the field", async (_what, payload, pointer) => {
  const { status, json } = await decide(payload);
  expect({ status, code: json["code"] }).toEqual({ status: 422, code: "DECISION_INVALID" });
  expect(json["errors"]).toMatchObject([{ pointer }]);
});

test("without a reason nothing is decided", async () => {
  const { reason: _, ...silent } = OVERRIDE;
  expect((await decide(silent)).status).toBe(400);
});
