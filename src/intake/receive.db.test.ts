import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { intend } from "../effect/testing/intend.ts";
import { forgetAnswers } from "../db/testing/forgetful.ts";
import { Bell } from "../ledger/bell.ts";
import { Appender } from "../ledger/append.ts";
import { readAt } from "../ledger/read.ts";
import { Sources } from "../ledger/source.ts";
import { Intake } from "./receive.ts";
import { CASES, orderRequested, RULES } from "./testing/plant.ts";

let db: TestDatabase;
let intake: Intake;

beforeAll(async () => {
  db = await createTestDatabase();
  intake = intakeOn(db.pool);
});
afterAll(() => db.drop());

function intakeOn(pool: Pool): Intake {
  return new Intake({
    pool,
    appender: new Appender(pool, new Bell()),
    sources: new Sources(pool),
    rules: RULES,
    cases: CASES,
  });
}

async function send(event: unknown, to = intake) {
  const text = typeof event === "string" ? event : JSON.stringify(event);
  const answer = await to.receive({ "content-type": "application/cloudevents+json" }, Buffer.from(text));
  if (answer.kind === "one") return answer.receipt.ok ? answer.receipt : answer.receipt.refusal;
  throw new Error(`answered as ${answer.kind}`);
}

async function bodyAt(seq: number): Promise<string> {
  return (await db.pool.query<{ body: string }>("select body from events where seq = $1", [seq])).rows[0]!
    .body;
}

test("an event is on disk with the text its sender wrote when the answer comes, and once when it is sent again", async () => {
  const { data, ...envelope } = orderRequested("1");
  const text = JSON.stringify(data).replace('"customer":', ' "customer" : ');
  const wire = `{"data":${text},${JSON.stringify(envelope).slice(1)}`;
  const first = await send(wire);
  expect(first).toMatchObject({ ok: true, status: "appended" });
  const { seq } = first as { seq: number };
  expect(await bodyAt(seq)).toBe(text);
  const again = wire.replace('"specversion"', '"traceparent":"00-2","specversion"');
  expect(await send(again)).toEqual({ ok: true, status: "duplicate", seq });
});

test.each<[Record<string, unknown>, number, string, string]>([
  [{ specversion: "0.3" }, 422, "EVENT_ENVELOPE", "/specversion"],
  [{ id: "" }, 422, "EVENT_ENVELOPE", "/id"],
  [{ id: "x".repeat(201) }, 422, "EVENT_ENVELOPE", "/id"],
  [{ id: "a\u0001" }, 422, "EVENT_ENVELOPE", "/id"],
  [{ subject: "SO-1" }, 422, "EVENT_ENVELOPE", "/subject"],
  [{ time: "2026-03-01T10:00:00" }, 422, "EVENT_ENVELOPE", "/time"],
  [{ plant: 7 }, 422, "EVENT_ENVELOPE", "/plant"],
  [{ type: "interlock.OrderRequestd.v1" }, 422, "EVENT_TYPE_UNKNOWN", "/type"],
  [{ source: "/interlock" }, 403, "SOURCE_UNKNOWN", "/source"],
  [{ source: "/systems/erp" }, 403, "AUTHORITY_REFUSED", "/source"],
  [{ source: "/systems/nobody" }, 403, "SOURCE_UNKNOWN", "/source"],
  [{ data: { salesOrder: "SO-1", customer: "C-77", lines: [] } }, 422, "EVENT_DATA", "/data/lines"],
])("%j is refused with its place and not kept", async (wrong, status, code, pointer) => {
  expect(await send(orderRequested("refused", wrong))).toMatchObject({ status, code, pointer });
  const { rows } = await db.pool.query("select from identities where id = 'refused'");
  expect(rows).toHaveLength(0);
});

test("the same identity with other content is answered 409, not kept, and opens one case", async () => {
  const first = (await send(orderRequested("conflicting"))) as { seq: number };
  const other = orderRequested("conflicting", { time: "2026-03-02T10:00:00+01:00" });
  for (let n = 0; n < 2; n++)
    expect(await send(other)).toMatchObject({ status: 409, code: "EVENT_CONFLICT" });
  const { rows } = await db.pool.query(
    "select c.kind, c.subject, m.ref from cases c join case_members m on m.case_id = c.id where c.system = 'crm'",
  );
  expect(rows).toEqual([
    { kind: "EVENT_CONFLICT", subject: "salesOrder/SO-conflicting", ref: String(first.seq) },
  ]);
});

test("of a batch the good ones are admitted, and each item has its own answer", async () => {
  const items = [
    orderRequested("b1"),
    orderRequested("b2", { type: "nothing" }),
    orderRequested("b3"),
    orderRequested("b1"),
  ];
  const answer = await intake.receive(
    { "content-type": "application/cloudevents-batch+json" },
    Buffer.from(JSON.stringify(items)),
  );
  const said = answer.kind === "batch" && answer.receipts.map((r) => (r.ok ? r.status : r.refusal.status));
  expect(said).toEqual(["appended", 422, "appended", "duplicate"]);
});

test("personal values stand in the row as commitments and are read in their places", async () => {
  const order = orderRequested("personal");
  const data = { ...(order["data"] as object), contact: { name: "Erika Mustermann", phone: "+49 30 1" } };
  const { seq } = (await send({ ...order, data })) as { seq: number };
  expect(await bodyAt(seq)).toMatch(
    /"contact":\{"name":\{"\$personal":"[0-9a-f]{64}"\},"phone":\{"\$personal":"[0-9a-f]{64}"\}\}/,
  );
  expect((await readAt(db.pool, [seq]))[0]!.data).toEqual(data);
  // The commitment's salt is new each time; what is compared is what was sent.
  expect(await send({ ...order, data })).toEqual({ ok: true, status: "duplicate", seq });
});

test("a lost answer to the commit becomes 503, and sent again the event is a duplicate", async () => {
  const forgetful = await forgetAnswers(db.url);
  const pool = openPool({ url: forgetful.url, application: "interlock:test:forgetful", max: 1 });
  try {
    const remote = intakeOn(pool);
    expect(await send(orderRequested("before"), remote)).toMatchObject({ ok: true });
    forgetful.forgetNext();
    expect(await send(orderRequested("lost"), remote)).toMatchObject({
      status: 503,
      code: "STORE_COMMIT_UNKNOWN",
    });
    expect(await send(orderRequested("lost"), remote)).toMatchObject({ ok: true, status: "duplicate" });
  } finally {
    await pool.end();
    await forgetful.close();
  }
});

test("S5 an event that carries our reference settles the effect also when only its repetition gets that far", async () => {
  const told = { ...orderRequested("told-twice"), causationid: "0123456789ABCDE7" };
  expect(await send(told)).toMatchObject({ ok: true, status: "appended" });
  // as if the first had died between its event and the effect
  await intend(db.pool, [{ reference: told.causationid, system: "crm", key: "TOLD-TWICE" }]);
  expect(await send(told)).toMatchObject({ ok: true, status: "duplicate" });
  const { rows } = await db.pool.query("select kind from outcomes where reference = $1", [told.causationid]);
  expect(rows).toEqual([{ kind: "applied" }]);
});
