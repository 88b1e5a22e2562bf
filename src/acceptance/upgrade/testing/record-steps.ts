/*
 * A set-up file of vitest: while the tests of the processes play, it writes down every step that began at a stored state, with
 * what was decided. `recordSteps` runs it in a tree of its own, of whatever commit.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";
import type * as Decide from "../../../process/decide.ts";
import { RECORD_FILE, RECORD_TREE, type Step } from "./steps.ts";

const file = process.env[RECORD_FILE]!;
const seen = new Set<string>();

vi.doMock(join(process.env[RECORD_TREE]!, "src/process/decide.ts"), async (original) => {
  const actual = (await original()) as typeof Decide;
  const decideInstance: typeof Decide.decideInstance = (work, surroundings, facts, recovery) => {
    const used: Step["facts"] = {};
    const outcome = actual.decideInstance(
      work,
      surroundings,
      { ...facts, get: (kind, key) => (used[`${kind}/${key}`] = facts.get(kind, key)!) },
      recovery,
    );
    if (work.stored?.state !== undefined) {
      const { definition, ...left } = work;
      const step: Step = {
        process: definition.name,
        work: left,
        facts: used,
        held: outcome.instance?.held ?? null,
      };
      const line = JSON.stringify(step);
      if (!seen.has(line)) appendFileSync(file, `${line}\n`);
      seen.add(line);
    }
    return outcome;
  };
  return { ...actual, decideInstance };
});
