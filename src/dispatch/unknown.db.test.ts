import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import type { Dispatcher } from "./dispatcher.ts";
import { Bench, ref } from "./testing/bench.ts";
import { scriptedTarget, type ScriptedTarget } from "./testing/scripted-target.ts";

let bench: Bench;
let dispatcher: Dispatcher | undefined;
beforeAll(async () => {
  bench = await Bench.open();
});
afterEach(async () => {
  await dispatcher?.stop("lost");
  await bench.check();
});
afterAll(() => bench.database.drop());

function callsOf(target: ScriptedTarget, reference: string): string[] {
  return target.calls.filter((call) => call.split(" ")[1] === reference).map((call) => call.split(" ")[0]!);
}

test("an effect is sent, applied and told", async () => {
  const target = scriptedTarget();
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("plain"), order: "plain" }]);
  await bench.reaches("plain", { state: "idle" });
  expect(target.book).toEqual([{ reference: ref("plain"), payload: { order: "plain", content: "4" } }]);
  expect(await bench.told(ref("plain"))).toEqual(["EffectApplied"]);
  expect(await bench.outcome(ref("plain"))).toBe("applied");
});

test("an answer that was lost after the write is found by a probe, and nothing is sent twice", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("lost"), [
    (effect) => {
      target.write(effect);
      return { class: "unknown", why: "socket hang up" };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("lost"), order: "lost" }]);
  await bench.reaches("lost", { state: "unknown" });
  await bench.pass("lost");
  await bench.reaches("lost", { state: "idle" });
  expect(callsOf(target, ref("lost"))).toEqual(["send", "probe"]);
  expect(target.book).toHaveLength(1);
});

test("a lost answer is looked for at once: what is found is applied", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("quick"), [
    (effect) => {
      target.write(effect);
      return { class: "unknown", why: "socket hang up" };
    },
  ]);
  dispatcher = await bench.start(target, { pace: { patience: { firstLookMs: 1 } } });
  await bench.queue([{ reference: ref("quick"), order: "quick" }]);
  await bench.reaches("quick", { state: "idle" });
  expect(callsOf(target, ref("quick"))).toEqual(["send", "probe"]);
  expect(await bench.told(ref("quick"))).toEqual(["EffectApplied"]);
  expect(target.book).toHaveLength(1);
});

test("S17 what a look at once does not find, or finds half of, is neither sent again nor a case before it has settled", async () => {
  const target = scriptedTarget();
  const half = { reference: ref("half"), payload: { order: "half", content: "" } };
  for (const name of ["half", "absent"])
    target.sends.set(ref(name), [() => ({ class: "unknown", why: "socket hang up" })]);
  target.book.push(half);
  dispatcher = await bench.start(target, { pace: { patience: { firstLookMs: 1 } } });
  for (const name of ["half", "absent"]) {
    await bench.queue([{ reference: ref(name), order: name }]);
    await bench.until(() => callsOf(target, ref(name)).includes("probe"));
    await bench.reaches(name, { state: "unknown", probes: 0, sends: 1 });
    const [due] = await bench.rows(
      "select wake_at >= settled_after and settled_after - sent_at >= interval '15.6 s' as late from lanes where lane = $1",
      [`salesOrder/${name}`],
    );
    expect(due).toEqual({ late: true });
    expect(callsOf(target, ref(name))).toEqual(["send", "probe"]);
  }
  half.payload.content = "4";
  for (const name of ["half", "absent"]) await bench.pass(name);
  await bench.reaches("half", { state: "idle" });
  expect(callsOf(target, ref("half"))).toEqual(["send", "probe", "probe"]);
  await bench.reaches("absent", { state: "unknown", probes: 1 });
  await bench.pass("absent");
  await bench.reaches("absent", { state: "idle" });
  expect(callsOf(target, ref("absent"))).toEqual(["send", "probe", "probe", "probe", "send"]);
});

test("S17 with an earlier send open, nobody looks before it has settled: the later copy may still come", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("copies"), [
    () => ({ class: "unknown", why: "socket hang up" }),
    (effect) => {
      target.write(effect);
      return { class: "unknown", why: "socket hang up" };
    },
  ]);
  dispatcher = await bench.start(target, { pace: { patience: { firstLookMs: 1 } } });
  await bench.queue([{ reference: ref("copies"), order: "copies" }]);
  await bench.until(() => callsOf(target, ref("copies")).includes("probe"));
  for (const probes of [0, 1]) {
    await bench.reaches("copies", { state: "unknown", probes, sends: 1 });
    await bench.pass("copies");
  }
  await bench.reaches("copies", { state: "unknown", sends: 2 });
  const [due] = await bench.rows(
    "select wake_at >= settled_after as late from lanes where lane = 'salesOrder/copies'",
  );
  expect(due).toEqual({ late: true });
  await bench.pass("copies");
  await bench.reaches("copies", { state: "idle" });
  expect(callsOf(target, ref("copies"))).toEqual(["send", "probe", "probe", "probe", "send", "probe"]);
});

test("S2 a slow commit that a first probe misses is not sent again", async () => {
  const target = scriptedTarget();
  const commit = Promise.withResolvers<void>();
  target.sends.set(ref("slow"), [
    (effect) => {
      void commit.promise.then(() => target.write(effect));
      return { class: "unknown", why: "no answer within 10500 ms" };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("slow"), order: "slow" }]);
  await bench.reaches("slow", { state: "unknown" });
  expect(callsOf(target, ref("slow"))).toEqual(["send"]);
  await bench.pass("slow");
  await bench.reaches("slow", { state: "unknown", probes: 1 });
  commit.resolve();
  await bench.pass("slow");
  await bench.reaches("slow", { state: "idle" });
  expect(callsOf(target, ref("slow"))).toEqual(["send", "probe", "probe"]);
  expect(target.book).toHaveLength(1);
});

test("S2 two negative probes prove that nothing was applied, and it is sent again", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("never"), [() => ({ class: "unknown", why: "socket hang up" })]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("never"), order: "never" }]);
  await bench.reaches("never", { state: "unknown" });
  await bench.pass("never");
  await bench.reaches("never", { state: "unknown", probes: 1 });
  await bench.pass("never");
  await bench.reaches("never", { state: "idle" });
  expect(callsOf(target, ref("never"))).toEqual(["send", "probe", "probe", "send"]);
  expect(target.book).toHaveLength(1);
});

test("S3 a successor does not believe a look before its own clock says so, wherever the database's clock was set", async () => {
  const target = scriptedTarget();
  const write = Promise.withResolvers<void>();
  target.sends.set(ref("stepped"), [
    async (effect) => {
      await write.promise;
      target.write(effect);
      return { class: "applied", evidence: {} };
    },
  ]);
  const former = await bench.start(target);
  await bench.queue([{ reference: ref("stepped"), order: "stepped" }]);
  await bench.reaches("stepped", { state: "sending" });
  await bench.until(() => target.calls.includes(`send ${ref("stepped")}`));
  // The database's clock is set forward: lease, deadline, timeout and settle time are over, but the call is not.
  await bench.own("hub-1", 2);
  dispatcher = await bench.start(target, { fence: 2 });
  await bench.step("stepped");
  await bench.until(() => callsOf(target, ref("stepped")).includes("probe"));
  await bench.reaches("stepped", { state: "unknown", probes: 0 });
  await bench.step("stepped");
  await bench.until(() => callsOf(target, ref("stepped")).length === 3);
  await bench.reaches("stepped", { state: "unknown", probes: 0 });
  write.resolve();
  await bench.pass("stepped");
  await bench.reaches("stepped", { state: "idle" });
  expect(callsOf(target, ref("stepped"))).toEqual(["send", "probe", "probe", "probe"]);
  expect(target.book).toHaveLength(1);
  await former.stop("lost");
  await bench.own("hub-1", 1);
});

test("S4 a duplicate reference on a later attempt is looked up, and found applied", async () => {
  const target = scriptedTarget();
  let written = false;
  target.sends.set(ref("twin"), [
    () => ({ class: "unknown", why: "socket hang up" }),
    // The first write was committed only now; the target refuses the second by its unique reference.
    (effect) => {
      if (!written) target.write(effect);
      written = true;
      return { class: "unknown", why: "duplicate reference", status: "409" };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("twin"), order: "twin" }]);
  for (const probes of [0, 1]) {
    await bench.reaches("twin", { state: "unknown", probes, sends: 1 });
    await bench.pass("twin");
  }
  await bench.reaches("twin", { state: "unknown", sends: 2 });
  await bench.pass("twin");
  await bench.reaches("twin", { state: "idle" });
  expect(await bench.told(ref("twin"))).toEqual(["EffectApplied"]);
  expect(target.book).toHaveLength(1);
});

test("S6 our reference with other content is a case, not ours", async () => {
  const target = scriptedTarget();
  target.book.push({ reference: ref("other"), payload: { order: "other", content: "5" } });
  target.sends.set(ref("other"), [() => ({ class: "unknown", why: "duplicate reference" })]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("other"), order: "other" }]);
  await bench.reaches("other", { state: "unknown" });
  await bench.pass("other");
  await bench.reaches("other", { state: "parked", parked_for: "mismatch" });
  expect(await bench.told(ref("other"))).toEqual([]);
  expect(await bench.openCases(ref("other"))).toMatchObject([{ kind: "EFFECT_MISMATCH", owner: "finance" }]);
});

test("S7 what is partly applied is completed by what is missing and nothing else", async () => {
  const target = scriptedTarget({ resume: true });
  const partial = { class: "partial", missing: ["line 2"], evidence: { order: "4711" } } as const;
  target.sends.set(ref("part"), [() => ({ class: "unknown", why: "socket hang up" })]);
  target.looks.set(ref("part"), [() => partial, () => partial]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("part"), order: "part" }]);
  for (const probes of [0, 1]) {
    await bench.reaches("part", { state: "unknown", probes });
    await bench.pass("part");
  }
  await bench.reaches("part", { state: "idle" });
  expect(target.calls).toEqual([
    `send ${ref("part")}`,
    `probe ${ref("part")}`,
    `probe ${ref("part")}`,
    `resume ${ref("part")} ["line 2"]`,
  ]);
});

test("what must be on disk before a send is kept, sent with, and there for the looks of a successor", async () => {
  const target = scriptedTarget();
  const noted: unknown[] = [];
  const keep = { counted: "5" };
  target.sends.set(ref("noted"), [() => ({ class: "retry", why: "counted first", keep })]);
  target.looks.set(ref("noted"), [
    (effect) => {
      noted.push(effect.noted);
      return { class: "accepted", evidence: { since: "5" }, checkAfterMs: 3_600_000 };
    },
    (effect) => {
      noted.push(effect.noted);
      return { class: "reject", code: "FAILED", reason: "the period is closed" };
    },
  ]);
  const session = {
    ...target.session,
    resume: async (_effect: unknown, missing: unknown) => {
      noted.push(missing);
      return { class: "unknown", why: "socket hang up" } as const;
    },
  };
  const former = await bench.start({ ...target, session });
  await bench.queue([{ reference: ref("noted"), order: "noted" }]);
  await bench.reaches("noted", { state: "unknown" });
  await former.stop("lost");
  await bench.own("hub-1", 2);
  dispatcher = await bench.start({ ...target, session }, { fence: 2 });
  await bench.pass("noted");
  await bench.reaches("noted", { state: "accepted" });
  await bench.pass("noted");
  await bench.reaches("noted", { state: "parked", parked_for: "rejected" });
  expect(noted).toEqual([keep, keep, keep]);
  expect(await bench.told(ref("noted"))).toEqual(["EffectAccepted", "EffectRejected"]);
  await dispatcher.stop("lost");
  await bench.own("hub-1", 1);
});

test("where a target can neither deduplicate nor be asked, an unseen answer is for a person", async () => {
  const target = scriptedTarget();
  target.sends.set(ref("print"), [() => ({ class: "unknown", why: "socket hang up" })]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("print"), order: "print", type: "Print" }]);
  await bench.reaches("print", { state: "parked", parked_for: "unproven" });
  expect(await bench.openCases(ref("print"))).toMatchObject([{ kind: "EFFECT_UNPROVEN" }]);
  expect(callsOf(target, ref("print"))).toEqual(["send"]);
});

test("S9 a batch carries one effect of each lane, and a lost answer makes each of them unknown", async () => {
  const target = scriptedTarget({ batch: true });
  const lose = (effect: Parameters<ScriptedTarget["write"]>[0]) => {
    target.write(effect);
    throw new Error("socket hang up");
  };
  target.sends.set(ref("b1"), [lose]);
  dispatcher = await bench.start(target, { failed: () => {} });
  await bench.queue([
    { reference: ref("b1"), order: "b1", type: "Post" },
    { reference: ref("b1-2"), order: "b1", type: "Post" },
    { reference: ref("b2"), order: "b2", type: "Post" },
    { reference: ref("b3"), order: "b3", type: "Post" },
  ]);
  for (const order of ["b1", "b2", "b3"]) await bench.reaches(order, { state: "unknown" });
  expect(target.batches).toEqual([[ref("b1"), ref("b2"), ref("b3")]]);
  for (const order of ["b1", "b2", "b3"]) await bench.pass(order);
  for (const order of ["b1", "b2", "b3"]) await bench.reaches(order, { state: "idle" });
  expect(target.book.map(({ reference }) => reference).toSorted()).toEqual(
    [ref("b1"), ref("b1-2"), ref("b2"), ref("b3")].toSorted(),
  );
});

test("S13 after a restore, what the database forgot is found before anything is sent", async () => {
  const target = scriptedTarget();
  target.book.push({ reference: ref("forgotten"), payload: { order: "forgotten", content: "4" } });
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref("forgotten"), order: "forgotten", probeFirst: true },
    { reference: ref("fresh"), order: "fresh", probeFirst: true },
  ]);
  await bench.reaches("forgotten", { state: "idle" });
  expect(callsOf(target, ref("forgotten"))).toEqual(["probe"]);
  // A call of a hub that died with the restored database may still be under way: a first look proves nothing.
  for (const probes of [0, 1]) {
    await bench.reaches("fresh", { state: "unknown", probes, sends: 0 });
    await bench.pass("fresh");
  }
  await bench.reaches("fresh", { state: "idle" });
  expect(callsOf(target, ref("fresh"))).toEqual(["probe", "probe", "probe", "send"]);
  expect(target.book).toHaveLength(2);
});

test("what a target accepted is read back until its result is known", async () => {
  const target = scriptedTarget();
  const accepted = { class: "accepted", evidence: { ticket: "7" }, checkAfterMs: 0 } as const;
  target.sends.set(ref("queue"), [(effect) => (target.write(effect), accepted)]);
  target.looks.set(ref("queue"), [() => accepted]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("queue"), order: "queue" }]);
  await bench.reaches("queue", { state: "idle" });
  expect(await bench.told(ref("queue"))).toEqual(["EffectAccepted", "EffectApplied"]);
  expect(callsOf(target, ref("queue"))).toEqual(["send", "probe", "probe"]);
});
