import { createServer, connect as dial, type Server } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { CommitUnknownError, type StoreError } from "./errors.ts";
import { openPool, query, transaction, type Pool } from "./pool.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";

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
  const [proxy, url, folder] = await loseAnswers(["commit\0", "insert_alone\0"]);
  const own = openPool({ url, application: "interlock:h1:test", max: 2 });
  const committed = transaction(own, (client) => query(client, insert, [4]));
  await expect(committed).rejects.toThrow(CommitUnknownError);
  const alone = query(own, { ...insert, name: "insert_alone" }, [5]);
  await expect(alone).rejects.toThrow(CommitUnknownError);
  await own.end();
  proxy.close();
  rmSync(folder, { recursive: true });
  expect(await notes()).toEqual([4, 5]);
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

/**
 * A server before the server that passes statements on and, once one names what it looks for, cuts the line when the
 * answer comes: by then the server has done it.
 */
async function loseAnswers(words: readonly string[]): Promise<[Server, string, string]> {
  const folder = mkdtempSync(join(tmpdir(), "interlock-"));
  const real = new URL(database.url);
  const proxy = createServer((client) => {
    const server = dial(join(decodeURIComponent(real.hostname), `.s.PGSQL.${real.port}`));
    let cut = false;
    client.on("data", (chunk) => {
      cut ||= words.some((word) => chunk.includes(word));
      server.write(chunk);
    });
    server.on("data", (chunk) => (cut ? client.destroy() : client.write(chunk)));
    for (const each of [client, server]) each.on("error", () => {});
    client.on("close", () => server.end());
    server.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(join(folder, ".s.PGSQL.5432"), resolve));
  const url = new URL(database.url);
  url.hostname = encodeURIComponent(folder);
  url.port = "5432";
  return [proxy, url.href, folder];
}
