import { afterAll, beforeAll, expect, test } from "vitest";
import { type Pool, transaction } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { forgetAnswers } from "../db/testing/forgetful.ts";
import { openPool } from "../db/pool.ts";
import { Bell } from "./bell.ts";
import { Appender } from "./append.ts";
import { appendEvents, selectHead } from "./queries.ts";
import { readAfter } from "./read.ts";
import { appendRow, type NewEvent } from "./row.ts";
import { Sources } from "./source.ts";
import { anEvent } from "./testing/event.ts";

let db: TestDatabase;
let pool: Pool;
let appender: Appender;

beforeAll(async () => {
  db = await createTestDatabase();
  pool = db.pool;
  appender = new Appender(pool, new Bell());
});
afterAll(() => db.drop());

const rows = (...events: NewEvent[]) => JSON.stringify(events.map((event, n) => appendRow(event, n)));

/** Another hub's transaction that has appended and not committed yet. */
async function uncommitted(event: NewEvent) {
  const appended = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  const done = transaction(pool, async (client) => {
    await appendEvents(client, rows(event));
    appended.resolve();
    await commit.promise;
  });
  await appended.promise;
  return async () => {
    commit.resolve();
    await done;
  };
}

/** Until somebody waits for the head row: the look of a snapshot taken now would be stale. */
async function headIsAwaited(): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const { rows } = await pool.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (rows.length > 0) return;
  }
  throw new Error("nobody waited for the head row");
}

test("A1 a duplicate that another hub commits during the lock wait is seen, and its content compared", async () => {
  for (const [id, body, status] of [
    ["late-same", undefined, "duplicate"],
    ["late-other", '{"other":1}', "conflict"],
  ] as const) {
    const commit = await uncommitted(anEvent(id));
    const second = appender.append(anEvent(id, body === undefined ? {} : { body }));
    await headIsAwaited();
    await commit();
    const { seq } = await selectHead(pool);
    expect(await second).toEqual({ status, seq });
  }
});

test("positions are gapless, whatever was a duplicate, and answers come in the order asked", async () => {
  const before = (await selectHead(pool)).seq;
  const ids = ["a", "b", "a", "c", "b", "d"];
  const results = await Promise.all(ids.map((id) => appender.append(anEvent(`gapless-${id}`))));
  expect(results.map(({ status, seq }) => [status, seq - before])).toEqual([
    ["appended", 1],
    ["appended", 2],
    ["duplicate", 1],
    ["appended", 3],
    ["duplicate", 2],
    ["appended", 4],
  ]);
  const events = await readAfter(pool, before);
  expect(events.map(({ id, seq }) => [id, seq - before])).toEqual([
    ["gapless-a", 1],
    ["gapless-b", 2],
    ["gapless-c", 3],
    ["gapless-d", 4],
  ]);
});

test("twins in one batch are compared with each other before the insert", async () => {
  const [first, same, other] = await Promise.all([
    appender.append(anEvent("twin")),
    appender.append(anEvent("twin")),
    appender.append(anEvent("twin", { body: '{"other":2}' })),
  ]);
  expect(first!.status).toBe("appended");
  expect(same).toEqual({ status: "duplicate", seq: first!.seq });
  expect(other).toEqual({ status: "conflict", seq: first!.seq });
});

test("A5 a duplicate is told by type, subject, time and data, never by what transport or mapping added", async () => {
  const first = await appender.append(
    anEvent("same-fact", { traceparent: "00-1", correlation: "salesOrder/SO-1" }),
  );
  const later = {
    traceparent: "00-2",
    correlation: "quote/Q-1",
    plant: "lyon",
    time: "2026-03-01T08:15:00Z",
  };
  expect(await appender.append(anEvent("same-fact", later))).toEqual({ status: "duplicate", seq: first.seq });
  // A number that a double cannot tell apart is another content, because text is compared.
  const at = await appender.append(anEvent("digits", { body: '{"n":"12345678901234567890"}' }));
  expect(await appender.append(anEvent("digits", { body: '{"n":"12345678901234567891"}' }))).toEqual({
    status: "conflict",
    seq: at.seq,
  });
});

test("A3 one event that cannot be stored does not fail its batch", async () => {
  const bad: [NewEvent, string | undefined][] = [
    [anEvent("nul\0")!, "id"],
    [anEvent("half", { subject: "salesOrder/\ud800" }), "subject"],
    [anEvent("é".repeat(101)), "id"],
    [anEvent("when", { time: "2026-03-01 09:15" }), "time"],
    [anEvent("cause", { causeSeq: 2 ** 53 }), "causeSeq"],
    // Passes every check here; only the database finds that this salt is no hexadecimal number.
    [anEvent("salted", { personal: [{ pointer: "/name", salt: "no", value: "Ada" }] }), undefined],
  ];
  const good = Array.from({ length: 9 }, (_, n) => anEvent(`good-${n}`));
  const batch = [...good.slice(0, 4), ...bad.map(([event]) => event), ...good.slice(4)];
  const results = await appender.appendAll(batch);
  const refused = results.filter((result) => result.status === "rejected").map(({ reason }) => reason);
  expect(refused.map(({ code, field }) => [code, field])).toEqual(
    bad.map(([, field]) => ["EVENT_UNSTORABLE", field]),
  );
  const kept = results.filter((result) => result.status === "fulfilled").map(({ value }) => value.status);
  expect(kept).toEqual(good.map(() => "appended"));
});

test("A4 a lost answer to the commit is said to be unknown, and appending again tells what happened", async () => {
  const forgetful = await forgetAnswers(db.url);
  const behind = openPool({ url: forgetful.url, application: "interlock:test:forgetful", max: 2 });
  try {
    const remote = new Appender(behind, new Bell());
    const { seq } = await remote.append(anEvent("before-the-loss"));
    forgetful.forgetNext();
    await expect(remote.append(anEvent("lost-answer"))).rejects.toMatchObject({
      code: "STORE_COMMIT_UNKNOWN",
    });
    expect(await remote.append(anEvent("lost-answer"))).toEqual({ status: "duplicate", seq: seq + 1 });
  } finally {
    await behind.end();
    await forgetful.close();
  }
});

test("a source has one number, also when several ask for it at once", async () => {
  const asked = Array.from({ length: 6 }, () => new Sources(pool).idOf("/systems/crm"));
  expect(new Set(await Promise.all(asked)).size).toBe(1);
});
