import fc from "fast-check";
import { expect, test } from "vitest";
import { event, fired, rejected, type ToldEvent } from "../../src/testing/index.ts";
import process from "./index.ts";
import { type Phase, PHASES } from "./state.ts";
import * as story from "./testing/story.ts";
import { changed, given, KEY, newBom, ofWork, released, revised } from "./testing/story.ts";

/** How a work order comes into each phase. */
const ways: Record<Exclude<Phase, "new">, readonly (readonly ToldEvent[])[]> = {
  current: [[released], [released, newBom("finish")]],
  updating: [
    [released, newBom("update")],
    [released, newBom("hold"), changed({ bomRevision: "C" })],
  ],
  held: [
    [released, newBom("hold")],
    [released, newBom("hold"), revised("RoutingRevised", "3", "update")],
  ],
  done: [[released, ofWork("WorkOrderCompleted")]],
};
const samples: Record<string, ToldEvent> = {
  WorkOrderReleased: released,
  WorkOrderAccepted: story.accepted,
  WorkOrderRejected: story.refused,
  WorkOrderCompleted: ofWork("WorkOrderCompleted"),
  WorkOrderAborted: ofWork("WorkOrderAborted"),
  ProductionOrderChanged: changed({ bomRevision: "C", routingRevision: "3" }),
  ProductionOrderClosed: event("ProductionOrderClosed", { productionOrder: KEY }),
  ProductionOrderCancelled: event("ProductionOrderCancelled", { productionOrder: KEY }),
  EngineeringChangeDecided: story.decided("update"),
  ItemChanged: revised("ItemChanged", "F", "update", { baseUnit: "C62", lifecycle: "approved" }),
  BomRevised: newBom("hold", { revision: "G" }),
  RoutingRevised: revised("RoutingRevised", "9", "finish"),
  InstructionRevised: story.newInstruction("update"),
  "EffectRejected:update": rejected("update", "no"),
  "TimerFired:update": fired("update"),
  "TimerFired:effective": fired("effective"),
};

test("every event has a sample here", () => {
  expect(Object.keys(process.events).filter((name) => !(name in samples))).toEqual([]);
});

const cases = Object.entries(ways).flatMap(([phase, all]) => all.map((way, n) => [phase, n, way] as const));
test.each(cases)("in phase %s (%i) no event that can come surprises the process", (phase, _, way) => {
  given(...way.slice(0, -1))
    .when(way.at(-1)!)
    .thenAmong([phase]);
  for (const [row, does] of Object.entries(process.phases[phase as Phase])) {
    const sample = samples[row];
    if (!sample || !("handle" in does)) continue;
    given(...way)
      .when(sample)
      .thenAmong(does.to);
  }
});

const anything = Object.values(samples);

test("no sequence of events that can come surprises the process", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(ways).flat()),
      fc.array(fc.constantFrom(...anything), { minLength: 1, maxLength: 12 }),
      (way, events) => {
        given(...way, ...events.slice(0, -1))
          .when(events.at(-1)!)
          .thenAmong(PHASES);
      },
    ),
    { numRuns: 150 },
  );
});
