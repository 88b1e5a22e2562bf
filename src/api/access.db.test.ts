import { afterAll, beforeAll, expect, test } from "vitest";

import { ROLE_NAMES, roleOf, type RoleName, SERVICE_MAY } from "../access/role.ts";
import type { Permission } from "../access/permission.ts";
import { makeToken } from "../access/token/api-token.ts";
import { setDisabled } from "../access/account/account.ts";
import { Appender } from "../ledger/append.ts";
import { engineEvent } from "../ledger/row.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "./testing/app.ts";
import { insertLane } from "./testing/rows.ts";
import { type Headers, serve, visit } from "./testing/visitor.ts";

interface Operation {
  readonly "x-access": Permission | "open" | "signature" | "signed-in";
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { readonly enum?: string[] };
  }[];
}
interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly url: string;
  readonly access: Operation["x-access"];
  readonly endless: boolean;
}

const AUTHOR = { actor: "test", reason: "for this test" };

let api: TestApi;
let routes: Route[];
let lyon: Headers;
beforeAll(async () => {
  api = await openTestApi();
  const { paths } = (await api.get("/v1/openapi.json")).json as {
    paths: Record<string, Record<string, Operation>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as Route["method"],
      path,
      access: operation["x-access"],
      endless: path.endsWith("/stream"),
      url: path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => exampleOf(operation, name)),
    })),
  );
  lyon = await visit(api, "luc", ["plant-operations"], ["lyon"]);
});
afterAll(() => api.close());

function exampleOf({ parameters = [] }: Operation, name: string): string {
  return parameters.find((each) => each.in === "path" && each.name === name)?.schema.enum?.[0] ?? "1";
}

/** What the request is answered with. Its body is empty: who may pass hears what is wrong with it, and nothing is done. */
async function ask({ method, url }: Route, headers: Headers) {
  const answer = await api.app.inject({
    method,
    url,
    headers: { ...headers, ...(method !== "GET" && { "content-type": "application/json" }) },
    ...(method !== "GET" && { payload: "{}" }),
  });
  const isJson = String(answer.headers["content-type"]).includes("json");
  const { code } = isJson ? answer.json<{ code?: string }>() : {};
  return { status: answer.statusCode, code };
}

/** Not asked for where it is allowed: what never ends, and what ends the session. */
const SIGNS_OUT = "DELETE /v1/session";

const VISITORS: readonly (RoleName | "service")[] = [...ROLE_NAMES, "service"];

test.each(VISITORS)("every route lets %s pass or not, as the roles table says", async (visitor) => {
  const isService = visitor === "service";
  const may: readonly string[] = isService ? SERVICE_MAY : roleOf(visitor).may;
  const plants = !isService && roleOf(visitor).needsPlants ? ["lyon"] : null;
  const headers = isService ? await serve(api, "shop") : await visit(api, `a-${visitor}`, [visitor], plants);
  const asked = routes.filter(({ access }) => access !== "open" && access !== "signature");
  expect(asked.length).toBeGreaterThan(40);
  for (const route of asked) {
    const { method, path, access, endless } = route;
    const allowed = access === "signed-in" || may.includes(access);
    if (allowed && (endless || `${method} ${path}` === SIGNS_OUT)) continue;
    const { status, code } = await ask(route, headers);
    const seen = status === 401 ? "unknown" : code === "PERMISSION_MISSING" ? "denied" : "passed";
    expect([method, path, visitor, seen]).toEqual([method, path, visitor, allowed ? "passed" : "denied"]);
  }
});

test("no route is registered that does not say who may call it", async () => {
  const { app } = await openUnsaid();
  expect(() => app.get("/v1/unsaid", () => "hello")).toThrow(/GET \/v1\/unsaid does not say who may call it/);
});

async function openUnsaid() {
  const { buildApi } = await import("./app.ts");
  return { app: await buildApi(api.context) };
}

/** Two plants, each with an event, a lane with its instance and effects, a case; and a case of the company. */
async function fillTwoPlants(): Promise<void> {
  const { pool } = api.database;
  const appender = new Appender(pool, api.context.bell);
  for (const [plant, order] of [
    ["lyon", "SO-10"],
    ["brno", "SO-20"],
  ] as const) {
    await appender.append(
      engineEvent({
        name: "PlantUnreachable",
        id: `told/${plant}`,
        subject: `workOrder/WO-${plant}`,
        time: "2026-03-01T10:00:00Z",
        data: { plant },
        correlation: `salesOrder/${order}`,
        plant,
      }),
    );
    const references = await insertLane(pool, order, { effects: 2 });
    await pool.query("update effects set plant = $1 where reference = any ($2)", [plant, references]);
    await pool.query("update instances set plant = $1 where key = $2", [plant, order]);
    await openCase(`salesOrder/${order}`, plant, references[0]!);
  }
  await openCase("salesOrder/SO-30", null, "0000000000000030");
}

async function openCase(subject: string, plant: string | null, reference: string): Promise<void> {
  const row = {
    fingerprint: subject,
    kind: "EFFECT_REJECTED",
    owner: "plant-operations",
    subject,
    plant,
    title: `refused at ${plant ?? "no plant"}`,
    detail: '{"remedy":"correct it"}',
    member_kind: "effect",
    member_ref: reference,
  };
  await api.database.pool.query("select open_cases($1)", [JSON.stringify([row])]);
}

test("nothing of another plant is shown or can be acted on, and what is of no plant can only be read", async () => {
  await fillTwoPlants();
  const { items: cases } = (await api.get("/v1/cases")).json as {
    items: { id: number; plant: string | null }[];
  };
  const caseOf = (plant: string | null) => cases.find((each) => each.plant === plant)!.id;
  for (const route of routes.filter(
    ({ method, path, endless }) => method === "GET" && !endless && !path.includes("{"),
  )) {
    const answer = await api.app.inject({ url: route.url, headers: lyon });
    expect([route.path, /brno|SO-20\b/.test(answer.body)]).toEqual([route.path, false]);
  }
  expect(
    (await api.app.inject({ url: "/v1/cases", headers: lyon })).json<{ items: object[] }>().items,
  ).toHaveLength(2);

  const [{ seq }] = (await api.get("/v1/events?object=workOrder%2FWO-brno")).json["items"] as [
    { seq: number },
  ];
  for (const url of [
    `/v1/events/${seq}`,
    `/v1/cases/${caseOf("brno")}`,
    "/v1/effects/0000000000000200",
    "/v1/instances/order-confirmation/SO-20",
    "/v1/trace/workOrder%2FWO-brno",
  ]) {
    expect([url, (await api.app.inject({ url, headers: AUTHORIZED })).statusCode]).toEqual([url, 200]);
    expect([url, (await api.app.inject({ url, headers: lyon })).statusCode]).toEqual([url, 404]);
  }

  const act = async (id: number, action: string) => {
    const payload = { action, version: 1, reason: "seen at the line" };
    const answer = await api.app.inject({
      method: "POST",
      url: `/v1/cases/${id}/actions`,
      headers: lyon,
      payload,
    });
    return [answer.statusCode, answer.json<{ code?: string }>().code];
  };
  expect(await act(caseOf("brno"), "comment")).toEqual([404, "OBJECT_UNKNOWN"]);
  expect(await act(caseOf(null), "comment")).toEqual([403, "PLANT_DENIED"]);
  expect(await act(caseOf("lyon"), "comment")).toEqual([200, undefined]);
  const effect = await api.app.inject({
    method: "POST",
    url: "/v1/effects/0000000000000200/actions",
    headers: lyon,
    payload: { action: "cancel", state: "parked", attempt: 1, reason: "not wanted" },
  });
  expect(effect.statusCode).toBe(404);
});

test("a person acts in their own name, on cases of their own team, and tells the decisions of their role", async () => {
  const finance = await visit(api, "fanny", ["finance"]);
  const post = async (url: string, payload: object) => {
    const answer = await api.app.inject({ method: "POST", url, headers: finance, payload });
    return answer.json<{ code?: string }>().code;
  };
  const { items } = (await api.get("/v1/cases?plant=lyon")).json as {
    items: { id: number; version: number }[];
  };
  const { id, version } = items[0]!;
  const said = { version, reason: "credit is fine" };
  expect(await post(`/v1/cases/${id}/actions`, { action: "close", ...said })).toBe("TEAM_DENIED");
  expect(await post(`/v1/cases/${id}/actions`, { action: "comment", ...said, actor: "luc" })).toBe(
    "ACTOR_DENIED",
  );
  expect(await post(`/v1/cases/${id}/actions`, { action: "comment", ...said })).toBeUndefined();
  const decision = (event: string) =>
    post("/v1/decisions", { event, subject: "workOrder/WO-1", data: {}, reason: "agreed" });
  expect(await decision("EngineeringChangeDecided")).toBe("DECISION_DENIED");
  expect(await decision("OrderRecheckRequested")).toBe("DECISION_INVALID");
  const { rows } = await api.database.pool.query<{ actor: string }>(
    "select actor from events where type = 'interlock.CaseActionTaken.v1' order by seq desc limit 1",
  );
  expect(rows).toEqual([{ actor: "fanny" }]);
});

test("a service account tells the events of its own system only", async () => {
  const headers = { ...(await serve(api, "works")), "content-type": "application/cloudevents+json" };
  const payload = JSON.stringify({
    specversion: "1.0",
    id: "1",
    source: "/systems/shop",
    type: "interlock.OrderCancelRequested.v1",
    subject: "salesOrder/SO-1",
    time: "2026-03-01T10:00:00Z",
    data: { salesOrder: "SO-1", reason: { text: "not needed" } },
  });
  const tell = async () =>
    (await api.app.inject({ method: "POST", url: "/v1/events", headers, payload })).json<{ code: string }>()
      .code;
  expect(await tell()).toBe("SOURCE_DENIED");
});

test("a token carries no more than it was made for, is shown as used, and ends with its account", async () => {
  const { pool } = api.database;
  const tom = await visit(api, "tom", ["operator"]);
  const request = { account: "tom", name: "report", permissions: ["case.read"], days: 1 };
  const { secret, id } = await makeToken(pool, request, AUTHOR);
  const get = async (url: string) =>
    (await api.app.inject({ url, headers: { authorization: `Bearer ${secret}` } })).statusCode;
  expect([await get("/v1/cases"), await get("/v1/systems"), await get("/v1/tokens")]).toEqual([
    200, 403, 403,
  ]);
  await expect(makeToken(pool, { ...request, permissions: ["account.admin"] }, AUTHOR)).rejects.toThrow(
    /may not/,
  );
  const mine = await api.app.inject({ url: "/v1/tokens", headers: tom });
  expect(mine.json()).toMatchObject({ items: [{ id, name: "report", usedAt: expect.any(String) }] });
  expect(mine.body).not.toContain(secret);
  await setDisabled(pool, "tom", true, AUTHOR);
  expect(await get("/v1/cases")).toBe(401);
});
