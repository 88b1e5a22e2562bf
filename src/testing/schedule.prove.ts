import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Proof } from "./proof.ts";
import type { Part, PartTerms } from "./schedule/part.ts";

const PER_PART = 200;

const proof: Proof = {
  name: "schedule",
  purpose:
    "Random schedules of duplicates, reorderings, crashes, pauses, restores, steps of the clock, lost answers and slow writes on a real database: each effect once, in order, nothing lost, at rest at the end, an unbroken chain.",
  async run({ seed, until, runs = Infinity, report }) {
    const counts: Record<string, number> = { schedules: 0 };
    const players = new Set<Worker>();
    let handedOut = 0;
    const playParts = async (): Promise<void> => {
      while (handedOut < runs && performance.now() < until) {
        const terms = { seed: seed + handedOut, runs: Math.min(PER_PART, runs - handedOut) };
        handedOut += terms.runs;
        const part = await playPart({ ...terms, forMs: until - performance.now() }, players);
        for (const [what, count] of Object.entries({ schedules: part.schedules, ...part.counts }))
          counts[what] = (counts[what] ?? 0) + count;
        report(
          `${counts["schedules"]} schedules; seed ${terms.seed}: chain of ${part.events} events verified`,
        );
      }
    };
    try {
      await Promise.all(Array.from({ length: availableParallelism() }, playParts));
      return counts;
    } finally {
      await Promise.all([...players].map((player) => player.terminate()));
    }
  },
};

function playPart(terms: PartTerms, players: Set<Worker>): Promise<Part> {
  const player = new Worker(new URL("schedule/part.ts", import.meta.url), { workerData: terms });
  players.add(player);
  return new Promise<Part>((resolve, reject) => {
    player.once("message", resolve);
    player.once("error", reject);
    player.once("exit", (code) =>
      reject(
        new Error(`the schedules of seed ${terms.seed} ended with exit code ${code} before they were done`),
      ),
    );
  }).finally(() => players.delete(player));
}

export default proof;
