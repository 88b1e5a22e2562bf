import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { selectHeadSeq } from "../src/ledger/queries.ts";
import { AppliedCount, EFFECTS_PER_ORDER } from "./applied.ts";
import { figure, type Bench } from "./figure.ts";
import { placeOrders, WARM_ORDERS } from "./place-orders.ts";
import { monotonicMicros, readProfile } from "./profile.ts";
import { verifyOrders } from "./verify.ts";

const IN_FLIGHT = 128;
const ORDERS_PER_SECOND = 500;
const PREFIX = "time";

export default {
  names: ["time"],
  leaves: "some",
  purpose: "where the time of an order goes inside the hub, by step, from V8's profiler",
  async run(stage) {
    const folder = join(stage.folder, "profile");
    mkdirSync(folder, { recursive: true });
    const hub = await stage.startHub({ profile: folder });
    await placeOrders(hub, IN_FLIGHT, "warm-time", WARM_ORDERS);
    await stage.untilAtRest();
    const orders = stage.size.seconds * ORDERS_PER_SECOND;
    const count = new AppliedCount(stage, await selectHeadSeq(stage.pool));
    const from = monotonicMicros();
    await placeOrders(hub, IN_FLIGHT, PREFIX, orders);
    await count.reach(orders * EFFECTS_PER_ORDER);
    const stretch = { from, until: monotonicMicros() };
    await stage.untilAtRest();
    await verifyOrders(stage, PREFIX, orders);
    // The profile is written when the process ends.
    await stage.endHub();
    const { steps, hottest } = readProfile(folder, hub.pid, stretch);
    stage.say("  most of the hub's time passed in:");
    for (const [place, share] of hottest) stage.say(`  ${(share * 100).toFixed(1).padStart(5)} %  ${place}`);
    return steps.map(([step, share]) => figure(`time.${step.replaceAll(" ", "-")}`, share * 100, "%"));
  },
} satisfies Bench;
