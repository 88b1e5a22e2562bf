import type { Answer } from "./call.ts";
import { canonicalLine, canonicalOrder, type Line, nativeOrder, type Order } from "./order.ts";
import type { Shop } from "./shop.ts";
import { until } from "./until.ts";

/** Where an order should come to rest. */
export const ENDS = {
  confirmed: "the ERP has it once and promises a date, which the portal shows",
  cancelled: "the ERP has it cancelled, or never got it",
  "refused by the ERP": "the ERP did not take it",
  "cancelled in the ERP": "a clerk of the ERP cancelled it",
  "refused at the door": "the hub did not take it",
} as const;
export type End = keyof typeof ENDS;

/** What the portal wanted in the end, by its own memory. */
export interface Asked extends Order {
  readonly end: End;
  /** What happened to it, for the table. */
  readonly remark: string;
}

interface Placing {
  readonly end?: End;
  readonly remark?: string;
  /** In the portal's own format, through the mapping. */
  readonly native?: boolean;
}

const STRUCTURED = "application/cloudevents+json";

/**
 * The portal's side: tells the hub what customers want, and keeps telling until it has an answer. It remembers what it asked
 * for; what others say they did is compared with that.
 */
export class Portal {
  readonly #shop: Shop;
  readonly #asked = new Map<string, Asked>();
  readonly #sent = new Map<string, { readonly data: object } & Record<string, unknown>>();

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  get asked(): readonly Asked[] {
    return [...this.#asked.values()];
  }

  place(order: Order, { end = "confirmed", remark = "", native = false }: Placing = {}): Promise<Answer> {
    const { salesOrder } = order;
    this.#asked.set(salesOrder, { ...order, end, remark });
    if (native) {
      const message = nativeOrder(order, `portal-${salesOrder}`);
      return this.#deliver("/v1/systems/portal/inbound/requests", message);
    }
    return this.#tell(salesOrder, "OrderRequested", canonicalOrder(order));
  }

  /** The same event once more, or one that carries its id and says something else. */
  again(salesOrder: string, otherwise: object = {}): Promise<Answer> {
    const event = this.#sent.get(`${salesOrder}-OrderRequested`)!;
    return this.#deliver("/v1/events", { ...event, data: { ...event.data, ...otherwise } }, STRUCTURED);
  }

  /** @param lines as they are wanted now; a quantity of 0 takes one out */
  change(salesOrder: string, lines: readonly Line[], remark: string): Promise<Answer> {
    const asked = this.#asked.get(salesOrder)!;
    const now = new Map([...asked.lines, ...lines].map((line) => [line.line, line]));
    const left = [...now.values()].filter(({ quantity }) => quantity !== "0");
    this.#asked.set(salesOrder, { ...asked, lines: left, remark });
    return this.#tell(salesOrder, "OrderChangeRequested", { salesOrder, lines: lines.map(canonicalLine) });
  }

  cancel(salesOrder: string, remark = "cancelled by the customer"): Promise<Answer> {
    this.expect(salesOrder, "cancelled", remark);
    return this.#tell(salesOrder, "OrderCancelRequested", { salesOrder, reason: "no longer needed" });
  }

  /** Something happened to the order that the portal has no part in. */
  expect(salesOrder: string, end: End, remark: string): void {
    this.#asked.set(salesOrder, { ...this.#asked.get(salesOrder)!, end, remark });
  }

  #tell(salesOrder: string, name: string, data: object): Promise<Answer> {
    const event = {
      specversion: "1.0",
      id: `${salesOrder}-${name}`,
      source: "/systems/portal",
      type: `interlock.${name}.v1`,
      subject: `salesOrder/${salesOrder}`,
      time: new Date().toISOString(),
      data,
    };
    this.#sent.set(event.id, event);
    return this.#deliver("/v1/events", event, STRUCTURED);
  }

  /** No answer, or one that says come again, is no answer: the same is sent once more. */
  #deliver(path: string, body: object, contentType = "application/json"): Promise<Answer> {
    const { signal } = this.#shop;
    return until(
      "the hub takes what the portal tells it",
      async () => {
        try {
          const answer = await this.#shop.api(path, { method: "POST", body, contentType });
          return answer.status === 429 || answer.status >= 500 ? undefined : answer;
        } catch {
          return undefined;
        }
      },
      { signal, everyMs: 250 },
    );
  }
}
