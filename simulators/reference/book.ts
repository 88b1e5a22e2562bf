import { randomUUID } from "node:crypto";
import { Decimal } from "decimal.js";
import { CUSTOMERS, ITEMS, type Customer, type Item } from "./catalogue.ts";
import {
  Journal,
  standingEntries,
  type Actor,
  type Entry,
  type OrderOperation,
  type ToldStatus,
} from "./journal.ts";
import type { Order, Surroundings } from "./order.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";

/** One event, as the poll stream and the webhooks carry it. `sequence` has no holes; `id` is never given twice. */
export type Change = {
  id: string;
  sequence: number;
  type: string;
  timestamp: string;
  /** Of the call it came from; null when no caller but a person did it. */
  reference: string | null;
  /** The whole order, or for the types customer.* the whole customer. */
  data: Order | Customer;
};

/**
 * What the system holds now, and how often each reference was ever applied. The first goes back with a restore, the
 * second never does: it is the book of what really happened.
 */
export class Book implements Surroundings {
  settings: Settings = DEFAULT_SETTINGS;
  onChange: (change: Change) => void = () => {};
  readonly #journal: Journal;
  readonly #applied = new Map<string, number>();
  readonly #snapshots = new Set<string>();
  #orders = new Map<string, Order>();
  #numbersByReference = new Map<string, { number: string; at: number }[]>();
  #numbersBySource = new Map<string, string[]>();
  #told = new Map<string, ToldStatus>();
  #changes: Change[] = [];
  #items = new Map<string, Item>();
  #customers = new Map<string, Customer>();
  #exposure = new Map<string, Decimal>();
  #standing = new Map<string, number>();

  constructor(dataDir: string) {
    this.#journal = new Journal(dataDir);
    const entries = this.#journal.read();
    for (const entry of entries) this.#count(entry);
    this.#refold(entries);
  }

  get now(): string {
    return new Date().toISOString();
  }

  item(id: string): Item | undefined {
    return this.#items.get(id);
  }

  customer(id: string): Customer | undefined {
    return this.#customers.get(id);
  }

  exposure(customer: string, except: string): Decimal {
    const order = this.#orders.get(except);
    const all = this.#exposure.get(customer) ?? new Decimal(0);
    return order?.customer === customer ? all.minus(openValue(order)) : all;
  }

  order(number: string): Order | undefined {
    return this.#orders.get(number);
  }

  told(number: string): ToldStatus | undefined {
    return this.#told.get(number);
  }

  nextNumber(): string {
    return String(4_000_001 + this.#orders.size);
  }

  /** The orders that came from an order of another system, oldest first. */
  bySourceOrder(sourceOrder: string): readonly string[] {
    return this.#numbersBySource.get(sourceOrder) ?? [];
  }

  /** The orders that carry a reference, oldest first, each with when it got it (epoch ms). */
  byReference(reference: string): readonly { number: string; at: number }[] {
    return this.#numbersByReference.get(reference) ?? [];
  }

  get lastSequence(): number {
    return this.#changes.length;
  }

  changesAfter(sequence: number, limit: number): Change[] {
    return this.#changes.slice(sequence, sequence + limit);
  }

  recordOrder(
    op: OrderOperation,
    actor: Actor,
    reference: string | null,
    order: Order,
    type: string | null,
  ): Order {
    this.record({ op, at: order.changedAt, actor, reference, order, event: newEvent(type) });
    return order;
  }

  recordCustomer(customer: Customer, type: string | null): Customer {
    this.record({ op: "customer", at: this.now, reference: null, customer, event: newEvent(type) });
    return customer;
  }

  record(entry: Entry): void {
    this.#journal.append(entry);
    this.#count(entry);
    if (entry.op === "restore") this.#refold(this.#journal.read());
    else this.#fold(entry);
    const change = this.#changes.at(-1);
    if ("event" in entry && entry.event && change) this.onChange(change);
  }

  /** Calls back once everything recorded so far would survive the end of the process. */
  afterWrite(callback: () => void): void {
    this.#journal.afterWrite(callback);
  }

  hasSnapshot(name: string): boolean {
    return this.#snapshots.has(name);
  }

  /** Reference -> how often it was ever applied, undone or not. */
  get applied(): ReadonlyMap<string, number> {
    return this.#applied;
  }

  /** Reference -> how often what it did still stands. */
  get standing(): ReadonlyMap<string, number> {
    return this.#standing;
  }

  get orders(): ReadonlyMap<string, Order> {
    return this.#orders;
  }

  /** Everything that ever happened, in order, with what a restore took back marked. */
  history(): { entry: Entry; undone: boolean }[] {
    const entries = this.#journal.read();
    const standing = new Set(standingEntries(entries));
    return entries.map((entry) => ({ entry, undone: "at" in entry && !standing.has(entry) }));
  }

  close(): void {
    this.#journal.close();
  }

  #count(entry: Entry): void {
    if (entry.op === "settings") this.settings = entry.settings;
    if (entry.op === "snapshot") this.#snapshots.add(entry.name);
    countReference(this.#applied, entry);
  }

  #refold(entries: readonly Entry[]): void {
    this.#orders = new Map();
    this.#numbersByReference = new Map();
    this.#numbersBySource = new Map();
    this.#told = new Map();
    this.#changes = [];
    this.#items = new Map(ITEMS.map((item) => [item.item, item]));
    this.#customers = new Map(CUSTOMERS.map((customer) => [customer.customer, customer]));
    this.#exposure = new Map();
    this.#standing = new Map();
    for (const entry of standingEntries(entries)) this.#fold(entry);
  }

  #fold(entry: Entry): void {
    countReference(this.#standing, entry);
    if (entry.op === "item") this.#items.set(entry.item.item, entry.item);
    else if (entry.op === "status") this.#told.set(entry.told.number, entry.told);
    else if (entry.op === "customer") {
      this.#customers.set(entry.customer.customer, entry.customer);
      this.#tell(entry, entry.customer);
    } else if ("order" in entry) {
      this.#foldOrder(entry);
      this.#tell(entry, entry.order);
    }
  }

  #foldOrder({ op, order, reference, at }: OrderEntry): void {
    const exposed = this.exposure(order.customer, order.number).plus(openValue(order));
    this.#exposure.set(order.customer, exposed);
    this.#orders.set(order.number, order);
    if (order.sourceOrder !== null && op === "create")
      addTo(this.#numbersBySource, order.sourceOrder, order.number);
    if (reference !== null)
      addTo(this.#numbersByReference, reference, { number: order.number, at: Date.parse(at) });
  }

  #tell({ event, at, reference }: TellingEntry, data: Order | Customer): void {
    const sequence = this.#changes.length + 1;
    if (event) this.#changes.push({ ...event, sequence, timestamp: at, reference, data });
  }
}

type OrderEntry = Extract<Entry, { order: Order }>;
type TellingEntry = Extract<Entry, { event: unknown }>;

function newEvent(type: string | null): { id: string; type: string } | null {
  return type === null ? null : { id: randomUUID(), type };
}

function countReference(counts: Map<string, number>, entry: Entry): void {
  if ("reference" in entry && entry.reference !== null)
    counts.set(entry.reference, (counts.get(entry.reference) ?? 0) + 1);
}

function addTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function openValue(order: Order): Decimal {
  return new Decimal(order.status === "cancelled" || order.status === "shipped" ? 0 : order.total);
}
