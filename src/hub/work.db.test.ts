import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { untilBlocked } from "../db/testing/interleave.ts";
import { intend } from "../effect/testing/intend.ts";
import { eventType, INTERLOCK_SOURCE } from "../event/envelope.ts";
import { Keeper } from "../intake/keeper.ts";
import { inboundMessage } from "../intake/native.ts";
import { CASES, nativeMessage, nativeSession, type NativeOrder, RULES } from "../intake/testing/plant.ts";
import { appendEvents } from "../ledger/queries.ts";
import { appendRow, INTERLOCK_SOURCE_ID } from "../ledger/row.ts";
import { Sources } from "../ledger/source.ts";
import { asDefinition } from "../process/testing/line.ts";
import { createBells, Work, type WorkOptions } from "./work.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ max: 8 });
  await database.pool.query(
    `insert into leases (name, hub_id, fence, expires_at)
     select unnest(array['process:00', 'process:01', 'process:02', 'system:crm', 'system:erp']), 'one', 1, now() + interval '1 hour'`,
  );
});
afterEach(() => database.drop());

const lease = (name: string) => ({ name, fence: 1, checkpoint: 0, position: 0 });
const never = (): void => {
  throw new Error("its lease was not lost");
};

function openWork(options: Partial<WorkOptions> = {}): Work {
  const surroundings = { catalog: {}, workingTime: never, caseDueAt: () => undefined };
  return new Work({
    pool: database.pool,
    hub: "one",
    leaseMs: 60_000,
    definitions: new Map(),
    surroundings: () => surroundings,
    rules: {},
    bells: createBells(["crm", "erp"]),
    lookout: { everyMs: 50 },
    renew: never,
    failed: () => undefined,
    unreadable: () => undefined,
    ...options,
  } as unknown as WorkOptions);
}

test("a partition is given up only after the step in hand, and the last ones together", async () => {
  const work = openWork();
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
  const work = openWork({ speakers: new Map([["erp", speaker]]) } as unknown as Partial<WorkOptions>);
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
  const work = openWork({
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

/** Nothing is looked for by the clock alone. */
const ONLY_WHEN_RUNG = { everyMs: 600_000 };

/** Admission for the tests' CRM and ERP, and how something is kept for it. */
function openAdmission(speaker: object) {
  const bells = createBells(["crm", "erp"]);
  const work = openWork({
    lookout: ONLY_WHEN_RUNG,
    bells,
    speakers: new Map(["crm", "erp"].map((system) => [system, speaker])),
    rules: CASES,
    admission: { sources: new Sources(database.pool), rules: RULES, cases: CASES },
    recent: { add: () => true },
  } as unknown as Partial<WorkOptions>);
  const keeper = new Keeper(database.pool, (system) => bells.kept.get(system)!.ring());
  const keep = (system: string, order: NativeOrder) =>
    keeper.keep(
      inboundMessage({ system, stream: "orders", session: nativeSession() }, nativeMessage(order), 0),
    );
  return { work, keep };
}

/** The systems for which a statement was asked, one after the other. */
function watchStatement(name: string): string[] {
  const systems: string[] = [];
  const watched = new WeakSet<object>();
  database.pool.on("acquire", (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: [{ name?: string }, ...unknown[]]) => {
      const [statement, values] = args;
      if (statement.name === name) systems.push(String((values as unknown[])[0]));
      return ask(...args);
    }) as typeof client.query;
  });
  return systems;
}

test("what a system has pushed is looked for by its own admission alone", async () => {
  const { work, keep } = openAdmission({ reader: nativeSession() });
  const looks = watchStatement("intake.kept");
  const parts = [await work.begin(lease("system:crm"), never), await work.begin(lease("system:erp"), never)];
  await expect.poll(() => looks.toSorted(), { timeout: 60_000 }).toEqual(["crm", "erp"]);
  for (const n of [1, 2, 3]) {
    await keep("crm", { id: `m${n}`, object: "SO-1" });
    const admitted = async () =>
      (await database.pool.query("select from inbound where state = 'admitted'")).rowCount;
    await expect.poll(admitted, { timeout: 60_000 }).toBe(n);
  }
  expect(looks.filter((system) => system === "erp")).toHaveLength(1);
  for (const part of parts) await part.stop("released");
});

test("an effect that the target's own event has ended lets the next one of its object go at once", async () => {
  const sent: string[] = [];
  const session = {
    ...nativeSession(),
    apply: ({ reference }: { reference: string }) => {
      sent.push(reference);
      return Promise.resolve({ class: "applied", evidence: {} });
    },
  };
  const effect = { safety: "idempotent", settlesWithinMs: 0, lane: () => "salesOrder/SO-1" };
  const connector = { streams: {}, effects: { CreateSalesOrder: effect } };
  const { work, keep } = openAdmission({
    session,
    connector,
    reader: session,
    system: { id: "crm", pace: {} },
  });
  await intend(
    database.pool,
    [0, 1].map((n) => ({ reference: `0123456789ABCDE${n}`, system: "crm", key: "SO-1" })),
  );
  await database.pool.query(
    "update lanes set state = 'unknown', sends = 1, attempt = 1, wake_at = now() + interval '1 hour'",
  );
  const peeks = watchStatement("dispatch.peek");
  const part = await work.begin(lease("system:crm"), never);
  // It has looked and sleeps: nothing is due for an hour.
  await expect.poll(() => peeks, { timeout: 60_000 }).toEqual(["crm"]);
  expect(sent).toEqual([]);
  await keep("crm", { id: "t1", object: "SO-1", reference: "0123456789ABCDE0" });
  await expect.poll(() => sent, { timeout: 60_000 }).toEqual(["0123456789ABCDE1"]);
  await part.stop("released");
});
