/** What quality decides of held goods, per quantity: each decision has its own effects, and the last one ends the hold. */
import type {
  DerivedEvent,
  EventData,
  Facts,
  IntendedCase,
  IntendedEffect,
} from "../../src/process/index.ts";
import { isPositive, minus, plus, smaller } from "./amount.ts";
import { reduced, settled, together, withoutHold } from "./hold.ts";
import { type Goods, type Handle, type Hold, isAll, type Next } from "./state.ts";
import { balance, handOver, kept, scrap } from "./stock.ts";
import { aCase, atRisk, inWords, waitingLines } from "./telling.ts";

type Decided = EventData["interlock.DispositionDecided.v1"];
type Decision = Decided["decisions"][number];

interface At {
  readonly hold: string;
  readonly facts: Facts;
  readonly time: string;
  /** Told again after a restore it is the same: it never rests on a place in the ledger. */
  readonly id: string;
}

export const decided: Handle = ({ event, state, facts }) => {
  const { hold, decisions, last } = event.data as Decided;
  if (!state.holds[hold]) return settled(state);
  const mine = decisions.filter((decision) => concerns(decision, state, hold));
  const start: Next = settled(state);
  const done = mine.reduce(
    (so, decision) =>
      together(so, (goods) => {
        const n = goods.decisions + 1;
        const id = `${hold.slice(0, 35)}.${goods.name.id.slice(0, 35)}.${n}`;
        return decide({ ...goods, decisions: n }, decision, { hold, facts, time: event.time, id });
      }),
    start,
  );
  if (!last) return done;
  return together(done, (goods) => withoutHold(goods, hold, "decided by quality"));
};

/**
 * A decision without a number is about the goods the hold was raised on, and so is each one of a hold on a part: that did not
 * pass on to anything.
 */
function concerns({ lot, serial }: Decision, { name, holds }: Goods, hold: string): boolean {
  if (holds[hold]!.origin && !isAll(holds[hold]!)) return true;
  if (serial !== undefined) return name.kind === "serial" && name.id === serial;
  if (lot !== undefined) return name.kind === "lot" && name.id === lot;
  return holds[hold]!.origin;
}

function decide(goods: Goods, decision: Decision, at: At): Next {
  const { value } = decision.quantity;
  switch (decision.decision) {
    case "use-as-is":
      return useAsIs(goods, value, at);
    case "scrap":
      return scrapped(goods, decision, at);
    case "rework":
    case "regrade":
    case "return-to-supplier":
      return byPeople(goods, decision, at);
  }
}

function withChanged(goods: Goods, name: string, change: (hold: Hold) => Hold): Goods {
  const hold = goods.holds[name];
  return hold ? { ...goods, holds: { ...goods.holds, [name]: change(hold) } } : goods;
}

/** A concession: so much may be used, unless another hold keeps it. */
function useAsIs(goods: Goods, value: string, { hold }: At): Next {
  const eased = withChanged(goods, hold, (each) =>
    isAll(each) ? { ...each, cleared: plus(each.cleared, value) } : reduced(each, value),
  );
  const moved = balance(eased, "quality lets it be used as it is", hold);
  return settled(moved.goods, { effects: moved.effects });
}

/**
 * What lies in stock is scrapped there. What does not is still in work: the plant hears of it and reports it as scrap of its
 * operation, so that no piece is scrapped twice. Whoever waits for the pieces gets new ones planned.
 */
function scrapped(goods: Goods, { quantity, reason }: Decision, at: At): Next {
  const { hold, facts, time, id } = at;
  const done = scrap(goods, quantity.value, hold, reason);
  const inWork = minus(quantity.value, done.scrapped);
  const after = withChanged(done.goods, hold, (each) => reduced(each, quantity.value));
  const lines = waitingLines(goods, facts);
  const because = `${quantity.value} of ${inWords(goods)} are scrapped`;
  const effects: IntendedEffect[] = [
    ...done.effects,
    ...(isPositive(inWork) ? [toPlant(goods, hold, id, `scrap ${inWork} pieces and report them`)] : []),
    ...(lines.length > 0 && goods.item !== undefined ? [again(goods, quantity, id, because, lines)] : []),
  ];
  const derive: DerivedEvent[] = atRisk(goods, facts, hold, time, because);
  return settled(after, { effects, derive });
}

function toPlant(goods: Goods, hold: string, id: string, reason: string): IntendedEffect {
  const { name, item, workOrder } = goods;
  return {
    name: "notify",
    target: "mes",
    type: "RaiseQualityNotification",
    optional: true,
    payload: {
      notification: id,
      item,
      [name.kind]: name.kind === "item" ? item : name.id,
      ...(name.kind !== "workOrder" && { workOrder }),
      hold,
      reason,
    },
  };
}

function again(
  goods: Goods,
  quantity: Decision["quantity"],
  request: string,
  reason: string,
  pegging: readonly { salesOrder: string; line: number }[],
): IntendedEffect {
  return {
    name: "replace",
    target: "erp",
    type: "RequestProduction",
    payload: {
      request,
      item: goods.item,
      quantity: { value: quantity.value, unit: quantity.unit },
      replaces: goods.productionOrder,
      pegging,
      reason,
    },
  };
}

const TASKS = {
  rework: {
    owner: "plant-operations",
    remedy: "plan a rework order in the ERP for the pieces, and free them there when they are good",
  },
  regrade: {
    owner: "plant-operations",
    remedy: "book the pieces to the item they become, in the ERP, and free them there",
  },
  "return-to-supplier": {
    owner: "plant-operations",
    remedy: "return the pieces to the supplier in the ERP",
  },
} as const;

/** No system does it by itself: the pieces stay kept in the ERP, and are a person's from now on. */
function byPeople(goods: Goods, { decision, quantity, regradeTo }: Decision, { hold }: At): Next {
  const task = TASKS[decision as keyof typeof TASKS];
  const value = smaller(quantity.value, kept(goods.stock));
  const after = withChanged(handOver(goods, value), hold, (each) => reduced(each, quantity.value));
  const target = regradeTo === undefined ? "" : ` as ${regradeTo}`;
  const cases: IntendedCase[] = [
    aCase(
      `DISPOSITION_${decision.toUpperCase().replaceAll("-", "_")}`,
      task.owner,
      `quality decided under hold ${hold}: ${decision}${target} ${quantity.value} ${quantity.unit} of ${inWords(goods)}`,
      task.remedy,
    ),
  ];
  return settled(after, { cases });
}
