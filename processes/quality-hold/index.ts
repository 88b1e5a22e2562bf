import { defineProcess, endsOf, ignoring, type Row } from "../../src/process/index.ts";
import { decided } from "./disposition.ts";
import * as genealogy from "./genealogy.ts";
import * as hold from "./hold.ts";
import * as movement from "./movement.ts";
import { correlations, factsOf, factsTold, links } from "./relation.ts";
import { type Goods, type Handle, initialOf, type Phase } from "./state.ts";
import { givenUp } from "./trouble.ts";

const DAY_MS = 86_400_000;
type Rows = Record<string, Row<Goods, Phase>>;

const HANDLERS: Readonly<Record<string, Handle>> = {
  QualityHoldRaised: hold.raised,
  QualityHoldReleased: hold.released,
  DispositionDecided: decided,
  HoldPassedOn: hold.passedOn,
  HoldTakenOff: hold.takenOff,
  GoodsHeld: hold.itemNews,
  GoodsFreed: hold.itemNews,
  WorkOrderReleased: genealogy.workReleased,
  WorkOrderCompleted: genealogy.workEnded,
  WorkOrderAborted: genealogy.workEnded,
  LotProduced: genealogy.produced,
  LotSplit: genealogy.split,
  LotMerged: genealogy.merged,
  MaterialConsumed: genealogy.consumed,
  ComponentReplaced: genealogy.installed,
  ProductionReceiptPosted: movement.receivedFromProduction,
  PurchaseReceiptPosted: movement.receivedFromPurchase,
  ConsumptionPosted: movement.issued,
  StockStatusChanged: movement.statusChanged,
  InventoryAdjusted: movement.adjusted,
  ShipmentReady: movement.letGo,
  ShipmentConfirmed: movement.left,
};

const handling = (names: readonly string[], ...to: readonly Phase[]): Rows =>
  Object.fromEntries(names.map((name) => [name, { handle: HANDLERS[name]!, to }]));

const ENDS_OF_HOLDS = ["QualityHoldReleased", "HoldTakenOff"];
/** What can bring a hold: by itself, or because the item is under one. */
const BRINGING = Object.keys(HANDLERS).filter(
  (name) =>
    ![
      ...ENDS_OF_HOLDS,
      "DispositionDecided",
      "WorkOrderCompleted",
      "WorkOrderAborted",
      "ConsumptionPosted",
      "ShipmentReady",
      "ShipmentConfirmed",
      "ComponentReplaced",
    ].includes(name),
);
const QUIET = [
  "WorkOrderCompleted",
  "WorkOrderAborted",
  "ConsumptionPosted",
  "ShipmentReady",
  "ShipmentConfirmed",
  "ComponentReplaced",
];

const always: Rows = {
  ...ignoring(
    "it only teaches for whom something is made",
    "ProductionOrderReleased",
    "ProductionOrderChanged",
  ),
  ...ignoring("the ERP tells of the goods themselves", "EffectApplied:stock", "EffectApplied:scrap"),
  ...ignoring("a refused posting has a case of its own", "EffectRejected:stock", "EffectRejected:scrap"),
  ...ignoring("the ERP plans by itself; what it refuses has a case of its own", ...endsOf("replace")),
  ...ignoring("people read it", ...endsOf("notify")),
};
/** Decisions find the goods a hold was raised on by the hold, so they come after it; of these a decision only names the lot. */
const notHeld = ignoring("the hold does not lie on these goods", "DispositionDecided");
const givenUpIn = (phase: Phase): Rows => ({
  "EffectCancelled:stock": { handle: givenUp, to: [phase] },
  "EffectCancelled:scrap": { handle: givenUp, to: [phase] },
});

export default defineProcess<Goods, Phase>({
  name: "quality-hold",
  version: 1,
  purpose:
    "Held goods are not used and do not leave, wherever they are and whatever they went into, until the last hold is gone.",
  subjectKind: "goods",
  initialPhase: "new",
  finalPhases: [],
  initialState: initialOf,
  events: correlations,
  effects: { stock: {}, scrap: {}, replace: {}, notify: {} },
  timers: [],
  links,
  facts: factsTold,
  factsFor: factsOf,
  phases: {
    new: {
      ...handling(BRINGING, "free", "held"),
      ...handling(QUIET, "free"),
      QualityHoldReleased: { deferMs: 3 * DAY_MS, because: "the hold itself has not come yet" },
      HoldTakenOff: { deferMs: 3 * DAY_MS, because: "the hold itself has not come yet" },
      ...notHeld,
      ...always,
      ...ignoring("nothing was sent yet", "EffectCancelled:stock", "EffectCancelled:scrap"),
    },
    free: {
      ...handling(BRINGING, "free", "held"),
      ...handling(QUIET, "free"),
      ...handling(ENDS_OF_HOLDS, "free"),
      ...notHeld,
      ...always,
      ...givenUpIn("free"),
    },
    held: {
      ...handling(BRINGING, "free", "held"),
      ...handling(QUIET, "held"),
      ...handling([...ENDS_OF_HOLDS, "DispositionDecided"], "free", "held"),
      ...always,
      ...givenUpIn("held"),
    },
  },
});
