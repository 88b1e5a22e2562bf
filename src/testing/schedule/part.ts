/**
 * One thread's part of the schedules, on a database of its own. A fresh one is faster than one in which much lies, and its
 * ledger is verified at the end. A thread has timers of its own, so several parts are played side by side.
 */
import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { type Action, schedule } from "./action.ts";
import { World } from "./world.ts";

export interface PartTerms {
  readonly seed: number;
  readonly runs: number;
  /** Milliseconds after which it comes to its end; Infinity: when all runs are done. */
  readonly forMs: number;
}

export interface Part {
  readonly schedules: number;
  /** Events of the chain that was verified. */
  readonly events: number;
  /** How often each action was done. */
  readonly counts: Readonly<Record<string, number>>;
}

async function playPart({ seed, runs, forMs }: PartTerms): Promise<Part> {
  const counts: Record<string, number> = {};
  const world = await World.open();
  const play = async (actions: Action[]) => {
    await world.play(actions);
    for (const each of actions) counts[each.do] = (counts[each.do] ?? 0) + 1;
  };
  try {
    const result = await fc.check(fc.asyncProperty(schedule, play), {
      seed,
      numRuns: runs,
      ...(forMs !== Infinity && { interruptAfterTimeLimit: Math.max(1, forMs) }),
      endOnFailure: true,
    });
    if (result.failed && !result.interrupted)
      throw new Error(
        `seed ${seed}, path ${result.counterexamplePath}: --seed ${seed} --runs ${result.numRuns} plays it again\n${JSON.stringify(result.counterexample?.[0])}`,
        { cause: result.errorInstance },
      );
    return { schedules: result.numRuns, events: await world.verify(), counts };
  } finally {
    await world.close();
  }
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
parentPort!.postMessage(await playPart(workerData as PartTerms));
