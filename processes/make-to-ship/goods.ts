/** What the ERP, the plants and quality tell of the order and its goods, before they leave. */
import type { EventData } from "../../src/process/index.ts";
import { isNegative, plus, positive } from "./amount.ts";
import { onward } from "./onward.ts";
import { matching, receive, setStatus, supplied, takeByTurns } from "./pieces.ts";
import type { Built, Context, Handle, HeldOrder, Hold, Order, Piece, Receipt } from "./state.ts";
import { aCase, hold, reasonsOf } from "./telling.ts";

/** Beyond this an asset shows a part of what is in it: a state has its limits. */
const MOST_BUILT = 400;

/** More of the same is one entry: plants report by the hour. */
function withBuilt(order: Order, entry: Built): Order {
  const nameOf = ({ quantity, ...rest }: Built) =>
    JSON.stringify([Object.entries(rest).toSorted(), quantity.unit]);
  const same = order.built.findIndex((each) => nameOf(each) === nameOf(entry));
  if (same < 0) return { ...order, built: [...order.built, entry].slice(0, MOST_BUILT) };
  const { quantity } = order.built[same]!;
  const whole = { ...entry, quantity: { ...quantity, value: plus(quantity.value, entry.quantity.value) } };
  return { ...order, built: order.built.with(same, whole) };
}

function taken({ facts, event }: Context, state: Order): Order {
  const {
    document,
    customer,
    customerReference,
    shippingPolicy = state.policy,
    creditHold,
    lines,
  } = event.data as HeldOrder;
  const known = new Map(state.lines.map((line) => [line.line, line]));
  const ofCustomer = facts("creditHold", customer) === true;
  return {
    ...state,
    customer,
    document,
    ...(customerReference !== undefined && { customerReference }),
    policy: shippingPolicy,
    ownHold: creditHold === undefined ? state.ownHold : creditHold && !ofCustomer,
    lines: lines.map(({ line, item, quantity, schedule, supply }) => ({
      line,
      item,
      quantity,
      schedule: schedule
        .toSorted((a, b) => a.scheduleLine - b.scheduleLine)
        .map((each) => ({ ...each, quantity: each.quantity.value })),
      fromStock: supply === undefined ? (known.get(line)?.fromStock ?? false) : supply === "stock",
      shipped: known.get(line)?.shipped ?? "0",
    })),
  };
}

export const ordered: Handle = (context) => onward(context, taken(context, context.state));

export const cancelled: Handle = ({ key, state }) => {
  const waiting = Object.entries(state.shipments).filter(([, { stands }]) => stands === "ready");
  const stopped = waiting.map(
    ([shipment, each]) => [shipment, { ...each, stands: "held" as const }] as const,
  );
  return {
    phase: "ended",
    state: { ...state, shipments: { ...state.shipments, ...Object.fromEntries(stopped) } },
    effects: waiting.map(([shipment]) => hold(key, shipment, "the order is cancelled")),
    closeCases: ["SHIPMENT_HELD", "SHIPMENT_OVERDUE", "INVOICE_OVERDUE"],
    ...(waiting.length > 0 && {
      cases: [
        aCase(
          "SHIPMENT_OF_CANCELLED",
          "customer-service",
          `order ${key} is cancelled, and the warehouse had been told to ship ${waiting.map(([name]) => name).join(", ")}`,
          "see that the warehouse puts the goods back; what has left comes back as a return",
        ),
      ],
    }),
  };
};

export const promised: Handle = (context) => {
  const { line, scheduleLine, newDate } = context.event.data as EventData["interlock.PromiseDateChanged.v1"];
  const lines = context.state.lines.map((each) => ({
    ...each,
    schedule: each.schedule.map((delivery) =>
      each.line === line && (scheduleLine ?? delivery.scheduleLine) === delivery.scheduleLine
        ? { ...delivery, confirmedDate: newDate }
        : delivery,
    ),
  }));
  return onward(context, { ...context.state, lines });
};

export const supplyTold: Handle = (context) => {
  const supply = context.event.data as EventData["interlock.ProductionOrderReleased.v1"];
  return onward(context, supplied(context.state, context.key, supply));
};

export const received: Handle = (context) =>
  onward(context, receive(context.state, context.key, context.event.data as Receipt));

export const statusChanged: Handle = (context) => {
  const { lot, serial, productionOrder, quantity, from, to } = context.event
    .data as EventData["interlock.StockStatusChanged.v1"];
  const what = { lot, serial, productionOrder };
  return onward(context, setStatus(context.state, what, quantity.value, from, to));
};

/** Less in stock of a lot than was thought; more of it is nobody's until the ERP says whose. */
export const adjusted: Handle = (context) => {
  const { lot, serial, status, quantity } = context.event.data as EventData["interlock.InventoryAdjusted.v1"];
  if (!isNegative(quantity.value)) return onward(context, context.state);
  const isMeant = (piece: Piece) => matching(piece, { lot, serial });
  // What is scrapped under a hold is not free: the pieces that are stay.
  const stoodSo = (piece: Piece) => isMeant(piece) && (status === undefined || piece.status === status);
  return onward(context, takeByTurns(context.state, positive(quantity.value), [stoodSo, isMeant]));
};

export const creditTold: Handle = (context) => {
  const { state, event } = context;
  const { salesOrder } = event.data as EventData["interlock.CreditHoldPlaced.v1"];
  const ownHold = event.type === "interlock.CreditHoldPlaced.v1";
  return onward(context, salesOrder === undefined ? state : { ...state, ownHold });
};

export const holdRaised: Handle = (context) => {
  const { hold: name, ...scope } = context.event.data as EventData["interlock.QualityHoldRaised.v1"];
  return onward(context, withHold(context.state, name, holdOf(context.state, scope)));
};

export const holdReleased: Handle = (context) => {
  const { hold: name } = context.event.data as EventData["interlock.QualityHoldReleased.v1"];
  return onward(context, withHold(context.state, name, undefined));
};

export const disposed: Handle = (context) => {
  const { hold: name, last } = context.event.data as EventData["interlock.DispositionDecided.v1"];
  return onward(context, last ? withHold(context.state, name, undefined) : context.state);
};

/** quality-hold counts what lies on the same goods, also what came to them from what went in. */
export const goodsTold: Handle = (context) => {
  const { holds, hold: _, ...scope } = context.event.data as EventData["interlock.GoodsHeld.v1"];
  // A part of goods is held by the hold that was raised on it, which was heard: told again, it would count twice.
  if (scope.quantity !== undefined) return onward(context, context.state);
  const name = `goods:${scope.serial ?? scope.lot ?? scope.workOrder ?? scope.productionOrder ?? ""}`;
  return onward(context, withHold(context.state, name, holds > 0 ? holdOf(context.state, scope) : undefined));
};

type Scope = Pick<
  EventData["interlock.GoodsHeld.v1"],
  "lot" | "serial" | "workOrder" | "productionOrder" | "quantity"
>;

function holdOf({ works }: Order, { lot, serial, workOrder = "", quantity, ...scope }: Scope): Hold {
  const productionOrder = scope.productionOrder ?? works[workOrder];
  if (serial !== undefined) return { serial };
  if (lot !== undefined) return { lot };
  return {
    ...(productionOrder !== undefined && { productionOrder }),
    ...(quantity !== undefined && { quantity: quantity.value }),
  };
}

function withHold(order: Order, name: string, hold: Hold | undefined): Order {
  const { [name]: _, ...holds } = order.holds;
  return { ...order, holds: hold === undefined ? holds : { ...holds, [name]: hold } };
}

/** What went into the goods: kept for the asset that the customer gets. */
export const consumed: Handle = (context) => {
  const { state, event } = context;
  const { workOrder, item, lot, serial, quantity, precision, outputLot, outputSerial } =
    event.data as EventData["interlock.MaterialConsumed.v1"];
  if (lot === undefined && serial === undefined) return onward(context, state);
  const productionOrder = state.works[workOrder];
  const entry: Built = {
    item,
    quantity,
    precision,
    ...(productionOrder !== undefined && { productionOrder }),
    ...(lot !== undefined && { lot }),
    ...(serial !== undefined && { serial }),
    ...(outputLot !== undefined && { outputLot }),
    ...(outputSerial !== undefined && { outputSerial }),
  };
  return onward(context, withBuilt(state, entry));
};

export const replaced: Handle = (context) => {
  const { state, event } = context;
  const { lot, serial, removed, installed, quantity } =
    event.data as EventData["interlock.ComponentReplaced.v1"];
  const of = {
    precision: serial === undefined ? ("lot" as const) : ("piece" as const),
    ...(lot !== undefined && { outputLot: lot }),
    ...(serial !== undefined && { outputSerial: serial }),
  };
  const out: Built = { ...removed, ...of, quantity: { ...quantity, value: `-${quantity.value}` } };
  return onward(context, [out, { ...installed, ...of, quantity }].reduce(withBuilt, state));
};

export const workReleased: Handle = (context) => {
  const { workOrder, productionOrder } = context.event.data as EventData["interlock.WorkOrderReleased.v1"];
  const { state } = context;
  return onward(context, { ...state, works: { ...state.works, [workOrder]: productionOrder } });
};

/** Taking the refused wish back frees the shipment's lane for what comes after it. */
export const holdNotTaken: Handle = (context) => ({
  ...onward(context, context.state, {
    cases: [
      aCase(
        "SHIPMENT_NOT_HELD",
        "quality",
        `the warehouse does not stop a shipment of order ${context.key}: ${reasonsOf(context.event)}`,
        "stop the shipment by hand; what has left is called back or contained",
      ),
    ],
  }),
  withdraw: [(context.event.data as { reference: string }).reference],
});
