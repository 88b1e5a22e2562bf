/** What the plant tells: its reports, its answers, and what it does by itself. */
import type { EventData } from "../../src/process/index.ts";
import { isZero } from "./amount.ts";
import { book, toldBy } from "./book.ts";
import { begin } from "./booking.ts";
import { afterCancel } from "./ending.ts";
import { itemHoldsOf } from "./fact.ts";
import { withoutCancel } from "./hold.ts";
import { type Follow, proceed } from "./proceed.ts";
import { type Booking, type Context, type Handle, isDone, openWorks, type Production } from "./state.ts";
import { goodOf, scrapOf } from "./sum.ts";
import { aCase, HOUR_MS, PLANT_REPORTS, reasonsOf } from "./telling.ts";

export const reported: Handle = (context) => {
  const { key, event, facts, state: before } = context;
  const itemHeld = itemHoldsOf(before.order!).some(
    ({ kind, key: item }) => Number(facts(kind, item) ?? 0) > 0,
  );
  const booking = book(key, { ...before, itemHeld }, toldBy(event));
  return follow(context, before, booking);
};

export const workBegan: Handle = (context) => {
  const { workOrder } = context.event.data as { workOrder: string };
  return follow(context, context.state, begin(context.key, context.state, context.event.time, workOrder));
};

function follow(context: Context, before: Production, { state, effects, cases }: Booking) {
  const waits = waitingClock(before, state);
  // What is booked while the end is on its way makes that end wrong: it is taken back where it still can be.
  const undone =
    before.finish === "sent" && (effects.length > 0 || state.waiting.length > before.waiting.length);
  const late = before.cancel !== undefined && isDone(state);
  const next = late ? withoutCancel(state) : state;
  const more: Follow = {
    heard: true,
    effects,
    ...waits,
    cases: late ? [...cases, doneBeforeCancel(context.key, state)] : cases,
    ...(undone && { withdraw: ["finish"] }),
  };
  return afterCancel(context, undone ? { ...next, finish: "taking-back" } : next, more);
}

function doneBeforeCancel(key: string, state: Production) {
  return aCase(
    "CANCEL_REFUSED",
    "plant-operations",
    `production order ${key} was cancelled in the ERP, but the plant had finished it: ${madeSoFar(state)}`,
    "decide what becomes of the goods, and close the order in the ERP",
  );
}

export function madeSoFar(state: Production): string {
  return `${goodOf(state)} good, ${scrapOf(state)} scrapped`;
}

/** A correction whose report does not come within a day is a case; the clock begins with the first that waits. */
function waitingClock(before: Production, after: Production): Follow {
  if (after.waiting.length === 0)
    return before.waiting.length === 0
      ? {}
      : { clearTimers: ["correction"], closeCases: ["CORRECTION_WITHOUT_REPORT", "REPORT_NOT_ON_ORDER"] };
  if (before.waiting.length > 0) return {};
  return { timers: [{ name: "correction", afterMs: 24 * HOUR_MS, watches: [PLANT_REPORTS] }] };
}

export const stopped: Handle = (context) => {
  const { state } = context;
  // Without a wish of ours the plant stopped by itself; one that answers an older wish than the last says nothing new.
  if (state.stop === "resuming") return proceed(context, state, { heard: true });
  const plantStopped = state.plantStopped || state.stop === "no";
  return proceed(
    context,
    { ...state, stop: "held", plantStopped },
    { heard: true, closeCases: ["HOLD_REFUSED", "RESUMED_UNDER_HOLD"] },
  );
};

export const resumed: Handle = (context) => {
  const { key, state } = context;
  // The answer to an older wish: a newer hold is on its way to the plant.
  if (state.stop === "asked") return proceed(context, state, { heard: true });
  const next: Production = { ...state, stop: "no", plantStopped: false };
  const against = state.stop === "held" && state.holds.length > 0;
  return proceed(context, next, {
    heard: true,
    closeCases: ["RESUME_REFUSED"],
    cases: against
      ? [
          aCase(
            "RESUMED_UNDER_HOLD",
            "plant-operations",
            `the plant goes on with ${openWorks(state).join(", ")} of production order ${key}, which ${state.holds.join(", ")} wants held`,
            "stop the work at the plant, or have the hold ended by who asked for it",
          ),
        ]
      : [],
  });
};

export const split: Handle = (context) => {
  const { workOrder, into } = context.event.data as EventData["interlock.WorkOrderSplit.v1"];
  const { [workOrder]: parent, ...others } = context.state.works;
  const parts = Object.fromEntries(
    into.map((part) => [
      part.workOrder,
      (part.workOrder === workOrder ? parent : others[part.workOrder]) ?? "open",
    ]),
  );
  const state: Production = { ...context.state, works: { ...others, ...parts } };
  // Told late, it shows that the plant is not done after all.
  return state.finish === "sent" && !isDone(state)
    ? proceed(context, { ...state, finish: "taking-back" }, { heard: true, withdraw: ["finish"] })
    : proceed(context, state, { heard: true });
};

/** Given up by the plant: by our wish, which ends the order, or by its own, which somebody has to settle. */
export const aborted: Handle = (context) => {
  const { key, event, state: before } = context;
  const { workOrder } = event.data as EventData["interlock.WorkOrderAborted.v1"];
  const state: Production = { ...before, works: { ...before.works, [workOrder]: "gone" } };
  const made = !isZero(goodOf(state)) || !isZero(scrapOf(state));
  if (!isDone(state)) return proceed(context, state, { heard: true });
  if (state.cancel === undefined)
    return proceed(context, state, {
      heard: true,
      cases: [
        aCase(
          "WORK_ORDER_ABORTED",
          "plant-operations",
          `the plant gave up ${workOrder} of production order ${key}: ${reasonsOf(event)}; ${madeSoFar(state)}`,
          "close or cancel the order in the ERP, and plan what is missing anew",
        ),
      ],
    });
  return proceed(
    context,
    { ...state, ended: "cancelled" },
    {
      closeCases: ["WORK_ORDER_SILENT", "CANCEL_REFUSED", "CONFIRMATION_OVERDUE"],
      cases: made ? [cancelledWithGoods(key, state)] : [],
    },
  );
};

export function cancelledWithGoods(key: string, state: Production) {
  return aCase(
    "CANCELLED_WITH_GOODS",
    "plant-operations",
    `production order ${key} is cancelled, but something was made: ${madeSoFar(state)}`,
    "decide what becomes of the goods; take postings back in the ERP that should not stand",
  );
}
