import fc from "fast-check";
import type { Proof } from "./proof.ts";
import { type Action, schedule } from "./schedule/action.ts";
import { World } from "./schedule/world.ts";

/** A database grows slower with what lies in it; a fresh one also verifies what the last one holds. */
const PER_DATABASE = 200;

const proof: Proof = {
  name: "schedule",
  purpose:
    "Random schedules of duplicates, reorderings, crashes, pauses, restores, steps of the clock, lost answers and slow writes on a real database: each effect once, in order, nothing lost, at rest at the end, an unbroken chain.",
  async run({ seed, until, runs = Infinity, report }) {
    let schedules = 0;
    const counts: Record<string, number> = {};
    while (schedules < runs && performance.now() < until) {
      const world = await World.open();
      const play = async (actions: Action[]) => {
        await world.play(actions);
        for (const each of actions) counts[each.do] = (counts[each.do] ?? 0) + 1;
      };
      try {
        const done = await check(seed + schedules, Math.min(PER_DATABASE, runs - schedules), until, play);
        schedules += done;
        const events = await world.verify();
        report(`${schedules} schedules, chain of ${events} events verified, next seed ${seed + schedules}`);
      } finally {
        await world.close();
      }
    }
    return { schedules, ...counts };
  },
};

async function check(
  seed: number,
  numRuns: number,
  until: number,
  play: (actions: Action[]) => Promise<void>,
): Promise<number> {
  const result = await fc.check(fc.asyncProperty(schedule, play), {
    seed,
    numRuns,
    interruptAfterTimeLimit: Math.max(1, until - performance.now()),
    endOnFailure: true,
  });
  if (!result.failed || result.interrupted) return result.numRuns;
  const [actions] = result.counterexample ?? [];
  throw new Error(
    `seed ${seed}, path ${result.counterexamplePath}: --seed ${seed} --runs ${result.numRuns} plays it again\n${JSON.stringify(actions)}`,
    { cause: result.errorInstance },
  );
}

export default proof;
