/**
 * A change or a cancellation of an order that the ERP holds, through its life.
 *
 * While plants work on it, they stop first and then the ERP is asked: what nobody may want is not made meanwhile. Work that
 * serves other orders too goes on. Where an operation has begun after which there is no return, or goods have shipped, nobody is
 * asked: a person hears what was spent so far and agrees with the customer.
 */
import type { EventData } from "../../src/process/index.ts";
import { rest, taken } from "./confirmed.ts";
import { assess, isZero } from "./lines.ts";
import {
  type Changes,
  type Context,
  type Handle,
  type HeldOrder,
  type Next,
  type Order,
  type Work,
  withoutWish,
} from "./state.ts";
import { aCase, ANSWER_WITHIN_MS, answerTimer, reasonsOf, referenceOf, tell } from "./telling.ts";
import { askHolds, costSoFar, endHolds, givenUp, noted, ownWork, stillAwaited } from "./works.ts";

const CANCEL_PENDING = "cancel-pending";

export const changeWanted: Handle = ({ key, state, event }) => {
  const changes = event.data as Changes;
  const assessment = assess(state, changes);
  if (!assessment.possible) return refusedAtOnce(state, key, assessment.kind, assessment.why);
  const works = assessment.fewer.length === 0 ? [] : ownWork(state, assessment.fewer);
  const passed = passedOf(works);
  if (passed !== undefined) return refusedAtOnce(state, key, "CHANGE_TOO_LATE", passed);
  const { order, awaiting, derive } = askHolds(state, key, works, changes.reason, "customer-change");
  const wish = { kind: "change", changes, awaiting } as const;
  return begin({ ...order, wish }, key, event, { derive, effects: [tell(order, key, "change-pending")] });
};

export const cancelWanted: Handle = ({ key, state, event }) => {
  const { reason } = event.data as EventData["interlock.OrderCancelRequested.v1"];
  const shipped = state.lines.find((line) => !isZero(line.shipped));
  if (shipped)
    return refusedAtOnce(
      state,
      key,
      "CANCEL_TOO_LATE",
      `${shipped.shipped.value} of line ${shipped.line} have shipped`,
    );
  const works = ownWork(state);
  const passed = passedOf(works);
  if (passed !== undefined) return refusedAtOnce(state, key, "CANCEL_TOO_LATE", passed);
  const { order, awaiting, derive } = askHolds(state, key, works, reason, "customer-cancel");
  const wish = { kind: "cancel", reason, awaiting } as const;
  return begin({ ...order, wish }, key, event, { derive, effects: [tell(order, key, CANCEL_PENDING)] });
};

function passedOf(works: readonly [string, Work][]): string | undefined {
  const [name, work] = works.find(([, { passed }]) => passed !== undefined) ?? [];
  return work && `operation ${work.passed} of ${name} has begun, after which there is no return`;
}

function refusedAtOnce(
  state: Order,
  key: string,
  kind: "CHANGE_IMPOSSIBLE" | "CHANGE_TOO_LATE" | "CANCEL_TOO_LATE",
  why: string,
): Next {
  const what = kind === "CANCEL_TOO_LATE" ? "cancelled" : "changed";
  return rest(state, {
    phase: "open",
    effects: [tell(state, key, state.milestone, { message: `It could not be ${what}: ${why}.` })],
    cases: [
      aCase(
        kind,
        "customer-service",
        `order ${key} cannot be ${what} as the customer wants: ${why}; ${costSoFar(state)}`,
        "agree with the customer who bears what was spent, then enter in the ERP what was agreed; what has shipped comes back as a return",
      ),
    ],
  });
}

/** Whichever plants there are: a silence says nothing while one of them is not read. */
const PLANTS = "mes/WorkOrderHeld";

type More = Pick<Next, "derive" | "effects">;

/** Waits for the plants, or goes to the ERP at once where nobody has to be waited for. */
function begin(order: Order, key: string, event: Context["event"], more: More): Next {
  if (order.wish!.awaiting.length === 0) return ask(order, key, event, more);
  return {
    phase: "holding",
    state: order,
    ...more,
    timers: [{ name: "plant", afterMs: ANSWER_WITHIN_MS, onCalendar: true, watches: [PLANTS] }],
  };
}

function ask(state: Order, key: string, event: Context["event"], more: More = {}): Next {
  const { wish, document } = state;
  const order = { ...state, waitingSince: event.time, cancelSent: wish!.kind === "cancel" };
  const effect =
    wish!.kind === "change"
      ? {
          name: "change",
          target: "erp",
          type: "ChangeSalesOrder",
          payload: { ...wish!.changes, document },
        }
      : {
          name: "cancel",
          target: "erp",
          type: "CancelSalesOrder",
          payload: { salesOrder: key, document, reason: wish!.reason },
        };
  return {
    phase: wish!.kind === "change" ? "changing" : "cancelling",
    state: order,
    derive: more.derive ?? [],
    effects: [effect, ...(more.effects ?? [])],
    timers: [answerTimer()],
    clearTimers: ["plant"],
    closeCases: ["PLANT_SILENT"],
  };
}

/** A plant has stopped, or has nothing left to stop. */
export const plantAnswered: Handle = ({ key, state, event }) => {
  const order = noted(state, event);
  return waitOn(order, key, event);
};

export const productionGoneInHolding: Handle = ({ key, state, event }) =>
  waitOn(givenUp(state, (event.data as { productionOrder: string }).productionOrder), key, event);

function waitOn(order: Order, key: string, event: Context["event"]): Next {
  const awaiting = stillAwaited(order, order.wish!);
  const waiting = { ...order, wish: { ...order.wish!, awaiting } };
  return awaiting.length > 0 ? { phase: "holding", state: waiting } : ask(waiting, key, event);
}

export const plantRefused: Handle = ({ key, state, event }) => {
  const { workOrder, request } = event.data as EventData["interlock.WorkOrderRejected.v1"];
  if (request !== "hold" || !state.wish!.awaiting.includes(workOrder)) return { phase: "holding", state };
  return notGranted(state, key, `the plant does not stop ${workOrder}: ${reasonsOf(event)}`);
};

/** Work goes on while the plant is asked to stop: it may pass the point of no return before it hears. */
export const operationInHolding: Handle = ({ key, state, event }) => {
  const order = noted(state, event);
  const { workOrder } = event.data as { workOrder: string };
  const passed = passedOf(Object.entries(order.works).filter(([name]) => name === workOrder));
  if (passed === undefined || !order.wish!.awaiting.includes(workOrder))
    return { phase: "holding", state: order };
  return notGranted(order, key, passed);
};

export const plantSilent: Handle = ({ key, state }) => ({
  phase: "holding",
  state,
  cases: [
    aCase(
      "PLANT_SILENT",
      "plant-operations",
      `order ${key} shall be ${state.wish!.kind === "cancel" ? "cancelled" : "changed"}, and no answer came whether work on ${state.wish!.awaiting.join(", ")} has stopped`,
      "hold the work order in the MES, or refuse; the wish goes on when the MES tells",
    ),
  ],
});

/** The ERP can refuse only what it holds. */
function standing(state: Order): Order {
  return withoutWish({ ...state, created: true, cancelSent: false });
}

/** The wish is not fulfilled: the work goes on, and a person hears what was spent. */
function notGranted(state: Order, key: string, why: string, more: Pick<Next, "withdraw"> = {}): Next {
  const cancel = state.cancelSent || state.wish?.kind === "cancel";
  const { order, derive } = endHolds(standing(state), key, "it stays as it was");
  const what = cancel ? "cancelled" : "changed";
  return rest(order, {
    phase: "open",
    derive,
    ...more,
    effects: [tell(order, key, order.milestone, { message: `It could not be ${what}: ${why}` })],
    clearTimers: ["plant", "answer"],
    closeCases: ["PLANT_SILENT", "ANSWER_OVERDUE"],
    cases: [
      aCase(
        cancel ? "CANCEL_REFUSED" : "CHANGE_REFUSED",
        "customer-service",
        `order ${key} was not ${what}: ${why}; ${costSoFar(state)}`,
        "agree with the customer on something else, or leave the order as it is",
      ),
    ],
  });
}

export const changeMade: Handle = ({ key, state, event }) => {
  const { order, derive } = endHolds(
    withoutWish(taken(state, event.data as HeldOrder)),
    key,
    "the order was changed",
  );
  return rest(order, {
    phase: "open",
    derive,
    effects: [tell(order, key, "changed")],
    clearTimers: ["answer"],
    closeCases: ["CHANGE_REFUSED", "CHANGE_IMPOSSIBLE", "ANSWER_OVERDUE"],
  });
};

/** The ERP refused: taking the refused change back frees the order's lane for what comes after it. */
export const askRefused: Handle = ({ key, state, event }) =>
  notGranted(state, key, `the ERP refused it: ${reasonsOf(event)}`, { withdraw: [referenceOf(event)] });

export const givenUpByPerson: Handle = ({ key, state }) => {
  const { order, derive } = endHolds(standing(state), key, "it stays as it was");
  return rest(order, {
    phase: "open",
    derive,
    effects: [tell(order, key, order.milestone)],
    clearTimers: ["answer"],
    closeCases: ["ANSWER_OVERDUE"],
  });
};

export function answerOverdue(phase: "changing" | "cancelling"): Handle {
  return ({ key, state }) => ({
    phase,
    state,
    cases: [
      aCase(
        "ANSWER_OVERDUE",
        "customer-service",
        `the ERP has not told what became of the ${phase === "changing" ? "change" : "cancellation"} of order ${key}, since ${state.waitingSince}`,
        "see in the ERP what holds it; the case closes with its answer",
      ),
    ],
  });
}
