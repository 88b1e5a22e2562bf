import type { Decision, EventData, Handler, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { type Changes, changed, type Confirmed, type Order, type Phase, type Status } from "./state.ts";

type Handle = Handler<Order, Phase>;
type Next = Decision<Order, Phase>;
type Context = Parameters<Handle>[0];

const HOUR_MS = 3_600_000;
export const CONFIRM_WITHIN_MS = 4 * HOUR_MS;
/** The ERP tells of its orders here. */
const ERP_ORDERS = "erp/orders";

const isHeld = ({ facts, state }: Context): boolean => facts("creditHold", state.request.customer) === true;

function tell(order: Order, status: Status, message?: string): IntendedEffect {
  const { request, document, confirmedDate } = order;
  return {
    name: "tell",
    target: "crm",
    type: "UpdateOrderStatus",
    payload: {
      salesOrder: request.salesOrder,
      status,
      document,
      confirmedDate,
      message: message?.slice(0, 1_000),
    },
  };
}

function create(order: Order): IntendedEffect {
  return { name: "create", target: "erp", type: "CreateSalesOrder", payload: order.request };
}

function cancel({ request, document }: Order): IntendedEffect {
  return {
    name: "cancel",
    target: "erp",
    type: "CancelSalesOrder",
    payload: { salesOrder: request.salesOrder, document },
  };
}

function forCustomerService(kind: string, title: string, remedy: string): IntendedCase {
  return { kind, owner: "customer-service", title, remedy };
}

/** The words with which a target refused. */
function reasonsOf({ data }: Context["event"]): string {
  const { reasons = [] } = data as { reasons?: readonly { message: string }[] };
  return reasons.map(({ message }) => message).join("; ") || "no reason given";
}

function atRisk({ state, event }: Context, because: string): Pick<Decision<Order, Phase>, "derive"> {
  const { salesOrder, customer } = state.request;
  return { derive: [{ name: "OrderAtRisk", data: { salesOrder, because, since: event.time, customer } }] };
}

/** Sends the order to the ERP, and begins to wait for its answer. */
function send(state: Order, event: Context["event"], more: readonly IntendedEffect[] = []): Next {
  const { withdrawnFor: _, ...rest } = state;
  const order: Order = { ...rest, waitingSince: event.time };
  return {
    phase: "creating",
    state: order,
    effects: [create(order), ...more],
    timers: [{ name: "overdue", afterMs: CONFIRM_WITHIN_MS, onCalendar: true, watches: [ERP_ORDERS] }],
  };
}

function putOnHold(state: Order): Next {
  const { withdrawnFor: _, ...order } = state;
  const { salesOrder, customer } = order.request;
  return {
    phase: "on-hold",
    state: order,
    effects: [tell(order, "received", "Waits for the release of a credit hold.")],
    cases: [
      {
        kind: "CREDIT_HOLD",
        owner: "finance",
        title: `order ${salesOrder} waits: customer ${customer} is on credit hold`,
        remedy: "release the customer's credit hold in the ERP, or cancel the order",
      },
    ],
  };
}

function close(state: Order, status: Status, message?: string): Next {
  return {
    phase: "closed",
    state,
    effects: [tell(state, status, message)],
    closeCases: ["CREDIT_HOLD", "CONFIRMATION_OVERDUE", "CHANGE_REFUSED", "CANCEL_REFUSED"],
  };
}

export const requested: Handle = (context) => {
  // The person to talk to stays in the ledger, where it can be redacted: states and effects cannot be.
  const { contact: _, ...request } = context.event.data as EventData["interlock.OrderRequested.v1"];
  const state: Order = { ...context.state, request };
  if (isHeld({ ...context, state })) return putOnHold(state);
  return send(state, context.event, [tell(state, "received")]);
};

export const released: Handle = ({ state, event }) => ({
  ...send(state, event),
  closeCases: ["CREDIT_HOLD"],
});

export const changedBeforeSent: Handle = ({ state, event }) => {
  const request = changed(state.request, event.data as Changes);
  if (request) return { phase: "on-hold", state: { ...state, request } };
  return { phase: "on-hold", state, cases: [changeImpossible(state)] };
};

function changeImpossible({ request }: Order): IntendedCase {
  return forCustomerService(
    "CHANGE_REFUSED",
    `the change wanted for order ${request.salesOrder} leaves no order or names an unknown line`,
    "agree with the customer on a change that names lines of the order, or cancel it",
  );
}

export const cancelledBeforeSent: Handle = ({ state }) => close(state, "cancelled");

export const held: Handle = (context) => ({
  phase: "creating",
  state: { ...context.state, withdrawnFor: "hold" },
  ...(context.state.created ? atRisk(context, "the customer is on credit hold") : { withdraw: ["create"] }),
});

export const withdrawnWhileCreating: Handle = (context) =>
  // the hold may be gone again by now
  isHeld(context)
    ? { ...putOnHold(context.state), clearTimers: ["overdue"] }
    : send(context.state, context.event);

export const tooLateToHold: Handle = (context) => {
  if (!isHeld(context)) return { phase: "creating", state: context.state };
  return {
    phase: "creating",
    state: context.state,
    effects: [tell(context.state, "at-risk", "The customer came on credit hold while the order was sent.")],
    ...atRisk(context, "the customer came on credit hold while the order was sent"),
  };
};

export const created: Handle = ({ state }) => ({ phase: "creating", state: { ...state, created: true } });

export const createRefused: Handle = ({ state, event }) => ({
  phase: "creating",
  state,
  effects: [tell(state, "rejected", reasonsOf(event))],
});

export const createGivenUp: Handle = ({ state }) => close(state, "cancelled", "The order was not entered.");

export const overdue: Handle = ({ state, event }) => {
  const { salesOrder } = state.request;
  return {
    phase: "creating",
    state,
    derive: [
      {
        name: "ConfirmationOverdue",
        data: { salesOrder, waitingSince: state.waitingSince, dueAt: event.time, waitingFor: "erp" },
      },
    ],
    cases: [
      forCustomerService(
        "CONFIRMATION_OVERDUE",
        `order ${salesOrder} is not confirmed by the ERP`,
        "see in the ERP what holds the order; the case closes when it is confirmed, refused or cancelled",
      ),
    ],
  };
};

export const confirmed: Handle = (context) => {
  const { document, confirmedDate } = context.event.data as Confirmed;
  const { withdrawnFor: _, ...state } = { ...context.state, document, confirmedDate, created: true };
  const risky = isHeld(context);
  return {
    phase: "confirmed",
    state,
    effects: [
      tell(state, "confirmed"),
      ...(risky ? [tell(state, "at-risk", "The customer is on credit hold.")] : []),
    ],
    clearTimers: ["overdue"],
    closeCases: ["CONFIRMATION_OVERDUE", "CREDIT_HOLD"],
    ...(risky ? atRisk(context, "the customer is on credit hold") : {}),
  };
};

export const refused: Handle = ({ state, event }) => ({
  ...close(state, "rejected", reasonsOf(event)),
  cases: [
    forCustomerService(
      "ORDER_REJECTED",
      `the ERP rejected order ${state.request.salesOrder}: ${reasonsOf(event)}`.slice(0, 500),
      "agree with the customer on an order that the ERP takes, and enter it as a new one",
    ),
  ],
});

export const changeWanted: Handle = ({ state, event }) => {
  const { salesOrder, lines, reason } = event.data as Changes;
  return {
    phase: "confirmed",
    state,
    effects: [
      {
        name: "change",
        target: "erp",
        type: "ChangeSalesOrder",
        payload: { salesOrder, document: state.document, lines, reason },
      },
      tell(state, "change-pending"),
    ],
  };
};

export const changeMade: Handle = ({ state }) => ({
  phase: "confirmed",
  state,
  effects: [tell(state, "changed")],
  closeCases: ["CHANGE_REFUSED"],
});

/** Taking the refused change back frees the order's lane in the ERP for what comes after it. */
export const changeRefused: Handle = ({ state, event }) => ({
  phase: "confirmed",
  state,
  effects: [tell(state, "confirmed", `The change was refused: ${reasonsOf(event)}`)],
  withdraw: [(event.data as { reference: string }).reference],
  cases: [
    forCustomerService(
      "CHANGE_REFUSED",
      `the ERP refused a change of order ${state.request.salesOrder}: ${reasonsOf(event)}`.slice(0, 500),
      "agree with the customer on another change, or leave the order as it is",
    ),
  ],
});

export const riskSeen: Handle = (context) => ({
  phase: "confirmed",
  state: context.state,
  effects: [tell(context.state, "at-risk", "The customer is on credit hold.")],
  ...atRisk(context, "the customer is on credit hold"),
});

export const stands: Handle = ({ state }) => ({
  phase: "confirmed",
  state,
  effects: [tell(state, "confirmed")],
});

/** Before the ERP has it, the create is taken back; once it has it, it must cancel. Which it is, the answer tells. */
export const cancelWanted: Handle = ({ state }) => ({
  phase: "cancelling",
  state: { ...state, cancelSent: state.created },
  effects: [...(state.created ? [cancel(state)] : []), tell(state, "cancel-pending")],
  withdraw: state.created ? ["change"] : ["create"],
  clearTimers: ["overdue"],
});

export const takenBack: Handle = ({ state }) => close(state, "cancelled");

/** Too late to take it back: the cancellation follows in the same lane, behind the create. */
export const mustCancel: Handle = ({ state, event }) => {
  const { document, confirmedDate } = event.data as Partial<Confirmed>;
  const told = document === undefined || confirmedDate === undefined ? {} : { document, confirmedDate };
  const order: Order = { ...state, ...told, cancelSent: true };
  return { phase: "cancelling", state: order, effects: state.cancelSent ? [] : [cancel(order)] };
};

export const createRefusedInCancel: Handle = ({ state }) => ({
  ...close(state, "cancelled"),
  withdraw: ["create", "cancel"],
});

export const cancelDone: Handle = ({ state, event }) => {
  const { document = state.document } = (event.data as { evidence?: { document?: string } }).evidence ?? {};
  const ended = document === undefined ? {} : { cancelled: { document, at: event.time } };
  return close({ ...state, ...ended }, "cancelled");
};

export const cancelRefused: Handle = (context) => {
  const { state, event } = context;
  return {
    phase: "confirmed",
    state: { ...state, created: true, cancelSent: false },
    effects: [tell(state, "confirmed", `It could not be cancelled: ${reasonsOf(event)}`)],
    withdraw: [(event.data as { reference: string }).reference],
    cases: [
      forCustomerService(
        "CANCEL_REFUSED",
        `the ERP refused to cancel order ${state.request.salesOrder}: ${reasonsOf(event)}`.slice(0, 500),
        "tell the customer, or cancel the order in the ERP by hand",
      ),
    ],
  };
};

/** A person gave the cancellation up, so the order stands. */
export const cancelGivenUp: Handle = ({ state }) => ({
  phase: "confirmed",
  state: { ...state, created: true, cancelSent: false },
  effects: [tell(state, "confirmed")],
});

export const refusedInCancel: Handle = ({ state }) => ({
  ...close(state, "cancelled"),
  withdraw: ["cancel"],
});

export const confirmedAfterEnd: Handle = ({ state, event }) => {
  const { document } = event.data as Confirmed;
  // Read late, after a time in which nobody read: the cancelled document had been confirmed before.
  if (document === state.cancelled?.document && event.time < state.cancelled.at)
    return { phase: "closed", state };
  return { phase: "closed", state, cases: [confirmedTooLate(state)] };
};

function confirmedTooLate({ request }: Order): IntendedCase {
  return forCustomerService(
    "CONFIRMED_AFTER_END",
    `the ERP confirmed order ${request.salesOrder}, which was rejected or cancelled before`,
    "cancel it in the ERP, or agree with the customer that it stands and enter it as a new one",
  );
}
