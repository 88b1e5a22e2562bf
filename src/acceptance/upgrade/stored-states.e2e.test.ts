import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ALWAYS } from "../../process/calendar.ts";
import { migrate } from "../../process/instance.ts";
import { decideInstance } from "../../process/decide.ts";
import { type Definitions, loadProcesses } from "../../process/load.ts";
import type { Surroundings } from "../../process/catalog.ts";
import { type Previous, unpackPrevious } from "./testing/previous.ts";
import { recordSteps, type Step } from "./testing/steps.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** All stories of all processes, there and here. */
const PLAYED_TWICE_MS = 900_000;

let previous: Previous | undefined;
afterEach(() => previous?.remove());

test(
  "states that the previous commit's processes stored are taken on by the present ones, of the same version or migrated",
  async (context) => {
    const found = unpackPrevious();
    if ("missing" in found) return context.skip(found.missing);
    previous = found;
    const definitions = await loadProcesses([join(ROOT, "processes")]);
    const steps = await recordSteps(previous.folder);
    expect(steps.flatMap((step) => problemsOf(step, definitions))).toEqual([]);
    // Some of every process: a story that was not recorded proves nothing.
    const played = new Set(steps.map(({ process }) => process));
    expect([...played].toSorted()).toEqual([
      ...(await loadProcesses([join(previous.folder, "processes")])).keys(),
    ]);
    if (previous.sameProcesses()) return;
    expect(grownFields(steps, await recordSteps(ROOT))).toEqual([]);
  },
  PLAYED_TWICE_MS,
);

test("a field that all states have now, and a stored one of the same version has not, is told", () => {
  const step = (state: object, definitionVersion = 1): Step => ({
    process: "p",
    work: {
      key: "1",
      partition: 0,
      deferred: [],
      deliveries: [],
      stored: { ...STORED, definitionVersion, state },
    },
    facts: {},
    held: null,
  });
  const present = [step({ a: 1, b: [] }), step({ a: 2, b: [], c: 3 })];
  expect(grownFields([step({ a: 1, b: [] })], present)).toEqual([]);
  expect(grownFields([step({ a: 1 }), step({ a: 3 })], present)).toEqual(["p version 1: b"]);
  expect(grownFields([step({ a: 1 })], [step({ a: 1, b: [] }, 2)])).toEqual([]);
});

const STORED = {
  phase: "open",
  beganAt: "2026-03-02T08:00:00.000000Z",
  correlation: "p/1",
  plant: undefined,
  lastN: 1,
  version: 1,
  held: undefined,
};

/** Decides on the next event with the present definition, from the state as the previous one stored it. */
function problemsOf({ process, work, facts, held }: Step, definitions: Definitions): string[] {
  const { definitionVersion, phase, state } = work.stored!;
  const where = `${process} version ${definitionVersion} in ${phase}`;
  const definition = definitions.get(process);
  if (!definition) return [`${where}: the process is gone`];
  if (definition.version < definitionVersion)
    return [`${where}: the present version is ${definition.version}`];
  try {
    const at = migrate(definition, definitionVersion, phase, state);
    if (!Object.hasOwn(definition.phases, at.phase)) return [`${where}: there is no such phase any more`];
    const known = {
      get: (kind: string, key: string) => facts[`${kind}/${key}`] ?? { value: undefined, seq: 0 },
    };
    const never = { open: false, latestBeganAt: undefined };
    const { instance } = decideInstance({ ...work, definition }, SURROUNDINGS, known, never);
    const now = instance?.held ?? null;
    if (now === null || held !== null) return [];
    return [`${where}, at ${work.deliveries.map(({ event }) => event.type).join(", ")}: ${now}`];
  } catch (error) {
    return [`${where}: ${(error as Error).message}`];
  }
}

/** Fields that every state of a process has now, and that a state stored by the same version lacks. */
function grownFields(before: readonly Step[], now: readonly Step[]): string[] {
  const fields = new Map<string, readonly string[]>();
  for (const [version, steps] of Map.groupBy(now, versionOf)) {
    const [first, ...others] = steps.map(({ work }) => Object.keys(work.stored!.state as object));
    fields.set(
      version,
      others.reduce((common, each) => common.filter((field) => each.includes(field)), first!),
    );
  }
  const missing = before.flatMap((step) => {
    const has = new Set(Object.keys(step.work.stored!.state as object));
    const lacks = (fields.get(versionOf(step)) ?? []).filter((field) => !has.has(field));
    return lacks.map((field) => `${versionOf(step)}: ${field}`);
  });
  return [...new Set(missing)];
}

function versionOf({ process, work }: Step): string {
  return `${process} version ${work.stored!.definitionVersion}`;
}

/** Everything goes everywhere at any hour: where an effect would go is not in question. */
const SURROUNDINGS: Surroundings = {
  ledgerId: "test",
  workingTime: () => ALWAYS,
  caseDueAt: () => undefined,
  catalog: {
    resolve: (target) => ({ system: target, lane: "test", settleMs: 0, safety: "probe", claimable: false }),
    streams: (watched) => [watched],
    checkEvent: () => {},
  },
};
