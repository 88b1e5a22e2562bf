import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { migrate, VERSION } from "./migrate.ts";
import { session } from "./pool.ts";
import { checkServer } from "./server-checks.ts";
import { createTestDatabase, type TestDatabase } from "./testing/database.ts";

let folder: string;
let database: TestDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "interlock-sql-"));
  database = await createTestDatabase({ folder });
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function run(): Promise<string[]> {
  return session(database.pool, (client) => migrate(client, folder));
}

test("hubs that start together migrate once", async () => {
  write("0001_one.sql", "create table one (id integer); insert into one values (1);");
  write("0002_two.sql", "select pg_sleep(0.1); insert into one values (2);");
  const applied = await Promise.all([run(), run(), run()]);
  expect(applied.flat().toSorted()).toEqual(["0001_one.sql", "0002_two.sql"]);
  const { rows } = await database.pool.query("select id from one order by id");
  expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
});

test("a migration that fails leaves nothing and names its line", async () => {
  write("0001_one.sql", "create table one (id integer);\n\nselect wrong\nfrom one;");
  await expect(run()).rejects.toMatchObject({
    code: "MIGRATION_FAILED",
    message: expect.stringContaining('0001_one.sql line 3: column "wrong" does not exist'),
  });
  write("0001_one.sql", "create table one (id integer);");
  expect(await run()).toEqual(["0001_one.sql"]);
});

test("refuses a migration that was edited after it ran", async () => {
  write("0001_one.sql", "create table one (id integer);\n");
  await run();
  write("0001_one.sql", "create table one (id integer);\r\n");
  expect(await run()).toEqual([]);
  write("0001_one.sql", "create table one (id bigint);\n");
  await expect(run()).rejects.toMatchObject({
    code: "MIGRATION_EDITED",
    message: expect.stringContaining("0001_one.sql"),
  });
});

test("an older binary works on after a harmless migration and refuses after a breaking one", async () => {
  write("0001_one.sql", "create table one (id integer);");
  write("0002_more.sql", "alter table one add more integer;");
  await run();
  rmSync(join(folder, "0002_more.sql"));
  expect(await run()).toEqual([]);

  write("0002_more.sql", "alter table one add more integer;");
  write("0003_gone.sql", "-- breaking: one.id is gone\nalter table one drop id;");
  await run();
  await database.pool.query("update migrations set applied_by = '9.9.9' where number = 3");
  rmSync(join(folder, "0002_more.sql"));
  rmSync(join(folder, "0003_gone.sql"));
  await expect(run()).rejects.toMatchObject({
    code: "BINARY_TOO_OLD",
    message: expect.stringMatching(
      new RegExp(`${VERSION}.*9\\.9\\.9.*one\\.id is gone.*run Interlock 9\\.9\\.9`),
    ),
  });
});

test("refuses a server that would not keep what was accepted", async () => {
  await session(database.pool, checkServer);
  const asOnUsersServer = session(database.pool, async (client) => {
    await client.query("set interlock.throwaway = off");
    await checkServer(client);
  });
  await expect(asOnUsersServer).rejects.toMatchObject({
    code: "STORE_UNSAFE",
    message: expect.stringContaining("set fsync = on"),
  });
});
