/** Groups of rows that several phases treat alike. */
import { endsOf, ignoring, type Row } from "../../src/process/index.ts";
import * as command from "./command.ts";
import * as echo from "./echo.ts";
import * as ending from "./ending.ts";
import * as overdue from "./overdue.ts";
import * as plant from "./plant.ts";
import * as quality from "./quality.ts";
import type { Handle, Phase, Production } from "./state.ts";

export type Rows = Record<string, Row<Production, Phase>>;

export const REPORTS = [
  "OperationCompleted",
  "OperationCorrected",
  "MaterialConsumed",
  "ConsumptionCorrected",
];
export const BEGINNINGS = ["WorkOrderStarted", "OperationStarted"];
export const ANSWERS = [
  "WorkOrderAccepted",
  "WorkOrderRejected",
  "WorkOrderHeld",
  "WorkOrderResumed",
  "WorkOrderSplit",
  "WorkOrderAborted",
];
export const PLANT_NEWS = [...REPORTS, "WorkOrderCompleted", ...BEGINNINGS, ...ANSWERS];
export const ECHOES = ["ProductionConfirmed", "ProductionReceiptPosted", "ConsumptionPosted"];
export const ORDER_NEWS = ["ProductionOrderPlanned", "ProductionOrderReleased", "ProductionOrderChanged"];
export const ERP_STOPS = ["ProductionOrderHeld", "ProductionOrderResumed"];
export const WISHES = ["WorkOrderHoldRequested", "WorkOrderHoldEnded"];
export const GOODS = ["GoodsHeld", "GoodsFreed"];
/** They wake an order that relies on what they say. */
export const MASTER_NEWS = [
  "OrderCreated",
  "OrderChanged",
  "CreditHoldPlaced",
  "CreditHoldReleased",
  "ItemChanged",
  "BomRevised",
  "RoutingRevised",
];
export const TIMERS = ["gates", "silent", "echo", "correction", "settle"];
const POSTINGS = [
  "start",
  "confirm",
  "consume",
  "receive",
  "reverse-confirmation",
  "reverse-consumption",
  "reverse-receipt",
];
const REQUESTS = ["release", "update", "hold", "resume", "cancel", "finish"];

export const effects: Record<string, { readonly withdrawn?: boolean }> = {
  ...Object.fromEntries(REQUESTS.map((name) => [name, { withdrawn: true }])),
  ...Object.fromEntries(POSTINGS.map((name) => [name, {}])),
};

export const handling = (rows: readonly string[], handle: Handle, ...to: readonly Phase[]): Rows =>
  Object.fromEntries(rows.map((row) => [row, { handle, to }]));

export const deferring = (rows: readonly string[], deferMs: number, because: string): Rows =>
  Object.fromEntries(rows.map((row) => [row, { deferMs, because }]));

const ENDS = Object.entries(effects).flatMap(([name, effect]) => endsOf(name, effect));
export const nothingSent = ignoring("nothing was sent", ...ENDS);
export const endsAfterEnd = ignoring("the order has ended", ...ENDS);

/** It teaches links, and comes from this process itself. */
export const taught = ignoring("this process told it", "WorkOrderReleased");

export const timersNotSet = ignoring("it is not set", ...TIMERS.map((name) => `TimerFired:${name}`));

/** What follows in every phase in which the plant has the work order; `back`: where a refused wish leads. */
export function atPlant(phase: Phase, back: readonly Phase[]): Rows {
  const stay = [phase] as const;
  return {
    ...taught,
    ...timersNotSet,
    ...ignoring("it is released already", "ProductionOrderPlanned"),
    ...handling(["ProductionOrderReleased", "ProductionOrderChanged"], command.changedAtPlant, phase, "held"),
    ...handling(ECHOES.slice(0, 1), echo.confirmed, ...stay),
    ...handling(ECHOES.slice(1, 2), echo.received, ...stay),
    ...handling(ECHOES.slice(2), echo.issued, ...stay),
    ProductionOrderClosed: { handle: ending.closed, to: ["finished"] },
    ProductionOrderCancelled: { handle: command.cancelledAtPlant, to: ["cancelling"] },
    ProductionOrderHeld: { handle: command.heldByErp, to: [phase, "held"] },
    ProductionOrderResumed: { handle: command.resumedByErp, to: stay },
    WorkOrderHoldRequested: { handle: command.holdRequested, to: [phase, "held"] },
    WorkOrderHoldEnded: { handle: command.holdEnded, to: stay },
    GoodsHeld: { handle: quality.goodsHeld, to: stay },
    GoodsFreed: { handle: quality.goodsFreed, to: stay },
    WorkOrderAccepted: { handle: command.accepted, to: stay },
    WorkOrderRejected: { handle: command.refused, to: [phase, ...back] },
    WorkOrderHeld: { handle: plant.stopped, to: ["held"] },
    WorkOrderResumed: { handle: plant.resumed, to: stay },
    WorkOrderSplit: { handle: plant.split, to: stay },
    WorkOrderAborted: { handle: plant.aborted, to: [phase, "completing"] },
    ...handling([...REPORTS], plant.reported, phase, "running"),
    ...handling(BEGINNINGS, plant.workBegan, phase, "running"),
    WorkOrderCompleted: { handle: plant.reported, to: [phase, "running", "completing", "closing"] },
    "TimerFired:silent": { handle: overdue.silent, to: stay },
    "TimerFired:echo": { handle: overdue.echoOverdue, to: stay },
    "TimerFired:correction": { handle: overdue.correctionOverdue, to: stay },
    ...ignoring("it is at the plant: the gates are behind it", "GateOverridden", ...MASTER_NEWS),
    ...requestEnds(phase, back),
    ...postingEnds(phase),
  };
}

/** The plant answers with events; only what its system would not even take comes as the end of an effect. */
function requestEnds(phase: Phase, back: readonly Phase[]): Rows {
  const stay = [phase] as const;
  const leave = [phase, ...back] as const;
  return {
    "EffectApplied:release": { handle: ending.delivered, to: stay },
    ...handling(
      ["EffectRejected:release", "EffectCancelled:release"],
      command.releaseRefused,
      "blocked",
      ...leave,
    ),
    ...ignoring(
      "only a cancellation takes the release back",
      "EffectWithdrawn:release",
      "EffectWithdrawalRefused:release",
    ),
    ...ignoring(
      "the plant's answer counts",
      "EffectApplied:update",
      "EffectApplied:hold",
      "EffectApplied:resume",
      "EffectApplied:cancel",
    ),
    "EffectRejected:update": { handle: command.refusedAtOnce("update"), to: stay },
    "EffectRejected:hold": { handle: command.refusedAtOnce("hold"), to: leave },
    "EffectRejected:resume": { handle: command.refusedAtOnce("resume"), to: stay },
    "EffectRejected:cancel": { handle: command.refusedAtOnce("cancel"), to: leave },
    "EffectCancelled:update": { handle: command.givenUp("update"), to: stay },
    "EffectCancelled:hold": { handle: command.givenUp("hold"), to: leave },
    "EffectCancelled:resume": { handle: command.givenUp("resume"), to: stay },
    "EffectCancelled:cancel": { handle: command.givenUp("cancel"), to: leave },
    ...ignoring(
      "only a refused request is taken back",
      ...["update", "hold", "resume", "cancel"].flatMap((name) => [
        `EffectWithdrawn:${name}`,
        `EffectWithdrawalRefused:${name}`,
      ]),
    ),
    ...ignoring("the end was not sent", ...endsOf("finish", { withdrawn: true })),
  };
}

function postingEnds(phase: Phase): Rows {
  const of = (end: string) => POSTINGS.map((name) => `${end}:${name}`);
  return {
    ...ignoring("the ERP's echo counts", ...of("EffectApplied")),
    ...ignoring(
      "the refused posting has a case of its own, and without its echo nothing is finished",
      ...of("EffectRejected"),
    ),
    ...handling(of("EffectCancelled"), ending.postingGivenUp, phase),
  };
}
