import { createTestDatabase } from "../db/testing/database.ts";
import type { Proof } from "../testing/proof.ts";
import { CRASH_POINTS } from "./crash-point.ts";
import { Stage } from "./testing/stage.ts";

/** A probe is made only after an answer was lost: the hub before has to leave one. */
const BEFORE: Readonly<Record<string, string>> = { probe: "send:after@2" };
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
    const before = BEFORE[point.split(":")[0]!];
    const sending: Promise<void>[] = [];
    if (before !== undefined) {
      const first = await stage.startHub({ crashAt: before });
      sending.push(stage.order("before", ORDERS));
      await first.ended;
    }
    // A hub that dies while it starts never says that it is ready.
    const hub = await stage.startHub({ crashAt: `${point}@${nth}` }).catch((error: unknown) => {
      if (!String(error).includes("SIGKILL")) throw error;
      return undefined;
    });
    sending.push(stage.order("order", ORDERS));
    const others = hub && stage.untilAtRest(database.pool, { atLeast: ORDERS }).then(() => "at rest");
    const how = hub ? await Promise.race([hub.ended, others!]) : "SIGKILL";
    if (how !== "at rest") {
      if (how !== "SIGKILL") throw new Error(`the hub ended with ${how}\n${stage.said()}`);
      others?.catch(() => {});
      await stage.startHub();
    }
    await Promise.all(sending);
    await stage.untilAtRest(database.pool);
    const differences = await stage.differences();
    if (differences.length > 0)
      throw new Error(`${point}@${nth}:\n${differences.join("\n")}\n${stage.said()}`);
    return how === "SIGKILL";
  } finally {
    await stage.close();
    await database.drop();
  }
}

export default proof;
