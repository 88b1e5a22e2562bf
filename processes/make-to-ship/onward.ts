/**
 * What follows from how the goods and the order stand now: the same question after every event. A shipment whose goods came
 * under a hold is stopped, one whose goods are free again is let go, and what has become ready leaves.
 */
import type { DerivedEvent, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { hasLeft, nextShipment } from "./plan.ts";
import { awaitPromise, missed } from "./promise.ts";
import type { Context, Next, Order, Phase, Shipment } from "./state.ts";
import { stopOrLetGo } from "./stop.ts";
import { release, tell } from "./telling.ts";

const HOUR_MS = 3_600_000;
/** After a shipment was let go, it should have left within two working days; after it has left, be billed within one. */
const WITHIN_MS = { shipping: 16 * HOUR_MS, invoice: 8 * HOUR_MS };
/** Silence counts only where the word may not lie unread. */
const TOLD_BY = { shipping: "wms/ShipmentConfirmed", invoice: "erp/InvoicePosted" };
const OVERDUE = { shipping: "SHIPMENT_OVERDUE", invoice: "INVOICE_OVERDUE" } as const;
type Timer = Order["running"][number];

interface More {
  readonly effects?: readonly IntendedEffect[];
  readonly cases?: readonly IntendedCase[];
}

export function onward(context: Context, order: Order, more: More = {}): Next {
  const { key, state: before } = context;
  const credit = creditProblem(context, order);
  const stopped = stopOrLetGo(key, order, credit);
  const ready = credit === undefined ? letLeave(key, stopped.order) : { order: stopped.order };
  const { running, ...timers } = timersOf(before, ready.order);
  const promise = awaitPromise(before, ready.order, context.event.time);
  const settled = [
    ...(hasHeld(before) && !hasHeld(ready.order) ? ["SHIPMENT_HELD"] : []),
    ...(missed(before).length > 0 && missed(ready.order).length === 0 ? ["PROMISE_MISSED"] : []),
  ];
  return {
    phase: restOf(ready.order),
    state: { ...promise.order, running },
    effects: [...(more.effects ?? []), ...stopped.effects, ...(ready.effects ?? [])],
    derive: ready.derive ?? [],
    cases: [...(more.cases ?? []), ...stopped.cases],
    timers: [...timers.timers, ...promise.timers],
    clearTimers: [...timers.ended, ...promise.clearTimers],
    closeCases: [...settled, ...timers.ended.map((name) => OVERDUE[name])],
  };
}

function hasHeld({ shipments }: Order): boolean {
  return Object.values(shipments).some(({ stands }) => stands === "held");
}

/** What is waited for: shipments that may leave, and goods that have left without a bill. */
const WAITING: Record<Timer, readonly Shipment["stands"][]> = {
  shipping: ["ready"],
  invoice: ["left", "issued"],
};

/** A timer begins with the first of what is waited for, and ends with the last. */
function timersOf(before: Order, order: Order) {
  const counted = (of: Order, name: Timer) =>
    Object.values(of.shipments).filter(({ stands }) => WAITING[name].includes(stands)).length;
  const names = ["shipping", "invoice"] as const;
  const begun = names.filter(
    (name) => !order.running.includes(name) && counted(order, name) > counted(before, name),
  );
  const running = [...order.running, ...begun].filter((name) => counted(order, name) > 0);
  return {
    running,
    ended: names.filter((name) => counted(before, name) > 0 && counted(order, name) === 0),
    timers: begun.map((name) => ({
      name,
      afterMs: WITHIN_MS[name],
      onCalendar: true,
      watches: [TOLD_BY[name]],
    })),
  };
}

function restOf(order: Order): Phase {
  if (!hasLeft(order)) return "open";
  return Object.values(order.shipments).every(({ stands }) => stands === "invoiced") ? "done" : "shipped";
}

function creditProblem({ facts }: Pick<Context, "facts">, { customer, ownHold }: Order): string | undefined {
  if (ownHold) return "the ERP holds the order on credit";
  return facts("creditHold", customer) === true ? `customer ${customer} is on credit hold` : undefined;
}

function letLeave(
  key: string,
  order: Order,
): { order: Order; effects?: IntendedEffect[]; derive?: DerivedEvent[] } {
  const shipment = `${key}.S${order.made + 1}`;
  const next = nextShipment(order, shipment);
  if (!next) return { order };
  const { lines, complete } = next;
  const ready: Order = {
    ...next.order,
    made: order.made + 1,
    shipments: { ...order.shipments, [shipment]: { lines, stands: "ready" } },
  };
  const { customer, policy } = order;
  return {
    order: ready,
    effects: [release(ready, key, shipment, lines), tell(ready, key, "ready-to-ship")],
    derive: [
      {
        name: "ShipmentReady",
        data: { shipment, salesOrder: key, customer, shippingPolicy: policy, lines, complete },
      },
    ],
  };
}
