/** The days the ERP promised: one that passes while goods have not left is told, whatever kept them. */
import type { IntendedTimer } from "../../src/process/index.ts";
import { isPositive, least, minus } from "./amount.ts";
import type { Context, Delivery, Handle, Order } from "./state.ts";
import { aCase } from "./telling.ts";

const DAY_MS = 86_400_000;

interface Owed extends Delivery {
  readonly line: number;
}

/** What of the order has not left, with the day it was promised for. */
function owed({ lines }: Order): Owed[] {
  return lines.flatMap(({ line, shipped, schedule }) => {
    let gone = shipped;
    return schedule.flatMap((delivery) => {
      const served = least(gone, delivery.quantity);
      gone = minus(gone, served);
      const quantity = minus(delivery.quantity, served);
      return isPositive(quantity) ? [{ ...delivery, line, quantity }] : [];
    });
  });
}

/** Deliveries whose day has passed, as was told. */
export function missed(order: Order): Owed[] {
  const { missedDate = "" } = order;
  return owed(order).filter(({ confirmedDate }) => confirmedDate <= missedDate);
}

/** Waits for the next promised day that has not passed yet. */
export function awaitPromise(
  before: Order,
  order: Order,
  time: string,
): { order: Order; timers: IntendedTimer[]; clearTimers: string[] } {
  const { promise: _, ...rest } = order;
  const [promise] = owed(order)
    .map(({ confirmedDate }) => confirmedDate)
    .filter((date) => date > (order.missedDate ?? ""))
    .toSorted();
  if (promise === undefined)
    return { order: rest, timers: [], clearTimers: before.promise === undefined ? [] : ["promise"] };
  const waiting = { ...rest, promise };
  if (promise === before.promise) return { order: waiting, timers: [], clearTimers: [] };
  const afterMs = Math.max(0, Date.parse(`${promise}T00:00:00Z`) + DAY_MS - Date.parse(time));
  // The ERP's word that goods have left may lie unread.
  const timer = { name: "promise", afterMs, watches: ["erp/GoodsIssued"] };
  return { order: waiting, timers: [timer], clearTimers: [] };
}

export const promiseMissed: Handle = (context) => {
  const { key, state, event } = context;
  const now: Order = { ...state, missedDate: state.promise ?? "" };
  const late = missed(now);
  const { order, timers } = awaitPromise(state, now, event.time);
  if (late.length === 0) return { phase: "open", state: order, timers };
  return {
    phase: "open",
    state: order,
    timers,
    derive: late.map((delivery) => atRisk(context, delivery)),
    cases: [
      aCase(
        "PROMISE_MISSED",
        "customer-service",
        `order ${key} was promised and has not left: ${late.map(({ line, quantity, confirmedDate }) => `${quantity} of line ${line} for ${confirmedDate}`).join("; ")}`,
        "see what keeps it, tell the customer, and have the ERP promise another day; the case closes with that or with the goods",
      ),
    ],
  };
};

function atRisk({ key, state, event }: Context, { line, quantity, confirmedDate }: Owed) {
  return {
    name: "OrderAtRisk",
    data: {
      salesOrder: key,
      because: `${quantity} of line ${line}, promised for ${confirmedDate}, have not left`,
      since: event.time,
      customer: state.customer,
      line,
    },
  };
}
