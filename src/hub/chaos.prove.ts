import { setTimeout as delay } from "node:timers/promises";
import { createTestDatabase } from "../db/testing/database.ts";
import type { Proof } from "../testing/proof.ts";
import { Stage } from "./testing/stage.ts";

const ROUND_MS = 60_000;
const SLEEP_MS = 6_000;
/** Each with the chance with which it strikes a call. */
const FAULTS = [
  { kind: "answer-lost", probability: 0.05 },
  { kind: "slow-commit", delayMs: 1_500, afterProbes: 2, probability: 0.03 },
  { kind: "reset-before", probability: 0.03 },
  { kind: "error-after", probability: 0.03 },
  { kind: "outage", probability: 0.03 },
  { kind: "throttle", probability: 0.02 },
  { kind: "token-expired", probability: 0.02 },
  { kind: "half-batch", probability: 0.02 },
];

const proof: Proof = {
  name: "chaos",
  purpose:
    "Hubs that are killed, put to sleep and started at random, targets with every fault switched on, under load: at the end each order is in the ERP once and confirmed in the portal.",
  async run({ seed, until, runs = Infinity, report }) {
    const random = randomFrom(seed);
    const counts = { rounds: 0, orders: 0, kills: 0, sleeps: 0 };
    while (counts.rounds === 0 || (counts.rounds < runs && performance.now() + ROUND_MS < until)) {
      await round(random, counts);
      report(
        `round ${counts.rounds}: ${counts.orders} orders, ${counts.kills} kills, ${counts.sleeps} sleeps`,
      );
    }
    return counts;
  },
};

async function round(
  random: () => number,
  counts: { rounds: number; orders: number; kills: number; sleeps: number },
): Promise<void> {
  const database = await createTestDatabase();
  const stage = await Stage.open({ databaseUrl: database.url });
  try {
    for (const system of [stage.erp, stage.portal]) {
      await stage.admin(system, "PUT", `seed/${Math.floor(random() * 1e9)}`);
      await stage.admin(system, "POST", "faults", FAULTS);
    }
    await Promise.all([stage.startHub(), stage.startHub()]);
    const calm = performance.now() + ROUND_MS / 2;
    let sent = 0;
    while (performance.now() < calm) {
      await stage.order(`round-${counts.rounds}-${sent++}`, 20);
      const hub = stage.living()[Math.floor(random() * stage.living().length)]!;
      const what = random();
      if (what < 0.3) {
        await hub.kill();
        counts.kills += 1;
        await stage.startHub();
      } else if (what < 0.5) {
        hub.process.kill("SIGSTOP");
        counts.sleeps += 1;
        if (stage.living().length < 2) await stage.startHub();
        await delay(random() * SLEEP_MS);
        hub.process.kill("SIGCONT");
      }
    }
    for (const system of [stage.erp, stage.portal]) await stage.admin(system, "DELETE", "faults");
    await stage.untilAtRest(database.pool);
    const differences = await stage.differences();
    if (differences.length > 0) throw new Error(`${differences.join("\n")}\n${stage.said()}`);
    counts.rounds += 1;
    counts.orders += stage.accepted.size;
  } finally {
    await stage.close();
    await database.drop();
  }
}

/** mulberry32: the same seed, the same choices. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export default proof;
