import { figure, quantile, type Bench } from "./figure.ts";
import { measureLatency } from "./latency.ts";
import { verifyOrders } from "./verify.ts";

const PER_SECOND = 200;
const PREFIX = "p99";
const WARM = "warm-p99";
const WARM_SECONDS = 3;

export default {
  names: ["e2e.p50", "e2e.p99"],
  leaves: "some",
  purpose: `at ${PER_SECOND} orders a second: from sending one to its outcome in the ERP, seen in the ledger`,
  async run(stage) {
    const hub = await stage.startHub();
    await stage.untilAtRest();
    await measureLatency(stage, hub, {
      prefix: WARM,
      perSecond: PER_SECOND,
      seconds: WARM_SECONDS,
      effect: "create",
    });
    const { seconds } = stage.size;
    const took = await measureLatency(stage, hub, {
      prefix: PREFIX,
      perSecond: PER_SECOND,
      seconds,
      effect: "create",
    });
    await stage.untilAtRest();
    await verifyOrders(stage, PREFIX, took.length);
    return [figure("e2e.p50", quantile(took, 0.5), "ms"), figure("e2e.p99", quantile(took, 0.99), "ms")];
  },
} satisfies Bench;
