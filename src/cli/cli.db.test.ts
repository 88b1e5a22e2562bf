import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { openTestApi, type TestApi, TOKEN } from "../api/testing/app.ts";
import { insertLane } from "../api/testing/rows.ts";
import { Appender } from "../ledger/append.ts";
import { engineEvent } from "../ledger/row.ts";
import { interlock } from "./testing/interlock.ts";

let api: TestApi;
let hub: string[];
beforeAll(async () => {
  api = await openTestApi();
  hub = ["--url", await api.app.listen({ host: "127.0.0.1", port: 0 })];
  vi.stubEnv("INTERLOCK_ADMIN_TOKEN", TOKEN);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await api.close();
});

test("a person looks at a case and acts on it", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-1", { effects: 1 });
  const row = {
    fingerprint: "SO-1",
    kind: "EFFECT_REJECTED",
    owner: "finance",
    subject: "salesOrder/SO-1",
    title: "works refused it",
    detail: '{"remedy":"correct it"}',
    member_kind: "effect",
    member_ref: reference,
  };
  await api.database.pool.query("select open_cases($1)", [JSON.stringify([row])]);
  const [found] = JSON.parse((await interlock("cases", "--json", ...hub)).out) as { id: number }[];
  const id = String(found!.id);
  expect((await interlock("cases", "show", id, ...hub)).out).toMatch(
    /remedy +correct it[^]+retry +can be done now/,
  );
  const act = () =>
    interlock("cases", "act", id, "cancel", "--reason", "not wanted", "--actor", "erika", ...hub);
  expect(await interlock("cases", "act", id, "repair", "--reason", "not wanted", ...hub)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/action must be one of reassign, comment, /),
  });
  expect(await act()).toMatchObject({ code: 0, out: `cancel of case ${id}: done for 1.\n` });
  expect(await act()).toMatchObject({ code: 1, err: expect.stringContaining("no effect of it waits") });
  expect((await interlock("effects", "show", reference!, ...hub)).out).toMatch(
    /state +cancelled[^]+unknown item/,
  );
});

test("trace tells a story in its order, and says so when there is none", async () => {
  const appender = new Appender(api.database.pool, api.context.bell);
  const about = {
    subject: "workOrder/WO-1",
    time: "2026-03-01T10:00:00Z",
    data: {},
    correlation: "salesOrder/SO-2",
  };
  await appender.append(engineEvent({ ...about, name: "OrderAtRisk", id: "a" }));
  await appender.append(
    engineEvent({ ...about, name: "OrderConfirmed", id: "b", actor: "erika", reason: "by phone" }),
  );
  const { code, out } = await interlock("trace", "SO-2", ...hub);
  expect(code).toBe(0);
  expect(out).toMatch(
    /asked +salesOrder\/SO-2\npart of it +workOrder\/WO-1\n[^]+OrderAtRisk +workOrder\/WO-1[^]+OrderConfirmed .*erika: by phone/,
  );
  expect(await interlock("trace", "SO-404", ...hub)).toMatchObject({
    code: 1,
    err: expect.stringContaining("SO-404"),
  });
});

test("a system is paused with a reason, and shown so", async () => {
  expect(
    await interlock("systems", "pause", "works", "--reason", "upgrade", "--actor", "erika", ...hub),
  ).toMatchObject({ code: 0 });
  expect((await interlock("systems", ...hub)).out).toMatch(/works +erp .*upgrade \(erika\)/);
});

test("nothing is erased where nothing is named", async () => {
  const redact = (object: string) => interlock("audit", "redact", object, "--reason", "asked for", ...hub);
  expect(await redact("SO-1")).toMatchObject({ code: 1, err: expect.stringContaining("<kind>/<id>") });
  expect(await redact("salesOrder/SO-404")).toMatchObject({
    code: 0,
    out: expect.stringContaining("No event"),
  });
});

test("a wrong token is told as such", async () => {
  vi.stubEnv("INTERLOCK_ADMIN_TOKEN", "wrong");
  expect(await interlock("effects", ...hub)).toMatchObject({
    code: 1,
    err: expect.stringContaining("token"),
  });
  vi.stubEnv("INTERLOCK_ADMIN_TOKEN", TOKEN);
});

test("replay needs to know what of", async () => {
  expect(await interlock("replay", "--reason", "x", ...hub)).toMatchObject({
    code: 2,
    err: expect.stringContaining("--inbound"),
  });
});
