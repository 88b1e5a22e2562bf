import { afterAll, beforeAll, expect, test } from "vitest";

import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";
import { insertLane } from "../testing/rows.ts";

const WORD = { reason: "agreed with the works", actor: "erika" };

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

async function openCase(key: string, references: readonly string[]): Promise<number> {
  const rows = references.map((reference) => ({
    fingerprint: key,
    kind: "EFFECT_REJECTED",
    owner: "finance",
    system: "works",
    subject: `salesOrder/${key}`,
    title: "works refused it",
    detail: '{"remedy":"correct it"}',
    member_kind: "effect",
    member_ref: reference,
  }));
  await api.database.pool.query("select open_cases($1)", [JSON.stringify(rows)]);
  const { json } = await api.get(`/v1/cases?object=salesOrder/${key}&state=open`);
  return (json["items"] as { id: number }[])[0]!.id;
}

async function act(id: number, body: object): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await api.app.inject({
    method: "POST",
    url: `/v1/cases/${id}/actions`,
    headers: AUTHORIZED,
    payload: { ...WORD, ...body },
  });
  return { status: answer.statusCode, json: answer.json() };
}

test("a case says what can be done now, and why the rest cannot", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-1", { effects: 1 });
  const id = await openCase("SO-1", [reference!]);
  expect(await api.get(`/v1/cases/${id}`)).toMatchObject({
    status: 200,
    json: {
      detail: { remedy: "correct it" },
      members: [{ kind: "effect", ref: reference, settled: false }],
      effects: [{ reference, state: "parked", attempt: 1, actions: { retry: null, resubmit: null } }],
      actions: {
        retry: null,
        "mark-applied": null,
        reassign: null,
        close: "1 of its members still wait: act on those, and it closes by itself",
        readmit: "no message of it waits",
        release: "it holds no instance of a process",
      },
    },
  });
});

test("what a person does is done once, closes the case, and stands in the ledger with who and why", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-2", { effects: 1 });
  const id = await openCase("SO-2", [reference!]);
  const request = {
    action: "mark-applied",
    effects: [{ reference, state: "parked", attempt: 1 }],
    evidence: { order: "4711" },
  };
  expect(await act(id, request)).toMatchObject({ status: 200, json: { affected: 1, refused: [] } });
  expect(await act(id, request)).toMatchObject({ status: 409, json: { code: "CASE_MOVED" } });
  expect((await api.get(`/v1/cases/${id}`)).json).toMatchObject({ state: "closed", closedBy: "erika" });
  const { json } = await api.get("/v1/events?object=salesOrder/SO-2");
  expect(json["items"]).toMatchObject([
    { type: "interlock.CaseActionTaken.v1", actor: "erika", reason: WORD.reason },
    { type: "interlock.EffectMarkedApplied.v1", data: { reference, evidence: { order: "4711" } } },
  ]);
});

test("an effect that has moved since it was looked at is told, and keeps none of the others", async () => {
  const [one] = await insertLane(api.database.pool, "SO-3", { effects: 1 });
  const [two] = await insertLane(api.database.pool, "SO-4", { effects: 1 });
  const id = await openCase("SO-3", [one!, two!]);
  const seen = [
    { reference: one, state: "parked", attempt: 1 },
    { reference: two, state: "parked", attempt: 7 },
  ];
  expect(await act(id, { action: "retry", effects: seen })).toMatchObject({
    status: 200,
    json: { affected: 1, refused: [{ member: two, code: "CASE_MOVED" }] },
  });
});

test("corrected content is held against its contract and its object before it is sent", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-5", { effects: 1 });
  const id = await openCase("SO-5", [reference!]);
  const effects = [{ reference, state: "parked", attempt: 1 }];
  expect(await act(id, { action: "resubmit", effects, payload: { salesOrder: "SO-5" } })).toMatchObject({
    status: 422,
    json: { code: "CASE_CONTENT_INVALID" },
  });
  const line = { line: 1, item: "PUMP-200", quantity: { value: "1", unit: "H87" } };
  const { status, json } = await act(id, {
    action: "resubmit",
    effects,
    payload: { salesOrder: "SO-5", customer: "C-77", lines: [line] },
  });
  expect([status, json]).toMatchObject([
    200,
    { affected: 1, replacement: expect.stringMatching(/^[0-9A-Z]{16}$/) },
  ]);
});

test("a case is given to another team by who saw its present version", async () => {
  const [reference] = await insertLane(api.database.pool, "SO-6", { effects: 1 });
  const id = await openCase("SO-6", [reference!]);
  expect(await act(id, { action: "reassign", owner: "quality", version: 9 })).toMatchObject({ status: 409 });
  expect(await act(id, { action: "reassign", owner: "quality" })).toMatchObject({
    status: 422,
    json: { errors: [{ pointer: "/version" }] },
  });
  expect(await act(id, { action: "reassign", owner: "quality", version: 1 })).toMatchObject({ status: 200 });
  expect((await api.get("/v1/cases?owner=quality")).json["items"]).toMatchObject([{ id, version: 2 }]);
});

test("a case that holds nothing up is closed by a person, and its next occasion opens a new one", async () => {
  const about = { owner: "it", subject: "salesOrder/SO-7", title: "told twice", detail: "{}" };
  const rows = [
    { ...about, fingerprint: "SO-7", kind: "EVENT_CONFLICT", member_kind: "event", member_ref: "1" },
    {
      ...about,
      fingerprint: "SO-7 late",
      kind: "ORDER_LATE",
      member_kind: "instance",
      member_ref: "orders/SO-7#ORDER_LATE",
    },
    {
      ...about,
      fingerprint: "SO-7 held",
      kind: "PROCESS_HELD",
      member_kind: "instance",
      member_ref: "orders/SO-7#PROCESS_HELD",
    },
  ];
  const open = async () => {
    await api.database.pool.query("select open_cases($1)", [JSON.stringify(rows)]);
    const { json } = await api.get("/v1/cases?object=salesOrder/SO-7&state=open");
    return Object.fromEntries((json["items"] as { id: number; kind: string }[]).map((c) => [c.kind, c.id]));
  };
  const first = await open();
  for (const kind of ["EVENT_CONFLICT", "ORDER_LATE"])
    expect(await act(first[kind]!, { action: "close", version: 1 })).toMatchObject({ status: 200 });
  expect(await act(first["PROCESS_HELD"]!, { action: "close", version: 1 })).toMatchObject({
    status: 409,
    json: { code: "CASE_ACTION_REFUSED" },
  });
  const second = await open();
  expect(second["PROCESS_HELD"]).toBe(first["PROCESS_HELD"]);
  expect(second["EVENT_CONFLICT"]).toBeGreaterThan(first["EVENT_CONFLICT"]!);
});

test("nothing is done without a reason", async () => {
  expect(await act(1, { action: "comment", version: 1, reason: "  " })).toMatchObject({
    status: 400,
    json: { code: "REQUEST_INVALID" },
  });
});

test("a system is paused and resumed once each, and shows who did it and why", async () => {
  const post = (action: string) =>
    api.app.inject({
      method: "POST",
      url: `/v1/systems/works/${action}`,
      headers: AUTHORIZED,
      payload: WORD,
    });
  expect((await post("pause")).json()).toMatchObject({ paused: WORD.reason, pausedBy: "erika" });
  expect((await post("pause")).statusCode).toBe(409);
  expect((await post("resume")).json()).toMatchObject({ paused: null });
});
