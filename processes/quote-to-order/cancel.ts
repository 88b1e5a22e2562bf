/** The end of an order by cancellation: taken back before the ERP has it, cancelled in the ERP after that. */
import { ENDING_CASES, taken } from "./confirmed.ts";
import type { Handle, HeldOrder, Next, Order } from "./state.ts";
import { withoutWish } from "./state.ts";
import { aCase, ANSWER_WITHIN_MS, answerTimer, tell } from "./telling.ts";
import { costSoFar, endHolds, givenUp, isOpen, noted } from "./works.ts";

/** Nobody can know whether an order that is being sent is in the ERP: the answer to the withdrawal tells. */
export const cancelledWhileEntering: Handle = ({ key, state }) => {
  const pending = tell(state, key, "cancel-pending");
  if (!state.created)
    return {
      phase: "cancelling",
      state,
      effects: [pending],
      withdraw: ["create"],
      clearTimers: ["answer"],
    };
  const { effects = [], ...next } = cancel(state, key);
  return { ...next, phase: "cancelling", effects: [...effects, pending] };
};

function cancel(state: Order, key: string): Omit<Next, "phase"> {
  if (state.cancelSent) return { state };
  const { document } = state;
  return {
    state: { ...state, cancelSent: true },
    effects: [
      { name: "cancel", target: "erp", type: "CancelSalesOrder", payload: { salesOrder: key, document } },
    ],
    timers: [answerTimer()],
  };
}

/** Too late to take it back: the cancellation follows in the same lane, behind the create. */
export const mustCancel: Handle = ({ key, state, event }) => {
  const { document } = event.data as Partial<HeldOrder>;
  const order = document === undefined ? { ...state, created: true } : taken(state, event.data as HeldOrder);
  return { ...cancel(order, key), phase: "cancelling" };
};

export const takenBack: Handle = ({ key, state }) => {
  const { order, derive } = endHolds(withoutWish(state), key, "the order is cancelled");
  return {
    phase: "ended",
    state: order,
    derive,
    effects: [tell(order, key, "cancelled")],
    closeCases: ENDING_CASES,
  };
};

export const createRefusedInCancel: Handle = (context) => ({
  ...takenBack(context),
  withdraw: ["create", "cancel"],
});

/** The ERP cancelled it, by our wish or by itself. What plants still make for it alone is for nobody now. */
export const cancelledInErp: Handle = ({ key, state, event }) => {
  const { document = state.document } = event.data as { document?: string };
  const order: Order = { ...withoutWish(state), cancelled: { document, at: event.time } };
  const open = Object.values(order.works).some((work) => work.own && isOpen(work));
  const made = Object.values(order.works).some(({ stands }) => stands === "done");
  return {
    phase: open ? "ending" : "ended",
    state: order,
    effects: [tell(order, key, "cancelled")],
    withdraw: ["change"],
    clearTimers: ["answer", "plant"],
    closeCases: ENDING_CASES,
    ...(open && {
      timers: [
        {
          name: "leftover",
          afterMs: ANSWER_WITHIN_MS,
          onCalendar: true,
          watches: ["erp/ProductionOrderCancelled"],
        },
      ],
    }),
    ...(made && {
      cases: [
        aCase(
          "MADE_FOR_NOBODY",
          "customer-service",
          `order ${key} was cancelled after goods had been made for it; ${costSoFar(order)}`,
          "decide in the ERP what becomes of the goods, and agree with the customer who bears what was spent",
        ),
      ],
    }),
  };
};

/** The ERP gives up what it had planned for the order, or the plant does. */
export const workEnded: Handle = ({ state, event }) => {
  const { productionOrder } = event.data as { productionOrder?: string };
  const told = event.type === "interlock.ProductionOrderCancelled.v1";
  const order = told ? givenUp(state, productionOrder!) : noted(state, event);
  const open = Object.values(order.works).some((work) => work.own && isOpen(work));
  return { phase: open ? "ending" : "ended", state: order };
};

/** The ERP keeps what was begun: then it must not stand still for an order that is gone. */
export const leftOver: Handle = ({ key, state }) => {
  const { order, derive } = endHolds(state, key, "the ERP keeps the production order");
  const names = Object.entries(state.works).filter(([, work]) => work.own && isOpen(work));
  return {
    phase: "ended",
    state: order,
    derive,
    cases: [
      aCase(
        "MADE_FOR_NOBODY",
        "plant-operations",
        `order ${key} is cancelled, but the ERP has not cancelled what is made for it: ${names.map(([name]) => name).join(", ")}`,
        "cancel the production order in the ERP, or let it go into stock",
      ),
    ],
  };
};

export const confirmedAfterEnd: Handle = ({ key, state, event }) => {
  const { document } = event.data as HeldOrder;
  // Read late, after a time in which nobody read: the cancelled document had been confirmed before.
  if (state.cancelled && document === state.cancelled.document && event.time < state.cancelled.at)
    return { phase: "ended", state };
  return {
    phase: "ended",
    state,
    cases: [
      aCase(
        "CONFIRMED_AFTER_END",
        "customer-service",
        `the ERP holds order ${key}, which was rejected or cancelled before`,
        "cancel it in the ERP, or agree with the customer that it stands and enter it as a new one",
      ),
    ],
  };
};

export const tooLateAfterShipment: Handle = ({ key, state, event }) => {
  const cancelled = event.type === "interlock.OrderCancelRequested.v1";
  const what = cancelled ? "cancelled" : "changed";
  return {
    phase: "shipped",
    state,
    effects: [tell(state, key, "shipped", { message: `It could not be ${what}: all of it has shipped.` })],
    cases: [
      aCase(
        cancelled ? "CANCEL_TOO_LATE" : "CHANGE_TOO_LATE",
        "customer-service",
        `order ${key} cannot be ${what}: all of it has shipped; ${costSoFar(state)}`,
        "agree with the customer on a return, or on a new order for what is missing",
      ),
    ],
  };
};
