import { orderName, orderRequested } from "./order.ts";
import type { Hub } from "./stage.ts";

/** So many orders before anything is measured: by then the code that runs often is compiled. */
export const WARM_ORDERS = 2_000;

/** Orders `<prefix>-0` to `<prefix>-<count - 1>`, one event each. Resolves when the hub has accepted them all. */
export async function placeOrders(hub: Hub, inFlight: number, prefix: string, count: number): Promise<void> {
  const client = await hub.connect(inFlight);
  try {
    await client.drive((n) =>
      n < count ? client.postEvents(orderRequested(orderName(prefix, n))) : undefined,
    );
  } finally {
    client.close();
  }
}
