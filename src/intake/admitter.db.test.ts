import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, transaction } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { intend } from "../effect/testing/intend.ts";
import { between, untilBlocked } from "../db/testing/interleave.ts";
import { Bell } from "../ledger/bell.ts";
import { forgetAnswers } from "../db/testing/forgetful.ts";
import { Appender } from "../ledger/append.ts";
import { readAfter } from "../ledger/read.ts";
import { selectHeadSeq } from "../ledger/queries.ts";
import { Sources } from "../ledger/source.ts";
import { anEvent } from "../ledger/testing/event.ts";
import { admitNext } from "./admitter.ts";
import { Keeper } from "./keeper.ts";
import { keepPushed } from "./native.ts";
import type { Held } from "./queries.ts";
import { actOnCase, actOnMessage } from "./readmit.ts";
import { CASES, type NativeOrder, nativeMessage, nativeSession, RULES } from "./testing/plant.ts";

let db: TestDatabase;
let keeper: Keeper;
const bell = new Bell();
const HELD: Held = { hub: "h1", lease: "system:crm", fence: 1, leaseMs: 60_000 };
const PERSON = { actor: "admin", reason: "the crosswalk was corrected" };

beforeAll(async () => {
  db = await createTestDatabase();
  keeper = new Keeper(db.pool, () => {});
  await db.pool.query(
    "insert into leases (name, hub_id, fence, expires_at) values ('system:crm', 'h1', 1, clock_timestamp() + interval '1 hour')",
  );
});
afterAll(() => db.drop());

async function push(order: NativeOrder, stream = "orders") {
  const from = { system: "crm", stream, session: nativeSession() };
  return keepPushed(keeper, from, { "x-signature": "right" }, nativeMessage(order));
}

async function admitAll(session = nativeSession(), held = HELD, pool = db.pool) {
  const parts = { pool, sources: new Sources(pool), rules: RULES, cases: CASES, bell };
  let appended = 0;
  for (let more = true; more;) {
    const step = await admitNext(parts, { system: "crm", session, held, limit: 4 });
    appended += step.appended;
    more = step.more;
  }
  return appended;
}

/** Each message of an object with its state, in the order they came. */
async function statesOf(...objects: string[]) {
  const { rows } = await db.pool.query<{ native_id: string; state: string }>(
    "select native_id, state from inbound where object_key = any ($1) order by id",
    [objects.map((object) => `salesOrder/${object}`)],
  );
  return rows.map(({ native_id, state }) => `${native_id} ${state}`);
}

async function casesOf(...objects: string[]) {
  const { rows } = await db.pool.query<{ id: number; kind: string; state: string; members: number }>(
    `select c.id, c.kind, c.state, count(m.*) as members from cases c join case_members m on m.case_id = c.id and m.kind = 'inbound'
     join inbound i on i.id = m.ref::bigint where i.object_key = any ($1) group by c.id order by c.id`,
    [objects.map((object) => `salesOrder/${object}`)],
  );
  return rows;
}

async function idOf(nativeId: string): Promise<number> {
  const { rows } = await db.pool.query<{ id: number }>(
    "select id from inbound where native_id = $1 order by id",
    [nativeId],
  );
  return rows[0]!.id;
}

test("a message without the system's signature is refused, one with it is on disk when it is acknowledged", async () => {
  const from = { system: "crm", stream: "orders", session: nativeSession() };
  const message = nativeMessage({ id: "s1", object: "SIGNED" });
  const refused = await keepPushed(keeper, from, { "x-signature": "wrong" }, message);
  expect(refused).toMatchObject({ ok: false, refusal: { status: 401, code: "SIGNATURE_INVALID" } });
  expect(await statesOf("SIGNED")).toEqual([]);
  expect(await push({ id: "s1", object: "SIGNED" })).toEqual({ ok: true, status: "kept" });
  expect(await push({ id: "s1", object: "SIGNED" })).toEqual({ ok: true, status: "duplicate" });
  expect(await statesOf("SIGNED")).toEqual(["s1 kept"]);
  expect(await admitAll()).toBe(1);
});

test("A6 a native message that cannot be admitted is kept, acknowledged and quarantined with a case", async () => {
  expect(await push({ id: "q1", object: "QUARANTINE", unit: "pcs" }, "a6")).toEqual({
    ok: true,
    status: "kept",
  });
  expect(await push({ object: "UNIDENTIFIED" })).toEqual({ ok: true, status: "kept" });
  expect(await push({ id: "q2", object: "DRAFT", skip: true })).toEqual({ ok: true, status: "kept" });
  expect(await admitAll()).toBe(0);
  expect(await statesOf("QUARANTINE")).toEqual(["q1 quarantined"]);
  expect(await statesOf("DRAFT")).toEqual(["q2 skipped"]);
  const { rows } = await db.pool.query<{ problem: string }>(
    "select problem from inbound where state = 'quarantined' order by id",
  );
  expect(rows.map(({ problem }) => JSON.parse(problem))).toMatchObject([
    { code: "EVENT_DATA", pointer: "/data/lines/0/quantity/unit" },
    { code: "MESSAGE_UNIDENTIFIED" },
  ]);
  expect(await casesOf("QUARANTINE")).toMatchObject([
    { kind: "MESSAGE_QUARANTINED", state: "open", members: 1 },
  ]);
});

test("A7 a quarantined message holds later ones of its object and no others, and they follow when it is admitted again", async () => {
  await push({ id: "h1", object: "HELD", unit: "box" }, "a7");
  await push({ id: "h2", object: "HELD" });
  await push({ id: "o1", object: "OTHER" });
  expect(await admitAll()).toBe(1);
  await push({ id: "h3", object: "HELD" });
  expect(await admitAll()).toBe(0);
  expect(await statesOf("HELD", "OTHER")).toEqual(["h1 quarantined", "h2 held", "o1 admitted", "h3 held"]);

  // Tried again with nothing corrected: all stays as it was.
  const parts = { pool: db.pool, bell };
  expect(await actOnMessage(parts, await idOf("h1"), "readmit", PERSON)).toBe(1);
  expect(await admitAll()).toBe(0);
  expect(await statesOf("HELD")).toEqual(["h1 quarantined", "h2 held", "h3 held"]);

  await db.pool.query(
    `update inbound set raw = convert_to(replace(convert_from(raw, 'utf8'), 'box', 'C62'), 'utf8') where native_id = 'h1'`,
  );
  const before = await selectHeadSeq(db.pool);
  expect(await actOnMessage(parts, await idOf("h1"), "readmit", PERSON)).toBe(1);
  expect(await admitAll()).toBe(3);
  const told = await readAfter(db.pool, before);
  expect(told.map(({ id, actor }) => actor ?? id)).toEqual(["admin", "order-h1", "order-h2", "order-h3"]);
  expect(told[0]!.data).toMatchObject({
    action: "readmit",
    messages: [await idOf("h1")],
    reason: PERSON.reason,
  });
  expect(await casesOf("HELD")).toMatchObject([{ state: "closed" }]);
});

test("A7 a message that waits behind one that a person discards at the same moment goes on", async () => {
  await push({ id: "d1", object: "DISCARDED", unit: "box" }, "a7");
  await admitAll();
  await push({ id: "d2", object: "DISCARDED" });
  // d2 is judged to wait behind d1; before that is written, d1 is let go
  const appended = await between(
    db.pool,
    "select from leases where name = 'system:crm' for update",
    admitAll,
    async () => {
      await actOnMessage({ pool: db.pool, bell }, await idOf("d1"), "discard", PERSON);
    },
  );
  expect(appended).toBe(1);
  expect(await statesOf("DISCARDED")).toEqual(["d1 refused", "d2 admitted"]);
});

test("A7 a person who discards a message waits for what is just being put behind it", async () => {
  await push({ id: "u1", object: "WAITED", unit: "box" }, "a7");
  await admitAll();
  await push({ id: "u2", object: "WAITED" });
  await push({ id: "u3", object: "WAITED-NOT" });
  const holder = await db.pool.connect();
  await holder.query("begin");
  // what puts u2 behind u1 has done so, and waits for the ledger's head before it commits
  await holder.query("select from ledger_head for update");
  const admitting = admitAll();
  await untilBlocked(db.pool, 1);
  const discarding = actOnMessage({ pool: db.pool, bell }, await idOf("u1"), "discard", PERSON);
  await untilBlocked(db.pool, 2);
  await holder.query("commit");
  holder.release();
  await discarding;
  await admitting;
  await admitAll();
  expect(await statesOf("WAITED")).toEqual(["u1 refused", "u2 admitted"]);
});

test("the messages of a case are admitted again together; discarding lets go what waited behind", async () => {
  for (const n of [1, 2, 3]) await push({ id: `c${n}`, object: `CASE-${n}`, unit: "crate" }, "case");
  await push({ id: "c4", object: "CASE-3" });
  await admitAll();
  const [found] = await casesOf("CASE-1", "CASE-2", "CASE-3");
  expect(found).toMatchObject({ kind: "MESSAGE_QUARANTINED", members: 3 });
  const parts = { pool: db.pool, bell };
  expect(await actOnMessage(parts, await idOf("c3"), "discard", PERSON)).toBe(1);
  expect(await actOnMessage(parts, await idOf("c3"), "discard", PERSON)).toBe(0);
  expect(await admitAll()).toBe(1);
  expect(await statesOf("CASE-3")).toEqual(["c3 refused", "c4 admitted"]);
  expect(await actOnCase(parts, found!.id, "readmit", PERSON)).toBe(2);
  await admitAll();
  expect(await casesOf("CASE-1", "CASE-2", "CASE-3")).toMatchObject([{ id: found!.id, state: "open" }]);
});

test("a message that fails for another reason when it is tried again moves to another case", async () => {
  await push({ id: "w1", object: "WANDER", unit: "ream" }, "wander");
  await admitAll();
  const first = await casesOf("WANDER");
  await db.pool.query("update inbound set raw = 'null' where native_id = 'w1'");
  expect(await actOnMessage({ pool: db.pool, bell }, await idOf("w1"), "readmit", PERSON)).toBe(1);
  await admitAll();
  expect(await casesOf("WANDER")).toMatchObject([
    { id: first[0]!.id, state: "closed" },
    { kind: "MESSAGE_QUARANTINED", state: "open" },
  ]);
});

test("a message that comes twice is one event, whatever the mapping made of it in between; with other content it is a conflict", async () => {
  await push({ id: "m1", object: "MAPPED" });
  expect(await admitAll()).toBe(1);
  // The same bytes by another way, after the mapping was changed.
  await push({ id: "m1", object: "MAPPED" }, "changes");
  expect(await admitAll(nativeSession({ note: "ST" }))).toBe(0);
  // Other bytes that say the same.
  await push({ id: "m1", object: "MAPPED", text: "rewritten by a proxy" });
  expect(await admitAll()).toBe(0);
  expect(await statesOf("MAPPED")).toEqual(["m1 admitted", "m1 admitted", "m1 admitted"]);
  // Other content under the same identity, in one batch with what it conflicts with, and by itself.
  await push({ id: "m2", object: "MAPPED" });
  await push({ id: "m2", object: "MAPPED", unit: "KGM" });
  await push({ id: "m1", object: "MAPPED", unit: "KGM" });
  await push({ id: "m3", object: "MAPPED" });
  expect(await admitAll()).toBe(2);
  expect((await statesOf("MAPPED")).slice(3)).toEqual([
    "m2 admitted",
    "m2 conflict",
    "m1 conflict",
    "m3 admitted",
  ]);
  expect(await casesOf("MAPPED")).toMatchObject([
    { kind: "EVENT_CONFLICT", state: "open", members: 1 },
    { kind: "EVENT_CONFLICT", state: "open", members: 1 },
  ]);
});

test("A2 rows are locked in order and the head last: who waits for a row keeps nobody from appending", async () => {
  for (const n of [1, 2]) await push({ id: `l${n}`, object: `LOCK-${n}`, unit: "pallet" }, "a2");
  await admitAll();
  const [first, second] = [await idOf("l1"), await idOf("l2")];
  const [found] = await casesOf("LOCK-1");
  const acting = await transaction(db.pool, async (client) => {
    await client.query("select from inbound where id = $1 for update", [first]);
    const acting = actOnCase({ pool: db.pool, bell }, found!.id, "discard", PERSON);
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const { rows } = await db.pool.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows.length > 0) break;
    }
    // It has neither the row behind the one it waits for, nor the head.
    await client.query("select from inbound where id = $1 for update nowait", [second]);
    expect(await new Appender(db.pool, bell).append(anEvent("while-waiting"))).toMatchObject({
      status: "appended",
    });
    return { acting };
  });
  expect(await acting.acting).toBe(2);
});

test("a message that the database itself cannot store is quarantined, the others of its batch are admitted", async () => {
  for (const n of [1, 2, 3]) await push({ id: `p${n}`, object: `POISON-${n}` });
  await push({ id: "p4", object: "POISON-2" });
  await db.pool.query(
    "alter table events add constraint poison check (subject <> 'salesOrder/POISON-2') not valid",
  );
  expect(await admitAll()).toBe(2);
  await db.pool.query("alter table events drop constraint poison");
  expect(await statesOf("POISON-1", "POISON-2", "POISON-3")).toEqual([
    "p1 admitted",
    "p2 quarantined",
    "p3 admitted",
    "p4 held",
  ]);
});

test("when the answer to the commit is lost, the next step reads what happened: one event, one verdict", async () => {
  await push({ id: "u1", object: "UNKNOWN" });
  const forgetful = await forgetAnswers(db.url, "intake.admit");
  const pool = openPool({ url: forgetful.url, application: "interlock:test:forgetful", max: 1 });
  try {
    await expect(admitAll(nativeSession(), HELD, pool)).rejects.toMatchObject({
      code: "STORE_COMMIT_UNKNOWN",
    });
    expect(await admitAll(nativeSession(), HELD, pool)).toBe(0);
  } finally {
    await pool.end();
    await forgetful.close();
  }
  expect(await statesOf("UNKNOWN")).toEqual(["u1 admitted"]);
  const { rows } = await db.pool.query("select from identities where id = 'order-u1'");
  expect(rows).toHaveLength(1);
});

test("a hub that lost the system writes nothing", async () => {
  await push({ id: "f1", object: "FENCED" });
  await expect(admitAll(nativeSession(), { ...HELD, fence: 0 })).rejects.toMatchObject({ code: "IL001" });
  expect(await statesOf("FENCED")).toEqual(["f1 kept"]);
  expect(await admitAll()).toBe(1);
});

test("S5 an event of the target that carries our reference settles the effect, and another system's does not", async () => {
  await intend(
    db.pool,
    ["crm", "erp"].map((system, n) => ({ reference: `0123456789ABCDE${n}`, system, key: "TOLD" })),
  );
  await db.pool.query(
    "update lanes set state = 'unknown', sends = 1, attempt = 1 where lane = 'salesOrder/TOLD'",
  );
  const before = await selectHeadSeq(db.pool);
  await push({ id: "t1", object: "TOLD", reference: "0123456789ABCDE0" });
  await push({ id: "t2", object: "TOLD", reference: "0123456789ABCDE1" });
  expect(await admitAll()).toBe(2);
  const { rows } = await db.pool.query("select reference, kind from outcomes");
  expect(rows).toEqual([{ reference: "0123456789ABCDE0", kind: "applied" }]);
  const told = await readAfter(db.pool, before);
  expect(told.map(({ id }) => id)).toEqual(["order-t1", "order-t2", "applied/0123456789ABCDE0"]);
  expect(told[2]!.data).toMatchObject({ evidence: { event: "order-t1", position: String(before + 1) } });
});
