import type { Client } from "../../db/pool.ts";
import { type LedgerEvent, type ObjectRef, parseEventType, subjectOf } from "../../event/envelope.ts";
import { type Batch, defineView } from "../contract.ts";
import { numbersOf } from "./numbers.ts";
import type { Part } from "./part.ts";
import {
  selectOpenOrdersOf,
  selectOrdersAbove,
  selectParts,
  selectStepsBelow,
  upsertOrders,
  upsertParts,
} from "./queries.ts";
import { summarize } from "./summary.ts";
import { orderTellings } from "./tell-order.ts";
import { productionTellings } from "./tell-production.ts";
import { workTellings } from "./tell-work.ts";
import { GOODS, partsAsked, wholeOf } from "./whole.ts";

const TELLINGS = { ...orderTellings, ...productionTellings, ...workTellings };

/** Orders made anew at a time: one hold can concern thousands. */
const CHUNK = 200;

/** A row for each sales order, with everything that belongs to it: src/view/order/part.ts says how. */
export default defineView({
  name: "order",
  version: 1,
  tables: ["order_numbers", "order_details", "orders", "order_parts"],
  events: Object.keys(TELLINGS),
  links: true,
  async apply(batch, on) {
    const parts = await tellParts(batch.events, on);
    const orders = await ordersOf(batch, parts.keys(), on);
    for (let n = 0; n < orders.length; n += CHUNK)
      await writeOrders(orders.slice(n, n + CHUNK), batch.upTo, on);
  },
});

/** @returns the parts that were told of, by their subjects */
async function tellParts(events: readonly LedgerEvent[], on: Client): Promise<ReadonlyMap<string, Part>> {
  const told = events.flatMap((event) => {
    const tellings = TELLINGS[parseEventType(event.type)!.name]?.(event) ?? [];
    return tellings.map(({ tell, ...object }) => ({ event, tell, subject: subjectOf(object) }));
  });
  const subjects = [...new Set(told.map(({ subject }) => subject))];
  const parts = new Map<string, Part>(subjects.map((subject) => [subject, {}]));
  for (const { subject, told: stored } of await selectParts(on, subjects))
    parts.set(subject, JSON.parse(stored) as Part);
  for (const { event, tell, subject } of told) {
    const part = parts.get(subject)!;
    tell(part);
    part.last = { at: event.time, seq: event.seq };
  }
  await upsertParts(
    on,
    [...parts].map(([subject, part]) => ({ subject, told: JSON.stringify(part) })),
  );
  return parts;
}

/** The orders that anything of this batch concerns: what it told of, and what it linked. */
async function ordersOf(batch: Batch, subjects: Iterable<string>, on: Client): Promise<string[]> {
  const orders = new Set<string>();
  const below: ObjectRef[] = [];
  const customers: string[] = [];
  const sort = ({ kind, id }: ObjectRef) => {
    if (kind === "salesOrder") orders.add(id);
    else if (kind === "customer") customers.push(id);
    else below.push({ kind, id });
  };
  for (const subject of subjects) {
    const named = subject.startsWith(GOODS) ? subject.slice(GOODS.length) : subject;
    const slash = named.indexOf("/");
    sort({ kind: named.slice(0, slash), id: named.slice(slash + 1) });
  }
  for (const { parent } of batch.links) if (isWalked(parent)) sort(parent);
  for (const order of await selectOrdersAbove(on, below, batch.upTo)) orders.add(order);
  for (const order of await selectOpenOrdersOf(on, customers)) orders.add(order);
  return [...orders].toSorted();
}

/** Beyond a lot begins genealogy, which is a story of its own. */
function isWalked({ kind }: ObjectRef): boolean {
  return kind === "salesOrder" || kind === "productionOrder" || kind === "workOrder";
}

async function writeOrders(orders: readonly string[], upTo: number, on: Client): Promise<void> {
  const steps = Map.groupBy(await selectStepsBelow(on, orders, upTo), ({ root }) => root);
  const own = orders.map((id) => `salesOrder/${id}`);
  const asked = new Set([...own, ...[...steps.values()].flatMap(partsAsked)]);
  const parts = await readParts(on, [...asked]);
  const customers = own.flatMap((subject) => parts.get(subject)?.customer ?? []);
  for (const [subject, part] of await readParts(
    on,
    [...new Set(customers)].map((id) => `customer/${id}`),
  ))
    parts.set(subject, part);
  const wholes = orders
    // Linked to, but nothing was told of it yet.
    .filter((id) => parts.has(`salesOrder/${id}`))
    .map((id) => wholeOf(id, steps.get(id) ?? [], (subject) => parts.get(subject) ?? {}));
  const numbers = wholes.flatMap((whole) => numbersOf(whole).map((number) => ({ ...number, id: whole.id })));
  await upsertOrders(on, wholes.map(summarize), numbers);
}

async function readParts(on: Client, subjects: readonly string[]): Promise<Map<string, Part>> {
  const rows = await selectParts(on, subjects);
  return new Map(rows.map(({ subject, told }) => [subject, JSON.parse(told) as Part]));
}
