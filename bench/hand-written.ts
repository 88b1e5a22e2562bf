import { Pool as HttpPool } from "undici";
import type { Pool } from "../src/db/pool.ts";
import { fetchToken, type OrderSystem } from "./order-system.ts";
import { orderData, orderName } from "./order.ts";
import { createHandWritten, finishHandWritten, insertHandWritten } from "./queries.ts";
import type { Stage } from "./stage.ts";
import { onTimetable } from "./timetable.ts";

const IN_FLIGHT = 64;

interface Call {
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly body: object;
}

/** What is to be done in the other system: an order entered in the ERP, or its customer told at the portal. */
export type Deed = "enter" | "tell";

/**
 * What a programmer would write without an engine: keep the order, call the other system, note that it is done; one insert,
 * one call, one update. No ledger, no order per object, and a crash between call and update leaves it open whether the call
 * was made.
 */
class HandWritten {
  readonly #pool: Pool;
  readonly #http: HttpPool;
  readonly #target: OrderSystem;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #deed: Deed;

  private constructor(pool: Pool, target: OrderSystem, token: string, deed: Deed) {
    this.#pool = pool;
    this.#target = target;
    this.#http = new HttpPool(target.url, { connections: IN_FLIGHT });
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    this.#deed = deed;
  }

  static async open({ pool, erp, portal }: Stage, deed: Deed): Promise<HandWritten> {
    const target = deed === "enter" ? erp : portal;
    await createHandWritten(pool);
    return new HandWritten(pool, target, await fetchToken(target), deed);
  }

  async handle(order: string): Promise<void> {
    const data = orderData(order);
    await insertHandWritten(this.#pool, order, data);
    const { method, path, body } = CALLS[this.#deed](JSON.parse(data) as Order);
    const headers = this.#headers;
    const answer = await this.#http.request({ method, path, headers, body: JSON.stringify(body) });
    const { number } = (await answer.body.json()) as { number: string };
    if (answer.statusCode >= 300)
      throw new Error(`${this.#target.name} answered ${answer.statusCode} to ${order}`);
    await finishHandWritten(this.#pool, order, number);
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

/** 64 orders at once. @returns orders per second, each one call */
export async function measureHandWritten(stage: Stage, deed: Deed, seconds: number): Promise<number> {
  const flow = await HandWritten.open(stage, deed);
  try {
    let n = 0;
    const prefix = `hand${Date.now()}`;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (performance.now() - began < seconds * 1_000) await flow.handle(orderName(prefix, n++));
      }),
    );
    return n / ((performance.now() - began) / 1_000);
  } finally {
    await flow.close();
  }
}

/**
 * The same on a fixed timetable, all in this one process: nobody sends an order over HTTP, and nobody reads of its outcome.
 * @returns milliseconds from when each order was due until it was done, ascending
 */
export async function timeHandWritten(
  stage: Stage,
  deed: Deed,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<number[]> {
  const flow = await HandWritten.open(stage, deed);
  try {
    const prefix = `paced${Date.now()}`;
    const took = await onTimetable(perSecond, Math.round(perSecond * seconds), async (n, dueAt) => {
      await flow.handle(orderName(prefix, n));
      return performance.now() - dueAt;
    });
    return took.toSorted((a, b) => a - b);
  } finally {
    await flow.close();
  }
}

interface Order {
  readonly salesOrder: string;
  readonly customer: string;
  readonly lines: readonly {
    readonly line: number;
    readonly item: string;
    readonly quantity: { readonly value: string; readonly unit: string };
  }[];
}

const CALLS: Readonly<Record<Deed, (order: Order) => Call>> = {
  enter: ({ salesOrder, customer, lines }) => ({
    method: "POST",
    path: "/orders",
    body: {
      externalReference: salesOrder.slice(-16),
      sourceOrder: salesOrder,
      customer,
      lines: lines.map(({ line, item, quantity: { value, unit } }) => ({
        line,
        item,
        quantity: value,
        unit,
      })),
    },
  }),
  tell: ({ salesOrder }) => ({
    method: "PUT",
    path: `/orders/${salesOrder}/status`,
    body: { externalReference: salesOrder.slice(-16), status: "received", details: {} },
  }),
};
