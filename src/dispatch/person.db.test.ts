import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { takeCaseAction } from "../case/case-action.ts";
import { takeEffectAction, type EffectRequest, type EffectRules } from "../case/effect-action.ts";
import { showCase } from "../case/show.ts";
import { setSystemPaused } from "../case/system-action.ts";
import type { Answer } from "../connector/contract.ts";
import type { Dispatcher } from "./dispatcher.ts";
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

const WORD = { actor: "ines", reason: "checked with the plant", now: "2026-03-01T09:15:00.000000Z" };
const RULES: EffectRules = {
  canProbe: (_system, type) => type !== "Print.v1",
  problemsOf: (_type, payload) =>
    typeof (payload as { content?: unknown }).content === "string" ? [] : ["/content is missing"],
  laneOf: (_system, _type, payload) => `salesOrder/${(payload as { order: string }).order}`,
};

const refused: Answer = { class: "reject", code: "VK-017", reason: "item blocked" };

function act(name: string, action: EffectRequest["action"], more: Partial<EffectRequest> = {}) {
  const request = { ...WORD, reference: ref(name), action, seen: { state: "parked", attempt: 1 }, ...more };
  return takeEffectAction(bench.database.pool, request, RULES);
}

/** An effect that the target refused, with another one waiting behind it. */
async function park(name: string, answer: Answer = refused, type: "Create" | "Print" = "Create") {
  const target = scriptedTarget();
  target.sends.set(ref(name), [() => answer]);
  dispatcher = await bench.start(target);
  await bench.queue([
    { reference: ref(name), order: name, type },
    { reference: ref(`${name}-z`), order: name },
  ]);
  await bench.reaches(name, { state: "parked" });
  return target;
}

test("S8 corrected content is a new effect with a new reference in the same place, and the old one stays refused", async () => {
  const target = await park("correct");
  const { replacement } = await act("correct", "resubmit", { payload: { order: "correct", content: "5" } });
  await bench.reaches("correct", { state: "idle" });
  expect(target.book).toEqual([
    { reference: replacement, payload: { order: "correct", content: "5" } },
    { reference: ref("correct-z"), payload: { order: "correct", content: "4" } },
  ]);
  expect(await bench.outcome(ref("correct"))).toBe("rejected");
  expect(await bench.told(ref("correct"))).toEqual(["EffectRejected", "CaseActionTaken"]);
  expect(await bench.told(replacement!)).toEqual(["EffectApplied"]);
  expect(await bench.openCases(ref("correct"))).toEqual([]);
});

test("S8 what the target may have is not replaced, nor content that is wrong or about something else", async () => {
  await park("maybe", { class: "unknown", why: "socket hang up" }, "Print");
  const resubmit = (payload: unknown, name = "maybe") => act(name, "resubmit", { payload });
  await expect(resubmit({ order: "maybe", content: "5" })).rejects.toMatchObject({
    code: "CASE_ACTION_REFUSED",
  });
  await dispatcher!.stop("lost");
  await park("wrong");
  await expect(resubmit({ order: "wrong" }, "wrong")).rejects.toMatchObject({ code: "CASE_CONTENT_INVALID" });
  await expect(resubmit({ order: "maybe", content: "5" }, "wrong")).rejects.toMatchObject({
    code: "CASE_CONTENT_INVALID",
  });
});

test("S12 of two people who decide the same effect one is told that it has moved", async () => {
  await park("two");
  const decisions = await Promise.allSettled([
    act("two", "cancel"),
    act("two", "mark-applied", { evidence: { document: "7" } }),
  ]);
  const lost = decisions.filter((each) => each.status === "rejected");
  expect(lost).toMatchObject([{ reason: { code: "CASE_MOVED" } }]);
  await bench.reaches("two", { state: "idle" });
  expect(["cancelled", "applied"]).toContain(await bench.outcome(ref("two")));
});

test("S12 while a call is under way or its answer is unknown a person may only read", async () => {
  const target = scriptedTarget();
  const gate = Promise.withResolvers<void>();
  target.sends.set(ref("busy"), [
    async (effect) => {
      await gate.promise;
      target.write(effect);
      return { class: "unknown", why: "socket hang up" };
    },
  ]);
  dispatcher = await bench.start(target);
  await bench.queue([{ reference: ref("busy"), order: "busy" }]);
  await bench.reaches("busy", { state: "sending" });
  const refusal = { code: "CASE_ACTION_REFUSED" };
  await expect(act("busy", "cancel", { seen: { state: "sending", attempt: 1 } })).rejects.toMatchObject(
    refusal,
  );
  gate.resolve();
  await bench.reaches("busy", { state: "unknown" });
  await expect(act("busy", "cancel", { seen: { state: "unknown", attempt: 1 } })).rejects.toMatchObject(
    refusal,
  );
  // What the screen showed is not what is there now.
  await expect(act("busy", "cancel")).rejects.toMatchObject({ code: "CASE_MOVED" });
});

test("a person's decision ends or releases the effect, with actor and reason in the ledger", async () => {
  await park("mark");
  await act("mark", "mark-applied", { evidence: { document: "4711" } });
  expect(await bench.told(ref("mark"))).toEqual(["EffectRejected", "CaseActionTaken", "EffectMarkedApplied"]);
  const told = await bench.rows(
    "select distinct actor, reason from events where cause_effect = $1 and actor is not null",
    [ref("mark")],
  );
  expect(told).toEqual([{ actor: WORD.actor, reason: WORD.reason }]);
  await bench.reaches("mark", { state: "idle" });
  await dispatcher!.stop("lost");

  await park("again");
  await act("again", "retry");
  await bench.reaches("again", { state: "idle" });
  expect(await bench.told(ref("again"))).toEqual(["EffectRejected", "CaseActionTaken", "EffectApplied"]);
});

test("where nothing can be asked, a person who retries vouches that the target does not have it", async () => {
  const target = await park("vouch", { class: "unknown", why: "socket hang up" }, "Print");
  await act("vouch", "retry");
  await bench.reaches("vouch", { state: "idle" });
  expect(target.book.map(({ reference }) => reference)).toEqual([ref("vouch"), ref("vouch-z")]);
});

test("no action without who and why", async () => {
  await park("silent");
  await expect(act("silent", "cancel", { reason: " " })).rejects.toMatchObject({ code: "CASE_WORD_MISSING" });
  await expect(act("silent", "cancel", { actor: "" })).rejects.toMatchObject({ code: "CASE_WORD_MISSING" });
});

test("a case is shown with what may be done, reassigned by version, and not closed over what still waits", async () => {
  const { pool } = bench.database;
  await park("shown", { class: "reject", reason: "no price" });
  const [{ id, version } = {}] = (await bench.openCases(ref("shown"))) as { id: number; version: number }[];
  const view = await showCase(pool, id!);
  expect(view!.effects).toMatchObject([{ reference: ref("shown"), allowed: { retry: null, cancel: null } }]);
  expect(view!.allowed).toMatchObject({
    reassign: null,
    close: expect.stringContaining("1 of its members") as string,
  });
  const request = { ...WORD, id: id!, version: version! };
  await expect(takeCaseAction(pool, { ...request, action: "close" })).rejects.toMatchObject({
    code: "CASE_ACTION_REFUSED",
  });
  await takeCaseAction(pool, { ...request, action: "reassign", owner: "customer-service" });
  await expect(takeCaseAction(pool, { ...request, action: "comment" })).rejects.toMatchObject({
    code: "CASE_MOVED",
  });
  expect((await showCase(pool, id!))!.head).toMatchObject({
    owner: "customer-service",
    version: version! + 1,
  });
});

test("a paused system is not sent to until it is resumed", async () => {
  const { pool } = bench.database;
  await setSystemPaused(pool, "erp", true, WORD);
  await expect(setSystemPaused(pool, "erp", true, WORD)).rejects.toMatchObject({ code: "CASE_MOVED" });
  const target = scriptedTarget();
  dispatcher = await bench.start(target);
  const claims = [{ system: "erp", hub: "hub-1", fence: 1, deadline_ms: 5_000, timeout_ms: 10_500 }];
  expect(await bench.queue([{ reference: ref("paused"), order: "paused" }], claims)).toEqual([]);
  expect(await bench.lane("paused")).toMatchObject({ state: "ready" });
  await setSystemPaused(pool, "erp", false, { ...WORD, reason: "maintenance done" });
  await bench.reaches("paused", { state: "idle" });
  const told = await bench.rows<{ type: string }>(
    "select type from events where subject = 'system/erp' order by seq",
  );
  expect(told.map(({ type }) => type)).toEqual(["interlock.SystemPaused.v1", "interlock.SystemResumed.v1"]);
});
