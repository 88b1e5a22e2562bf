/** One line as a customer wants it: decimal texts, Rec 20 units, days. */
export interface Line {
  readonly line: number;
  readonly item: string;
  readonly quantity: string;
  readonly unit: string;
  readonly price: string;
  readonly requestedDate: string;
}

export interface Order {
  readonly salesOrder: string;
  readonly customer: string;
  readonly lines: readonly Line[];
}

type Item = Pick<Line, "item" | "unit" | "price">;

/** What the ERP sells. The first two the portal sells under numbers of its own as well. */
const ITEMS: readonly Item[] = [
  { item: "PUMP-200", unit: "C62", price: "1999.00" },
  { item: "SEAL-9", unit: "KGM", price: "118.00" },
  { item: "PUMP-300", unit: "C62", price: "3450.00" },
  { item: "VALVE-10", unit: "C62", price: "89.50" },
  { item: "SEAL-KIT", unit: "C62", price: "24.90" },
  { item: "COOLANT", unit: "LTR", price: "6.75" },
];
export const CUSTOMERS = ["C-77", "C-310", "C-320", "C-330"] as const;
const DAY_MS = 86_400_000;

/** Draws orders: the same seed, the same orders. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** @param items how many of the catalogue may be in it */
  order(
    salesOrder: string,
    { items = ITEMS.length, lines = 1 + this.#below(3), customer }: Wish = {},
  ): Order {
    const from = this.#below(items);
    return {
      salesOrder,
      customer: customer ?? CUSTOMERS[this.#below(CUSTOMERS.length)]!,
      lines: Array.from({ length: Math.min(lines, items) }, (_, i) => ({
        line: (i + 1) * 10,
        ...ITEMS[(from + i) % items]!,
        quantity: String(1 + this.#below(24)),
        requestedDate: this.day(),
      })),
    };
  }

  day(): string {
    return new Date(Date.now() + (20 + this.#below(60)) * DAY_MS).toISOString().slice(0, 10);
  }

  /** mulberry32 */
  #below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  }
}

interface Wish {
  readonly items?: number;
  readonly lines?: number;
  readonly customer?: string;
}

/** What the portal's own numbers are called elsewhere; the last one the crosswalk of the example lacks. */
const SHOP_NUMBERS: Record<string, string> = {
  "PUMP-200": "SHOP-0200",
  "SEAL-9": "SHOP-0009",
  "PUMP-300": "SHOP-0300",
};
const SHOP_UNITS: Record<string, string> = { C62: "pc", KGM: "kilo" };
export const MISSING_ROW = "portal,item,SHOP-0300,PUMP-300\n";

/** The order in the portal's own format, which the project's mapping reads. */
export function nativeOrder({ salesOrder, customer, lines }: Order, messageId: string): object {
  return {
    messageId,
    order: {
      number: salesOrder,
      version: 1,
      state: "placed",
      placedAt: new Date().toISOString().slice(0, 19),
      currency: "EUR",
      customer: { number: customer },
      positions: lines.map(({ line, item, quantity, unit, price, requestedDate }) => ({
        pos: line,
        article: SHOP_NUMBERS[item],
        amount: Number(quantity),
        unit: SHOP_UNITS[unit],
        price: price.replace(".", ","),
        wanted: requestedDate,
      })),
    },
  };
}

/** The order as the data of OrderRequested. */
export function canonicalOrder({ salesOrder, customer, lines }: Order): object {
  return { salesOrder, customer, lines: lines.map(canonicalLine) };
}

export function canonicalLine({ line, item, quantity, unit, price, requestedDate }: Line): object {
  return {
    line,
    item,
    quantity: { value: quantity, unit },
    unitPrice: { amount: price, currency: "EUR" },
    requestedDate,
  };
}
