import { selectHeadSeq } from "../src/ledger/queries.ts";
import { AppliedCount } from "./applied.ts";
import { figure, type Bench } from "./figure.ts";
import { measureHandWritten } from "./hand-written.ts";
import { placeOrders } from "./place-orders.ts";
import { verifyTold } from "./verify.ts";

const IN_FLIGHT = 128;
const ORDERS_PER_SECOND = 1_500;
/** A hub that has just begun makes about a seventh less than one that has run for this many. */
const WARM_ORDERS = 12_000;
const PREFIX = "single";

export default {
  names: ["e2e.single"],
  leaves: "some",
  purpose: "single events from their acceptance to their outcome in the ledger, one effect each; no mapping",
  async run(stage) {
    await stage.endHub();
    const { pool, size } = stage;
    const handWritten = await measureHandWritten(stage, "tell", Math.max(1, size.seconds / 2));
    const hub = await stage.startHub({ processes: ["one-effect"] });
    await placeOrders(hub, IN_FLIGHT, "warm-single", WARM_ORDERS);
    await stage.untilAtRest();
    const orders = size.seconds * ORDERS_PER_SECOND;
    const count = new AppliedCount(stage, await selectHeadSeq(pool));
    const began = performance.now();
    await placeOrders(hub, IN_FLIGHT, PREFIX, orders);
    await count.reach(orders);
    const seconds = (performance.now() - began) / 1_000;
    await stage.untilAtRest();
    await verifyTold(stage, PREFIX, orders, "received");
    return [figure("e2e.single", orders / seconds, "events/s", handWritten)];
  },
} satisfies Bench;
