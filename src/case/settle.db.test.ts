import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { between } from "../db/testing/interleave.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 4 });
});
beforeEach(() => database.pool.query("truncate cases, case_members restart identity"));
afterAll(() => database.drop());

const opening = (fingerprint: string, ref: string) => {
  const row = {
    fingerprint,
    kind: "EFFECT_REJECTED",
    owner: "it",
    subject: "salesOrder/1",
    title: "refused",
  };
  const rows = JSON.stringify([{ ...row, detail: "{}", member_kind: "effect", member_ref: ref }]);
  return `select open_cases('${rows}')`;
};
const settling = (ref: string) => `select settle_members('effect', array['${ref}'], 'interlock', 'it ended')`;
const stateOf = async (fingerprint: string) =>
  (await database.pool.query("select state from cases where fingerprint = $1", [fingerprint])).rows;

test("a case closes when two settle its last members at the same time", async () => {
  for (const ref of ["a", "b"]) await database.pool.query(opening("same", ref));
  const settled = () => database.pool.query(settling("b"));
  await between(database.pool, settling("a"), settled, async () => {});
  expect(await stateOf("same")).toEqual([{ state: "closed" }]);
});

test("a case is not closed over a member that joins it at the same time", async () => {
  await database.pool.query(opening("same", "a"));
  const settled = () => database.pool.query(settling("a"));
  await between(database.pool, opening("same", "b"), settled, async () => {});
  expect(await stateOf("same")).toEqual([{ state: "open" }]);
  await database.pool.query(settling("b"));
  expect(await stateOf("same")).toEqual([{ state: "closed" }]);
});

test("a member joins a case anew when it closes at the same time", async () => {
  await database.pool.query(opening("same", "a"));
  await between(
    database.pool,
    settling("a"),
    () => database.pool.query(opening("same", "b")),
    async () => {},
  );
  expect(await stateOf("same")).toEqual([{ state: "closed" }, { state: "open" }]);
});
