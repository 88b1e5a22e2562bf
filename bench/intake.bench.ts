import { figure, type Bench } from "./figure.ts";
import { orderName, orderRequested } from "./order.ts";
import { measureBareInserts, measureLedgerInserts } from "./preload.ts";
import { selectHeadSeq } from "../src/ledger/queries.ts";
import type { Hub, Stage } from "./stage.ts";
import { startCpuMeter } from "./cpu.ts";

const IN_FLIGHT = 64;
const BATCH = 100;
const WARM_SECONDS = 3;
const BATCHES_IN_FLIGHT = 8;
/** The group commit takes what waits: with 64 in flight never more than 64, of batches up to its own limit. */
const BARE = { single: IN_FLIGHT, batch: 500 };

export default {
  names: ["intake.single", "intake.batch", "intake.bare"],
  leaves: "some",
  purpose: "events taken per second, on disk when answered; nothing is decided or sent",
  async run(stage) {
    await stage.endHub();
    const { pool, size } = stage;
    const [limitSeconds, rows] = [Math.max(1, size.seconds / 2), BARE];
    const plain = await measureBareInserts(pool, rows.single, limitSeconds);
    const ledger = {
      single: await measureLedgerInserts(pool, rows.single, limitSeconds),
      batch: await measureLedgerInserts(pool, rows.batch, limitSeconds),
    };
    const hub = await stage.startHub({ processes: [] });
    const one = { hub, inFlight: IN_FLIGHT, batch: 1 };
    await measureIntake(stage, { ...one, prefix: "warm", seconds: WARM_SECONDS });
    const single = await measureIntake(stage, { ...one, prefix: "single", seconds: size.seconds });
    const many = { hub, inFlight: BATCHES_IN_FLIGHT, batch: BATCH };
    const batch = await measureIntake(stage, { ...many, prefix: "batch", seconds: size.seconds });
    return [
      figure("intake.single", single, "events/s", ledger.single),
      figure("intake.batch", batch, "events/s", ledger.batch),
      figure("intake.bare", single, "events/s", plain),
    ];
  },
} satisfies Bench;

interface Load {
  readonly hub: Hub;
  readonly prefix: string;
  readonly inFlight: number;
  readonly batch: number;
  readonly seconds: number;
}

async function measureIntake(
  stage: Stage,
  { hub, prefix, inFlight, batch, seconds: within }: Load,
): Promise<number> {
  const client = await hub.connect(inFlight);
  try {
    const before = await selectHeadSeq(stage.pool);
    const cpu = startCpuMeter({ hub: hub.pid, postgresql: stage.postgresPid });
    const began = performance.now();
    let events = 0;
    await client.drive(() => {
      if (performance.now() - began > within * 1_000) return undefined;
      const first = events;
      events += batch;
      if (batch === 1) return client.postEvents(orderRequested(orderName(`intake-${prefix}`, first)));
      return client.postEvents(
        Array.from({ length: batch }, (_, i) => orderRequested(orderName(`intake-${prefix}`, first + i))),
      );
    });
    const seconds = (performance.now() - began) / 1_000;
    const used = Object.entries(cpu()).map(
      ([name, spent]) => `${name} ${Math.round((spent / events) * 1e6)} µs`,
    );
    stage.say(`  intake.${prefix}: processor time per event: ${used.join(", ")}`);
    const kept = (await selectHeadSeq(stage.pool)) - before;
    if (kept !== events) throw new Error(`${events} events were accepted, and the ledger has ${kept} more`);
    return events / seconds;
  } finally {
    client.close();
  }
}
