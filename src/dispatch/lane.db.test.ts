import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { transaction } from "../db/pool.ts";
import { effectEvent, type EffectIdentity } from "../effect/effect-event.ts";
import { settleTold } from "../intake/evidence.ts";
import { now, systemClock } from "../lease/deadline.ts";
import { appendRow } from "../ledger/row.ts";
import type { ClaimedEffect } from "./claim.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { takeOverLanes } from "./queries.ts";
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
  await bench.rows("delete from systems");
  await bench.own("hub-1", 1);
  await bench.check();
});
afterAll(() => bench.database.drop());

const TERMS = { system: "erp", hub: "hub-1", fence: 1, deadline_ms: 5_000, timeout_ms: 10_500 };

async function claimed(reference: string): Promise<ClaimedEffect[]> {
  return bench.rows("select * from effects where reference = $1", [reference]);
}

/** What a decision passes to withdraw an effect: both answers, of which the database tells one. */
async function withdraw(reference: string): Promise<void> {
  const [effect] = await bench.rows<EffectIdentity>(
    `select reference, system, lane, type, process, key, name, cause_seq as "causeSeq", correlation from effects where reference = $1`,
    [reference],
  );
  const answer = (name: "EffectWithdrawn" | "EffectWithdrawalRefused") =>
    appendRow(effectEvent(name, effect!, { time: "2026-01-01T00:00:00Z" }), 0);
  const { system, lane } = effect!;
  const row = {
    reference,
    system,
    lane,
    won: answer("EffectWithdrawn"),
    lost: answer("EffectWithdrawalRefused"),
  };
  await bench.rows("select withdraw_effects($1)", [JSON.stringify([row])]);
}

test("S1 two decisions on one object of a target get its places in the order of their commits", async () => {
  const gate = Promise.withResolvers<void>();
  const placed = Promise.withResolvers<void>();
  const row = (reference: string) =>
    JSON.stringify([
      {
        ord: 0,
        reference,
        system: "crm",
        lane: "a/1",
        type: "Create.v1",
        process: "p",
        key: reference,
        name: "n",
        cause_seq: 1,
        correlation: "a/1",
        payload: "{}",
        payload_hash: "00",
        settle_ms: 0,
        probe_first: false,
      },
    ]);
  const first = transaction(bench.database.pool, async (client) => {
    await client.query("select queue_effects($1, '[]')", [row(ref("first"))]);
    placed.resolve();
    await gate.promise;
  });
  await placed.promise;
  const second = bench.rows("select queue_effects($1, '[]')", [row(ref("second"))]);
  await bench.until(
    async () =>
      (
        await bench.rows(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
      ).length > 0,
  );
  gate.resolve();
  await Promise.all([first, second]);
  expect(await bench.rows("select reference, pos from effects where system = 'crm' order by pos")).toEqual([
    { reference: ref("first"), pos: 1 },
    { reference: ref("second"), pos: 2 },
  ]);
});

test("S3 a hub that slept past its deadline does not write", async () => {
  const target = scriptedTarget();
  let asleep = 0;
  // The monotonic clock of some systems stands still in sleep: the wall clock alone must be enough.
  const clock = { wall: () => systemClock.wall() + asleep, monotonic: systemClock.monotonic };
  target.sends.set(ref("asleep"), [
    (effect) => {
      asleep = 40_000;
      effect.beforeWrite();
      target.write(effect);
      return { class: "applied", evidence: {} };
    },
  ]);
  dispatcher = await bench.start(target, { clock });
  await bench.queue([{ reference: ref("asleep"), order: "asleep" }]);
  await bench.until(() => asleep > 0);
  await bench.until(
    async () =>
      (await bench.rows("select from attempts where reference = $1 and class = 'retry'", [ref("asleep")]))
        .length > 0,
  );
  expect(target.calls.slice(0, 1)).toEqual([`send ${ref("asleep")}`]);
  expect(target.book).toEqual([]);
  await bench.pass("asleep");
  await bench.reaches("asleep", { state: "idle" });
  expect(target.book).toHaveLength(1);
});

test("S3 what had begun to write when its deadline passed may be there, and is looked for", async () => {
  const target = scriptedTarget();
  let asleep = 0;
  const clock = { wall: () => systemClock.wall() + asleep, monotonic: bench.clock.monotonic };
  target.sends.set(ref("between"), [
    (effect) => {
      effect.beforeWrite();
      target.write(effect);
      asleep = 40_000;
      effect.beforeWrite();
      throw new Error("a second write after the deadline");
    },
  ]);
  dispatcher = await bench.start(target, { clock });
  await bench.queue([{ reference: ref("between"), order: "between" }]);
  await bench.reaches("between", { state: "unknown", sends: 1 });
  await bench.pass("between");
  await bench.reaches("between", { state: "idle" });
  expect(target.calls).toEqual([`send ${ref("between")}`, `probe ${ref("between")}`]);
  expect(target.book).toHaveLength(1);
});

test("S15 what a former owner had in flight is unknown to its successor, whose probe comes late enough", async () => {
  const target = scriptedTarget();
  const answer = Promise.withResolvers<void>();
  target.sends.set(ref("dies"), [
    async (effect) => {
      target.write(effect);
      await answer.promise;
      return { class: "applied", evidence: {} };
    },
  ]);
  let lost = 0;
  const former = await bench.start(target, { lost: () => void lost++ });
  await bench.queue([{ reference: ref("dies"), order: "dies" }]);
  await bench.until(() => target.book.length === 1);
  await bench.own("hub-2", 2);
  dispatcher = await bench.start(target, { hub: "hub-2", fence: 2 });
  await bench.reaches("dies", { state: "unknown", fence: 1 });
  const [probe] = await bench.rows(
    "select wake_at = settled_after as late from lanes where lane = 'salesOrder/dies'",
  );
  expect(probe).toEqual({ late: true });
  // The former owner wakes up with its answer: it may not settle what is no longer its.
  answer.resolve();
  await bench.until(() => lost === 1);
  await former.stop("lost");
  expect(await bench.lane("dies")).toMatchObject({ state: "unknown" });
  await bench.pass("dies");
  await bench.reaches("dies", { state: "idle" });
  expect(target.calls).toEqual([`send ${ref("dies")}`, `probe ${ref("dies")}`]);
  expect(await bench.told(ref("dies"))).toEqual(["EffectApplied"]);
});

test("S5 an event of the target that carries our reference settles the effect without a probe", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("told"), [
    (effect) => (target.write(effect), { class: "unknown", why: "socket hang up" }),
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref("told"), order: "told" },
    { reference: ref("told-2"), order: "told" },
  ]);
  await bench.reaches("told", { state: "unknown" });
  const told = [{ reference: ref("told"), source: "/systems/erp", id: "order-4711", seq: 1 }];
  const tell = (system: string) => settleTold(bench.database.pool, system, told, new Date().toISOString());
  expect(await tell("crm")).toBe(0);
  expect(await tell("erp")).toBe(1);
  expect(await tell("erp")).toBe(0);
  await bench.reaches("told", { state: "idle" });
  expect(target.calls).toEqual([`send ${ref("told")}`, `send ${ref("told-2")}`]);
  expect(await bench.told(ref("told"))).toEqual(["EffectApplied"]);
});

test("S5 what the target tells while the call is still under way counts once the call has ended", async () => {
  const target = scriptedTarget();
  const told = [{ reference: ref("early"), source: "/systems/erp", id: "order-4712", seq: 1 }];
  target.sends.set(ref("early"), [
    async (effect) => {
      target.write(effect);
      expect(await settleTold(bench.database.pool, "erp", told, new Date().toISOString())).toBe(0);
      return { class: "unknown", why: "socket hang up" };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("early"), order: "early" }]);
  await bench.until(async () => (await bench.outcome(ref("early"))) === "applied");
  expect(await bench.lane("early")).toMatchObject({ state: "idle", told: null });
  expect(target.calls).toEqual([`send ${ref("early")}`]);
  expect(await bench.told(ref("early"))).toEqual(["EffectApplied"]);
});

test("S10 a refused effect holds its lane and no other, until its process lets go", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("refused"), [() => ({ class: "reject", code: "VK-017", reason: "item blocked" })]);
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref("refused"), order: "refused" },
    { reference: ref("later"), order: "refused" },
    { reference: ref("beside"), order: "beside" },
  ]);
  await bench.reaches("refused", { state: "parked", parked_for: "rejected" });
  await bench.reaches("beside", { state: "idle" });
  expect(await bench.told(ref("refused"))).toEqual(["EffectRejected"]);
  expect(target.calls).not.toContain(`send ${ref("later")}`);
  await withdraw(ref("refused"));
  await bench.reaches("refused", { state: "idle" });
  expect(target.book.map(({ reference }) => reference)).toContain(ref("later"));
  expect(await bench.outcome(ref("refused"))).toBe("rejected");
  expect(await bench.openCases(ref("refused"))).toEqual([]);
});

test("S11 a withdrawal wins while nothing was sent, and hears that it is too late after that", async () => {
  const target = scriptedTarget();
  const gate = Promise.withResolvers<void>();
  target.sends.set(ref("sent"), [
    async (effect) => {
      target.write(effect);
      await gate.promise;
      return { class: "applied", evidence: {} };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref("sent"), order: "withdrawn" },
    { reference: ref("unsent"), order: "withdrawn" },
  ]);
  await bench.until(() => target.book.length === 1);
  await withdraw(ref("sent"));
  await withdraw(ref("unsent"));
  gate.resolve();
  await bench.reaches("withdrawn", { state: "idle" });
  expect(await bench.told(ref("sent"))).toEqual(["EffectWithdrawalRefused", "EffectApplied"]);
  expect(await bench.told(ref("unsent"))).toEqual(["EffectWithdrawn"]);
  expect(target.book).toHaveLength(1);
});

test("S11 what provably did not reach the target can still be withdrawn", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("away"), [
    () => ({ class: "retry", why: "connection refused", retryAfterMs: 3_600_000 }),
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("away"), order: "away" }]);
  await bench.reaches("away", { state: "ready", tries: 1, sends: 0 });
  await withdraw(ref("away"));
  expect(await bench.told(ref("away"))).toEqual(["EffectWithdrawn"]);
});

test("S13 after a restore a withdrawal comes too late until its effect was looked for twice", async () => {
  await bench.queue([{ reference: ref("forgot"), order: "forgot", probeFirst: true }]);
  for (const probes of [0, 1]) {
    await bench.rows("update lanes set probes = $1 where head = $2", [probes, ref("forgot")]);
    await withdraw(ref("forgot"));
    expect(await bench.outcome(ref("forgot"))).toBeUndefined();
  }
  await bench.rows("update lanes set probes = 2 where head = $1", [ref("forgot")]);
  await withdraw(ref("forgot"));
  expect(await bench.outcome(ref("forgot"))).toBe("withdrawn");
});

test("S16 choosing work reads the lanes that can move, by their index", async () => {
  const effects = Array.from({ length: 300 }, (_, i) => ({
    reference: ref(`many${1000 + i}x`),
    order: `many${i % 3}`,
  }));
  await bench.rows(
    "insert into systems (system, paused, paused_at) values ('erp', 'test', clock_timestamp())",
  );
  await bench.queue(effects);
  await bench.rows("analyze lanes");
  await bench.rows(
    `insert into lanes (system, lane, head, state, parked_for, why)
     select 'erp', 'parked/' || n, 'X', 'parked', 'rejected', 'x' from generate_series(1, 5000) n`,
  );
  await bench.rows("analyze lanes");
  const plan = await bench.rows<{ "QUERY PLAN": string }>(
    "explain select lane, head, state from lanes where system = 'erp' and wake_at <= clock_timestamp() order by wake_at limit 32 for update",
  );
  const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
  expect(text).toContain("lanes_by_wake");
  expect(text).not.toContain("Seq Scan");
  expect(text).not.toContain("Sort");
  await bench.rows("delete from lanes where lane like 'parked/%'");
  await bench.rows("delete from systems");
  const target = scriptedTarget();
  dispatcher = await bench.start(target);
  for (const order of ["many0", "many1", "many2"]) await bench.reaches(order, { state: "idle" });
  expect(
    target.book
      .filter(({ payload }) => (payload as { order: string }).order === "many1")
      .map(({ reference }) => reference),
  ).toEqual(effects.filter(({ order }) => order === "many1").map(({ reference }) => reference));
});

test("what is tried again later is sent when its time has come, however rarely anybody looks", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("in-a-while"), [() => ({ class: "retry", why: "busy" })]);
  dispatcher = await bench.start(target, { lookout: { everyMs: 3_600_000 }, random: () => 0.5 });
  await bench.queue([{ reference: ref("in-a-while"), order: "in-a-while" }]);
  dispatcher.wake();
  await bench.reaches("in-a-while", { state: "idle" });
  const [{ waited } = {}] = await bench.rows<{ waited: boolean }>(
    `select max(began_at) - min(ended_at) > interval '100 milliseconds' as waited from attempts where reference = $1`,
    [ref("in-a-while")],
  );
  expect(waited).toBe(true);
});

test("a decision's effects that are already sending go out without another transaction", async () => {
  const target = scriptedTarget();
  dispatcher = await bench.start(target);
  expect(dispatcher.terms()).toEqual({ system: "erp", fence: 1, deadlineMs: 5_000, timeoutMs: 10_500 });
  const from = now(systemClock);
  expect(await bench.queue([{ reference: ref("offer"), order: "offer" }], [TERMS])).toEqual([ref("offer")]);
  expect(await bench.lane("offer")).toMatchObject({ state: "sending", sends: 1, attempt: 1 });
  dispatcher.offer(await claimed(ref("offer")), from);
  await bench.reaches("offer", { state: "idle" });
  expect(target.calls).toEqual([`send ${ref("offer")}`]);
});

test("a claim nobody holds, because the answer to its commit was lost, is found and probed", async () => {
  const target = scriptedTarget();
  let ahead = 0;
  const clock = { wall: systemClock.wall, monotonic: () => systemClock.monotonic() + ahead };
  dispatcher = await bench.start(target, { clock });
  await bench.queue([{ reference: ref("orphan"), order: "orphan" }], [TERMS]);
  await bench.pass("orphan");
  dispatcher.doubt();
  ahead = 30_000;
  for (const probes of [0, 1]) {
    await bench.reaches("orphan", probes === 0 ? { state: "unknown", probes: 1 } : { state: "idle" });
    await bench.pass("orphan");
  }
  expect(target.calls).toEqual([`probe ${ref("orphan")}`, `probe ${ref("orphan")}`, `send ${ref("orphan")}`]);
});

test("what its successor has in flight is nothing that a former owner may sweep", async () => {
  await bench.queue([{ reference: ref("swept"), order: "swept" }]);
  await bench.rows(
    `update lanes set state = 'sending', doing = 'send', wake_at = null, attempt = 1, fence = 2, send_deadline = clock_timestamp()
     where lane = 'salesOrder/swept'`,
  );
  expect(await takeOverLanes(bench.database.pool, "erp", 1, [])).toBe(0);
  expect(await bench.lane("swept")).toMatchObject({ state: "sending", fence: 2 });
  expect(await takeOverLanes(bench.database.pool, "erp", 3, [])).toBe(1);
  await bench.rows("delete from lanes where lane = 'salesOrder/swept'");
});

test("a lane that a decision holds at this moment keeps no other from being sent", async () => {
  const target = scriptedTarget();
  await bench.queue([
    { reference: ref("busy"), order: "busy" },
    { reference: ref("free"), order: "free" },
  ]);
  const holder = await bench.database.pool.connect();
  await holder.query("begin");
  await holder.query("select from lanes where lane = 'salesOrder/busy' for update");
  dispatcher = await bench.start(target);
  await bench.reaches("free", { state: "idle" });
  expect(target.calls).toEqual([`send ${ref("free")}`]);
  await holder.query("commit");
  holder.release();
  await bench.reaches("busy", { state: "idle" });
});

test("refused credentials pause the system with one case, and nothing more is sent", async () => {
  const target = scriptedTarget();
  target.sends.set("*", [() => ({ class: "auth", why: "401: token revoked" })]);
  dispatcher = await bench.start(target, { pace: { concurrency: 1 } });
  await bench.queue([
    { reference: ref("auth-1"), order: "auth-1" },
    { reference: ref("auth-2"), order: "auth-2" },
  ]);
  await bench.until(
    async () => (await bench.rows("select from systems where paused is not null")).length > 0,
  );
  expect(await bench.openCases("erp")).toMatchObject([{ kind: "SYSTEM_REFUSES_US", owner: "it" }]);
  expect(target.calls).toHaveLength(1);
  expect(await bench.rows("select actor from events where type = 'interlock.SystemPaused.v1'")).toHaveLength(
    1,
  );
  await bench.rows("delete from systems");
  dispatcher.wake();
  for (const order of ["auth-1", "auth-2"]) await bench.reaches(order, { state: "idle" });
});

test("an answer that cannot be written down parks its effect, and the others of its batch are settled", async () => {
  await bench.rows("alter table attempts add constraint poison check (status is distinct from 'poison')");
  const target = scriptedTarget();
  target.sends.set(ref("poison"), [() => ({ class: "applied", evidence: {}, status: "poison" })]);
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref("poison"), order: "poison" },
    { reference: ref("healthy"), order: "healthy" },
  ]);
  await bench.reaches("healthy", { state: "idle" });
  await bench.reaches("poison", { state: "parked", parked_for: "unproven" });
  expect(await bench.openCases(ref("poison"))).toMatchObject([{ kind: "EFFECT_UNPROVEN" }]);
  expect(bench.failures.splice(0)).toMatchObject([{ code: "DISPATCH_ANSWER_UNWRITABLE" }]);
  await bench.rows("alter table attempts drop constraint poison");
});

test("a lane has what its state needs, and nothing else", async () => {
  const broken = await bench.rows(`
    with any_lane as (
      select * from
        unnest(array['idle', 'ready', 'sending', 'accepted', 'unknown', 'parked', 'lost', '']) state,
        unnest(array[null, 'a reference']) head,
        unnest(array[null, 'send', 'probe', 'guess']) doing,
        unnest(array[null, now()]) wake_at,
        unnest(array[null, now()]) send_deadline,
        unnest(array[null, 'rejected', 'exhausted', 'unproven', 'mismatch', 'forgotten']) parked_for,
        unnest(array[null, 'because']) why
    )
    select * from any_lane
    where lane_is_sound(state, head, doing, wake_at, send_deadline, parked_for, why) is distinct from (
      state in ('idle', 'ready', 'sending', 'accepted', 'unknown', 'parked')
      and (state = 'idle') = (head is null)
      and (state = 'sending') = (doing is not null)
      and (state in ('ready', 'accepted', 'unknown')) = (wake_at is not null)
      and (state = 'parked') = (parked_for is not null)
      and coalesce(doing in ('send', 'probe'), true)
      and coalesce(parked_for in ('rejected', 'exhausted', 'unproven', 'mismatch'), true)
      and (state <> 'sending' or send_deadline is not null)
      and (state <> 'parked' or why is not null))`);
  expect(broken).toEqual([]);
  await expect(
    bench.rows("insert into lanes (system, lane, state) values ('erp', 'unsound', 'ready')"),
  ).rejects.toMatchObject({ code: "23514", constraint: "lanes_sound" });
});
