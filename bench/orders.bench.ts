import { selectHeadSeq } from "../src/ledger/queries.ts";
import { figure, quantile, type Bench, type Figure } from "./figure.ts";
import { orderNumber, PLANTS, positionOfOrders, tellOrders, untilOrdersAreListed } from "./past-order.ts";
import type { Hub, Stage } from "./stage.ts";

const ASKED = 100;

/** The path of a question for the n-th time it is asked. */
const QUESTIONS: Record<string, (n: number, any: string) => string> = {
  page: () => "/v1/orders",
  "by-promise": () => "/v1/orders?sort=promised&open=true",
  "by-waiting": () => "/v1/orders?sort=waiting",
  plant: (n) => `/v1/orders?plant=${PLANTS[n % PLANTS.length]}`,
  customer: (n) => `/v1/orders?customer=C-${n}`,
  stage: (n) => `/v1/orders?stage=${["quote", "order", "shipped", "invoiced"][n % 4]}`,
  "waiting-for": (n) => `/v1/orders?waitingFor=${["erp", "finance"][n % 2]}`,
  late: () => "/v1/orders?risk=late",
  differs: () => "/v1/orders?risk=differs",
  blocked: () => "/v1/orders?risk=blocked",
  several: (n) =>
    `/v1/orders?plant=${PLANTS[n % PLANTS.length]}&stage=shipped&businessUnit=unit-${n % 3}&risk=late`,
  "search-exact": (_, any) => `/v1/orders?search=SO-${any}`,
  "search-customer-order": (_, any) => `/v1/orders?search=best/${Number(any)}`,
  "search-few": (n) => `/v1/orders?search=inv-0${n % 10}99`,
  "search-all": () => "/v1/orders?search=so",
  one: (_, any) => `/v1/orders/SO-${any}`,
};

export default {
  names: ["orders"],
  leaves: "much",
  purpose: "the list of a hundred thousand orders: how fast it is filled, how fast each question is answered",
  async run(stage) {
    const { orders } = stage.size;
    const hub = await stage.startHub({ processes: [] });
    await stage.untilAtRest();
    await tellOrders(stage, "SO", orders);
    const began = performance.now();
    const start = await positionOfOrders(stage);
    stage.say(`  the view stands at ${start} of ${await selectHeadSeq(stage.pool)} events`);
    await untilOrdersAreListed(stage);
    const events = (await selectHeadSeq(stage.pool)) - start;
    const filled = events / ((performance.now() - began) / 1_000);
    await stage.pool.query("vacuum analyze orders, order_numbers, order_details");
    await verifyOrders(stage, hub);
    const figures: Figure[] = [figure("orders.fill", filled, "events/s")];
    for (const [name, pathOf] of Object.entries(QUESTIONS)) {
      const times: number[] = [];
      for (let n = 0; n < ASKED; n++) times.push(await ask(hub, pathOf(n, orderNumber((n * 977) % orders))));
      times.sort((a, b) => a - b);
      figures.push(
        figure(`orders.${name}.p50`, quantile(times, 0.5), "ms"),
        figure(`orders.${name}.p99`, quantile(times, 0.99), "ms"),
      );
    }
    return figures;
  },
} satisfies Bench;

async function ask({ url, token }: Hub, path: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
  return performance.now() - began;
}

async function verifyOrders(stage: Stage, { url, token }: Hub): Promise<void> {
  const answer = await fetch(`${url}/v1/orders?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  const { stages = {} } = (await answer.json()) as { stages?: Record<string, number> };
  const count = Object.values(stages).reduce((a, b) => a + b, 0);
  if (count < stage.size.orders)
    throw new Error(`${count} orders are in the list, and ${stage.size.orders} were told`);
  stage.say(`  ${JSON.stringify(stages)}`);
}
