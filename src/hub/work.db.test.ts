import { afterEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { untilBlocked } from "../db/testing/interleave.ts";
import { eventType, INTERLOCK_SOURCE } from "../event/envelope.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, INTERLOCK_SOURCE_ID } from "../ledger/row.ts";
import { asDefinition } from "../process/testing/line.ts";
import { createBells, Work, type WorkOptions } from "./work.ts";

let database: TestDatabase;
afterEach(() => database.drop());

const lease = (name: string) => ({ name, fence: 1, checkpoint: 0, position: 0 });
const never = (): void => {
  throw new Error("its lease was not lost");
};

async function openWork(options: Partial<WorkOptions> = {}): Promise<Work> {
  database = await createTestDatabase({ max: 8 });
  await database.pool.query(
    `insert into leases (name, hub_id, fence, expires_at)
     select unnest(array['process:00', 'process:01', 'process:02', 'system:erp']), 'one', 1, now() + interval '1 hour'`,
  );
  const surroundings = { catalog: {}, workingTime: never, caseDueAt: () => undefined };
  return new Work({
    pool: database.pool,
    hub: "one",
    leaseMs: 60_000,
    definitions: new Map(),
    surroundings: () => surroundings,
    rules: {},
    bells: createBells(["erp"]),
    lookout: { everyMs: 50 },
    renew: never,
    failed: () => undefined,
    unreadable: () => undefined,
    ...options,
  } as unknown as WorkOptions);
}

test("a partition is given up only after the step in hand, and the last ones together", async () => {
  const work = await openWork();
  const begin = (name: string) => work.begin(lease(name), never);
  const parts = [await begin("process:00"), await begin("process:01"), await begin("process:02")];
  // a delivery of an unknown process: deciding on it needs the lease's row, which somebody holds
  const event = {
    id: "1",
    type: eventType("Seen"),
    subject: "test/1",
    time: "2026-03-02T08:00:00Z",
    body: "{}",
  };
  const row = appendRow({ ...event, sourceId: INTERLOCK_SOURCE_ID, source: INTERLOCK_SOURCE }, 0);
  await appendEvents(database.pool, JSON.stringify([row]));
  const holder = await database.pool.connect();
  await holder.query("begin");
  await holder.query("select from leases where name = 'process:00' for update");
  await database.pool.query(
    "insert into deliveries (partition, n, process, key, seq) values (0, 1, 'gone', '1', 1)",
  );
  await untilBlocked(database.pool);

  let given = 0;
  const stopped = async (n: number) => parts[n]!.stop("released").then(() => given++);
  const first = stopped(0);
  const others = [stopped(1), stopped(2)];
  await new Promise(setImmediate);
  expect(given).toBe(0);
  await holder.query("commit");
  holder.release();
  await Promise.all([first, ...others]);
  const { rows } = await database.pool.query("select checkpoint from leases where name = 'process:00'");
  expect(rows).toEqual([{ checkpoint: 1 }]);

  // one that is taken again is decided on again
  const again = await begin("process:00");
  await database.pool.query(
    "insert into deliveries (partition, n, process, key, seq) values (0, 2, 'gone', '1', 1)",
  );
  const checkpoint = async () =>
    (await database.pool.query("select checkpoint from leases where name = 'process:00'")).rows[0];
  await expect.poll(checkpoint, { timeout: 60_000 }).toEqual({ checkpoint: 2 });
  await again.stop("released");
});

test("what was begun for a system ends when its sender cannot begin", async () => {
  const reading = Promise.withResolvers<AbortSignal>();
  const session = {
    identify: () => undefined,
    read: (_stream: string, _cursor: unknown, signal: AbortSignal) => {
      reading.resolve(signal);
      return new Promise(() => {});
    },
  };
  const connector = { streams: { orders: { kind: "poll" } }, effects: {} };
  const speaker = { session, connector, reader: session, system: { pace: {} } };
  const work = await openWork({ speakers: new Map([["erp", speaker]]) } as unknown as Partial<WorkOptions>);
  const holder = await database.pool.connect();
  await holder.query("begin");
  await holder.query("lock table lanes");
  const begun = work.begin(lease("system:erp"), never);
  begun.catch(() => undefined);
  const signal = await reading.promise;
  await untilBlocked(database.pool);
  expect(signal.aborted).toBe(false);
  await holder.query(
    "select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
  );
  await expect(begun).rejects.toMatchObject({ code: "57014" });
  expect(signal.aborted).toBe(true);
  holder.release(true);
});

test("instances that an older definition left are brought along also when the database was away at first", async () => {
  const definition = asDefinition({
    name: "orders",
    version: 2,
    subjectKind: "order",
    initialPhase: "new",
    finalPhases: [],
    timers: [],
    effects: {},
    events: {},
    phases: { new: {} },
    initialState: () => ({}),
    migrate: (_version: number, phase: string, state: unknown) => ({ phase, state }),
  });
  const failures: unknown[] = [];
  const work = await openWork({
    definitions: new Map([["orders", definition]]),
    failed: (error) => void failures.push(error),
  });
  await database.pool.query(
    `insert into instances (process, key, partition, definition_version, phase, state, began_at, correlation, last_n)
     values ('orders', '1', 0, 1, 'new', '{}', now(), 'order/1', 0)`,
  );
  await database.pool.query("alter table instances rename to away");
  const part = await work.begin(lease("process:00"), never);
  await expect.poll(() => failures.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await database.pool.query("alter table away rename to instances");
  const version = async () =>
    (await database.pool.query("select definition_version as v from instances")).rows;
  await expect.poll(version, { timeout: 60_000 }).toEqual([{ v: 2 }]);
  await part.stop("released");
});
