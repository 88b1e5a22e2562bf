import { figure, quantile, type Bench } from "./figure.ts";
import { measureLatency } from "./latency.ts";
import { orderName, orderRequested } from "./order.ts";
import { countBusyLanes, selectRest } from "./queries.ts";
import type { Stage } from "./stage.ts";
import { verifyOrders } from "./verify.ts";

const PER_SECOND = 50;
const BATCH = 100;
const BATCHES_IN_FLIGHT = 4;
const FILL_WITHIN_MS = 1_800_000;
const DRAIN_WITHIN_MS = 1_800_000;

export default {
  names: ["backlog"],
  leaves: "much",
  purpose:
    "the ERP is away while effects wait for it: what the portal's feel of it, and how fast they go out then",
  async run(stage) {
    const { size, erp, pool } = stage;
    const hub = await stage.startHub();
    await stage.untilAtRest();
    const seconds = Math.max(2, size.seconds / 2);
    const load = { perSecond: PER_SECOND, seconds, effect: "tell" } as const;
    const without = await measureLatency(stage, hub, { ...load, prefix: "before" });
    await stage.untilAtRest();

    await erp.end();
    const client = await hub.connect(BATCHES_IN_FLIGHT);
    const batches = Math.ceil(size.backlog / BATCH);
    await client.drive((n) =>
      n < batches
        ? client.postEvents(
            Array.from({ length: BATCH }, (_, i) => orderRequested(orderName("backlog", n * BATCH + i))),
          )
        : undefined,
    );
    client.close();
    const orders = batches * BATCH;
    await untilBusy(stage, orders);
    stage.say(`  ${orders} effects wait for the ERP`);
    const beside = await measureLatency(stage, hub, { ...load, prefix: "beside" });

    const waiting = await countBusyLanes(pool, erp.name);
    await erp.start(stage.signal);
    const began = performance.now();
    await stage.until(
      "the backlog has drained",
      async () => ((await countBusyLanes(pool, erp.name)) === 0 ? true : undefined),
      DRAIN_WITHIN_MS,
      250,
    );
    const drained = (performance.now() - began) / 1_000;
    await stage.untilAtRest();
    const all = (performance.now() - began) / 1_000;
    await verifyOrders(stage, "backlog", orders);
    await verifyOrders(stage, "beside", beside.length);
    return [
      figure("backlog.p99", quantile(beside, 0.99), "ms", quantile(without, 0.99)),
      figure("backlog.drain", waiting / drained, "effects/s"),
      figure("backlog.orders", waiting / all, "orders/s"),
    ];
  },
} satisfies Bench;

/** Until each order waits for the ERP, the portal has been told of all of them, and the hub can do nothing more. */
async function untilBusy(stage: Stage, orders: number): Promise<void> {
  await stage.until(
    "the backlog has built up",
    async () => {
      const waiting = await countBusyLanes(stage.pool, stage.erp.name);
      const { lanes, unrouted, undecided } = await selectRest(stage.pool);
      return waiting >= orders && lanes === waiting && unrouted === 0 && undecided === 0 ? true : undefined;
    },
    FILL_WITHIN_MS,
    250,
  );
}
