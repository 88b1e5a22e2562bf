import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { session, type Pool } from "../src/db/pool.ts";
import { selectHeadSeq } from "../src/ledger/queries.ts";
import { AppliedCount, EFFECTS_PER_ORDER } from "./applied.ts";
import { figure, type Bench, type Figure } from "./figure.ts";
import { placeOrders, WARM_ORDERS } from "./place-orders.ts";
import { monotonicMicros, readProfile, type Stretch } from "./profile.ts";
import { selectFunctionTimes, timeFunctions } from "./queries.ts";
import type { Hub, Stage } from "./stage.ts";
import { verifyOrders } from "./verify.ts";

const IN_FLIGHT = 128;
const ORDERS_PER_SECOND = 500;
const PREFIX = "time";

export default {
  names: ["time", "time.sql"],
  leaves: "some",
  purpose: "where the time of an order goes: inside the hub by step, inside PostgreSQL by function",
  async run(stage) {
    const folder = join(stage.folder, "profile");
    mkdirSync(folder, { recursive: true });
    const hub = await stage.startHub({ profile: folder });
    await placeOrders(hub, IN_FLIGHT, "warm-time", WARM_ORDERS);
    await stage.untilAtRest();
    const orders = stage.size.seconds * ORDERS_PER_SECOND;
    const { functions, ...stretch } = await play(stage, hub, orders);
    await verifyOrders(stage, PREFIX, orders);
    // The profile is written when the process ends.
    await stage.endHub();
    const { steps, hottest } = readProfile(folder, hub.pid, stretch);
    stage.say("  most of the hub's time passed in:");
    for (const [place, share] of hottest) stage.say(`  ${(share * 100).toFixed(1).padStart(5)} %  ${place}`);
    return [
      ...steps.map(([step, share]) => figure(`time.${step.replaceAll(" ", "-")}`, share * 100, "%")),
      ...functions,
    ];
  },
} satisfies Bench;

async function play(
  stage: Stage,
  hub: Hub,
  orders: number,
): Promise<Stretch & { readonly functions: Figure[] }> {
  const { pool } = stage;
  const count = new AppliedCount(stage, await selectHeadSeq(pool));
  await session(pool, (client) => timeFunctions(client, "on"));
  const from = monotonicMicros();
  await placeOrders(hub, IN_FLIGHT, PREFIX, orders);
  await count.reach(orders * EFFECTS_PER_ORDER);
  const until = monotonicMicros();
  await stage.untilAtRest();
  const functions = await readFunctions(pool, orders);
  await session(pool, (client) => timeFunctions(client, "off"));
  return { from, until, functions };
}

async function readFunctions(pool: Pool, orders: number): Promise<Figure[]> {
  const times = await selectFunctionTimes(pool);
  const total = times.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const perOrder = (ms: number) => (ms * 1_000) / orders;
  return times.map(({ name, selfMs }) =>
    figure(`time.sql.${name}`, perOrder(selfMs), "µs/order", perOrder(total)),
  );
}
