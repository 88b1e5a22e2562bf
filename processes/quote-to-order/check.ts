/** Before the order is in the ERP: asked whether it would pass, and corrected until it does. */
import type { EventData, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { changed } from "./lines.ts";
import type { Changes, Context, Handle, Next, Order, Wanted } from "./state.ts";
import { aCase, answerTimer, reasonsOf, referenceOf, tell } from "./telling.ts";

type Verdict = EventData["interlock.OrderChecked.v1"]["verdicts"][number];
type Subject = Verdict["subject"];

const MINUTE_MS = 60_000;
const RECHECK_MS = 60 * MINUTE_MS;
const ASK_AGAIN_MS = 10 * MINUTE_MS;
/** Questions without an answer before a person is asked. */
const PATIENCE = 3;

/** Who can make a failed check pass, and how. An order without stock is promised a later date: that is no failure. */
const FAILURES = {
  credit: ["CREDIT_FAILED", "finance", "raise the customer's limit or release its hold in the ERP"],
  item: ["ITEM_FAILED", "customer-service", "have the item released in the ERP, or change the line"],
  configuration: ["CONFIGURATION_FAILED", "customer-service", "change the options in the CRM"],
  price: ["PRICE_FAILED", "customer-service", "agree on the price in the CRM, or have it set in the ERP"],
  tax: ["TAX_FAILED", "customer-service", "complete what the tax depends on in the ERP"],
} as const satisfies Partial<Record<Subject, readonly [string, IntendedCase["owner"], string]>>;
type Failing = keyof typeof FAILURES;
export const CHECK_CASES: readonly string[] = [
  ...Object.values(FAILURES).map(([kind]) => kind),
  "CHECK_UNAVAILABLE",
];

export const requested: Handle = ({ key, state, event }) => {
  // The person to talk to stays in the ledger, where it can be redacted: states and effects cannot be.
  const { contact: _, ...wanted } = event.data as EventData["interlock.OrderRequested.v1"];
  const order = { ...state, customer: wanted.customer, wanted };
  return ask(order, event, [tell(order, key, "received")]);
};

function ask(state: Order, event: Context["event"], more: readonly IntendedEffect[] = []): Next {
  const { salesOrder, customer, currency, shippingPolicy, lines } = state.wanted!;
  const payload = { salesOrder, customer, currency, shippingPolicy, lines };
  return {
    phase: "checking",
    state: { ...state, waitingSince: event.time },
    effects: [{ name: "check", target: "erp", type: "CheckOrder", payload }, ...more],
    timers: [answerTimer()],
    clearTimers: ["recheck"],
  };
}

export const checked: Handle = ({ key, state, event }) => {
  const { verdicts } = event.data as EventData["interlock.OrderChecked.v1"];
  const counts = verdicts.filter(({ subject }) => subject !== "availability");
  const failed = counts.filter(({ verdict }) => verdict === "fail");
  if (failed.length > 0) return failedCheck(state, key, failed);
  if (counts.some(({ verdict }) => verdict === "unavailable")) return unavailable(state, key, counts);
  return enter({ ...state, unanswered: 0 }, event);
};

function failedCheck(state: Order, key: string, failed: readonly Verdict[]): Next {
  const subjects = [...new Set(failed.map(({ subject }) => subject as Failing))];
  const cases = subjects.map((subject) => caseOf(key, subject, failed));
  const open: readonly string[] = cases.map(({ kind }) => kind);
  return {
    phase: "blocked",
    state: { ...state, unanswered: 0 },
    effects: [tell(state, key, "on-hold", { message: `Does not pass: ${subjects.join(", ")}.` })],
    cases,
    closeCases: CHECK_CASES.filter((kind) => !open.includes(kind)),
    timers: [{ name: "recheck", afterMs: RECHECK_MS, onCalendar: true }],
    clearTimers: ["answer"],
  };
}

function caseOf(key: string, subject: Failing, failed: readonly Verdict[]): IntendedCase {
  const [kind, owner, remedy] = FAILURES[subject];
  const own = failed.filter((verdict) => verdict.subject === subject);
  const said = own.map(({ line, message }) =>
    [line === undefined ? "" : `line ${line}: `, message ?? "no reason given"].join(""),
  );
  const remedies = own.flatMap((verdict) => verdict.remedy ?? []);
  return aCase(
    kind,
    owner,
    `order ${key} does not pass the check of its ${subject}: ${said.join("; ")}`,
    `${remedies.length > 0 ? remedies.join("; ") : remedy}; it is checked again within the hour, or when asked to`,
  );
}

/** A system that cannot say is asked again soon; only when that goes on somebody has to look. */
function unavailable(state: Order, key: string, verdicts: readonly Verdict[]): Next {
  const silent = verdicts.filter(({ verdict }) => verdict === "unavailable").map(({ subject }) => subject);
  const unanswered = state.unanswered + 1;
  return {
    phase: "blocked",
    state: { ...state, unanswered },
    timers: [{ name: "recheck", afterMs: ASK_AGAIN_MS }],
    clearTimers: ["answer"],
    ...(unanswered >= PATIENCE && {
      cases: [
        aCase(
          "CHECK_UNAVAILABLE",
          "it",
          `order ${key} cannot be checked: no word about ${[...new Set(silent)].join(", ")}`,
          "see why the system does not answer; the order goes on by itself once it does",
        ),
      ],
    }),
  };
}

function enter(state: Order, event: Context["event"]): Next {
  return {
    phase: "creating",
    state: { ...state, waitingSince: event.time },
    effects: [{ name: "create", target: "erp", type: "CreateSalesOrder", payload: state.wanted }],
    timers: [answerTimer()],
    clearTimers: ["recheck"],
    closeCases: CHECK_CASES,
  };
}

export const recheck: Handle = ({ state, event }) => ask(state, event);

/** The ERP was asked, and its answer is on its way as an event: should that be lost, asking again changes nothing. */
export const asked: Handle = ({ state }) => ({
  phase: "checking",
  state,
  timers: [{ name: "recheck", afterMs: ASK_AGAIN_MS }],
});

export const askAgain: Handle = ({ key, state, event }) => {
  const unanswered = state.unanswered + 1;
  const { cases = [] } =
    unanswered >= PATIENCE ? checkOverdue({ key, state, event, facts: () => undefined }) : {};
  return { ...ask({ ...state, unanswered }, event), cases };
};

/** The question itself was refused: taken back, so that the next one can be asked. */
export const checkRefused: Handle = ({ key, state, event }) => ({
  phase: "blocked",
  state,
  withdraw: [referenceOf(event)],
  timers: [{ name: "recheck", afterMs: RECHECK_MS, onCalendar: true }],
  clearTimers: ["answer"],
  cases: [
    aCase(
      "CHECK_UNAVAILABLE",
      "it",
      `the ERP refused to check order ${key}: ${reasonsOf(event)}`,
      "correct the connection or the mapping of the question; it is asked again within the hour",
    ),
  ],
});

export const checkOverdue: Handle = ({ key, state }) => ({
  phase: "checking",
  state,
  cases: [
    aCase(
      "CHECK_UNAVAILABLE",
      "it",
      `nobody has answered whether order ${key} would pass, since ${state.waitingSince}`,
      "see why the question has no answer; the order goes on by itself once it has",
    ),
  ],
});

export const changedBeforeEntry: Handle = ({ key, state, event }) => {
  const wanted: Wanted | undefined = changed(state.wanted!, event.data as Changes);
  if (wanted) return ask({ ...state, wanted }, event);
  return {
    phase: "blocked",
    state,
    cases: [
      aCase(
        "CHANGE_IMPOSSIBLE",
        "customer-service",
        `the change wanted for order ${key} leaves no order or names an unknown line`,
        "agree with the customer on a change that names lines of the order, or cancel it",
      ),
    ],
  };
};

export const cancelledBeforeEntry: Handle = ({ key, state }) => ({
  phase: "ended",
  state,
  effects: [tell(state, key, "cancelled")],
  withdraw: ["check"],
  closeCases: [...CHECK_CASES, "CHANGE_IMPOSSIBLE"],
});

export const createRefused: Handle = ({ key, state, event }) => ({
  phase: "creating",
  state,
  effects: [tell(state, key, "rejected", { message: reasonsOf(event) })],
});

export const createGivenUp: Handle = ({ key, state }) => ({
  phase: "ended",
  state,
  effects: [tell(state, key, "cancelled", { message: "The order was not entered." })],
  closeCases: ["CONFIRMATION_OVERDUE"],
});

export const created: Handle = ({ state }) => ({ phase: "creating", state: { ...state, created: true } });

export const confirmationOverdue: Handle = ({ key, state, event }) => ({
  phase: "creating",
  state,
  derive: [
    {
      name: "ConfirmationOverdue",
      data: { salesOrder: key, waitingSince: state.waitingSince, dueAt: event.time, waitingFor: "erp" },
    },
  ],
  cases: [
    aCase(
      "CONFIRMATION_OVERDUE",
      "customer-service",
      `order ${key} was sent to the ERP, which has not told of it`,
      "see in the ERP what holds the order; the case closes when it is confirmed, refused or cancelled",
    ),
  ],
});
