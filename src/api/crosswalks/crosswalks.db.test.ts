import { afterAll, beforeAll, expect, test } from "vitest";

import { createAuthority } from "../../authority/authority.ts";
import { LiveCrosswalk } from "../../crosswalk/live.ts";
import { admitNext } from "../../intake/admitter.ts";
import { inboundMessage } from "../../intake/native.ts";
import { keepInbound } from "../../intake/queries.ts";
import { Bell } from "../../ledger/bell.ts";
import { Sources } from "../../ledger/source.ts";
import { type Mappings, openMappings } from "../../mapping/mappings.ts";
import { mappedStream, type StreamReader } from "../../mapping/stream.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

const FILE = "mappings/shop/orders.jsonata";
const SOURCE = `{
  "type": "interlock.OrderRequested.v1", "id": id, "subject": "salesOrder/" & id, "time": "2026-03-01T10:00:00Z",
  "data": { "salesOrder": id, "customer": "C-1",
    "lines": [{ "line": 1, "item": $crosswalk("item", article), "quantity": { "value": "1", "unit": "C62" } }] } }`;

let api: TestApi;
let mappings: Mappings;
let reader: StreamReader;

beforeAll(async () => {
  api = await openTestApi();
  const crosswalk = api.context.crosswalk;
  mappings = await openMappings({ mappings: [{ file: FILE, source: SOURCE }], crosswalk: [], zones: {} });
  crosswalk.onChange((rows) => mappings.use(rows));
  const identity = { id: "/id", object: { kind: "salesOrder", id: "/id" } };
  reader = mappedStream({ system: "shop", file: FILE, mappings, identity });
  await api.database.pool.query(
    "insert into leases (name, hub_id, fence, expires_at) values ('system:shop', 'one', 1, now() + interval '1 hour')",
  );
});
afterAll(async () => {
  mappings.close();
  await api.close();
});

async function tell(id: string, article: string) {
  const raw = Buffer.from(JSON.stringify({ id, article }));
  const message = { contentType: "application/json", raw };
  await keepInbound(api.database.pool, [
    inboundMessage({ system: "shop", stream: "orders", session: reader }, message, 0),
  ]);
  await admit();
}

async function admit() {
  const { pool } = api.database;
  const { contracts, systems } = api.context;
  const rules = { contracts, authority: createAuthority(contracts, systems) };
  const cases = { roleOf: () => undefined, caseDueAt: () => undefined };
  const parts = { pool, sources: new Sources(pool), rules, cases, bell: new Bell() };
  const held = { hub: "one", lease: "system:shop", fence: 1, leaseMs: 60_000 };
  while ((await admitNext(parts, { system: "shop", session: reader, held })).more);
}

const states = async () =>
  (await api.database.pool.query("select state, count(*)::int as n from inbound group by state"))
    .rows as object[];

async function add(row: object) {
  const answer = await api.app.inject({
    method: "POST",
    url: "/v1/crosswalks/rows",
    headers: AUTHORIZED,
    payload: { system: "shop", kind: "item", actor: "anna", reason: "the new, #1 article", ...row },
  });
  return answer.json<Record<string, unknown>>();
}

test("values without a row are ranked by the messages that wait, and a row lets them flow", async () => {
  for (const id of ["SO-1", "SO-2"]) await tell(id, "4711");
  await tell("SO-3", "4712");
  expect((await api.get("/v1/crosswalks/unmapped")).json["items"]).toMatchObject([
    { system: "shop", kind: "item", native: "4711", messages: 2, behind: 0, suggestions: [] },
    { native: "4712", messages: 1 },
  ]);
  expect(await add({ native: "4711", canonical: "PUMP-200" })).toMatchObject({
    row: { origin: "entry", actor: "anna" },
    readmitted: 2,
  });
  await admit();
  expect(await states()).toEqual(
    expect.arrayContaining([
      { state: "admitted", n: 2 },
      { state: "quarantined", n: 1 },
    ]),
  );
  expect((await api.get("/v1/crosswalks/unmapped")).json["items"]).toMatchObject([{ native: "4712" }]);
});

test("the ledger keeps who said it and why; said twice it is refused", async () => {
  expect((await api.get("/v1/audit?what=CrosswalkEntryAdded")).json["items"]).toMatchObject([
    { actor: "anna", object: "crosswalk/shop/item", detail: { native: "4711", canonical: "PUMP-200" } },
  ]);
  expect(await add({ native: "4711", canonical: "OTHER" })).toMatchObject({
    status: 409,
    code: "CROSSWALK_TAKEN",
  });
  expect(await add({ native: "x", canonical: "y", system: "nobody" })).toMatchObject({
    code: "OBJECT_UNKNOWN",
  });
});

test("rows are listed by table, and the entries brought home as a file that reads back", async () => {
  expect((await api.get("/v1/crosswalks")).json["items"]).toEqual([
    { system: "shop", kind: "item", rows: 1, entries: 1 },
  ]);
  expect((await api.get("/v1/crosswalks/rows?search=pump&origin=entry")).json["items"]).toMatchObject([
    { native: "4711", canonical: "PUMP-200" },
  ]);
  const { body } = await api.app.inject({ url: "/v1/crosswalks/export", headers: AUTHORIZED });
  expect(body).toMatch(
    /^system,kind,native,canonical\n# \d{4}-\d\d-\d\d anna: the new, #1 article\nshop,item,4711,PUMP-200\n$/,
  );
});

test("a row of a file stands before what was said of the same value", async () => {
  const row = { system: "shop", kind: "item", native: "4711", canonical: "PUMP-201", preferred: false };
  const later = new LiveCrosswalk(api.database.pool, [row]);
  expect(await later.rows()).toEqual([row]);
  expect(await later.waitingForFile()).toEqual([]);
});
