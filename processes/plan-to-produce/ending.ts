/** How it ends: taken back before the plant had it, given up by the plant, finished in the ERP, or closed there by a person. */
import { isKnown, toldBy } from "./book.ts";
import { type Follow, proceed } from "./proceed.ts";
import { type Context, type Handle, isDone, type Next, openWorks, type Production } from "./state.ts";
import {
  backflushDifferences,
  differences,
  goodOf,
  missingOperations,
  openPostings,
  scrapOf,
} from "./sum.ts";
import { aCase, reasonsOf, toPlant } from "./telling.ts";

export function askCancel(context: Context, state: Production, follow: Follow = {}): Next {
  const { key, event } = context;
  const effects = openWorks(state).map((workOrder) =>
    toPlant("cancel", "CancelWorkOrder", {
      workOrder,
      productionOrder: key,
      reason: cancelReason(event),
    }),
  );
  return proceed(
    context,
    { ...state, cancel: "asked" },
    { ...follow, heard: true, effects: [...(follow.effects ?? []), ...effects] },
  );
}

function cancelReason(event: Context["event"]): string {
  if (event.type !== "interlock.ProductionOrderCancelled.v1") return "cancelled in the ERP";
  return `cancelled in the ERP: ${reasonsOf(event)}`.slice(0, 1_000);
}

/** The plant has it after all, while its release was to be taken back: it is asked to give it up. */
export function afterCancel(context: Context, state: Production, follow: Follow): Next {
  return state.cancel === "taking-back" ? askCancel(context, state, follow) : proceed(context, state, follow);
}

export const delivered: Handle = (context) => afterCancel(context, { ...context.state, delivered: true }, {});

export const takenBack: Handle = (context) =>
  proceed(context, { ...context.state, ended: "cancelled" }, { closeCases: context.state.raised });

/** Only now is material compared: what the ERP issues by itself it tells after the receipt that it belongs to. */
export const finished: Handle = (context) => {
  const { key, state } = context;
  const backflush = backflushDifferences(state);
  return proceed(
    context,
    { ...state, ended: "finished" },
    {
      closeCases: state.raised,
      cases: [
        ...(state.finish === "taking-back" ? [reportedTooLate(key, "while it was being finished")] : []),
        ...(backflush.length === 0 ? [] : [usedOtherwise(key, backflush)]),
      ],
    },
  );
};

function usedOtherwise(key: string, differences: readonly string[]) {
  return aCase(
    "CONSUMPTION_DIFFERS",
    "plant-operations",
    `production order ${key}: ${differences.join("; ")}`,
    "count the material, correct its stock in the ERP, and correct the bill of materials if it is wrong",
  );
}

/** The end is off: what came meanwhile is posted, and it ends when all of that has come back. */
export const finishTakenBack: Handle = (context) => {
  const { finish: _, ...state } = context.state;
  return proceed(context, state);
};

export const finishTooLate: Handle = (context) =>
  proceed(
    context,
    { ...context.state, finish: "sent" },
    { cases: [reportedTooLate(context.key, "while it was being finished")] },
  );

function reportedTooLate(key: string, when: string) {
  return aCase(
    "REPORT_AFTER_FINISH",
    "plant-operations",
    `the plant reported on production order ${key} ${when}: the ERP may not take it any more`,
    "compare the plant's sums with the ERP's, and have what is missing corrected in stock",
  );
}

/** The ERP's own end, by our word or by a person: that ends it, whatever is open is for people. */
export const closed: Handle = (context) => {
  const { key, state } = context;
  const open = state.sent ? leftOpen(state) : [];
  const backflush = state.sent ? backflushDifferences(state) : [];
  const early = open.length > 0;
  return proceed(
    context,
    { ...state, ended: "finished" },
    {
      closeCases: state.raised,
      cases: [
        ...(early
          ? [
              aCase(
                "CLOSED_EARLY",
                "plant-operations",
                `production order ${key} was closed in the ERP, but ${open.join("; ")}`,
                "stop the work at the plant if it goes on, and correct in stock what was not posted",
              ),
            ]
          : []),
        ...(early || backflush.length === 0 ? [] : [usedOtherwise(key, backflush)]),
      ],
    },
  );
};

function leftOpen(state: Production): string[] {
  return [
    ...(isDone(state) ? [] : [`the plant is not done: ${goodOf(state)} good, ${scrapOf(state)} scrapped`]),
    ...missingOperations(state).map((operation) => `operation ${operation} was not reported`),
    ...(isDone(state) ? differences(state) : []),
    ...openPostings(state),
  ];
}

/** Nothing can be posted any more. What was booked before and comes once more is nothing new. */
export const reportedAfterEnd: Handle = ({ key, event, state }) => {
  const phase = state.ended!;
  if (state.order && isKnown(key, state, toldBy(event))) return { phase, state };
  return { phase, state, cases: [reportedTooLate(key, `after it was ${phase}`)] };
};

/** A posting that a person gave up will never come back: the order ends only when somebody closes it. */
export const postingGivenUp: Handle = (context) =>
  proceed(context, context.state, {
    cases: [
      aCase(
        "POSTING_GIVEN_UP",
        "finance",
        `a posting of production order ${context.key} was given up: the ERP lacks what the plant reported`,
        "post it in the ERP by hand, or close the order there with what it has",
      ),
    ],
  });
