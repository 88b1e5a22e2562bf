import { defineProcess, endsOf, ignoring } from "../../src/process/index.ts";
import type { LedgerEvent } from "../../src/process/index.ts";
import * as on from "./handlers.ts";
import type { Order, Phase, Requested } from "./state.ts";

const DAY_MS = 86_400_000;

const bySalesOrder = (event: LedgerEvent) => [{ key: (event.data as { salesOrder: string }).salesOrder }];
/** The hold of a single order is the ERP's own affair: it confirms that order all the same. */
const creditHold = (value: boolean) => (event: LedgerEvent) => {
  const { customer, salesOrder } = event.data as { customer: string; salesOrder?: string };
  return salesOrder === undefined ? [{ kind: "creditHold", key: customer, value }] : [];
};

const TOLD = endsOf("tell");
const CREATE = endsOf("create", { withdrawn: true });
const CHANGE = endsOf("change", { withdrawn: true });
const CANCEL = endsOf("cancel", { withdrawn: true });

/** The status is for people to read; where the CRM refuses it, that effect has a case of its own. */
const statusIsRead = ignoring("nothing depends on the status in the CRM", ...TOLD);
const notAgain = ignoring(
  "the order is known; a change of it comes as OrderChangeRequested",
  "OrderRequested",
);

export default defineProcess<Order, Phase>({
  name: "order-confirmation",
  version: 1,
  purpose: "An order is entered in the ERP once, and the customer's people read where it stands.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["closed"],
  initialState: (key, first) => ({
    request: { salesOrder: key, customer: "", lines: [] },
    waitingSince: first.time,
    created: false,
    cancelSent: false,
  }),
  events: {
    OrderRequested: bySalesOrder,
    OrderChangeRequested: bySalesOrder,
    OrderCancelRequested: bySalesOrder,
    OrderConfirmed: bySalesOrder,
    OrderRejected: bySalesOrder,
    // these reach the orders that rely on the fact
    CreditHoldPlaced: () => [],
    CreditHoldReleased: () => [],
  },
  effects: {
    create: { withdrawn: true },
    change: { withdrawn: true },
    cancel: { withdrawn: true },
    tell: {},
  },
  timers: ["overdue"],
  facts: {
    CreditHoldPlaced: creditHold(true),
    CreditHoldReleased: creditHold(false),
  },
  factsFor: (state, { type, data }) => {
    const { customer } = type === "interlock.OrderRequested.v1" ? (data as Requested) : state.request;
    return customer === "" ? [] : [{ kind: "creditHold", key: customer }];
  },
  phases: {
    new: {
      OrderRequested: { handle: on.requested, to: ["creating", "on-hold"] },
      OrderChangeRequested: { deferMs: 3 * DAY_MS, because: "the order itself has not come yet" },
      OrderCancelRequested: { deferMs: 3 * DAY_MS, because: "the order itself has not come yet" },
      ...ignoring("an order that was born in the ERP", "OrderConfirmed", "OrderRejected"),
      ...ignoring("there is no order yet", "CreditHoldPlaced", "CreditHoldReleased", "TimerFired:overdue"),
      ...ignoring("nothing was sent yet", ...CREATE, ...CHANGE, ...CANCEL, ...TOLD),
    },
    "on-hold": {
      CreditHoldReleased: { handle: on.released, to: ["creating"] },
      OrderChangeRequested: { handle: on.changedBeforeSent, to: ["on-hold"] },
      OrderCancelRequested: { handle: on.cancelledBeforeSent, to: ["closed"] },
      OrderConfirmed: { handle: on.confirmed, to: ["confirmed"] },
      ...ignoring("the order waits already", "CreditHoldPlaced"),
      ...ignoring("the ERP does not have the order", "OrderRejected", "TimerFired:overdue"),
      ...ignoring("what was sent was taken back", ...CREATE, ...CHANGE, ...CANCEL),
      ...notAgain,
      ...statusIsRead,
    },
    creating: {
      OrderConfirmed: { handle: on.confirmed, to: ["confirmed"] },
      OrderRejected: { handle: on.refused, to: ["closed"] },
      OrderCancelRequested: { handle: on.cancelWanted, to: ["cancelling"] },
      OrderChangeRequested: { deferMs: 2 * DAY_MS, because: "the ERP can change only what it has confirmed" },
      CreditHoldPlaced: { handle: on.held, to: ["creating"] },
      "EffectApplied:create": { handle: on.created, to: ["creating"] },
      "EffectRejected:create": { handle: on.createRefused, to: ["creating"] },
      "EffectCancelled:create": { handle: on.createGivenUp, to: ["closed"] },
      "EffectWithdrawn:create": { handle: on.withdrawnWhileCreating, to: ["on-hold", "creating"] },
      "EffectWithdrawalRefused:create": { handle: on.tooLateToHold, to: ["creating"] },
      "TimerFired:overdue": { handle: on.overdue, to: ["creating"] },
      ...ignoring("a withdrawal under way is answered, and looks at the hold then", "CreditHoldReleased"),
      ...ignoring("nothing to change or cancel was sent", ...CHANGE, ...CANCEL),
      ...notAgain,
      ...statusIsRead,
    },
    confirmed: {
      OrderConfirmed: { handle: on.confirmed, to: ["confirmed"] },
      OrderRejected: { handle: on.refused, to: ["closed"] },
      OrderChangeRequested: { handle: on.changeWanted, to: ["confirmed"] },
      OrderCancelRequested: { handle: on.cancelWanted, to: ["cancelling"] },
      CreditHoldPlaced: { handle: on.riskSeen, to: ["confirmed"] },
      CreditHoldReleased: { handle: on.stands, to: ["confirmed"] },
      "EffectApplied:change": { handle: on.changeMade, to: ["confirmed"] },
      "EffectRejected:change": { handle: on.changeRefused, to: ["confirmed"] },
      "EffectCancelled:change": { handle: on.stands, to: ["confirmed"] },
      ...ignoring("the refusal was told already", "EffectWithdrawn:change", "EffectWithdrawalRefused:change"),
      ...ignoring("the confirmation says more", ...CREATE),
      ...ignoring("the order stands", ...CANCEL, "TimerFired:overdue"),
      ...notAgain,
      ...statusIsRead,
    },
    cancelling: {
      OrderConfirmed: { handle: on.mustCancel, to: ["cancelling"] },
      OrderRejected: { handle: on.refusedInCancel, to: ["closed"] },
      OrderChangeRequested: { deferMs: 2 * DAY_MS, because: "whether the order stands is open" },
      "EffectWithdrawn:create": { handle: on.takenBack, to: ["closed"] },
      "EffectWithdrawalRefused:create": { handle: on.mustCancel, to: ["cancelling"] },
      "EffectApplied:create": { handle: on.mustCancel, to: ["cancelling"] },
      "EffectRejected:create": { handle: on.createRefusedInCancel, to: ["closed"] },
      "EffectCancelled:create": { handle: on.takenBack, to: ["closed"] },
      "EffectApplied:cancel": { handle: on.cancelDone, to: ["closed"] },
      "EffectRejected:cancel": { handle: on.cancelRefused, to: ["confirmed"] },
      "EffectCancelled:cancel": { handle: on.cancelGivenUp, to: ["confirmed"] },
      ...ignoring(
        "only a refused cancellation is taken back",
        "EffectWithdrawn:cancel",
        "EffectWithdrawalRefused:cancel",
      ),
      ...ignoring("the order is being cancelled", ...CHANGE, "OrderCancelRequested", "TimerFired:overdue"),
      ...ignoring("the order is being cancelled", "CreditHoldPlaced", "CreditHoldReleased"),
      ...notAgain,
      ...statusIsRead,
    },
    closed: {
      OrderConfirmed: { handle: on.confirmedAfterEnd, to: ["closed"] },
      ...ignoring(
        "the order has ended",
        "OrderRequested",
        "OrderChangeRequested",
        "OrderCancelRequested",
        "OrderRejected",
      ),
      ...ignoring("the order has ended", "CreditHoldPlaced", "CreditHoldReleased", "TimerFired:overdue"),
      ...ignoring("the order has ended", ...CREATE, ...CHANGE, ...CANCEL),
      ...statusIsRead,
    },
  },
});
