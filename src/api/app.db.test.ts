import { Validator } from "@seriousme/openapi-schema-validator";
import { connect } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { loadProcesses } from "../process/load.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "./testing/app.ts";

interface Operation {
  readonly "x-access": string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { readonly enum?: string[] };
  }[];
}
/** They send a browser elsewhere. */
const WAY_OUT = /sign-in.(provider|callback)/;

let api: TestApi;
let operations: { method: "GET" | "POST"; path: string; url: string; access: string }[];

beforeAll(async () => {
  const processes = await loadProcesses([join(import.meta.dirname, "../../processes")]);
  api = await openTestApi({ processes });
  const { paths } = (await api.get("/v1/openapi.json")).json as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase() as "GET" | "POST",
      path,
      access: operation["x-access"],
      url: path.replaceAll(/\{([^}]+)\}/g, (_, name) => exampleOf(operation, name as string)),
    })),
  );
});

/** A value that the address takes for a parameter. */
function exampleOf({ parameters = [] }: Operation, name: string): string {
  return parameters.find((each) => each.in === "path" && each.name === name)?.schema.enum?.[0] ?? "1";
}
afterAll(() => api.close());

test("documents itself as valid OpenAPI 3.1, every route in it is there", async () => {
  const { json } = await api.get("/v1/openapi.json");
  const verdict = await new Validator().validate(json);
  expect(verdict.errors ?? []).toEqual([]);
  expect(json["openapi"]).toBe("3.1.0");
  for (const { method, path } of operations) {
    const url = path.replaceAll(/\{([^}]+)\}/g, ":$1");
    expect([path, api.app.hasRoute({ method, url })]).toEqual([path, true]);
  }
});

test("no route that is not open answers without the token, nor with another one", async () => {
  for (const { method, path, url } of operations.filter(({ access }) => access !== "open")) {
    for (const [headers, code] of [
      [{}, "TOKEN_MISSING"],
      [{ authorization: "Bearer wrong" }, "TOKEN_WRONG"],
      [{ authorization: AUTHORIZED.authorization.slice("Bearer ".length) }, "TOKEN_WRONG"],
    ] as const) {
      const answer = await api.app.inject({ method, url, headers });
      expect([path, answer.statusCode, answer.json()]).toMatchObject([path, 401, { code }]);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    }
  }
});

test("an unknown address tells nothing to who has no token", async () => {
  expect((await api.app.inject({ url: "/v1/no" })).statusCode).toBe(401);
  expect(await api.get("/v1/no")).toMatchObject({ status: 404, json: { code: "ROUTE_UNKNOWN" } });
});

test("a parameter that nobody reads is refused on every list and look-up", async () => {
  for (const { path, url } of operations.filter(
    (each) => each.method === "GET" && !WAY_OUT.test(each.path),
  )) {
    const { status, json } = await api.get(`${url}?limitt=5`);
    expect([path, status, json]).toMatchObject([path, 400, { code: "REQUEST_INVALID" }]);
    expect(json["errors"]).toContainEqual({ pointer: "limitt", detail: "is not known here" });
  }
});

test("every list answers as it is documented", async () => {
  for (const { path } of operations.filter(
    (each) =>
      each.method === "GET" && !/[{]|stream|metrics|export/.test(each.path) && !WAY_OUT.test(each.path),
  )) {
    expect([path, (await api.get(path)).status]).toEqual([path, 200]);
  }
  const { json } = await api.get("/v1/contracts/event/OrderRequested/1");
  expect(json).toMatchObject({ type: "interlock.OrderRequested.v1", schema: { type: "object" } });
  expect((await api.get("/v1/processes")).json["items"]).toContainEqual(
    expect.objectContaining({
      name: "order-confirmation",
      phases: expect.arrayContaining([expect.objectContaining({ name: "new", instances: 0 })]),
    }),
  );
});

test("a problem says what it means, what failed and what to do", async () => {
  const answer = await api.app.inject({ url: "/v1/effects?state=stuck&limit=0", headers: AUTHORIZED });
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(answer.json()).toEqual({
    type: "urn:interlock:error:REQUEST_INVALID",
    title: "A parameter or a field of the request is not as documented",
    status: 400,
    detail: expect.stringContaining("query: state"),
    code: "REQUEST_INVALID",
    remedy: "Correct what the errors point to.",
    errors: [
      { pointer: "state", detail: expect.any(String) },
      { pointer: "limit", detail: expect.any(String) },
    ],
  });
});

test("every answer carries the security headers", async () => {
  for (const url of ["/healthz", "/v1/lanes", "/v1/no", "/%zz"]) {
    const { headers } = await api.app.inject({ url, headers: AUTHORIZED });
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
  }
});

test("what is no HTTP is answered with a problem too", async () => {
  const { port } = new URL(await api.app.listen({ host: "127.0.0.1", port: 0 }));
  const socket = connect(Number(port), "127.0.0.1");
  socket.write("GARBAGE\r\n\r\n");
  const answer = (await socket.setEncoding("utf8").toArray()).join("");
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\ncontent-type: application\/problem\+json[^]+no HTTP/);
});

test("is alive and ready on a migrated database, and shows metrics of the store", async () => {
  expect(await api.get("/healthz")).toMatchObject({ status: 200, json: { status: "alive" } });
  expect(await api.get("/readyz")).toMatchObject({
    status: 200,
    json: { status: "ready", recoverySince: null },
  });
  const { body } = await api.app.inject({ url: "/metrics", headers: AUTHORIZED });
  expect(body).toMatch(/^interlock_ledger_position \d+$/m);
  expect(body).toMatch(/interlock_request_duration_seconds_count\{.*route="\/readyz"/);
});
