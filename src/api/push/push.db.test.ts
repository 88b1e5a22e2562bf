import { afterAll, beforeAll, expect, test } from "vitest";

import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

let n = 0;
function orderRequested(own: Record<string, unknown> = {}) {
  n += 1;
  const number = `SO-${n}`;
  return {
    specversion: "1.0",
    id: `m-${n}`,
    source: "/systems/shop",
    type: "interlock.OrderRequested.v1",
    subject: `salesOrder/${number}`,
    time: "2026-03-01T10:00:00+01:00",
    data: {
      salesOrder: number,
      customer: "C-77",
      lines: [{ line: 1, item: "PUMP-200", quantity: { value: "1", unit: "H87" } }],
    },
    ...own,
  };
}

async function post(payload: unknown, headers: Record<string, string>, url = "/v1/events") {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const answer = await api.app.inject({
    method: "POST",
    url,
    headers: { ...AUTHORIZED, ...headers },
    payload: text,
  });
  return {
    status: answer.statusCode,
    json: answer.json() as Record<string, unknown>,
    headers: answer.headers,
  };
}
const STRUCTURED = { "content-type": "application/cloudevents+json; charset=utf-8" };
const BATCH = { "content-type": "application/cloudevents-batch+json" };

test("an event is on disk when its sender has 202, and the same again is a duplicate", async () => {
  const event = orderRequested();
  const { status, json } = await post(event, STRUCTURED);
  expect([status, json]).toEqual([202, { status: "appended", seq: expect.any(Number) }]);
  expect(await post(event, STRUCTURED)).toMatchObject({
    status: 200,
    json: { status: "duplicate", seq: json["seq"] },
  });
  expect(await api.get(`/v1/events/${String(json["seq"])}`)).toMatchObject({
    status: 200,
    json: { id: event.id, subject: event.subject, time: "2026-03-01T09:00:00.000000Z", data: event.data },
  });
});

test("a request's trace is that of its events, unless they carry one of their own", async () => {
  const [ours, theirs] = ["1", "2"].map((n) => `00-${n.repeat(32)}-b7ad6b7169203331-01`);
  const batch = [orderRequested(), orderRequested({ traceparent: theirs })];
  const { json } = await post(batch, { ...BATCH, traceparent: ours! });
  const seqs = (json["items"] as { seq: number }[]).map(({ seq }) => seq);
  const kept = await Promise.all(seqs.map((seq) => api.get(`/v1/events/${seq}`)));
  expect(kept.map((each) => each.json["traceparent"])).toEqual([ours, theirs]);
});

test("personal values can be erased, and the ledger says who did it and why", async () => {
  const event = orderRequested();
  const contact = { name: "Erika Mustermann", email: "erika@example.com" };
  await post({ ...event, data: { ...event.data, contact } }, STRUCTURED);
  const answer = await post(
    { object: event.subject, reason: "erasure request", actor: "office" },
    { "content-type": "application/json" },
    "/v1/redactions",
  );
  expect(answer).toMatchObject({ status: 200, json: { events: 1 } });
  const { json } = await api.get(`/v1/events?object=${event.subject}`);
  expect(json["items"]).toMatchObject([
    { data: { contact: { name: null, email: null } } },
    { type: "interlock.PersonalDataRedacted.v1", actor: "office", reason: "erasure request" },
  ]);
  expect(JSON.stringify(json)).not.toContain("Mustermann");
});

test("the same identity with other content is a conflict", async () => {
  const event = orderRequested();
  await post(event, STRUCTURED);
  const again = { ...event, data: { ...event.data, customer: "C-78" } };
  expect(await post(again, STRUCTURED)).toMatchObject({
    status: 409,
    json: { code: "EVENT_CONFLICT", errors: [{ pointer: "/id" }] },
  });
});

test("binary mode carries the attributes in ce- headers", async () => {
  const { data, ...attributes } = orderRequested();
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
  );
  expect(await post(data, { ...headers, "content-type": "application/json" })).toMatchObject({ status: 202 });
});

test("a bad event of a batch costs its sender an error and its neighbours nothing", async () => {
  const bad = orderRequested();
  const batch = [
    orderRequested(),
    { ...bad, data: { ...bad.data, lines: [] } },
    orderRequested({ source: "/systems/works" }),
  ];
  const { status, json } = await post(batch, BATCH);
  expect(status).toBe(207);
  expect(json["items"]).toMatchObject([
    { status: "appended" },
    { status: "refused", problem: { status: 422, code: "EVENT_DATA", errors: [{ pointer: "/data/lines" }] } },
    { status: "refused", problem: { status: 403, code: "AUTHORITY_REFUSED" } },
  ]);
  expect(await post([orderRequested(), orderRequested()], BATCH)).toMatchObject({ status: 200 });
});

test.each([
  [
    "no content type that carries events",
    "{}",
    { "content-type": "text/plain" },
    415,
    "MEDIA_TYPE_UNSUPPORTED",
  ],
  ["no JSON", "{", STRUCTURED, 400, "JSON_SYNTAX"],
  ["nothing", "", STRUCTURED, 400, "JSON_SYNTAX"],
  ["more bytes than are taken", " ".repeat(5_000_000), STRUCTURED, 413, "BODY_TOO_LARGE"],
  ["no event", "{}", STRUCTURED, 422, "EVENT_ENVELOPE"],
])("refuses %s", async (_what, payload, headers, status, code) => {
  expect(await post(payload, headers)).toMatchObject({ status, json: { code } });
});

test("says 503 with Retry-After before it reads anything when too much waits", async () => {
  const tickets = Array.from({ length: 33 }, () => api.context.pressure.enter(1_048_576));
  expect(await post(orderRequested(), STRUCTURED)).toMatchObject({
    status: 503,
    json: { code: "INTAKE_BUSY" },
    headers: { "retry-after": "2" },
  });
  for (const ticket of tickets) ticket?.leave();
  expect(await post(orderRequested(), STRUCTURED)).toMatchObject({ status: 202 });
  expect(api.context.pressure.bytes).toBe(0);
});

test("events are found by object, root object and type, page by page", async () => {
  const events = [1, 2, 3].map(() =>
    orderRequested({ subject: "salesOrder/PAGED", correlationid: "quote/Q-1" }),
  );
  await post(events, BATCH);
  for (const filter of ["object=salesOrder/PAGED", "correlation=quote/Q-1"]) {
    const first = await api.get(`/v1/events?${filter}&limit=2`);
    expect(first.json["items"]).toMatchObject([{ id: events[0]!.id }, { id: events[1]!.id }]);
    const second = await api.get(`/v1/events?${filter}&limit=2&cursor=${String(first.json["next"])}`);
    expect(second.json).toMatchObject({ items: [{ id: events[2]!.id }], next: null });
  }
  const newest = await api.get("/v1/events?type=interlock.OrderRequested.v1&order=newest-first&limit=1");
  expect(newest.json["items"]).toMatchObject([{ id: events[2]!.id }]);
  expect(await api.get("/v1/events?cursor=bm8")).toMatchObject({
    status: 400,
    json: { code: "CURSOR_INVALID" },
  });
});
