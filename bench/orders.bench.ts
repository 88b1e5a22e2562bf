import { Bell } from "../src/ledger/bell.ts";
import { Appender } from "../src/ledger/append.ts";
import { selectHeadSeq } from "../src/ledger/queries.ts";
import type { NewEvent } from "../src/ledger/row.ts";
import { Sources } from "../src/ledger/source.ts";
import { selectViewStates } from "../src/view/queries.ts";
import { figure, quantile, type Bench, type Figure } from "./figure.ts";
import type { Hub, Stage } from "./stage.ts";

const APPENDED_AT_ONCE = 5_000;
const WITHIN_MS = 1_800_000;
const ASKED = 100;

/** How far the n-th order has come: of a hundred, most are done. */
const isEntered = (n: number) => n % 100 >= 4;
const hasLeft = (n: number) => n % 100 >= 20;
const isBilled = (n: number) => n % 100 >= 25;
const PLANTS = ["lyon", "brno", "graz", "vigo", "porto"];

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
    await appendOrders(stage);
    const began = performance.now();
    const start = await positionOf(stage);
    stage.say(`  the view stands at ${start} of ${await selectHeadSeq(stage.pool)} events`);
    await stage.until(
      "the orders are in the view",
      async () => ((await positionOf(stage)) >= (await selectHeadSeq(stage.pool)) ? true : undefined),
      WITHIN_MS,
    );
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

function orderNumber(n: number): string {
  return String(n).padStart(7, "0");
}

async function positionOf({ pool }: Stage): Promise<number> {
  return (await selectViewStates(pool)).find(({ name }) => name === "order")?.checkpoint ?? 0;
}

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

async function appendOrders(stage: Stage): Promise<void> {
  const sources = new Sources(stage.pool);
  const told = {
    crm: { sourceId: await sources.idOf("/systems/portal"), source: "/systems/portal" },
    erp: { sourceId: await sources.idOf("/systems/shop-erp"), source: "/systems/shop-erp" },
  };
  const appender = new Appender(stage.pool, new Bell());
  for (let from = 0; from < stage.size.orders; from += APPENDED_AT_ONCE) {
    stage.signal.throwIfAborted();
    const orders = Array.from({ length: APPENDED_AT_ONCE }, (_, i) => from + i);
    const results = await appender.appendAll(
      orders.flatMap((n) => storyOf(n).map(({ system, ...event }) => ({ ...told[system], ...event }))),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason as Error;
  }
}

interface Told extends Omit<NewEvent, "source" | "sourceId"> {
  readonly system: "crm" | "erp";
}

function storyOf(n: number): Told[] {
  const salesOrder = `SO-${orderNumber(n)}`;
  const quantity = { value: "10", unit: "C62" };
  const day = (after: number) =>
    new Date(Date.UTC(2026, 0, 1 + (n % 300) + after)).toISOString().slice(0, 10);
  const line = { line: 10, item: `ITEM-${n % 500}`, quantity };
  const about = { salesOrder, customer: `C-${n % 2_000}`, quote: `QU-${n}`, customerReference: `BEST/${n}` };
  const tell = (system: Told["system"], name: string, data: object): Told => ({
    system,
    id: `orders-${name}-${n}`,
    type: `interlock.${name}.v1`,
    subject: `salesOrder/${salesOrder}`,
    time: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
    plant: PLANTS[n % PLANTS.length]!,
    businessUnit: `unit-${n % 7}`,
    body: JSON.stringify({ ...about, ...data }),
  });
  const shipment = { shipment: `SH-${n}`, lines: [line], shippedOn: day(5) };
  return [
    tell("crm", "QuoteAccepted", { lines: [{ ...line, requestedDate: day(3) }] }),
    ...(isEntered(n)
      ? [
          tell("erp", "OrderCreated", {
            document: `DOC-${n}`,
            lines: [
              {
                ...line,
                quantity: n % 50 === 7 ? { value: "12", unit: "C62" } : quantity,
                schedule: [{ scheduleLine: 1, quantity, confirmedDate: day(6) }],
              },
            ],
          }),
        ]
      : []),
    ...(hasLeft(n) ? [tell("erp", "GoodsIssued", { ...shipment, document: `GI-${n}` })] : []),
    ...(isBilled(n) ? [tell("erp", "InvoicePosted", { invoice: `INV-${n}`, shipment: `SH-${n}` })] : []),
  ];
}
