/** Groups of rows that several phases treat alike. */
import { endsOf, ignoring, type Row } from "../../src/process/index.ts";
import * as on from "./confirmed.ts";
import type { Order, Phase } from "./state.ts";

export const CHECK = endsOf("check", { withdrawn: true });
export const CREATE = endsOf("create", { withdrawn: true });
export const CHANGE = endsOf("change", { withdrawn: true });
export const CANCEL = endsOf("cancel", { withdrawn: true });

type Rows = Record<string, Row<Order, Phase>>;

/** The status is for people to read; where the CRM refuses it, that effect has a case of its own. */
export const statusIsRead = ignoring("nothing depends on the status in the CRM", ...endsOf("tell"));
const notAgain = ignoring(
  "the order is known; a change of it comes as OrderChangeRequested",
  "OrderRequested",
  "QuoteAccepted",
);
/** What only teaches links and facts, or wakes an order that does not wait for it. */
export const taught = ignoring(
  "it only teaches which production order serves which sales order",
  "ProductionOrderPlanned",
  "ProductionOrderReleased",
  "ProductionOrderChanged",
);
export const always: Rows = { ...statusIsRead, ...notAgain, ...taught };

export const DATA_NEWS = ["CustomerChanged", "ItemChanged"];
const PLANT_NEWS = [
  "WorkOrderStarted",
  "OperationStarted",
  "OperationCompleted",
  "OperationCorrected",
  "WorkOrderHeld",
  "WorkOrderResumed",
  "WorkOrderRejected",
  "WorkOrderCompleted",
  "WorkOrderAborted",
];
export const PRODUCTION = ["WorkOrderReleased", "ProductionOrderCancelled", ...PLANT_NEWS];
export const SHIPPING = ["ShipmentReady", "GoodsIssued"];
export const ORDER_NEWS = ["OrderChanged", "OrderCancelled", "OrderRejected", "PromiseDateChanged"];
export const RISKS = ["OrderAtRisk", "ProjectedDateChanged"];
export const CREDIT = ["CreditHoldPlaced", "CreditHoldReleased"];
export const TIMERS = ["TimerFired:answer", "TimerFired:recheck", "TimerFired:plant", "TimerFired:leftover"];
export const PROPOSE = endsOf("propose", { withdrawn: true });

export const handling = (rows: readonly string[], handle: Row<Order, Phase>): Rows =>
  Object.fromEntries(rows.map((row) => [row, handle]));
/** Noted where the order stands, without moving it. */
export const noting = (phase: Phase): Rows => ({
  ...handling(PLANT_NEWS, { handle: on.plantNews(phase), to: [phase] }),
  WorkOrderReleased: { handle: on.workReleased(phase), to: [phase] },
  ProductionOrderCancelled: { handle: on.productionCancelled(phase), to: [phase] },
});
export const proposing = (phase: Phase): Rows => ({
  ...ignoring("the ERP tells by PromiseDateChanged", ...PROPOSE),
  "EffectRejected:propose": { handle: on.proposalRefused(phase), to: [phase] },
});
export const without = (rows: readonly string[], ...but: readonly string[]): string[] =>
  rows.filter((row) => !but.includes(row));
