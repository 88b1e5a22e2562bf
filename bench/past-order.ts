/** Orders of the past, as they stand in the list of orders: of a hundred, most are done. */
import { Appender } from "../src/ledger/append.ts";
import { Bell } from "../src/ledger/bell.ts";
import { selectHeadSeq } from "../src/ledger/queries.ts";
import type { NewEvent } from "../src/ledger/row.ts";
import { Sources } from "../src/ledger/source.ts";
import { selectViewStates } from "../src/view/queries.ts";
import type { Stage } from "./stage.ts";

const APPENDED_AT_ONCE = 5_000;
const WITHIN_MS = 1_800_000;

/** How far the n-th order has come. */
const isEntered = (n: number) => n % 100 >= 4;
const hasLeft = (n: number) => n % 100 >= 20;
const isBilled = (n: number) => n % 100 >= 25;
export const PLANTS = ["lyon", "brno", "graz", "vigo", "porto"];

export function orderNumber(n: number): string {
  return String(n).padStart(7, "0");
}

/** How far the list of orders has read the ledger. */
export async function positionOfOrders({ pool }: Stage): Promise<number> {
  return (await selectViewStates(pool)).find(({ name }) => name === "order")?.checkpoint ?? 0;
}

export async function untilOrdersAreListed(stage: Stage): Promise<void> {
  await stage.until(
    "the orders are in the view",
    async () => ((await positionOfOrders(stage)) >= (await selectHeadSeq(stage.pool)) ? true : undefined),
    WITHIN_MS,
  );
}

/** Tells the ledger of so many orders, as their systems would have over months. @param series what their numbers begin with: SO */
export async function tellOrders(stage: Stage, series: string, count: number): Promise<void> {
  const sources = new Sources(stage.pool);
  const told = {
    crm: { sourceId: await sources.idOf("/systems/portal"), source: "/systems/portal" },
    erp: { sourceId: await sources.idOf("/systems/shop-erp"), source: "/systems/shop-erp" },
  };
  const appender = new Appender(stage.pool, new Bell());
  for (let from = 0; from < count; from += APPENDED_AT_ONCE) {
    stage.signal.throwIfAborted();
    const orders = Array.from({ length: Math.min(APPENDED_AT_ONCE, count - from) }, (_, i) => from + i);
    const results = await appender.appendAll(
      orders.flatMap((n) =>
        storyOf(series, n).map(({ system, ...event }) => ({ ...told[system], ...event })),
      ),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed) throw failed.reason as Error;
  }
}

interface Told extends Omit<NewEvent, "source" | "sourceId"> {
  readonly system: "crm" | "erp";
}

function storyOf(series: string, n: number): Told[] {
  const salesOrder = `${series}-${orderNumber(n)}`;
  const quantity = { value: "10", unit: "C62" };
  const day = (after: number) =>
    new Date(Date.UTC(2026, 0, 1 + (n % 300) + after)).toISOString().slice(0, 10);
  const line = { line: 10, item: `ITEM-${n % 500}`, quantity };
  const about = { salesOrder, customer: `C-${n % 2_000}`, quote: `QU-${n}`, customerReference: `BEST/${n}` };
  const tell = (system: Told["system"], name: string, data: object): Told => ({
    system,
    id: `orders-${series}-${name}-${n}`,
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
