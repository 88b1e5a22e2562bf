import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { transaction } from "../db/pool.ts";
import { appendRow, engineEvent } from "../ledger/row.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { settle } from "./queries.ts";
import { Bench, ref } from "./testing/bench.ts";
import { scriptedTarget } from "./testing/scripted-target.ts";

let bench: Bench;
let dispatcher: Dispatcher | undefined;
beforeAll(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await dispatcher?.stop("lost");
  dispatcher = undefined;
  await bench.check();
});
afterAll(() => bench.database.drop());

test("a target that asks for a pause gets one from all lanes", async () => {
  const target = scriptedTarget();
  target.sends.set("*", [() => ({ class: "retry", why: "429", retryAfterMs: 3_600_000 })]);
  let hour = 0;
  const clock = { wall: () => Date.now() + hour, monotonic: () => performance.now() + hour };
  dispatcher = await bench.start(target, { clock, pace: { concurrency: 1 } });
  await bench.queue([
    { reference: ref("rest-1"), order: "rest-1" },
    { reference: ref("rest-2"), order: "rest-2" },
  ]);
  await bench.reaches("rest-1", { state: "ready", tries: 1 });
  expect(dispatcher.terms()).toBeUndefined();
  expect(target.calls).toHaveLength(1);
  hour = 3_600_000;
  await bench.reaches("rest-2", { state: "idle" });
});

test("a target that does not work is asked by one call at a time, and uses up no effect's tries", async () => {
  const target = scriptedTarget();
  const down = () => ({ class: "retry", why: "connection refused" }) as const;
  target.sends.set(
    "*",
    Array.from({ length: 4 }, () => down),
  );
  let ahead = 0;
  const clock = { wall: () => Date.now() + ahead, monotonic: () => performance.now() + ahead };
  const breaker = { failures: 3, firstPauseMs: 1_000_000, longestPauseMs: 1_000_000 };
  dispatcher = await bench.start(target, { clock, pace: { concurrency: 3, breaker } });
  const orders = Array.from({ length: 12 }, (_, i) => `down-${i}-z`);
  await bench.queue(orders.map((order) => ({ reference: ref(order), order })));
  await bench.until(() => dispatcher!.terms() === undefined && target.calls.length >= 3);
  expect(target.calls).toHaveLength(3);
  ahead += 1_000_000;
  await bench.until(() => target.calls.length === 4);
  expect(await bench.rows("select from lanes where lane like 'salesOrder/down-%' and tries > 1")).toEqual([]);
  ahead += 1_000_000;
  await bench.rows("update lanes set wake_at = clock_timestamp() where wake_at is not null");
  for (const order of orders) await bench.reaches(order, { state: "idle" });
});

test("a hub that lets go of a system settles first what is under way", async () => {
  const target = scriptedTarget();
  const gate = Promise.withResolvers<void>();
  target.sends.set(ref("last"), [
    async (effect) => {
      await gate.promise;
      target.write(effect);
      return { class: "applied", evidence: {} };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("last"), order: "last" }]);
  await bench.reaches("last", { state: "sending" });
  const stopped = dispatcher.stop("released");
  gate.resolve();
  await stopped;
  expect(await bench.lane("last")).toMatchObject({ state: "idle" });
});

test("settling says when the next lane moves, and nothing where none waits", async () => {
  await bench.rows(
    `insert into leases (name, hub_id, fence, expires_at) values ('system:quiet', 'hub-1', 1, clock_timestamp() + interval '1 hour')`,
  );
  const ask = async (want: number) => {
    const asked = {
      hub: "hub-1",
      system: "quiet",
      fence: 1,
      leaseMs: 60_000,
      want,
      deadlineMs: 1,
      timeoutMs: 1,
    };
    const { claimed, dueInMs } = await settle(bench.database.pool, { ...asked, results: [], pause: null });
    return { claimed: claimed.map(({ lane }) => lane), dueInMs };
  };
  expect(await ask(1)).toEqual({ claimed: [], dueInMs: undefined });
  await bench.queue([{ reference: ref("now"), order: "now" }]);
  await bench.rows("update effects set system = 'quiet' where reference = $1", [ref("now")]);
  await bench.rows("update lanes set system = 'quiet' where lane = 'salesOrder/now'");
  await bench.rows("update lanes set wake_at = clock_timestamp() + interval '1 hour' where system = 'quiet'");
  const { claimed, dueInMs } = await ask(1);
  expect(claimed).toEqual([]);
  expect(dueInMs).toBeGreaterThan(3_500_000);
  expect(await ask(0)).toEqual({ claimed: [], dueInMs: undefined });
  await bench.rows("update lanes set wake_at = clock_timestamp() where system = 'quiet'");
  expect(await ask(1)).toEqual({ claimed: ["salesOrder/now"], dueInMs: 0 });
});

test("a hub of the version before claims and settles beside this one", async () => {
  await bench.queue([{ reference: ref("before"), order: "before" }]);
  const asked = {
    hub: "hub-1",
    system: "erp",
    fence: 1,
    leaseMs: 60_000,
    deadlineMs: 5_000,
    timeoutMs: 1_000,
  };
  const ask = (more: object) =>
    bench.rows("select * from settle_and_claim($1)", [
      JSON.stringify({ ...asked, results: [], pause: null, ...more }),
    ]);
  const [claim] = await ask({ want: 1 });
  expect(claim).toMatchObject({
    reference: ref("before"),
    doing: "send",
    attempt: 1,
    sends: 1,
    settled: false,
  });
  const result = {
    lane: "salesOrder/before",
    reference: ref("before"),
    attempt: 1,
    kind: "send",
    next: "idle",
  };
  const ended = { ...result, class: "applied", outcome: "applied", began_at: "now", ended_at: "now" };
  expect(await ask({ want: 0, results: [ended] })).toEqual([]);
  expect(await bench.lane("before")).toMatchObject({ state: "idle" });

  // One of it that came later: its events stand in its results.
  const event = (id: string, ord: number) => {
    const data = { system: "erp", why: "it refuses us" };
    const time = "2026-01-01T00:00:00Z";
    return appendRow(engineEvent({ name: "SystemPaused", id, subject: "system/erp", time, data }), ord);
  };
  await bench.queue([{ reference: ref("before-2"), order: "before-2" }]);
  await ask({ want: 1 });
  const again = { ...ended, lane: "salesOrder/before-2", reference: ref("before-2") };
  const happened = {
    results: [
      { ...again, event: event("mine", 0) },
      { ...again, attempt: 7, event: event("another-attempts", 1) },
    ],
    pause: { why: "it refuses us", event: event("paused", 2) },
  };
  const settled = (more: object) =>
    bench.rows("select told, first_seq from settle($1)", [JSON.stringify({ ...asked, want: 0, ...more })]);
  const [first] = await settled(happened);
  expect(first).toMatchObject({ told: [0, 2] });
  expect(
    await bench.rows("select id from events where subject = 'system/erp' and seq >= $1 order by seq", [
      first!.first_seq,
    ]),
  ).toEqual([{ id: "mine" }, { id: "paused" }]);
  expect(await settled(happened)).toMatchObject([{ told: [], first_seq: null }]);
  await bench.rows("delete from systems");
});

test("a hub of the version before decides beside this one", async () => {
  await bench.rows(
    "insert into leases (name, hub_id, fence, expires_at) values ('process:00', 'hub-1', 1, clock_timestamp() + interval '1 hour')",
  );
  const nothing = { factUses: [], finished: [], undeferred: [], deferred: [], timersCleared: [], timers: [] };
  const one = { process: "elder", key: "E-1" };
  const deciding = {
    ...nothing,
    hub: "hub-1",
    leaseMs: 60_000,
    leases: [{ name: "process:00", fence: 1, checkpoint: 3 }],
    instances: [
      {
        ...one,
        partition: 0,
        definition_version: 1,
        phase: "new",
        state: "{}",
        began_at: "now",
        correlation: "x/1",
        last_n: 3,
        version: 1,
      },
    ],
    effects: [
      {
        ...one,
        ord: 0,
        reference: ref("elder"),
        system: "erp",
        lane: "salesOrder/elder",
        type: "CreateSalesOrder.v1",
        name: "create",
        cause_seq: 1,
        correlation: "x/1",
        payload: "{}",
        payload_hash: "00",
        settle_ms: 0,
        probe_first: false,
        claim: false,
      },
    ],
    claims: [],
    withdrawals: [],
    cases: [],
    settledMembers: [],
    derived: [],
  };
  await bench.rows("select decide_batch($1)", [JSON.stringify(deciding)]);
  expect(await bench.rows("select phase from instances where process = 'elder'")).toEqual([{ phase: "new" }]);
  expect(await bench.lane("elder")).toMatchObject({ state: "ready", head: ref("elder") });
  expect(await bench.rows("select checkpoint from leases where name = 'process:00'")).toEqual([
    { checkpoint: 3 },
  ]);
});

test("an answer outlives the loss of the connection that was writing it down", async () => {
  const target = scriptedTarget();
  const failures: unknown[] = [];
  dispatcher = await bench.start(target, { failed: (error) => void failures.push(error) });
  const written = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const head = transaction(bench.database.pool, async (client) => {
    await client.query("select from ledger_head for update");
    locked.resolve();
    await written.promise;
  });
  await locked.promise;
  await bench.queue([{ reference: ref("cut"), order: "cut" }]);
  await bench.until(
    async () =>
      (
        await bench.rows(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%from settle(%'`,
        )
      ).length > 0,
  );
  await bench.until(() => failures.length > 0);
  written.resolve();
  await head;
  await bench.reaches("cut", { state: "idle" });
  expect(failures[0]).toMatchObject({ code: "STORE_COMMIT_UNKNOWN" });
  expect(target.calls).toEqual([`send ${ref("cut")}`]);
  expect(await bench.told(ref("cut"))).toEqual(["EffectApplied"]);
});
