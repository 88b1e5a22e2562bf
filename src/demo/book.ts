import type { OrderSystem, Stage } from "./stage.ts";
import type { Line } from "./order.ts";

/** One order as an order system holds it now. */
export interface HeldOrder {
  readonly number: string;
  readonly sourceOrder: string | null;
  readonly customer: string;
  readonly status: string;
  readonly lines: readonly (Line & { readonly confirmedDate: string })[];
}

/** What an order system shows of an order that lives elsewhere. */
export interface Shown {
  readonly status: string;
  readonly details: { readonly confirmedDate?: string; readonly document?: string };
}

/** What really happened in an order system, from its own book. */
export interface Book {
  /** Every order that was ever created, by where it came from. */
  readonly orders: ReadonlyMap<string, readonly HeldOrder[]>;
  readonly shown: ReadonlyMap<string, Shown>;
  /** References that did something more than once. */
  readonly repeated: readonly string[];
}

interface Entry {
  readonly op: string;
  readonly order?: HeldOrder;
  readonly told?: Shown & { readonly number: string };
}

export async function readBook(system: OrderSystem): Promise<Book> {
  const { body } = await system.admin("book");
  const { entries, appliedMoreThanOnce } = body as { entries: Entry[]; appliedMoreThanOnce: string[] };
  const latest = new Map<string, HeldOrder>();
  const shown = new Map<string, Shown>();
  for (const { order, told } of entries) {
    if (order) latest.set(order.number, order);
    if (told) shown.set(told.number, told);
  }
  const orders = Map.groupBy(latest.values(), ({ sourceOrder, number }) => sourceOrder ?? number);
  return { orders, shown, repeated: appliedMoreThanOnce };
}

/** One exception that a person must settle, as the hub shows it. */
export interface Case {
  readonly kind: string;
  readonly owner: string;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly subject: string;
}

/** What the hub says of itself. */
export interface Told {
  /** How often each order stands in the ledger as requested. */
  readonly requested: ReadonlyMap<string, number>;
  readonly cases: readonly Case[];
}

export async function readHub(stage: Stage): Promise<Told> {
  const [events, cases] = await Promise.all([
    readAll<{ subject: string }>(stage, "/v1/events?type=interlock.OrderRequested.v1&limit=200"),
    readAll<Case>(stage, "/v1/cases?limit=200"),
  ]);
  const requested = Map.groupBy(events, ({ subject }) => subject.replace("salesOrder/", ""));
  return {
    requested: new Map([...requested].map(([order, times]) => [order, times.length])),
    cases: cases.toReversed(),
  };
}

async function readAll<Item>(stage: Stage, path: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body }: { body: { items: Item[]; next: string | null } } = await stage.api(
      cursor === "" ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
    );
    items.push(...body.items);
    cursor = body.next;
  }
  return items;
}
