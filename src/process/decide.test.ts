import { expect, test } from "vitest";
import { eventType, INTERLOCK_SOURCE, type LedgerEvent } from "../event/envelope.ts";
import { ALWAYS } from "./calendar.ts";
import type { Surroundings } from "./catalog.ts";
import { defineProcess, endsOf, ignoring, type ProcessDefinition } from "./contract.ts";
import { decideInstance } from "./decide.ts";
import type { Outcome } from "./outcome.ts";

const surroundings: Surroundings = {
  ledgerId: "test",
  workingTime: () => ALWAYS,
  caseDueAt: () => "2026-03-03T00:00:00.000000Z",
  catalog: {
    resolve: (system) =>
      system === "wms"
        ? undefined
        : { system, lane: "thing/1", settleMs: 0, safety: "neither", claimable: true },
    streams: (watched) => [watched],
    checkEvent: () => undefined,
  },
};

const things = defineProcess<{ seen: number }, "new" | "kept">({
  name: "things",
  version: 1,
  purpose: "Keeps things.",
  subjectKind: "thing",
  initialPhase: "new",
  finalPhases: [],
  initialState: () => ({ seen: 0 }),
  events: { Came: () => [], Broke: () => [], Mended: () => [], Packed: () => [] },
  effects: { make: {} },
  timers: [],
  phases: {
    new: {
      Came: {
        handle: ({ state }) => ({
          phase: "kept",
          state,
          effects: [1, 2].map((n) => ({ name: "make", target: "erp", type: "Make", payload: { n } })),
        }),
        to: ["kept"],
      },
      ...ignoring("not here", "Broke", "Mended", "Packed", ...endsOf("make")),
    },
    kept: {
      Broke: {
        handle: ({ state }) => ({
          phase: "kept",
          state,
          cases: [{ kind: "BROKEN", owner: "quality", title: "it broke", remedy: "mend it" }],
        }),
        to: ["kept"],
      },
      Mended: { handle: ({ state }) => ({ phase: "kept", state, closeCases: ["BROKEN"] }), to: ["kept"] },
      Packed: {
        handle: ({ state, event }) => ({
          phase: "kept",
          state,
          effects: ["wms", "erp"].map((target) => ({
            name: "make",
            target,
            type: "Make",
            payload: { target },
            ...(event.data as { optional?: boolean }),
          })),
        }),
        to: ["kept"],
      },
      ...ignoring("kept already", "Came", ...endsOf("make")),
    },
  },
});

function decide(...told: { name: string; data?: object; source?: string }[]): Outcome {
  const deliveries = told.map(({ name, data = {}, source = "/systems/crm" }, i) => {
    const time = "2026-03-02T08:00:00.000000Z";
    const event: LedgerEvent = {
      seq: i + 1,
      source,
      id: `e-${i}`,
      type: eventType(name),
      subject: "thing/1",
      time,
      recordedTime: time,
      correlation: "thing/1",
      data,
    };
    return { n: i + 1, event };
  });
  return decideInstance(
    {
      definition: things as unknown as ProcessDefinition,
      key: "1",
      partition: 3,
      stored: undefined,
      deferred: [],
      deliveries,
    },
    surroundings,
    { get: () => ({ value: undefined, seq: 0 }) },
    { open: false, latestBeganAt: undefined },
  );
}

test("several events of one batch are one move of the instance", () => {
  const { instance } = decide({ name: "Came" }, { name: "Broke" }, { name: "Mended" });
  expect(instance).toMatchObject({ phase: "kept", version: 1, last_n: 3, partition: 3, held: null });
});

test("what is ignored writes nothing", () => {
  expect(decide({ name: "Broke" }).instance).toBeUndefined();
});

test("a case that the same batch opens and closes is never opened", () => {
  const { cases, settledMembers } = decide({ name: "Came" }, { name: "Broke" }, { name: "Mended" });
  expect(cases).toEqual([]);
  expect(settledMembers).toEqual(["things/1#BROKEN"]);
  expect(decide({ name: "Came" }, { name: "Mended" }, { name: "Broke" }).cases).toMatchObject([
    { kind: "BROKEN", owner: "quality", sla_at: "2026-03-03T00:00:00.000000Z" },
  ]);
});

test("an event that nothing says anything about is a case, and does not stop the next", () => {
  const { cases, instance } = decide({ name: "Came" }, { name: "Unheard" }, { name: "Broke" });
  expect(cases.map(({ kind }) => kind)).toEqual(["PROCESS_EVENT_UNEXPECTED", "BROKEN"]);
  expect(instance).toMatchObject({ last_n: 3 });
});

test("the engine's word about an instance that never began is a case, not a beginning", () => {
  const ended = {
    name: "EffectApplied",
    source: INTERLOCK_SOURCE,
    data: { process: "things", key: "1", name: "make" },
  };
  const { cases, instance } = decide(ended);
  expect(cases).toMatchObject([{ kind: "PROCESS_EVENT_UNEXPECTED", member_ref: "1" }]);
  expect(instance).toBeUndefined();
});

test("each effect of a decision has a reference of its own; one that cannot be made safe never starts already sending", () => {
  const { effects } = decide({ name: "Came" });
  expect(new Set(effects.map(({ reference }) => reference)).size).toBe(2);
  expect(effects.map(({ claim }) => claim)).toEqual([false, false]);
});

test("an optional effect is left out where nobody plays the role, and its neighbour keeps its reference", () => {
  const { effects, instance } = decide({ name: "Came" }, { name: "Packed", data: { optional: true } });
  expect(effects.map(({ system }) => system)).toEqual(["erp", "erp", "erp"]);
  expect(new Set(effects.map(({ reference }) => reference)).size).toBe(3);
  expect(instance?.held).toBeNull();
});

test("any other effect that nobody takes holds the instance, and says what is missing", () => {
  const { effects, instance } = decide({ name: "Came" }, { name: "Packed" });
  expect(effects).toHaveLength(2);
  expect(instance?.held).toMatch(/needs one system that is wms/);
});
