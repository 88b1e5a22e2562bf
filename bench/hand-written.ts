import { Pool as HttpPool } from "undici";
import { fetchToken, type OrderSystem } from "./order-system.ts";
import { orderData, orderName } from "./order.ts";
import { createHandWritten, finishHandWritten, insertHandWritten } from "./queries.ts";
import type { Stage } from "./stage.ts";

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
 * one call, one update, 64 orders at once. No ledger, no order per object, and a crash between call and update leaves it open
 * whether the call was made.
 * @returns orders per second, each one call
 */
export async function measureHandWritten(stage: Stage, deed: Deed, seconds: number): Promise<number> {
  const { pool } = stage;
  const target: OrderSystem = deed === "enter" ? stage.erp : stage.portal;
  await createHandWritten(pool);
  const http = new HttpPool(target.url, { connections: IN_FLIGHT });
  try {
    const headers = {
      authorization: `Bearer ${await fetchToken(target)}`,
      "content-type": "application/json",
    };
    let n = 0;
    const prefix = `hand${Date.now()}`;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (performance.now() - began < seconds * 1_000) await handle(orderName(prefix, n++));
      }),
    );
    return n / ((performance.now() - began) / 1_000);

    async function handle(order: string): Promise<void> {
      const data = orderData(order);
      await insertHandWritten(pool, order, data);
      const { method, path, body } = (deed === "enter" ? entering : telling)(JSON.parse(data) as Order);
      const answer = await http.request({ method, path, headers, body: JSON.stringify(body) });
      const { number } = (await answer.body.json()) as { number: string };
      if (answer.statusCode >= 300)
        throw new Error(`${target.name} answered ${answer.statusCode} to ${order}`);
      await finishHandWritten(pool, order, number);
    }
  } finally {
    await http.close();
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

function entering({ salesOrder, customer, lines }: Order): Call {
  const body = {
    externalReference: salesOrder.slice(-16),
    sourceOrder: salesOrder,
    customer,
    lines: lines.map(({ line, item, quantity: { value, unit } }) => ({ line, item, quantity: value, unit })),
  };
  return { method: "POST", path: "/orders", body };
}

function telling({ salesOrder }: Order): Call {
  const body = { externalReference: salesOrder.slice(-16), status: "received", details: {} };
  return { method: "PUT", path: `/orders/${salesOrder}/status`, body };
}
