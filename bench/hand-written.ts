import { Pool as HttpPool } from "undici";
import { fetchToken } from "./order-system.ts";
import { orderData, orderName } from "./order.ts";
import { createHandWritten, finishHandWritten, insertHandWritten } from "./queries.ts";
import type { Stage } from "./stage.ts";

const IN_FLIGHT = 64;

/**
 * What a programmer would write without an engine: keep the order, call the ERP, note that it is done; one insert, one call,
 * one update, 64 orders at once. No ledger, no order per object, and a crash between call and update leaves it open whether
 * the order was entered.
 * @returns orders per second, each one call
 */
export async function measureHandWritten(stage: Stage, seconds: number): Promise<number> {
  const { pool, erp } = stage;
  await createHandWritten(pool);
  const http = new HttpPool(erp.url, { connections: IN_FLIGHT });
  try {
    const token = await fetchToken(erp);
    let n = 0;
    const prefix = `hand${Date.now()}`;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (performance.now() - began < seconds * 1_000) await enter(orderName(prefix, n++));
      }),
    );
    return n / ((performance.now() - began) / 1_000);

    async function enter(order: string): Promise<void> {
      const data = orderData(order);
      await insertHandWritten(pool, order, data);
      const { statusCode, body } = await http.request({
        path: "/orders",
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(native(JSON.parse(data) as Order)),
      });
      const answer = (await body.json()) as { number: string };
      if (statusCode !== 201) throw new Error(`the ERP answered ${statusCode}: ${JSON.stringify(answer)}`);
      await finishHandWritten(pool, order, answer.number);
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

function native({ salesOrder, customer, lines }: Order): object {
  return {
    externalReference: salesOrder.slice(-16),
    sourceOrder: salesOrder,
    customer,
    lines: lines.map(({ line, item, quantity }) => ({
      line,
      item,
      quantity: quantity.value,
      unit: quantity.unit,
    })),
  };
}
