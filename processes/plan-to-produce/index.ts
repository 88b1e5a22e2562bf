import { defineProcess, ignoring } from "../../src/process/index.ts";
import * as command from "./command.ts";
import * as ending from "./ending.ts";
import { factsOf, factsTold } from "./fact.ts";
import * as overdue from "./overdue.ts";
import * as plant from "./plant.ts";
import * as quality from "./quality.ts";
import { correlations, links } from "./relation.ts";
import * as release from "./release.ts";
import * as rows from "./rows.ts";
import { atPlant, deferring, handling } from "./rows.ts";
import { initial, type Phase, type Production } from "./state.ts";

const DAY_MS = 86_400_000;
const notSent = "the plant does not have it";
const AT_WORK = ["releasing", "accepted", "running", "held"] as const;

export default defineProcess<Production, Phase>({
  name: "plan-to-produce",
  version: 1,
  purpose:
    "A released production order reaches its plant once every gate is passed, what the plant reports is posted once, and it is finished when all of it has come back.",
  subjectKind: "productionOrder",
  initialPhase: "new",
  finalPhases: ["finished", "cancelled"],
  initialState: () => initial,
  events: correlations,
  effects: rows.effects,
  timers: rows.TIMERS,
  links,
  facts: factsTold,
  factsFor: factsOf,
  phases: {
    new: {
      // an ERP may tell of an order first when it has moved it, or before the release that this overtook
      ...handling(["ProductionOrderPlanned", "ProductionOrderChanged"], release.planned, "planned"),
      ProductionOrderReleased: { handle: release.released, to: ["blocked", "releasing"] },
      ProductionOrderHeld: { handle: command.heldByErpBefore, to: ["new"] },
      ProductionOrderResumed: { handle: command.resumedByErpBefore, to: ["new"] },
      // a release that was overtaken by it must not start anything
      ProductionOrderCancelled: { handle: command.cancelledBefore, to: ["cancelled"] },
      ...deferring(
        ["GateOverridden", ...rows.WISHES, ...rows.PLANT_NEWS],
        3 * DAY_MS,
        "the order itself has not come yet",
      ),
      ...ignoring(
        "posted or closed on an order that did not come from here",
        ...rows.ECHOES,
        "ProductionOrderClosed",
      ),
      ...ignoring("nothing is made of it yet", ...rows.GOODS),
      ...ignoring("there is no order yet", ...rows.MASTER_NEWS),
      ...rows.timersNotSet,
      ...rows.nothingSent,
      ...rows.taught,
    },
    planned: {
      ...handling(["ProductionOrderPlanned", "ProductionOrderChanged"], release.planned, "planned"),
      ProductionOrderReleased: { handle: release.released, to: ["blocked", "releasing"] },
      ProductionOrderCancelled: { handle: command.cancelledBefore, to: ["cancelled"] },
      ProductionOrderClosed: { handle: ending.closed, to: ["finished"] },
      ProductionOrderHeld: { handle: command.heldByErpBefore, to: ["planned"] },
      ProductionOrderResumed: { handle: command.resumedByErpBefore, to: ["planned"] },
      WorkOrderHoldRequested: { handle: command.holdRequestedBefore, to: ["planned"] },
      WorkOrderHoldEnded: { handle: command.holdEndedBefore, to: ["planned"] },
      GateOverridden: { handle: release.overridden, to: ["planned"] },
      GoodsHeld: { handle: quality.goodsHeld, to: ["planned"] },
      GoodsFreed: { handle: quality.goodsFreed, to: ["planned"] },
      ...deferring(rows.PLANT_NEWS, DAY_MS, notSent),
      ...ignoring("posted on an order that did not come from here", ...rows.ECHOES),
      ...ignoring("the gates are looked at when it is released", ...rows.MASTER_NEWS),
      ...rows.timersNotSet,
      ...rows.nothingSent,
      ...rows.taught,
    },
    blocked: {
      ...handling(
        ["ProductionOrderReleased", "ProductionOrderChanged"],
        release.changedBeforeRelease,
        "blocked",
        "releasing",
      ),
      ...ignoring("it is released already", "ProductionOrderPlanned"),
      ProductionOrderCancelled: { handle: command.cancelledBefore, to: ["cancelled"] },
      ProductionOrderClosed: { handle: ending.closed, to: ["finished"] },
      ProductionOrderHeld: { handle: command.heldByErpBefore, to: ["blocked"] },
      ProductionOrderResumed: { handle: command.resumedByErpBefore, to: ["blocked", "releasing"] },
      WorkOrderHoldRequested: { handle: command.holdRequestedBefore, to: ["blocked"] },
      WorkOrderHoldEnded: { handle: command.holdEndedBefore, to: ["blocked", "releasing"] },
      GateOverridden: { handle: release.overridden, to: ["blocked", "releasing"] },
      GoodsHeld: { handle: quality.goodsHeld, to: ["blocked"] },
      GoodsFreed: { handle: quality.goodsFreed, to: ["blocked", "releasing"] },
      ...handling([...rows.MASTER_NEWS, "TimerFired:gates"], release.recheck, "blocked", "releasing"),
      ...ignoring("the refusal is known", "WorkOrderRejected"),
      ...deferring(
        rows.PLANT_NEWS.filter((name) => name !== "WorkOrderRejected"),
        DAY_MS,
        notSent,
      ),
      ...ignoring("posted on an order that did not come from here", ...rows.ECHOES),
      ...ignoring(
        "it is not set",
        ...["silent", "echo", "correction", "settle"].map((name) => `TimerFired:${name}`),
      ),
      ...rows.nothingSent,
      ...rows.taught,
    },
    releasing: {
      ...atPlant("releasing", ["blocked"]),
      WorkOrderAccepted: { handle: command.accepted, to: ["accepted", "releasing"] },
    },
    accepted: atPlant("accepted", []),
    running: atPlant("running", []),
    held: {
      ...atPlant("held", ["releasing", "accepted", "running", "blocked"]),
      WorkOrderResumed: { handle: plant.resumed, to: ["held", "releasing", "accepted", "running"] },
      WorkOrderAccepted: { handle: command.accepted, to: ["held"] },
      WorkOrderCompleted: { handle: plant.reported, to: ["held", "completing", "closing"] },
      ...handling(rows.REPORTS, plant.reported, "held"),
      ...handling(rows.BEGINNINGS, plant.workBegan, "held"),
    },
    cancelling: {
      ...atPlant("cancelling", ["releasing", "accepted", "running", "held", "cancelled"]),
      ProductionOrderHeld: { handle: command.heldByErp, to: ["cancelling"] },
      WorkOrderHoldRequested: { handle: command.holdRequested, to: ["cancelling"] },
      WorkOrderHeld: { handle: plant.stopped, to: ["cancelling"] },
      WorkOrderAborted: { handle: plant.aborted, to: ["cancelling", "cancelled"] },
      WorkOrderCompleted: { handle: plant.reported, to: ["cancelling", "completing", "closing"] },
      ...handling(rows.REPORTS, plant.reported, "cancelling"),
      ...handling(rows.BEGINNINGS, plant.workBegan, "cancelling"),
      "EffectWithdrawn:release": { handle: ending.takenBack, to: ["cancelled"] },
      "EffectWithdrawalRefused:release": { handle: ending.delivered, to: ["cancelling"] },
      ...handling(["EffectRejected:release", "EffectCancelled:release"], command.releaseRefused, "cancelled"),
    },
    completing: {
      ...atPlant("completing", []),
      ...done("completing"),
    },
    closing: {
      ...atPlant("closing", []),
      ...done("closing"),
      "EffectApplied:finish": { handle: ending.finished, to: ["finished"] },
      ...ignoring("the refused end has a case of its own", "EffectRejected:finish", "EffectCancelled:finish"),
      ...ignoring("nothing took it back", "EffectWithdrawn:finish", "EffectWithdrawalRefused:finish"),
    },
    finished: ended("finished"),
    cancelled: ended("cancelled"),
  },
});

/** The plant is done: whatever comes now can complete the order, or undo its completion. */
function done(phase: "completing" | "closing"): rows.Rows {
  const to = ["completing", "closing"] as const;
  const own = atPlant(phase, []);
  const anew = [...rows.ORDER_NEWS, ...rows.ECHOES, ...rows.PLANT_NEWS];
  return {
    ...Object.fromEntries(
      anew.map((name) => {
        const row = own[name]!;
        return [name, "handle" in row ? { ...row, to } : row];
      }),
    ),
    ProductionOrderCancelled: { handle: command.cancelledAfterwards, to: ["cancelled"] },
    ProductionOrderHeld: { handle: command.heldByErp, to: [phase] },
    WorkOrderHoldRequested: { handle: command.holdRequested, to: [phase] },
    "TimerFired:settle": { handle: overdue.unsettled, to: [phase] },
    "EffectApplied:finish": { handle: ending.finished, to: ["finished"] },
    WorkOrderSplit: { handle: plant.split, to: [...to, ...AT_WORK] },
    "EffectWithdrawn:finish": { handle: ending.finishTakenBack, to: [...to, ...AT_WORK] },
    "EffectWithdrawalRefused:finish": { handle: ending.finishTooLate, to: ["closing"] },
    ...ignoring("its withdrawal is answered", "EffectRejected:finish", "EffectCancelled:finish"),
  };
}

function ended(phase: "finished" | "cancelled"): rows.Rows {
  return {
    ...handling([...rows.REPORTS, "WorkOrderCompleted"], ending.reportedAfterEnd, phase),
    ...ignoring(
      "the order has ended",
      ...rows.ORDER_NEWS,
      ...rows.ERP_STOPS,
      "ProductionOrderCancelled",
      "ProductionOrderClosed",
      "GateOverridden",
      ...rows.WISHES,
      ...rows.GOODS,
      ...rows.ECHOES,
      ...rows.BEGINNINGS,
      ...rows.ANSWERS,
      ...rows.MASTER_NEWS,
    ),
    ...rows.timersNotSet,
    ...rows.endsAfterEnd,
    ...rows.taught,
  };
}
