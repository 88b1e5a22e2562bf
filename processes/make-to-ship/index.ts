import { defineProcess, endsOf, ignoring, type Row } from "../../src/process/index.ts";
import * as on from "./goods.ts";
import { correlations, factsOf, factsTold, links } from "./relations.ts";
import { promiseMissed } from "./promise.ts";
import * as ship from "./shipping.ts";
import type { Handle, Order, Phase } from "./state.ts";

const DAY_MS = 86_400_000;

const HOLD = endsOf("hold", { withdrawn: true });
const OWN_CASE = [...endsOf("release"), ...endsOf("issue")];
const TOLD = [...endsOf("tell"), ...endsOf("asset"), ...endsOf("notice")];
const TIMERS = ["TimerFired:shipping", "TimerFired:invoice", "TimerFired:promise"];

type Rows = Record<string, Row<Order, Phase>>;
const handling = (handle: Handle, to: readonly Phase[], ...rows: readonly string[]): Rows =>
  Object.fromEntries(rows.map((row) => [row, { handle, to }]));

const SUPPLY = ["ProductionOrderPlanned", "ProductionOrderReleased", "ProductionOrderChanged"];
const GOODS = ["ProductionReceiptPosted", "PurchaseReceiptPosted", "StockStatusChanged", "InventoryAdjusted"];
const HOLDS = ["QualityHoldRaised", "QualityHoldReleased", "DispositionDecided", "GoodsHeld", "GoodsFreed"];
const BUILT = ["WorkOrderReleased", "MaterialConsumed", "ConsumptionCorrected", "ComponentReplaced"];
const SHIPPING = ["ShipmentConfirmed", "GoodsIssued", "InvoicePosted"];
const CREDIT = ["CreditHoldPlaced", "CreditHoldReleased"];

const always: Rows = {
  ...ignoring("it only teaches which lot came out of what", "LotProduced", "LotSplit", "LotMerged"),
  ...ignoring("what counts is what has left", "ShipmentPicked"),
  ...ignoring("nothing depends on what people and customers read", ...TOLD),
};

/** While anything of the order is still to leave or to be billed, everything is looked at in the same way. */
const following = (to: readonly Phase[]): Rows => ({
  ...handling(on.ordered, to, "OrderCreated", "OrderChanged"),
  ...handling(on.cancelled, ["ended"], "OrderCancelled", "OrderRejected"),
  PromiseDateChanged: { handle: on.promised, to },
  ...handling(on.supplyTold, to, ...SUPPLY),
  ...handling(on.received, to, "ProductionReceiptPosted", "PurchaseReceiptPosted"),
  StockStatusChanged: { handle: on.statusChanged, to },
  InventoryAdjusted: { handle: on.adjusted, to },
  ...handling(on.creditTold, to, ...CREDIT),
  QualityHoldRaised: { handle: on.holdRaised, to },
  QualityHoldReleased: { handle: on.holdReleased, to },
  DispositionDecided: { handle: on.disposed, to },
  ...handling(on.goodsTold, to, "GoodsHeld", "GoodsFreed"),
  WorkOrderReleased: { handle: on.workReleased, to },
  ...handling(on.consumed, to, "MaterialConsumed", "ConsumptionCorrected"),
  ComponentReplaced: { handle: on.replaced, to },
  ShipmentConfirmed: { handle: ship.confirmed, to },
  GoodsIssued: { handle: ship.issued, to },
  InvoicePosted: { handle: ship.invoiced, to },
  "EffectRejected:hold": { handle: on.holdNotTaken, to },
  "TimerFired:shipping": { handle: ship.shipmentOverdue, to: ["open"] },
  "TimerFired:invoice": { handle: ship.invoiceOverdue, to: ["open", "shipped"] },
  "TimerFired:promise": { handle: promiseMissed, to: ["open"] },
  ...ignoring(
    "the shipment stops, or a person was told",
    ...HOLD.filter((row) => row !== "EffectRejected:hold"),
  ),
  ...ignoring(
    "what is refused has a case that offers to correct and send it again; the echo tells the rest",
    ...OWN_CASE,
  ),
  ...always,
});

export default defineProcess<Order, Phase>({
  name: "make-to-ship",
  version: 1,
  purpose:
    "What is ordered leaves when the ERP has it in free stock and nothing stops it; then it is posted, shown and billed.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["done", "ended"],
  initialState: () => ({
    customer: "",
    policy: "partial",
    ownHold: false,
    lines: [],
    supplies: {},
    works: {},
    unplaced: [],
    pieces: [],
    holds: {},
    shipments: {},
    made: 0,
    billed: [],
    built: [],
    running: [],
  }),
  events: correlations,
  effects: { release: {}, hold: { withdrawn: true }, issue: {}, tell: {}, asset: {}, notice: {} },
  timers: ["shipping", "invoice", "promise"],
  links,
  facts: factsTold,
  factsFor: factsOf,
  phases: {
    new: {
      OrderCreated: { handle: on.ordered, to: ["open", "done"] },
      ...Object.fromEntries(
        [
          "OrderChanged",
          "PromiseDateChanged",
          "OrderCancelled",
          "OrderRejected",
          ...SUPPLY,
          ...GOODS,
          ...HOLDS,
          ...BUILT,
          ...SHIPPING,
        ].map((row) => [row, { deferMs: 3 * DAY_MS, because: "the ERP has not told of the order yet" }]),
      ),
      ...ignoring("there is no order yet", ...CREDIT, ...TIMERS),
      ...ignoring("nothing was sent yet", ...HOLD, ...OWN_CASE),
      ...always,
    },
    open: following(["open", "shipped", "done"]),
    shipped: {
      ...following(["open", "shipped", "done"]),
      ...ignoring("nothing is left to leave", "TimerFired:shipping", "TimerFired:promise"),
    },
    done: {
      ...ignoring(
        "all of it has left and is billed",
        ...[
          "OrderCreated",
          "OrderChanged",
          "OrderCancelled",
          "OrderRejected",
          "PromiseDateChanged",
          ...CREDIT,
        ],
        ...[...SUPPLY, ...GOODS, ...HOLDS, ...BUILT, ...SHIPPING, ...HOLD, ...OWN_CASE, ...TIMERS],
      ),
      ...always,
    },
    ended: {
      ...ignoring(
        "the order has ended",
        ...[
          "OrderCreated",
          "OrderChanged",
          "OrderCancelled",
          "OrderRejected",
          "PromiseDateChanged",
          ...CREDIT,
        ],
        ...[...SUPPLY, ...GOODS, ...HOLDS, ...BUILT, ...SHIPPING, ...HOLD, ...OWN_CASE, ...TIMERS],
      ),
      ...always,
    },
  },
});
