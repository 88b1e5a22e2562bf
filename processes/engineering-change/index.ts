import { defineProcess, endsOf, ignoring, type LedgerEvent, type Row } from "../../src/process/index.ts";
import * as on from "./follow.ts";
import { factsOf, factsTold } from "./news.ts";
import { initial, type Phase, type Work } from "./state.ts";

const DAY_MS = 86_400_000;
type Rows = Record<string, Row<Work, Phase>>;

/** Parts of a split work order have names of their own and are followed with it by plan-to-produce. */
const byWork = ({ data }: LedgerEvent) => [{ key: (data as { workOrder: string }).workOrder }];
/** A work order bears the number of its production order. */
const byOrder = ({ data }: LedgerEvent) => [{ key: (data as { productionOrder: string }).productionOrder }];
const nobody = () => [];

const NEWS = ["ItemChanged", "BomRevised", "RoutingRevised", "InstructionRevised"];
const ENDS = ["WorkOrderCompleted", "WorkOrderAborted", "ProductionOrderClosed", "ProductionOrderCancelled"];
const ANSWERS = ["ProductionOrderChanged", "WorkOrderAccepted", "WorkOrderRejected"];
const UPDATE = endsOf("update", { withdrawn: true });

function open(phase: Phase): Rows {
  const to: readonly Phase[] = ["current", "updating", "held"];
  const handling = (names: readonly string[], handle: Rows[string] & object): Rows =>
    Object.fromEntries(names.map((name) => [name, handle]));
  return {
    ...ignoring("it is known", "WorkOrderReleased"),
    ...handling([...NEWS, "TimerFired:effective"], { handle: on.look, to }),
    ...handling(ENDS, { handle: on.ended, to: ["done"] }),
    ProductionOrderChanged: { handle: on.orderChanged, to },
    WorkOrderAccepted: { handle: on.accepted, to },
    WorkOrderRejected: { handle: on.refused, to: [phase] },
    EngineeringChangeDecided: { handle: on.decided, to },
    "TimerFired:update": { handle: on.notFollowed, to: [phase] },
    "EffectRejected:update": { handle: on.refusedAtOnce, to: [phase] },
    ...ignoring("the plant's answer counts", "EffectApplied:update"),
    ...ignoring(
      "the change is followed by its clock",
      "EffectCancelled:update",
      "EffectWithdrawn:update",
      "EffectWithdrawalRefused:update",
    ),
  };
}

export default defineProcess<Work, Phase>({
  name: "engineering-change",
  version: 1,
  purpose:
    "An open work order on an older revision is brought to the new one, held until a person decides, or finished with a recorded concession.",
  subjectKind: "workOrder",
  initialPhase: "new",
  finalPhases: ["done"],
  initialState: () => initial,
  events: {
    WorkOrderReleased: byWork,
    WorkOrderAccepted: byWork,
    WorkOrderRejected: byWork,
    WorkOrderCompleted: byWork,
    WorkOrderAborted: byWork,
    ProductionOrderChanged: byOrder,
    ProductionOrderClosed: byOrder,
    ProductionOrderCancelled: byOrder,
    EngineeringChangeDecided: byWork,
    // these reach the work orders that rely on the facts in them
    ItemChanged: nobody,
    BomRevised: nobody,
    RoutingRevised: nobody,
    InstructionRevised: nobody,
  },
  effects: { update: { withdrawn: true } },
  timers: ["effective", "update"],
  facts: factsTold,
  factsFor: factsOf,
  phases: {
    new: {
      WorkOrderReleased: { handle: on.released, to: ["current", "updating", "held"] },
      EngineeringChangeDecided: { deferMs: DAY_MS, because: "the work order has not been released yet" },
      ...ignoring("no work order is open for it", ...NEWS, ...ENDS, ...ANSWERS),
      ...ignoring("it is not set", "TimerFired:effective", "TimerFired:update"),
      ...ignoring("nothing was sent", ...UPDATE),
    },
    current: open("current"),
    updating: open("updating"),
    held: open("held"),
    done: {
      ...ignoring(
        "the work is done",
        "WorkOrderReleased",
        ...NEWS,
        ...ENDS,
        ...ANSWERS,
        "EngineeringChangeDecided",
      ),
      ...ignoring("the work is done", "TimerFired:effective", "TimerFired:update", ...UPDATE),
    },
  },
});
