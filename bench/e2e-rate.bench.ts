import { selectHeadSeq } from "../src/ledger/queries.ts";
import { AppliedCount, EFFECTS_PER_ORDER } from "./applied.ts";
import { startCpuMeter } from "./cpu.ts";
import { figure, type Bench } from "./figure.ts";
import { measureHandWritten } from "./hand-written.ts";
import { placeOrders, WARM_ORDERS } from "./place-orders.ts";
import { verifyOrders } from "./verify.ts";

const IN_FLIGHT = 128;
const ORDERS_PER_SECOND = 1_000;
const PREFIX = "rate";

export default {
  names: ["e2e.rate", "e2e.effects", "e2e.events", "e2e.cpu"],
  leaves: "some",
  purpose: "orders from their acceptance to the last outcome in the ledger, three effects each; no mapping",
  async run(stage) {
    await stage.endHub();
    const { pool, size, erp, portal } = stage;
    const handWritten = await measureHandWritten(stage, "enter", Math.max(1, size.seconds / 2));
    const hub = await stage.startHub();
    await placeOrders(hub, IN_FLIGHT, "warm-rate", WARM_ORDERS);
    // What the ERP tells of the hand-written orders is read as well, before anything is measured.
    await stage.untilAtRest();
    const orders = size.seconds * ORDERS_PER_SECOND;
    const before = await selectHeadSeq(pool);
    const count = new AppliedCount(stage, before);
    const pids = { hub: hub.pid, postgresql: stage.postgresPid, erp: erp.pid, portal: portal.pid };
    const cpu = startCpuMeter(pids);
    const began = performance.now();
    await placeOrders(hub, IN_FLIGHT, PREFIX, orders);
    const accepted = (performance.now() - began) / 1_000;
    await count.reach(orders * EFFECTS_PER_ORDER);
    const seconds = (performance.now() - began) / 1_000;
    const used = cpu();
    stage.say(
      `  ${orders} orders were accepted after ${accepted.toFixed(1)} s, done after ${seconds.toFixed(1)} s`,
    );
    await stage.untilAtRest();
    const events = (await selectHeadSeq(pool)) - before;
    await verifyOrders(stage, PREFIX, orders);
    const total = Object.values(used).reduce((sum, spent) => sum + spent, 0);
    return [
      figure("e2e.rate", orders / seconds, "orders/s", handWritten),
      figure("e2e.effects", (orders * EFFECTS_PER_ORDER) / seconds, "effects/s", handWritten),
      figure("e2e.events", events / seconds, "events/s"),
      ...Object.entries(used).map(([name, spent]) =>
        figure(`e2e.cpu.${name}`, (spent / orders) * 1e6, "µs/order", (total / orders) * 1e6),
      ),
    ];
  },
} satisfies Bench;
