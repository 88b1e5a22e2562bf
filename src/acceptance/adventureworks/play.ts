/** The orders of the tables from the customer's word to the invoice, through all systems. */
import { setTimeout as delay } from "node:timers/promises";
import { untilAtRest } from "../../demo/rest.ts";
import { seldom } from "../acceptance.ts";
import type { Company } from "./company.ts";
import { Floor } from "./floor.ts";
import { inRequests, load, tellItems } from "./load.ts";
import type { Opening, ProductionOrder, Round, SalesOrder } from "./plan.ts";
import type { Works } from "./works.ts";
import type { Tables } from "./tables.ts";
import { Warehouse } from "./warehouse.ts";
import { Weather } from "./weather.ts";

const LOOK_EVERY_MS = 200;
/** Nothing has moved for so long: it never will. */
const STUCK_MS = 300_000;
const RELEASES = 100;
/** Released orders that no plant has accepted yet, at most. */
const AHEAD = 500;

export interface Played {
  /** The number of a sales order in the CRM and the ERP, by the customer's own. */
  readonly numbers: ReadonlyMap<string, string>;
  readonly kills: number;
}

export async function play(
  works: Works,
  given: {
    readonly tables: Tables;
    readonly company: Company;
    readonly rounds: readonly Round[];
    readonly opening: Opening;
  },
  report: (line: string) => void,
): Promise<Played> {
  const { tables, company, rounds, opening } = given;
  await works.open(() => load(works, company, opening, rounds.length));
  report("the company is in all systems, and the hub reads them");
  await tellItems(works, company);
  const progress = new Progress(works, report);
  await progress.until("the hub knows the items", tables.products.length, async () => {
    const { body } = await works.api("/v1/events?type=interlock.ItemChanged.v1&limit=900");
    return (body.items as unknown[]).length;
  });
  const weather = new Weather(works, report);
  await weather.begin();

  const salesOrders = rounds.flatMap((round) => round.salesOrders);
  const numbers = await sell(works, company, salesOrders);
  await progress.until("the ERP has the sales orders", salesOrders.length, () =>
    countOf(works, "salesOrder.create"),
  );
  const orders = rounds.flatMap(({ steps }) => steps.flat());
  const floor = new Floor(works, tables, company, rounds, opening);
  const warehouse = new Warehouse(works);
  const releases = [
    ...inRequests(
      orders.map((order) => releaseOf(order, company, numbers)),
      RELEASES,
    ),
  ];
  let released = 0;
  const ended = () => countOf(works, "productionOrder.end");
  await progress.until("production orders have ended", orders.length, async () => {
    // The planners are some hundred orders ahead of the plants.
    const some = released - floor.accepted < AHEAD ? releases.shift() : undefined;
    if (some) await works.ask("erp", "clerk", { body: some });
    released += some?.length ?? 0;
    await floor.work();
    weather.strike(floor.received / orders.length);
    if (!weather.hubIsDead) await warehouse.ship().catch(unlessDead(weather));
    return ended();
  });
  await weather.end();
  await progress.until("sales orders are invoiced", salesOrders.length, async () => {
    await warehouse.ship();
    return countOf(works, "invoice.post");
  });
  // One that was held back while everything was in disorder leaves with the next one, and there is none.
  await untilAtRest(works, { webhooksHeldBack: true, waits: seldom(report), withinMs: STUCK_MS });
  return { numbers, kills: weather.kills };
}

/** A call that was under way when the hub died is made again. */
function unlessDead(weather: Weather): (error: unknown) => void {
  return (error) => {
    if (!weather.hubIsDead) throw error;
  };
}

/** Salespeople enter the orders in the CRM. */
async function sell(
  works: Works,
  company: Company,
  orders: readonly SalesOrder[],
): Promise<ReadonlyMap<string, string>> {
  const numbers = new Map<string, string>();
  for (const some of inRequests(orders, 100)) {
    const entered = (await works.ask("crm", "clerk", {
      body: some.map(({ reference, customer, requestedDate, lines }) => ({
        action: "create-order",
        account: customer,
        poNumber: reference,
        requestedDate,
        shippingPolicy: "Complete",
        lines: lines.map(({ line, product, quantity, price }) => ({
          line: String(line),
          item: company.itemOf(product),
          quantity: String(quantity),
          price,
          requestedDate,
        })),
      })),
    })) as { OrderNumber: string }[];
    for (const [n, { reference }] of some.entries()) numbers.set(reference, entered[n]!.OrderNumber);
  }
  return numbers;
}

function releaseOf(
  { number, product, quantity, start, end, markings }: ProductionOrder,
  company: Company,
  numbers: ReadonlyMap<string, string>,
): object {
  return {
    action: "release-production",
    ProductionOrderNumber: number,
    ItemNumber: company.itemOf(product),
    Quantity: String(quantity),
    SiteId: company.siteOf(product),
    StartDate: start,
    DeliveryDate: end,
    ...(markings.length > 0 && {
      Markings: markings.map(({ reference, line, quantity: part }) => ({
        SalesOrderNumber: numbers.get(reference),
        LineNumber: line,
        Quantity: String(part),
      })),
    }),
  };
}

/** How often the ERP did something, by its own book. */
async function countOf(works: Works, operation: string): Promise<number> {
  const { times } = (await works.ask("erp", `book/times?operation=${operation}`)) as { times: number };
  return times;
}

/** Counts up to what is wanted, and gives up when nothing moves any more. */
class Progress {
  readonly #works: Works;
  readonly #report: (line: string) => void;

  constructor(works: Works, report: (line: string) => void) {
    this.#works = works;
    this.#report = report;
  }

  async until(what: string, wanted: number, count: () => Promise<number>): Promise<void> {
    let before = -1;
    let movedAt = performance.now();
    let toldAt = performance.now();
    for (;;) {
      const now = await count();
      if (now !== before) movedAt = performance.now();
      before = now;
      if (now >= wanted || performance.now() - toldAt > 10_000) {
        this.#report(`${now} of ${wanted}: ${what}`);
        toldAt = performance.now();
      }
      if (now >= wanted) return;
      if (performance.now() - movedAt > STUCK_MS)
        throw new Error(`stuck at ${now} of ${wanted}: ${what}\n${await openCases(this.#works)}`);
      await delay(LOOK_EVERY_MS, undefined, { signal: this.#works.signal });
    }
  }
}

async function openCases(works: Works): Promise<string> {
  const { body } = await works.api("/v1/cases?state=open&limit=20");
  const cases = await Promise.all(
    (body.items as { id: number }[]).map(
      async ({ id }) => (await works.api(`/v1/cases/${id}`)).body as object,
    ),
  );
  return cases.map((each) => JSON.stringify(each).slice(0, 1500)).join("\n");
}
