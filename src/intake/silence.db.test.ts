import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Appender } from "../ledger/append.ts";
import { Bell } from "../ledger/bell.ts";
import { readAfter } from "../ledger/read.ts";
import { Silence } from "./silence.ts";
import { CASES } from "./testing/plant.ts";

const MINUTE = 60_000;

let db: TestDatabase;
let minutes = 0;
let system = "";

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async ({ task }) => {
  system = `mes-${task.id}`;
  minutes = 0;
  await db.pool.query(
    "insert into cursors (system, stream, position, heartbeat_at) values ($1, 'reports', '7', '2026-03-02T08:00:00.5Z')",
    [system],
  );
});
afterAll(() => db.drop());

const silence = () =>
  new Silence({
    pool: db.pool,
    appender: new Appender(db.pool, new Bell()),
    system,
    plant: "lyon",
    cases: CASES,
    now: () => new Date(Date.UTC(2026, 2, 2, 8, minutes)),
  });

async function told() {
  const events = await readAfter(db.pool, 0);
  return events.filter(({ data }) => (data as { system: string }).system === system);
}

async function cases() {
  const { rows } = await db.pool.query<{ kind: string; state: string; owner: string; plant: string }>(
    "select kind, state, owner, plant from cases where system = $1 order by id",
    [system],
  );
  return rows;
}

test("a plant that is cut off is told once, after a while, since when it was last heard", async () => {
  const plant = silence();
  expect(await plant.unheard("reports", "ECONNREFUSED")).toBe(false);
  minutes = 4;
  expect(await plant.unheard("reports", "ECONNREFUSED")).toBe(false);
  minutes = 5;
  expect(await plant.unheard("reports", "ECONNREFUSED")).toBe(true);
  minutes = 60;
  expect(await plant.unheard("reports", "ECONNREFUSED")).toBe(false);
  expect(await told()).toMatchObject([
    {
      type: "interlock.PlantUnreachable.v1",
      plant: "lyon",
      data: { system, since: "2026-03-02T08:00:00.500000Z", streams: ["reports"] },
    },
  ]);
  expect(await cases()).toEqual([{ kind: "PLANT_UNREACHABLE", state: "open", owner: "it", plant: "lyon" }]);
});

test("another hub that takes over in the middle tells it no second time, and closes the case when the plant is back", async () => {
  const first = silence();
  await first.unheard("reports", "no route");
  minutes = 6;
  await first.unheard("reports", "no route");
  const second = silence();
  await second.unheard("reports", "no route");
  minutes = 12;
  await second.unheard("reports", "no route");
  expect(await told()).toHaveLength(1);
  const third = silence();
  await third.heard("reports");
  expect(await cases()).toMatchObject([{ state: "closed" }]);
});

test("a stream that fails for less than that is nothing, however often", async () => {
  const plant = silence();
  for (let n = 0; n < 10; n++) {
    await plant.unheard("reports", "busy");
    minutes += 3;
    await plant.heard("reports");
    minutes += 3;
  }
  expect(minutes * MINUTE).toBeGreaterThan(3_600_000 - 1);
  expect(await told()).toEqual([]);
});

test("one stream that fails is enough, and the plant is back when all are read", async () => {
  const plant = silence();
  await plant.heard("orders");
  await plant.unheard("reports", "busy");
  minutes = 6;
  await plant.heard("orders");
  expect(await plant.unheard("reports", "busy")).toBe(true);
  await plant.heard("orders");
  expect(await cases()).toMatchObject([{ state: "open" }]);
  await plant.heard("reports");
  expect(await cases()).toMatchObject([{ state: "closed" }]);
});
