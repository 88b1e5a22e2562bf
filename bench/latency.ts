import { followOutcomes } from "./follow.ts";
import { orderName, orderRequested } from "./order.ts";
import type { Hub, Stage } from "./stage.ts";
import { onTimetable } from "./timetable.ts";

const IN_FLIGHT = 64;
const WITHIN_MS = 120_000;

export interface Load {
  readonly prefix: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** The effect whose outcome ends the time of an order: its first of this name. */
  readonly effect: "create" | "tell";
}

/**
 * Sends orders on a fixed timetable and takes the time of each, from when it was due to be sent until a reader of the ledger
 * sees the outcome of its effect. An order that is sent late because the hub is slow is late.
 * @returns milliseconds, ascending
 */
export async function measureLatency(stage: Stage, hub: Hub, load: Load): Promise<number[]> {
  const { prefix, perSecond, seconds, effect } = load;
  const count = Math.round(perSecond * seconds);
  const took = new Map<string, number>();
  const due = new Map<string, number>();
  const unfollow = await followOutcomes(hub, ({ key, name }) => {
    if (name !== effect || !key.startsWith(`${prefix}-`) || took.has(key)) return;
    took.set(key, performance.now() - due.get(key)!);
  });
  const client = await hub.connect(IN_FLIGHT);
  try {
    await onTimetable(perSecond, count, (n, dueAt) => {
      const order = orderName(prefix, n);
      due.set(order, dueAt);
      return client.postEvents(orderRequested(order));
    });
    await stage.until(
      `the outcome of each of ${count} orders is seen`,
      () => (took.size >= count ? true : undefined),
      WITHIN_MS,
    );
  } finally {
    client.close();
    unfollow();
  }
  return [...took.values()].toSorted((a, b) => a - b);
}
