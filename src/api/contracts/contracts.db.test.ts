import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { loadConnectors } from "../../connector/load.ts";
import { loadProcesses } from "../../process/load.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

const HOME = join(import.meta.dirname, "../../..");
let api: TestApi;
beforeAll(async () => {
  const [processes, connectors] = await Promise.all([
    loadProcesses([join(HOME, "processes")]),
    loadConnectors([join(HOME, "connectors")]),
  ]);
  api = await openTestApi({ processes });
  (api.context.project as { connectors: typeof connectors }).connectors = connectors;
});
afterAll(() => api.close());

async function check(path: string, content: unknown) {
  const answer = await api.app.inject({
    method: "POST",
    url: `/v1/contracts/${path}/check`,
    headers: AUTHORIZED,
    payload: { content },
  });
  return answer.json<Record<string, unknown>>();
}

test("the catalogue is found by kind, by words and by who may tell", async () => {
  const names = async (query: string) =>
    ((await api.get(`/v1/contracts?${query}`)).json["items"] as { name: string }[]).map(({ name }) => name);
  expect(await names("kind=effect&search=sales+order")).toContain("CreateSalesOrder");
  expect(await names("kind=event&owner=mes")).toContain("OperationCompleted");
  expect(await names("kind=event&owner=mes")).not.toContain("OrderRequested");
  expect(await names("search=zzzz")).toEqual([]);
});

test("a contract shows its parts, its samples, who tells it and who reads it", async () => {
  const { json } = await api.get("/v1/contracts/event/OrderRequested/1");
  expect(json).toMatchObject({
    versions: [1],
    owners: expect.arrayContaining(["crm"]),
    producers: expect.arrayContaining([
      { kind: "system", id: "shop", how: "as crm, if it sends it to POST /v1/events" },
    ]),
    consumers: expect.arrayContaining([
      { kind: "process", id: "order-confirmation", how: "for each salesOrder" },
    ]),
  });
  expect(json["parts"]).toHaveProperty(["interlock:///contracts/quantity.json", "title"]);
  expect((json["samples"] as { valid: unknown[] }).valid.length).toBeGreaterThan(0);
  const effect = await api.get("/v1/contracts/effect/CreateSalesOrder/1");
  expect(effect.json["consumers"]).toEqual([
    { kind: "system", id: "works", how: expect.stringContaining("carries it out") },
  ]);
});

test("content is held against its contract as one types, and what is wrong is said at its place", async () => {
  const whole = (await api.get("/v1/contracts/event/OrderRequested/1")).json;
  const { valid } = whole["samples"] as { valid: Record<string, unknown>[] };
  expect(await check("event/OrderRequested/1", valid[0])).toMatchObject({ ok: true, problems: [] });
  const { lines: _lines, ...half } = valid[0]!;
  const verdict = await check("event/OrderRequested/1", {
    ...half,
    contact: { email: "nobody" },
    custmer: "C-1",
  });
  expect(verdict).toMatchObject({ ok: false, personal: ["/contact/email"] });
  expect(verdict["problems"]).toEqual(
    expect.arrayContaining([
      { pointer: "/lines", message: "is required and missing" },
      { pointer: "/custmer", message: expect.stringContaining("is not a known field") },
      // A personal field is never repeated.
      { pointer: "/contact/email", message: "must be an e-mail address" },
    ]),
  );
  expect(await check("event/OrderRequested/9", {})).toMatchObject({ code: "OBJECT_UNKNOWN", status: 404 });
});

test("two versions are compared; a version that there is not is told", async () => {
  expect((await api.get("/v1/contracts/event/OrderRequested/1/difference?from=1")).json).toEqual({
    from: 1,
    to: 1,
    compatibility: "same",
    changes: [],
  });
  expect((await api.get("/v1/contracts/event/OrderRequested/1/difference?from=2")).status).toBe(404);
});

test("the events can be downloaded as AsyncAPI", async () => {
  const { json } = await api.get("/v1/asyncapi.json");
  expect(json).toMatchObject({ asyncapi: "3.0.0", info: { version: "0.0.0" } });
});
