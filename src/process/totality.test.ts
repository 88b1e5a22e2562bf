import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { defineProcess, endsOf, ignoring, type ProcessDefinition } from "./contract.ts";
import { stateDiagram, withStates } from "./diagram.ts";
import { loadProcesses, revisionOf } from "./load.ts";
import { findGaps } from "./totality.ts";

type Phase = "new" | "done";

const whole: ProcessDefinition<object, Phase> = {
  name: "whole",
  version: 1,
  purpose: "Has a row for everything.",
  subjectKind: "thing",
  initialPhase: "new",
  finalPhases: ["done"],
  initialState: () => ({}),
  events: { Began: () => [], Ended: () => [] },
  effects: { make: {}, undo: { withdrawn: true } },
  timers: ["late"],
  phases: {
    new: {
      Began: { handle: ({ state }) => ({ phase: "done", state }), to: ["done"] },
      Ended: { deferMs: 86_400_000, because: "not begun" },
      ...ignoring(
        "nothing is sent",
        ...endsOf("make"),
        ...endsOf("undo", { withdrawn: true }),
        "TimerFired:late",
      ),
    },
    done: ignoring(
      "over",
      "Began",
      "Ended",
      ...endsOf("make"),
      ...endsOf("undo", { withdrawn: true }),
      "TimerFired:late",
    ),
  },
};

/** The gaps after some change; the loose type lets a test write what the compiler would refuse. */
function gapsWith(
  change: (definition: {
    -readonly [K in keyof ProcessDefinition]: ProcessDefinition[K] extends object
      ? Record<string, never>
      : ProcessDefinition[K];
  }) => void,
): string[] {
  const copy = { ...whole, phases: { new: { ...whole.phases.new }, done: { ...whole.phases.done } } };
  change(copy as never);
  return findGaps(copy as unknown as ProcessDefinition);
}

test("a definition that has a row for everything has no gap", () => {
  expect(findGaps(whole as unknown as ProcessDefinition)).toEqual([]);
});

test.each<[string, Parameters<typeof gapsWith>[0], string]>([
  ["an event without a row", (d) => delete d.phases["new"]!["Began"], "phase new has no row for Began"],
  [
    "an end of an effect without a row",
    (d) => delete d.phases["done"]!["EffectRejected:make"],
    "no row for EffectRejected:make",
  ],
  [
    "an answer to a withdrawal without a row",
    (d) => delete d.phases["new"]!["EffectWithdrawalRefused:undo"],
    "no row for EffectWithdrawalRefused:undo",
  ],
  ["a timer without a row", (d) => delete d.phases["new"]!["TimerFired:late"], "no row for TimerFired:late"],
  [
    "a row that never applies",
    (d) => Object.assign(d.phases["new"]!, { Bgean: { ignore: "x" } }),
    "phase new, Bgean: this event is not declared",
  ],
  [
    "a silent ignore",
    (d) => Object.assign(d.phases["done"]!, { Began: { ignore: " " } }),
    "ignored without a reason",
  ],
  [
    "a deferral in a final phase",
    (d) => Object.assign(d.phases["done"]!, { Ended: { deferMs: 1, because: "x" } }),
    "nothing may be deferred",
  ],
  [
    "a phase that does not exist",
    (d) => Object.assign(d.phases["new"]!, { Ended: { handle: () => 0, to: ["gone"] } }),
    "leads to gone",
  ],
  [
    "an unreachable phase",
    (d) => Object.assign(d.phases, { lost: { ...whole.phases.done } }),
    "phase lost cannot be reached",
  ],
  ["a second version without migrate", (d) => Object.assign(d, { version: 2 }), "needs migrate"],
  [
    "links from an event that is not declared",
    (d) => Object.assign(d, { links: { Other: () => [] } }),
    "Other teaches links",
  ],
  [
    "an event of the engine",
    (d) => Object.assign(d, { events: { ...whole.events, TimerFired: () => [] } }),
    "TimerFired is told by the engine",
  ],
])("finds %s", (_what, change, gap) => {
  expect(gapsWith(change).join("\n")).toContain(gap);
});

test("the diagram shows what moves a process, its README what waits and what is ignored", () => {
  const definition = whole as unknown as ProcessDefinition;
  expect(stateDiagram(definition)).toBe(
    ["stateDiagram-v2", "  [*] --> new", "  new --> done: Began", "  done --> [*]", ""].join("\n"),
  );
  const readme = "# Whole\n<!-- states: written by scripts/generate-states.ts -->\nold\n<!-- /states -->\n";
  const written = withStates(readme, definition)!;
  expect(written).toContain("- `Ended` waits at most 1 d: not begun");
  expect(written).toContain(
    "- `TimerFired:late`, every end of _make_, every end of _undo_ ignored: nothing is sent",
  );
  expect(withStates(written, definition)).toBe(written);
  expect(withStates("# Whole\n", definition)).toBeUndefined();
});

const folder = mkdtempSync(join(tmpdir(), "processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "index.ts"), text);
}

test("a process is found by its folder alone, and refused when it is not total", async () => {
  const contract = pathToFileURL(join(import.meta.dirname, "contract.ts")).href;
  const text = (name: string, phases: string) => `import { defineProcess } from "${contract}";
    export default defineProcess({ name: "${name}", version: 3, purpose: "Test.", subjectKind: "thing", initialPhase: "new",
      finalPhases: [], initialState: () => ({}), events: { Began: () => [] }, effects: {}, timers: [],
      migrate: (from, phase, state) => ({ phase: "new", state }), phases: { new: ${phases} } });`;
  write("found", text("found", '{ Began: { ignore: "test" } }'));
  const found = await loadProcesses([folder, join(folder, "none")]);
  expect([...found.keys()]).toEqual(["found"]);
  expect(revisionOf(found)).toBe(3);
  await expect(loadProcesses([folder, folder])).rejects.toThrow(/a process found already exists/);
  write("partial", text("partial", "{}"));
  await expect(loadProcesses([folder])).rejects.toThrow(
    /process partial is not total:\n {2}phase new has no row for Began/,
  );
  write("partial", "export default 1;");
});

test("the shipped definitions are total", async () => {
  expect((await loadProcesses([join(import.meta.dirname, "../../processes")])).size).toBeGreaterThan(0);
  expect(defineProcess(whole)).toBe(whole);
});
