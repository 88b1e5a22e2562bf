import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { type MessageFilter, selectMessages } from "./queries.ts";

const MANY = 3_000;

let database: TestDatabase;
beforeAll(async () => {
  // one session: what it reads is counted when it says so
  database = await createTestDatabase({ max: 1 });
  for (const statement of [
    `insert into inbound (system, stream, native_id, object_key, content_type, raw, raw_hash, state, problem, event_seq)
     select case when n <= 3 then 'crm' else 'mes' end, 'changes', 'm' || n, 'order/' || n, 'application/json', '', int8send(n),
       case n when 1 then 'refused' when 2 then 'kept' when 5 then 'held' else 'admitted' end, case n when 1 then '{}' end,
       case when n not in (1, 2, 5) then n end
     from generate_series(1, ${MANY}) n`,
    "analyze inbound",
  ])
    await database.pool.query(statement);
});
afterAll(() => database.drop());

async function rowsRead(): Promise<number> {
  await database.pool.query("select pg_stat_force_next_flush()");
  const { rows } = await database.pool.query<{ read: number }>(
    "select seq_tup_read + idx_tup_fetch as read from pg_stat_user_tables where relname = 'inbound'",
  );
  return rows[0]!.read;
}

test.each<[MessageFilter, string[]]>([
  [{ system: "crm" }, ["m3", "m2", "m1"]],
  [{ state: "refused" }, ["m1"]],
  [{ state: "kept" }, ["m2"]],
  [{ state: "held", system: "mes" }, ["m5"]],
  [{ state: "held", systems: ["crm"] }, []],
  [{ event: "7" }, ["m7"]],
])("a few messages of many are found without a look at the others: %o", async (filter, found) => {
  const before = await rowsRead();
  const messages = await selectMessages(database.pool, filter, undefined, 50);
  expect(messages.map(({ nativeId }) => nativeId)).toEqual(found);
  expect((await rowsRead()) - before).toBeLessThanOrEqual(10);
});

test.each<[MessageFilter, string[]]>([
  [{}, ["m5", "m4"]],
  [{ system: "mes" }, ["m5", "m4"]],
  [{ system: "crm" }, ["m3", "m2"]],
])("a page goes on where the one before ended: %o", async (filter, found) => {
  const [before] = await selectMessages(database.pool, { event: "6" }, undefined, 1);
  const messages = await selectMessages(database.pool, filter, before!.id, 2);
  expect(messages.map(({ nativeId }) => nativeId)).toEqual(found);
});
