import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Keeper } from "./keeper.ts";
import { inboundMessage } from "./native.ts";
import { nativeMessage, nativeSession } from "./testing/plant.ts";

let db: TestDatabase;
let keeper: Keeper;
let told: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  keeper = new Keeper(db.pool, (system) => told.push(system));
});
beforeEach(() => (told = []));
afterAll(() => db.drop());

function keep(system: string, id: string) {
  const from = { system, stream: "orders", session: nativeSession() };
  return keeper.keep(inboundMessage(from, nativeMessage({ id, object: id }), 0));
}

async function kept() {
  const { rows } = await db.pool.query<{ system: string; native_id: string; xmin: string }>(
    "select system, native_id, xmin::text from inbound order by id",
  );
  return rows;
}

test("what comes at the same time is one commit, in the order it came, and each system is told once", async () => {
  const ids = ["m3", "m1", "m2"];
  expect(await Promise.all([...ids.map((id) => keep("crm", id)), keep("works", "m1")])).toEqual(
    Array(4).fill("kept"),
  );
  const rows = await kept();
  expect(rows.map(({ system, native_id }) => `${system} ${native_id}`)).toEqual([
    "crm m3",
    "crm m1",
    "crm m2",
    "works m1",
  ]);
  expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
  expect(told).toEqual(["crm", "works"]);
});

test("of two that are the same the first is kept, and nobody is told of what was there before", async () => {
  expect(await Promise.all([keep("crm", "twice"), keep("crm", "twice")])).toEqual(["kept", "duplicate"]);
  expect(told).toEqual(["crm"]);
  expect(await keep("crm", "twice")).toBe("duplicate");
  expect(told).toEqual(["crm"]);
  expect((await kept()).filter(({ native_id }) => native_id === "twice")).toHaveLength(1);
});
