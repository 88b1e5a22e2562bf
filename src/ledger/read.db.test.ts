import { afterAll, beforeAll, expect, test } from "vitest";
import { type Pool, transaction } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Bell } from "./bell.ts";
import { Appender } from "./append.ts";
import { separate } from "./personal.ts";
import { appendEvents, selectHead } from "./queries.ts";
import { findPage, ledgerEvent, readAfter } from "./read.ts";
import { appendRow } from "./row.ts";
import { Lookout } from "./lookout.ts";
import { Recent } from "./recent.ts";
import { Tail } from "./tail.ts";
import { anEvent } from "./testing/event.ts";

let db: TestDatabase;
let pool: Pool;
const bell = new Bell();
let appender: Appender;

beforeAll(async () => {
  db = await createTestDatabase();
  pool = db.pool;
  appender = new Appender(pool, bell);
});
afterAll(() => db.drop());

test("an event is read as it was told, to the microsecond, personal values in their places", async () => {
  const told = separate('{"contact":{"name":"Erika","tags":[1, 2]},"n":1}', [
    "/contact/name",
    "/contact/tags",
  ]);
  const { seq } = await appender.append(
    anEvent("whole", { ...told, time: "2026-03-01T09:15:00.1234567+01:00", plant: "lyon", causeSeq: 7 }),
  );
  const [event] = await readAfter(pool, seq - 1, 1);
  expect(event).toEqual({
    seq,
    source: "/interlock",
    id: "whole",
    type: "interlock.OrderRequested.v1",
    subject: "salesOrder/SO-1",
    time: "2026-03-01T08:15:00.123456Z",
    recordedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    correlation: "salesOrder/SO-1",
    plant: "lyon",
    causeSeq: 7,
    data: { contact: { name: "Erika", tags: [1, 2] }, n: 1 },
  });
});

test("what this hub appended itself is known as a reader finds it", async () => {
  const recent = new Recent();
  const knowing = new Appender(pool, bell, recent);
  const { seq } = await selectHead(pool);
  const plain = anEvent("known-1");
  await knowing.appendAll([
    plain,
    anEvent("known-2", {
      source: "/interlock",
      subject: 'workOrder/W-"1"',
      time: "2026-03-01T09:15:00.1234567+01:00",
      body: '{"text":"Ä\\u2028\\ud83d\\ude00","big":9007199254740991,"n":[null,true,{"a":"b"}]}',
      correlation: "salesOrder/SO-1",
      plant: "lyon",
      businessUnit: "pumps",
      causeSeq: 7,
      causeEffect: "0123456789ABCDEF",
      sourceVersion: "0042",
      actor: "person/erika",
      reason: "she said so",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }),
    anEvent("known-3", { time: "2026-03-01T09:15:00.5Z" }),
  ]);
  // neither what was there already nor what is refused takes a place
  await knowing.appendAll([plain, anEvent("known-1", { body: '{"other":1}' }), anEvent("known-4")]);
  const known = recent.after(seq, 100)!.map(ledgerEvent);
  expect(known.map(({ id }) => id)).toEqual(["known-1", "known-2", "known-3", "known-4"]);
  expect(known).toEqual(await readAfter(pool, seq));
});

test("who follows the ledger reads nothing back that this hub appended, and what others appended", async () => {
  const recent = new Recent();
  const knowing = new Appender(pool, bell, recent);
  let reads = 0;
  const counted = Object.create(pool, {
    connect: { value: () => ((reads += 1), pool.connect()) },
  }) as Pool;
  const { seq } = await selectHead(pool);
  const following = new AbortController();
  const events = new Tail(counted, bell, { everyMs: 600_000 } as Lookout, recent).follow(
    seq,
    following.signal,
  );
  const next = async () => (await events.next()).value!.map(({ id }) => id);
  const first = next();
  await expect.poll(() => reads).toBe(1);
  await knowing.append(anEvent("own-1"));
  expect(await first).toEqual(["own-1"]);
  await knowing.append(anEvent("own-2"));
  expect(await next()).toEqual(["own-2"]);
  expect(reads).toBe(1);
  const silent = new Bell();
  const others = new Appender(pool, silent);
  await others.append(anEvent("another-hubs"));
  await knowing.append(anEvent("own-3"));
  expect(await next()).toEqual(["another-hubs", "own-3"]);
  expect(reads).toBe(2);
  // one ring for what is in mind, one for what is not: a single look has to see to both
  const both = next();
  await new Appender(pool, silent, recent).append(anEvent("own-4"));
  await others.append(anEvent("a-decisions"));
  bell.ring(true);
  bell.ring();
  expect(await both).toEqual(["own-4", "a-decisions"]);
  expect(reads).toBe(3);
  following.abort();
});

test("who follows a ledger that ends earlier after a failover waits for what comes", async () => {
  let reads = 0;
  const counted = Object.create(pool, {
    connect: { value: () => ((reads += 1), pool.connect()) },
  }) as Pool;
  const lookout = { everyMs: 1 };
  const { seq } = await selectHead(pool);
  const following = new AbortController();
  const events = new Tail(counted, bell, lookout as Lookout, new Recent()).follow(seq, following.signal);
  await pool.query("update ledger_head set seq = seq + 5");
  const next = events.next();
  await expect.poll(() => reads).toBeGreaterThan(2);
  lookout.everyMs = 600_000;
  await pool.query("update ledger_head set seq = seq - 5");
  const readsMeanwhile = async () => {
    const before = reads;
    for (let n = 0; n < 20; n++) await pool.query("select 1");
    return reads - before;
  };
  await expect.poll(readsMeanwhile).toBe(0);
  await appender.append(anEvent("after-the-failover"));
  expect((await next).value!.map(({ id }) => id)).toEqual(["after-the-failover"]);
  following.abort();
});

test("filters narrow, pages follow each other without a gap, in both directions", async () => {
  const order = { subject: "salesOrder/SO-77" };
  const told = [
    anEvent("f1", { ...order }),
    anEvent("f2", { ...order, type: "interlock.OrderConfirmed.v1", time: "2026-04-01T00:00:00Z" }),
    anEvent("f3", { subject: "workOrder/W-1", correlation: "salesOrder/SO-77" }),
    anEvent("f4", { ...order, correlation: "quote/Q-1" }),
  ];
  await appender.appendAll(told);
  const ids = async (...find: Parameters<typeof findPage> extends [Pool, ...infer Rest] ? Rest : never) =>
    (await findPage(pool, ...find)).events.map(({ id }) => id);
  expect(await ids(order)).toEqual(["f1", "f2", "f4"]);
  expect(await ids({ correlation: "salesOrder/SO-77" })).toEqual(["f1", "f2", "f3"]);
  expect(await ids({ correlation: "quote/Q-1" })).toEqual(["f4"]);
  expect(await ids({ type: "interlock.OrderConfirmed.v1" })).toEqual(["f2"]);
  expect(await ids({ from: "2026-04-01T00:00:00Z", until: "2026-05-01T00:00:00+02:00" })).toEqual(["f2"]);
  const newest = await findPage(pool, order, { order: "newest-first", limit: 2 });
  expect(newest.events.map(({ id }) => id)).toEqual(["f4", "f2"]);
  expect(await ids({ ...order, before: newest.next! }, { order: "newest-first", limit: 2 })).toEqual(["f1"]);
});

test("who follows the ledger never skips an event that commits late", async () => {
  const { seq } = await selectHead(pool);
  const following = new AbortController();
  const tail = new Tail(pool, bell, new Lookout(), new Recent());
  const seen: string[] = [];
  const both = Promise.withResolvers<void>();
  const followers = [1, 2].map(async () => {
    for await (const events of tail.follow(seq, following.signal)) {
      seen.push(...events.map(({ id }) => id));
      if (seen.length === 4) both.resolve();
    }
  });
  const later = await transaction(pool, async (client) => {
    await appendEvents(client, JSON.stringify([appendRow(anEvent("commits-late"), 0)]));
    // It asks second and wants to commit first; the position it would get does not exist yet.
    const appended = appender.append(anEvent("asks-later"));
    bell.ring();
    await pool.query("select seq from ledger_head");
    expect(await readAfter(pool, seq)).toEqual([]);
    return { appended };
  });
  expect(await later.appended).toEqual({ status: "appended", seq: seq + 2 });
  await both.promise;
  following.abort();
  await Promise.all(followers);
  expect(seen.filter((id) => id === "commits-late")).toHaveLength(2);
  expect(seen.indexOf("commits-late")).toBeLessThan(seen.indexOf("asks-later"));
});
