import { readMemory } from "./cpu.ts";
import { figure, type Bench } from "./figure.ts";
import { orderConfirmed, orderName, orderRequested } from "./order.ts";
import { verifyOrders } from "./verify.ts";

const BATCH = 100;
const BATCHES_IN_FLIGHT = 8;
const PREFIX = "memory";

/** One event in a hundred is an order that goes the whole way; the others are decided on, and nothing follows from them. */
export default {
  names: ["memory.million", "memory.peak"],
  leaves: "much",
  purpose: "what a hub holds resident after a million events in one go",
  async run(stage) {
    if (process.platform !== "linux")
      throw new Error("the memory of a process is read from /proc: Linux only");
    const hub = await stage.startHub();
    await stage.untilAtRest();
    const batches = Math.ceil(stage.size.events / BATCH);
    const client = await hub.connect(BATCHES_IN_FLIGHT);
    await client.drive((n) => {
      if (n >= batches) return undefined;
      const born = Array.from({ length: BATCH - 1 }, (_, i) =>
        orderConfirmed(orderName("born", n * BATCH + i)),
      );
      return client.postEvents([orderRequested(orderName(PREFIX, n)), ...born]);
    });
    client.close();
    await stage.untilAtRest();
    const { now, peak } = readMemory(hub.pid);
    await verifyOrders(stage, PREFIX, batches);
    return [figure("memory.million", now, "MB"), figure("memory.peak", peak, "MB")];
  },
} satisfies Bench;
