import { expect, test } from "vitest";

import { chainOf, layOut, sentenceOf, type StoryAnswer, writeCounts } from "./timeline.ts";

const event = (seq: number, source: string, name: string, more: object = {}) => ({
  seq,
  source,
  type: `interlock.${name}.v1`,
  recordedtime: `2026-01-01T10:00:0${seq}Z`,
  ...more,
});

const STORY = {
  events: [
    event(1, "/systems/crm", "QuoteAccepted"),
    event(3, "/interlock", "EffectApplied", { causationid: "effect/CREATE" }),
    event(4, "/systems/erp", "OrderCreated", { causationid: "effect/CREATE" }),
    event(5, "/systems/mes-lyon", "WorkOrderStarted", { causationid: "event/99" }),
    event(6, "/interlock", "OrderAtRisk", { causationid: "event/4" }),
  ],
  effects: [{ reference: "CREATE", system: "erp", causeSeq: 1, createdAt: "2026-01-01T10:00:02Z" }],
} as unknown as StoryAnswer;
const ROLES = new Map([
  ["crm", "crm"],
  ["erp", "erp"],
  ["mes-lyon", "mes"],
]);

test("every system that took part has a lane, from the customer to the dock", () => {
  expect(layOut(STORY, ROLES).lanes).toEqual(["crm", "erp", "interlock", "mes-lyon"]);
});

test("entries stand in the order in which they became known, without the engine's echoes", () => {
  expect(layOut(STORY, ROLES).entries.map(({ id }) => id)).toEqual([
    "event/1",
    "effect/CREATE",
    "event/4",
    "event/5",
    "event/6",
  ]);
});

test("what is counted is what is shown", () => {
  expect(writeCounts(STORY)).toBe("4 events, 1 effect");
});

test("a cause that is not part of the story has no arrow", () => {
  const { causes } = layOut(STORY, ROLES);
  expect(causes).toEqual([
    { from: "event/1", to: "effect/CREATE" },
    { from: "effect/CREATE", to: "event/4" },
    { from: "event/4", to: "event/6" },
  ]);
  expect([...chainOf(causes, "event/4")].toSorted()).toEqual([
    "effect/CREATE",
    "event/1",
    "event/4",
    "event/6",
  ]);
  expect([...chainOf(causes, "event/5")]).toEqual(["event/5"]);
});

test("a name is read as a sentence", () => {
  expect(sentenceOf("ProductionOrderReleased")).toBe("Production order released");
});
