import type { Pool } from "../db/pool.ts";
import { createTestDatabase } from "../db/testing/database.ts";
import type { Proof } from "../testing/proof.ts";
import { CRASH_POINTS } from "./crash-point.ts";
import { Stage } from "./testing/stage.ts";

/** A probe is made only after an answer was lost. */
const LOST = [{ kind: "answer-lost", count: 2 }];
const ORDERS = 6;
/** Most of the time of one is waiting until a lease or a deadline has passed. */
const AT_ONCE = 3;

const proof: Proof = {
  name: "crash",
  purpose:
    "SIGKILL at every named point of every transaction and call, each at its first and a later time: a new hub takes over, and each order is in the ERP once.",
  async run({ until, runs = Infinity, report }) {
    const tries = [1, 2].flatMap((nth) => CRASH_POINTS.map((point) => ({ point, nth }))).slice(0, runs);
    let killed = 0;
    let unreached = 0;
    const next = tries.values();
    const worker = async () => {
      for (const { point, nth } of next) {
        if (performance.now() > until) return;
        const reached = await crash(point, nth);
        if (reached) killed += 1;
        else unreached += 1;
        report(
          `${killed + unreached} of ${tries.length}: ${point}@${nth}${reached ? "" : " was never reached"}`,
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return { killed, unreached };
  },
};

/** @returns whether the hub came to that point at all */
async function crash(point: string, nth: number): Promise<boolean> {
  const database = await createTestDatabase();
  const stage = await Stage.open({ databaseUrl: database.url, leaseMs: 2_000 });
  try {
    if (point.startsWith("probe:")) await stage.admin(stage.erp, "POST", "faults", LOST);
    // A hub that dies while it starts never says that it is ready.
    const hub = await stage.startHub({ crashAt: `${point}@${nth}` }).catch((error: unknown) => {
      if (!String(error).includes("SIGKILL")) throw error;
      return undefined;
    });
    const played = play(stage, database.pool, nth);
    // Told below: until then nobody listens.
    played.catch(() => {});
    const how = hub ? await Promise.race([hub.ended, played]) : "SIGKILL";
    if (how !== "at rest") {
      if (how !== "SIGKILL") throw new Error(`the hub ended with ${how}\n${stage.said()}`);
      await stage.startHub();
    }
    await played;
    const differences = await stage.differences();
    if (differences.length > 0)
      throw new Error(`${point}@${nth}:\n${differences.join("\n")}\n${stage.said()}`);
    return how === "SIGKILL";
  } finally {
    await stage.close();
    await database.drop();
  }
}

/** What goes in one batch comes to a point once: it takes as many rounds as the point is to be reached. */
async function play(stage: Stage, pool: Pool, rounds: number): Promise<"at rest"> {
  for (let round = 1; round <= rounds; round++) {
    await stage.order(`order-${round}`, ORDERS);
    await stage.untilAtRest(pool, { atLeast: round * ORDERS });
  }
  return "at rest";
}

export default proof;
