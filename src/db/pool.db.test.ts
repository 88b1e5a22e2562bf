import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";

import { CommitUnknownError, type StoreError } from "./errors.ts";
import { openPool, query, transaction, type Pool } from "./pool.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";
import { forgetAnswers } from "./testing/forgetful.ts";

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = database.pool;
  await pool.query("create table notes (id bigint primary key)");
});
afterAll(() => database.drop());

const insert = { name: "insert_note", text: "insert into notes values ($1)" };

async function notes(): Promise<number[]> {
  const rows = await query<{ id: number }>(pool, { name: "notes", text: "select id from notes order by id" });
  return rows.map(({ id }) => id);
}

test("a session keeps its promises whatever the database's own defaults are", async () => {
  await pool.query(`alter database ${new URL(database.url).pathname.slice(1)} set synchronous_commit = off`);
  const url = new URL(database.url);
  url.searchParams.set("options", "-c search_path=pg_catalog -c jit=on");
  const own = openPool({ url: url.href, application: "interlock:h1:test", max: 1 });
  const settings = [
    "synchronous_commit",
    "jit",
    "plan_cache_mode",
    "application_name",
    "search_path",
    "timezone",
  ];
  const [row] = await query(own, {
    name: "settings",
    text: `select ${settings.map((name) => `current_setting('${name}') as ${name}`).join(", ")}`,
  });
  await own.end();
  expect(row).toEqual({
    synchronous_commit: "on",
    jit: "off",
    plan_cache_mode: "force_generic_plan",
    application_name: "interlock:h1:test",
    search_path: "pg_catalog",
    timezone: "UTC",
  });
});

test("values come back with every digit they went in with", async () => {
  const [row] = await query(
    pool,
    {
      name: "digits",
      text: "select $1::bigint as seq, $2::timestamptz as at, $3::numeric as quantity, $4::bigint[] as seqs, $5::timestamptz[] as times",
    },
    [
      2 ** 53 - 1,
      "2026-03-29T01:59:59.123456+02:00",
      "0.10000000000000000001",
      [1, null],
      ["2026-01-01T00:00:00Z"],
    ],
  );
  expect(row).toEqual({
    seq: 9007199254740991,
    at: "2026-03-28T23:59:59.123456Z",
    quantity: "0.10000000000000000001",
    seqs: [1, null],
    times: ["2026-01-01T00:00:00Z"],
  });
});

test("refuses a whole number that JavaScript cannot hold", async () => {
  const beyond = { name: "beyond", text: "select 9007199254740993 as seq" };
  await expect(query(pool, beyond)).rejects.toMatchObject({ code: "STORE_NUMBER" });
});

test("rolls back what throws, and says so when a failed statement was overlooked", async () => {
  const bug = new Error("bug");
  await expect(
    transaction(pool, async (client) => {
      await query(client, insert, [1]);
      throw bug;
    }),
  ).rejects.toBe(bug);
  await expect(
    transaction(pool, async (client) => {
      await query(client, insert, [2]);
      await query(client, insert, [2]).catch(() => {});
    }),
  ).rejects.toMatchObject({ code: "STORE_ROLLED_BACK" });
  expect(await notes()).toEqual([]);
});

test("a session that the server ends inside a transaction is lost, and the pool goes on", async () => {
  const end = { name: "end", text: "select pg_terminate_backend(pg_backend_pid())" };
  const lost = transaction(pool, async (client) => {
    await query(client, insert, [3]);
    await query(client, end);
  });
  await expect(lost).rejects.toMatchObject({ code: "STORE_LOST" });
  expect(await notes()).toEqual([]);
});

test("a session that ends while nobody uses it is replaced", async () => {
  const own = openPool({ url: database.url, application: "interlock:h1:idle", max: 1 });
  const me = { name: "me", text: "select pg_backend_pid() as pid" };
  const [before] = await query<{ pid: number }>(own, me);
  const gone = new Promise((resolve) => own.once("remove", resolve));
  await pool.query("select pg_terminate_backend($1)", [before!.pid]);
  await gone;
  const [after] = await query<{ pid: number }>(own, me);
  expect(after!.pid).not.toBe(before!.pid);
  await own.end();
});

test("a commit whose answer is lost is unknown, and may have happened", async () => {
  const line = await forgetAnswers(database.url);
  const own = openPool({ url: line.url, application: "interlock:h1:test", max: 1 });
  const committed = transaction(own, async (client) => {
    await query(client, insert, [4]);
    line.forgetNext();
  });
  await expect(committed).rejects.toThrow(CommitUnknownError);
  await query(own, { name: "one", text: "select 1" });
  line.forgetNext();
  await expect(query(own, insert, [5])).rejects.toThrow(CommitUnknownError);
  await own.end();
  await line.close();
  expect(await notes()).toEqual([4, 5]);
});

test("a server that falls silent is given up, though its connection stays open", async () => {
  const line = await forgetAnswers(database.url);
  const own = openPool({ url: line.url, application: "interlock:h1:test", max: 1 });
  onTestFinished(() => void vi.useRealTimers());
  const unanswered = transaction(own, (client) => {
    line.fallSilent();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = query(client, insert, [6]);
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    return answer;
  });
  await expect(unanswered).rejects.toMatchObject({ code: "STORE_LOST" });
  await own.end();
  await line.close();
});

test("says that nothing was done when there is no server, and never says the password", async () => {
  const own = openPool({
    url: "postgres://someone:secret@127.0.0.1:1/none",
    application: "interlock:h1:test",
    max: 1,
  });
  const error = await query(own, insert, [6]).catch((caught: unknown) => caught as StoreError);
  expect(error).toMatchObject({ code: "STORE_UNREACHABLE" });
  expect(String(error)).not.toContain("secret");
  await own.end();
  expect(() => openPool({ url: "secret", application: "", max: 1 })).toThrow(/^(?!.*secret).*postgres:\/\//s);
});

test("a statement that the server rolled back to end a deadlock is done again, and not for ever", async () => {
  // a sequence counts on when its transaction is rolled back
  await pool.query(`
    create sequence tries;
    create function deadlock(until integer) returns bigint language plpgsql as $$
    begin
      if nextval('tries') < until then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      return currval('tries');
    end $$`);
  const deadlock = { name: "deadlock", text: "select deadlock($1) as tries" };
  expect(await query(pool, deadlock, [3])).toEqual([{ tries: 3 }]);
  await expect(query(pool, deadlock, [1_000])).rejects.toMatchObject({ code: "40P01" });
});
