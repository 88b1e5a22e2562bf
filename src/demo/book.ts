import type { Line } from "./order.ts";
import type { OrderSystem, Shop } from "./shop.ts";

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

export async function readBook(shop: Shop, system: OrderSystem): Promise<Book> {
  const { entries, appliedMoreThanOnce } = (await shop.ask(system, "book")) as {
    entries: Entry[];
    appliedMoreThanOnce: string[];
  };
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

export async function readHub(shop: Shop): Promise<Told> {
  const [events, cases] = await Promise.all([
    shop.list<{ subject: string }>("/v1/events", { type: "interlock.OrderRequested.v1" }),
    shop.list<Case>("/v1/cases"),
  ]);
  const requested = Map.groupBy(events, ({ subject }) => subject.replace("salesOrder/", ""));
  return {
    requested: new Map([...requested].map(([order, times]) => [order, times.length])),
    cases: cases.toReversed(),
  };
}
