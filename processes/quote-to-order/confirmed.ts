/** While the ERP holds the order: what it, the plants and the warehouse tell of it. */
import type { EventData } from "../../src/process/index.ts";
import { CHECK_CASES } from "./check.ts";
import { isShipped, linesOf, plus } from "./lines.ts";
import {
  type Context,
  type Handle,
  type HeldOrder,
  type Next,
  type Order,
  type Phase,
  type Status,
  withoutWish,
} from "./state.ts";
import { aCase, reasonsOf, referenceOf, tell } from "./telling.ts";
import { costSoFar, endHolds, givenUp, learn, noted } from "./works.ts";

export const ENDING_CASES = [
  ...CHECK_CASES,
  "CONFIRMATION_OVERDUE",
  "CREDIT_HOLD",
  "CHANGE_REFUSED",
  "CHANGE_IMPOSSIBLE",
  "CANCEL_REFUSED",
  "PLANT_SILENT",
  "ANSWER_OVERDUE",
  "PROMISE_REFUSED",
];

/** As the ERP has it now. */
export function taken(state: Order, held: HeldOrder): Order {
  const { document, customer } = held;
  return { ...state, created: true, customer, document, lines: linesOf(state, held) };
}

/** A credit hold stands above how far the order has come, and above any risk. */
const statusOf = (order: Order, otherwise: Status): Status => (order.creditHeld ? "on-hold" : otherwise);

function shown(order: Order, key: string, message?: string): Next {
  return {
    phase: "open",
    state: order,
    effects: [tell(order, key, statusOf(order, order.milestone), { message })],
  };
}

const isHeld = ({ facts, state }: Pick<Context, "facts" | "state">): boolean =>
  facts("creditHold", state.customer) === true;

/** Whether the ERP's word on credit, as it is now, stops the order or lets it go; people hear of it when that turned. */
function credited(context: Context, order: Order): Next {
  const { key, event } = context;
  const creditHeld = order.ownHold || isHeld(context);
  if (creditHeld === order.creditHeld) return shown(order, key);
  if (!creditHeld) return { ...shown({ ...order, creditHeld }, key), closeCases: ["CREDIT_HOLD"] };
  const because = "a credit hold stops its delivery";
  return {
    ...shown({ ...order, creditHeld }, key, "Waits for the release of a credit hold."),
    derive: [
      {
        name: "OrderAtRisk",
        data: { salesOrder: key, because, since: event.time, customer: order.customer },
      },
    ],
    cases: [
      aCase(
        "CREDIT_HOLD",
        "finance",
        `order ${key} is in the ERP and waits: customer ${order.customer} is on credit hold`,
        "release the order or the customer in the ERP, or have the order cancelled",
      ),
    ],
  };
}

/** The order's own hold, where the ERP says of the order that it is held and the customer is not. */
function withOwnHold(context: Context, order: Order): Order {
  const { creditHold } = context.event.data as HeldOrder;
  if (creditHold === undefined) return order;
  return { ...order, ownHold: creditHold && !isHeld(context) };
}

export const confirmed: Handle = (context) => {
  const { wanted: _, ...state } = context.state;
  const order = taken(state, context.event.data as HeldOrder);
  const next = credited({ ...context, state: order }, withOwnHold({ ...context, state: order }, order));
  return {
    ...next,
    clearTimers: ["answer", "recheck"],
    closeCases: [...(next.closeCases ?? []), ...CHECK_CASES, "CONFIRMATION_OVERDUE", "CHANGE_IMPOSSIBLE"],
  };
};

/** A hold or a release, of the customer or of this one order. */
export function creditNews(phase: Phase): Handle {
  return (context) => {
    const { state, event } = context;
    const { salesOrder } = event.data as EventData["interlock.CreditHoldPlaced.v1"];
    const order =
      salesOrder === undefined
        ? state
        : { ...state, ownHold: event.type === "interlock.CreditHoldPlaced.v1" };
    const next = credited(context, order);
    // nothing has turned: the customer is held and the order besides, or the other way round
    if (next.state.creditHeld === state.creditHeld) return { phase, state: order };
    return { ...next, phase };
  };
}

export const changedByErp: Handle = (context) => {
  const order = taken(context.state, context.event.data as HeldOrder);
  const next = credited({ ...context, state: order }, withOwnHold({ ...context, state: order }, order));
  return rest(next.state, next);
};

/** Back to where an order rests: on its way, or done when all of it has shipped. */
export function rest(order: Order, next: Omit<Next, "state">): Next {
  if (!isShipped(order)) return { ...next, state: order };
  return {
    ...next,
    phase: "shipped",
    state: order,
    closeCases: [...(next.closeCases ?? []), ...ENDING_CASES],
  };
}

export const promised: Handle = ({ key, state, event }) => {
  const { line, newDate, cause } = event.data as EventData["interlock.PromiseDateChanged.v1"];
  const lines = state.lines.map((each) => (each.line === line ? { ...each, confirmedDate: newDate } : each));
  return { ...shown({ ...state, lines }, key, cause), closeCases: ["PROMISE_REFUSED"] };
};

export const atRisk: Handle = ({ key, state, event }) => ({
  phase: "open",
  state,
  effects: [
    tell(state, key, statusOf(state, "at-risk"), {
      message: (event.data as EventData["interlock.OrderAtRisk.v1"]).because,
      ...projectedBy(event),
    }),
  ],
});

function projectedBy({ data }: Context["event"]): { projectedDate?: string } {
  const { projectedDate } = data as { projectedDate?: string };
  return projectedDate === undefined ? {} : { projectedDate };
}

/** A later day is proposed to the ERP, which alone promises; the CRM reads both. */
export const projected: Handle = ({ key, state, event }) => {
  const {
    line,
    scheduleLine,
    newDate,
    parts = [],
  } = event.data as EventData["interlock.ProjectedDateChanged.v1"];
  const promise = state.lines.find((each) => each.line === line)?.confirmedDate;
  const late = promise !== undefined && newDate > promise;
  const because = parts.flatMap(({ part, message }) => (message ? `${part}: ${message}` : part)).join("; ");
  return {
    phase: "open",
    state,
    effects: [
      tell(state, key, statusOf(state, late ? "at-risk" : state.milestone), {
        projectedDate: newDate,
        ...(because !== "" && { message: because }),
      }),
      ...(late
        ? [
            {
              name: "propose",
              target: "erp",
              type: "ProposePromiseDate",
              payload: {
                salesOrder: key,
                document: state.document,
                line,
                scheduleLine,
                date: newDate,
                reason: because || "it cannot be ready earlier",
              },
            },
          ]
        : []),
    ],
  };
};

/** Whatever was under way ends with it, and no plant is left standing for an order that is gone. */
export const refused: Handle = ({ key, state, event }) => {
  const { order, derive } = endHolds(withoutWish(state), key, "the ERP rejected the order");
  return {
    phase: "ended",
    state: order,
    derive,
    effects: [tell(order, key, "rejected", { message: reasonsOf(event) })],
    closeCases: ENDING_CASES,
    cases: [
      aCase(
        "ORDER_REJECTED",
        "customer-service",
        `the ERP rejected order ${key}: ${reasonsOf(event)}; ${costSoFar(order)}`,
        "agree with the customer on an order that the ERP takes, and enter it as a new one",
      ),
    ],
  };
};

/** What a plant tells changes no phase by itself. */
export function plantNews(phase: Phase): Handle {
  return ({ key, state, event }) => {
    const order = noted(state, event);
    const first = event.type === "interlock.WorkOrderStarted.v1" && state.milestone === "confirmed";
    if (!first || phase !== "open") return { phase, state: order };
    return {
      phase,
      state: { ...order, milestone: "in-production" },
      effects: [tell(order, key, "in-production")],
    };
  };
}

export function workReleased(phase: Phase): Handle {
  return ({ key, state, event }) => ({
    phase,
    state: learn(state, key, event.data as EventData["interlock.WorkOrderReleased.v1"]),
  });
}

export function productionCancelled(phase: Phase): Handle {
  return ({ state, event }) => ({
    phase,
    state: givenUp(state, (event.data as { productionOrder: string }).productionOrder),
  });
}

export function issuedOf(state: Order, { data }: Context["event"]): Order {
  const { lines } = data as EventData["interlock.GoodsIssued.v1"];
  return {
    ...state,
    milestone: "partly-shipped" satisfies Status,
    lines: state.lines.map((line) =>
      lines
        .filter((issued) => issued.line === line.line)
        .reduce((so, { quantity }) => ({ ...so, shipped: plus(so.shipped, quantity) }), line),
    ),
  };
}

export const goodsIssued: Handle = ({ state, event }) => rest(issuedOf(state, event), { phase: "open" });

/** While something else is under way it is only noted; where the order rests is looked at when that has ended. */
export function goodsNoted(phase: Phase): Handle {
  return ({ state, event }) => ({ phase, state: issuedOf(state, event) });
}

export function shipmentReady(phase: Phase): Handle {
  return ({ state }) => ({ phase, state: { ...state, milestone: "ready-to-ship" } });
}

export function orderNoted(phase: Phase): Handle {
  return ({ state, event }) => ({ phase, state: taken(state, event.data as HeldOrder) });
}

export function promiseNoted(phase: Phase): Handle {
  return (context) => ({ ...promised(context), phase });
}

export function proposalRefused(phase: Phase): Handle {
  return ({ key, state, event }) => ({
    phase,
    state,
    withdraw: [referenceOf(event)],
    cases: [
      aCase(
        "PROMISE_REFUSED",
        "customer-service",
        `the ERP does not take the later date proposed for order ${key}: ${reasonsOf(event)}`,
        "agree with the customer and production on a date, and set it in the ERP",
      ),
    ],
  });
}
