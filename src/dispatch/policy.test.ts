import { expect, test } from "vitest";

import type { Answer, ProbeAnswer } from "../connector/contract.ts";
import {
  backOff,
  handBack,
  PATIENCE,
  settleProbe,
  settleSend,
  settleWithoutProbe,
  type Situation,
} from "./policy.ts";

const evidence = { document: "4711" };

/** A first send to a target that can be probed. */
const first: Situation = {
  doing: "send",
  sends: 1,
  probes: 0,
  tries: 0,
  wasAccepted: false,
  settled: false,
  settlesInMs: 0,
  settleMs: 2_000,
  firstSentMs: 10,
  sentMs: 10,
  safety: "probe",
  idempotencyWindowMs: undefined,
  resultWithinMs: 60_000,
  canProbe: true,
  canResume: true,
};
const look: Situation = { ...first, doing: "probe", settled: true };
const neither: Situation = { ...first, safety: "neither", canProbe: false };
const idempotent: Situation = { ...first, safety: "idempotent", canProbe: false };

const send = (s: Situation, answer: Answer) => settleSend(s, answer, PATIENCE, 0);
const probe = (s: Situation, answer: ProbeAnswer) => settleProbe(s, answer, PATIENCE, 0);

const retry = { class: "retry", why: "connection refused" } as const;
const unknown = { class: "unknown", why: "socket hang up" } as const;
const absent = { class: "absent" } as const;

test.each<[string, Situation, Answer, object]>([
  [
    "applied ends it",
    first,
    { class: "applied", evidence },
    { next: "idle", outcome: "applied", evidence, tell: "EffectApplied" },
  ],
  [
    "accepted waits as long as the target says",
    first,
    { class: "accepted", evidence, checkAfterMs: 300 },
    { next: "accepted", wakeMs: 300, tell: "EffectAccepted" },
  ],
  [
    "accepted again is not told again",
    { ...first, wasAccepted: true },
    { class: "accepted", evidence, checkAfterMs: 300 },
    { next: "accepted", tell: undefined },
  ],
  [
    "a retry provably did not reach the target",
    first,
    retry,
    { next: "ready", sends: 0, tries: 1, wakeMs: 250, healthy: false },
  ],
  [
    "what must be kept before a send is kept, and the send follows at once",
    first,
    { ...retry, keep: { counted: "5" } },
    { next: "ready", wakeMs: 0, sends: 0, tries: 0, missing: { counted: "5" } },
  ],
  [
    "what was kept before a send is there for the looks that follow it",
    { ...first, missing: { counted: "5" } },
    unknown,
    { next: "unknown", sends: 1, missing: { counted: "5" } },
  ],
  [
    "a retry after an unseen answer leaves that one open",
    { ...first, sends: 2 },
    retry,
    { next: "ready", sends: 1 },
  ],
  [
    "a retry of a resume still lacks the same",
    { ...first, sends: 2, missing: ["2"] },
    retry,
    { next: "ready", missing: ["2"] },
  ],
  [
    "Retry-After rests the system and does not trip its breaker",
    first,
    { ...retry, retryAfterMs: 9_000 },
    { next: "ready", wakeMs: 9_000, restMs: 9_000, healthy: true },
  ],
  [
    "the last retry parks what was never sent as exhausted",
    { ...first, tries: 11 },
    retry,
    { next: "parked", parkedFor: "exhausted", sends: 0 },
  ],
  [
    "the last retry parks what may have been sent as unproven",
    { ...first, sends: 2, tries: 11 },
    retry,
    { next: "parked", parkedFor: "unproven" },
  ],
  [
    "reject holds the lane and tells the process",
    first,
    { class: "reject", reason: "blocked", code: "VK-017" },
    { next: "parked", parkedFor: "rejected", sends: 0, why: "VK-017: blocked", tell: "EffectRejected" },
  ],
  [
    "reject of a resume leaves a part in the target",
    { ...first, missing: ["2"] },
    { class: "reject", reason: "blocked" },
    { next: "parked", parkedFor: "mismatch", tell: undefined },
  ],
  ["auth pauses the system", first, { class: "auth", why: "401" }, { next: "ready", sends: 0, pause: "401" }],
  [
    "unknown is probed, never sent again blindly",
    first,
    unknown,
    { next: "unknown", sends: 1, probes: 0, tries: 1 },
  ],
  ["a first lost answer is looked for at once", first, unknown, { early: true, wakeMs: 500 }],
  [
    "a later one is not: an earlier send may still arrive",
    { ...first, sends: 2 },
    unknown,
    { next: "unknown", sends: 2, wakeMs: 0 },
  ],
  [
    "unknown starts the counting of looks anew",
    { ...first, sends: 2, probes: 2 },
    unknown,
    { next: "unknown", sends: 2, probes: 0 },
  ],
  [
    "unknown where nothing can be proven is for a person",
    neither,
    unknown,
    { next: "parked", parkedFor: "unproven" },
  ],
  ["unknown where references are remembered is sent again", idempotent, unknown, { next: "ready", sends: 1 }],
  [
    "unknown within the window is sent again",
    { ...idempotent, idempotencyWindowMs: 60_000 },
    unknown,
    { next: "ready" },
  ],
  [
    "unknown beyond the window is probed",
    { ...idempotent, idempotencyWindowMs: 60_000, firstSentMs: 60_000, canProbe: true },
    unknown,
    { next: "unknown" },
  ],
  [
    "unknown beyond the window where nothing can be asked is for a person",
    { ...idempotent, idempotencyWindowMs: 60_000, firstSentMs: 60_000 },
    unknown,
    { next: "parked", parkedFor: "unproven" },
  ],
  [
    "a target that never answers is given up",
    { ...first, tries: 11 },
    unknown,
    { next: "parked", parkedFor: "unproven" },
  ],
])("send: %s", (_name, situation, answer, expected) => {
  expect({ tell: undefined, ...send(situation, answer) }).toMatchObject(expected);
});

test.each<[string, Situation, ProbeAnswer, object]>([
  ["applied ends it", look, { class: "applied", evidence }, { next: "idle", outcome: "applied", evidence }],
  [
    "accepted waits on",
    look,
    { class: "accepted", evidence, checkAfterMs: 300 },
    { next: "accepted", tell: "EffectAccepted" },
  ],
  [
    "accepted too long is for a person",
    { ...look, sentMs: 60_001 },
    { class: "accepted", evidence, checkAfterMs: 300 },
    { next: "parked", parkedFor: "unproven" },
  ],
  [
    "what the target took and then refused is told to the process, as not applied",
    { ...look, wasAccepted: true },
    { class: "reject", reason: "period is closed", code: "FAILED" },
    {
      next: "parked",
      parkedFor: "rejected",
      sends: 0,
      why: "FAILED: period is closed",
      tell: "EffectRejected",
    },
  ],
  [
    "absent once is looked for again, the settle time later",
    look,
    absent,
    { next: "unknown", probes: 1, wakeMs: 2_000 },
  ],
  ["absent twice is sent", { ...look, probes: 1 }, absent, { next: "ready", probes: 2, sends: 1 }],
  [
    "absent before the settle time proves nothing",
    { ...look, probes: 1, settled: false, wasAccepted: true },
    absent,
    { next: "unknown", probes: 1 },
  ],
  [
    "absent again and again is given up",
    { ...look, probes: 1, tries: 11 },
    absent,
    { next: "parked", parkedFor: "unproven" },
  ],
  [
    "absent twice after a restore costs no try",
    { ...look, sends: 0, probes: 1, tries: 11 },
    absent,
    { next: "ready", sends: 0, tries: 11 },
  ],
  [
    "partial once may still be under way",
    look,
    { class: "partial", missing: ["2"], evidence },
    { next: "unknown", probes: 1 },
  ],
  [
    "partial twice is completed",
    { ...look, probes: 1 },
    { class: "partial", missing: ["2"], evidence },
    { next: "ready", missing: ["2"] },
  ],
  [
    "partial where nothing can complete it is for a person",
    { ...look, canResume: false },
    { class: "partial", missing: ["2"], evidence },
    { next: "parked", parkedFor: "mismatch" },
  ],
  [
    "other content is for a person",
    look,
    { class: "different", difference: "quantity 5 instead of 4", evidence },
    { next: "parked", parkedFor: "mismatch" },
  ],
  [
    "a look that was not possible is made again",
    look,
    retry,
    { next: "unknown", probes: 0, tries: 1, wakeMs: 250 },
  ],
  [
    "looks that are never possible are for a person",
    { ...look, tries: 11 },
    retry,
    { next: "parked", parkedFor: "unproven" },
  ],
  [
    "auth pauses the system, and the look stays to be made",
    look,
    { class: "auth", why: "401" },
    { next: "unknown", pause: "401" },
  ],
])("probe: %s", (_name, situation, answer, expected) => {
  expect(probe(situation, answer)).toMatchObject(expected);
});

test("what absent found empty after a part was seen is sent whole", () => {
  const settlement = probe({ ...look, probes: 1, missing: ["2"] }, absent);
  expect(settlement).toMatchObject({ next: "ready" });
  expect(settlement.missing).toBeUndefined();
});

test.each<[string, Situation, object | undefined]>([
  ["a target that can be probed is asked", look, undefined],
  [
    "a target that remembers references needs no look",
    { ...idempotent, doing: "probe" },
    { next: "ready", probes: 2 },
  ],
  ["beyond its window it is asked", { ...look, safety: "idempotent", idempotencyWindowMs: 5 }, undefined],
  [
    "after a restore nobody knows when the window began",
    { ...look, safety: "idempotent", idempotencyWindowMs: 5, sends: 0, firstSentMs: undefined },
    undefined,
  ],
  ["neither is for a person", { ...neither, doing: "probe" }, { next: "parked", parkedFor: "unproven" }],
  [
    "what was accepted is read back, even if references are remembered",
    { ...look, safety: "idempotent", wasAccepted: true },
    undefined,
  ],
  [
    "what was accepted where nothing can be asked waits for its event",
    { ...neither, doing: "probe", wasAccepted: true },
    { next: "accepted", wakeMs: 59_990 },
  ],
  [
    "and then for a person",
    { ...neither, doing: "probe", wasAccepted: true, sentMs: 60_000 },
    { next: "parked", parkedFor: "unproven" },
  ],
])("without a call: %s", (_name, situation, expected) => {
  const settlement = settleWithoutProbe(situation);
  if (expected) expect(settlement).toMatchObject(expected);
  else expect(settlement).toBeUndefined();
});

test.each<[ProbeAnswer, object]>([
  [absent, {}],
  [{ class: "partial", missing: ["2"], evidence }, {}],
  [{ class: "different", difference: "3 pieces instead of 5", evidence }, {}],
  [{ class: "accepted", evidence, checkAfterMs: 300 }, {}],
  [{ class: "reject", reason: "period is closed" }, {}],
  [retry, { healthy: false }],
  [
    { ...retry, retryAfterMs: 20_000 },
    { healthy: true, restMs: 20_000 },
  ],
])("before the settle time it counts for nothing: %j", (answer, more) => {
  const early = { ...look, settled: false, settlesInMs: 9_000, tries: 11, missing: { counted: "5" } };
  expect(probe(early, answer)).toEqual({
    next: "unknown",
    wakeMs: 9_000,
    why: expect.any(String),
    sends: 1,
    probes: 0,
    tries: 11,
    missing: { counted: "5" },
    ...more,
  });
});

test("before the settle time, too, what is there whole is applied", () => {
  const early = { ...look, settled: false, settlesInMs: 9_000 };
  expect(probe(early, { class: "applied", evidence })).toMatchObject({ next: "idle", outcome: "applied" });
});

test("what was noted before a send is there for both looks", () => {
  expect(probe({ ...look, missing: { counted: "5" } }, absent)).toMatchObject({
    probes: 1,
    missing: { counted: "5" },
  });
});

test("a claim that is given back stays what it was, and costs no try", () => {
  expect(handBack({ ...first, sends: 2, tries: 3, missing: ["2"] }, 700, "resting")).toEqual({
    next: "ready",
    wakeMs: 700,
    why: "resting",
    sends: 1,
    probes: 0,
    tries: 3,
    missing: ["2"],
  });
  expect(handBack({ ...look, probes: 1 }, 0, "too late")).toMatchObject({
    next: "unknown",
    probes: 1,
    sends: 1,
  });
  expect(handBack({ ...look, wasAccepted: true }, 0, "too late")).toMatchObject({ next: "accepted" });
});

test("waits double up to the longest, half of each left to chance", () => {
  expect([1, 2, 3, 20].map((tries) => backOff(tries, PATIENCE, 1))).toEqual([500, 1_000, 2_000, 300_000]);
  expect([1, 2, 3, 20].map((tries) => backOff(tries, PATIENCE, 0))).toEqual([250, 500, 1_000, 150_000]);
});
