/** A hold comes and goes: raised here, passed on from what went in, or one of the whole item. Each counts for itself. */
import type { DerivedEvent, EventData, Facts, IntendedCase } from "../../src/process/index.ts";
import { minus } from "./amount.ts";
import { type Goods, type Handle, type Hold, isAll, isHeld, type Next } from "./state.ts";
import { balance } from "./stock.ts";
import { aCase, atRisk, counted, inWords, passed, subjectOfHold } from "./telling.ts";

type Raised = EventData["interlock.QualityHoldRaised.v1"];

interface At {
  readonly facts: Facts;
  readonly time: string;
}

/** What follows from the holds as they are now. */
export function settled(goods: Goods, follow: Omit<Next, "phase" | "state"> = {}): Next {
  return { ...follow, phase: isHeld(goods) ? "held" : "free", state: goods };
}

export function withHold(
  before: Goods,
  name: string,
  wanted: Omit<Hold, "cleared" | "stopsWork" | "unseen">,
  because: string,
  { facts, time }: At,
): Next {
  if (before.holds[name]) return settled(before);
  // A part of the pieces was set aside: the work on the others goes on.
  const stopsWork = before.working && isAll(wanted);
  const hold: Hold = { ...wanted, cleared: "0", stopsWork, unseen: isUnseen(before, wanted.origin) };
  const counts: Goods = { ...before, holds: { ...before.holds, [name]: hold } };
  const { goods, effects } = balance(counts, because, name);
  const derive: DerivedEvent[] = [
    counted("GoodsHeld", goods, name, { quantity: hold.quantity, because }),
    ...(stopsWork ? [work("WorkOrderHoldRequested", goods, name, because)] : []),
    ...(isAll(hold) ? passed("HoldPassedOn", goods, name) : []),
    ...atRisk(goods, facts, name, time, `${inWords(goods)} is under quality hold: ${because}`),
    ...containment(goods, name),
  ];
  return settled(goods, { effects, derive, cases: [...unseen(goods, hold), ...recall(goods, name)] });
}

export function withoutHold(before: Goods, name: string, because: string): Next {
  const hold = before.holds[name];
  if (!hold) return settled(before);
  const { [name]: _, ...holds } = before.holds;
  const { goods, effects } = balance({ ...before, holds }, because, name);
  return settled(goods, {
    effects,
    derive: [
      counted("GoodsFreed", goods, name, { because }),
      ...(hold.stopsWork ? [work("WorkOrderHoldEnded", goods, name, because)] : []),
      ...(isAll(hold) ? passed("HoldTakenOff", goods, name) : []),
    ],
    closeCases: hold.unseen ? ["STOCK_UNKNOWN"] : [],
  });
}

function work(
  name: "WorkOrderHoldRequested" | "WorkOrderHoldEnded",
  { name: of, productionOrder }: Goods,
  hold: string,
  reason: string,
): DerivedEvent {
  const asked = name === "WorkOrderHoldRequested" && { cause: "quality" };
  return {
    name,
    subject: `workOrder/${of.id}`,
    data: {
      workOrder: of.id,
      productionOrder,
      hold: `qualityHold.${hold}`,
      ...asked,
      reason: reason.slice(0, 400),
    },
  };
}

/** Where the goods have gone already. */
export function containment(goods: Goods, hold: string): DerivedEvent[] {
  if (goods.delivered.length === 0) return [];
  const { kind, id } = goods.name;
  const lots = (quantity: string) =>
    kind === "lot" || kind === "serial"
      ? [{ [kind]: id, quantity: { value: quantity, unit: goods.unit ?? "C62" } }]
      : undefined;
  return [
    {
      name: "ContainmentListed",
      subject: subjectOfHold(hold),
      data: {
        hold,
        deliveries: goods.delivered.map(({ shipment, salesOrder, line, quantity }) => ({
          salesOrder,
          line,
          shipment,
          lots: lots(quantity),
        })),
      },
    },
  ];
}

function recall(goods: Goods, hold: string): IntendedCase[] {
  if (goods.delivered.length === 0) return [];
  const where = goods.delivered.map(({ shipment, salesOrder }) => `${shipment} of ${salesOrder}`);
  return [
    aCase(
      "SHIPPED_UNDER_HOLD",
      "quality",
      `${inWords(goods)} is under hold ${hold} and has left: ${where.join(", ")}`,
      "decide whether the customers must be warned or the goods come back",
    ),
  ];
}

function isUnseen(
  { name, stock, working, delivered, outputs, productionOrder }: Goods,
  origin: boolean,
): boolean {
  const inStock = [stock.unrestricted, stock.inspection, stock.blocked].some((value) => value !== "0");
  const heardOf =
    inStock || working || delivered.length > 0 || outputs.length > 0 || productionOrder !== undefined;
  return origin && name.kind !== "item" && !heardOf;
}

/** Nobody can block what nobody has seen. */
function unseen(goods: Goods, hold: Hold): IntendedCase[] {
  if (!hold.unseen) return [];
  return [
    aCase(
      "STOCK_UNKNOWN",
      "quality",
      `${inWords(goods)} is under hold, but nothing was heard of it: it cannot be blocked from here`,
      "find it and block it in the ERP by hand; from its next posting on it is kept here",
    ),
  ];
}

export const raised: Handle = ({ event, state, facts }) => {
  const { hold, quantity, reason, item, itemRevision, workOrder, productionOrder } = event.data as Raised;
  const goods: Goods = {
    ...state,
    ...(state.item === undefined && item !== undefined && state.name.kind !== "item" && { item }),
    ...(state.itemRevision === undefined && itemRevision !== undefined && { itemRevision }),
    ...(state.productionOrder === undefined && productionOrder !== undefined && { productionOrder }),
    ...(state.workOrder === undefined && workOrder !== undefined && { workOrder }),
    ...(state.unit === undefined && quantity !== undefined && { unit: quantity.unit }),
  };
  const part = quantity === undefined ? {} : { quantity: quantity.value };
  return withHold(goods, hold, { origin: true, ...part }, reason.message, { facts, time: event.time });
};

export const released: Handle = ({ event, state }) => {
  const { hold, reason } = event.data as EventData["interlock.QualityHoldReleased.v1"];
  return withoutHold(state, hold, reason?.message ?? "released by quality");
};

export const passedOn: Handle = ({ event, state, facts }) => {
  const { hold, because = "something held is in it" } = event.data as EventData["interlock.HoldPassedOn.v1"];
  return withHold(state, hold, { origin: false }, because, { facts, time: event.time });
};

export const takenOff: Handle = ({ event, state }) => {
  const { hold, because = "what is in it is free" } = event.data as EventData["interlock.HoldTakenOff.v1"];
  return withoutHold(state, hold, because);
};

/** Holds of the whole item, as one hold under the item's name: it is there while any of them is. */
export const itemNews: Handle = ({ event, state, facts }) => byItem(state, { facts, time: event.time });

export function byItem(goods: Goods, at: At): Next {
  const { item, itemRevision, name } = goods;
  if (item === undefined || name.kind === "item") return settled(goods);
  const keys = itemRevision === undefined ? [item] : [item, `${item}@${itemRevision}`];
  const held = keys.some((key) => Number(at.facts("itemHold", key) ?? 0) > 0);
  const hold = `item:${item}`;
  if (held) return withHold(goods, hold, { origin: false }, `item ${item} is under hold`, at);
  return withoutHold(goods, hold, `item ${item} is free`);
}

/** One decision after the other: what follows from each is added up. */
export function together(first: Next, then: (goods: Goods) => Next): Next {
  const second = then(first.state);
  const both = <Key extends "effects" | "derive" | "cases" | "closeCases">(key: Key) => [
    ...(first[key] ?? []),
    ...(second[key] ?? []),
  ];
  return {
    phase: second.phase,
    state: second.state,
    effects: both("effects") as NonNullable<Next["effects"]>,
    derive: both("derive") as NonNullable<Next["derive"]>,
    cases: both("cases") as NonNullable<Next["cases"]>,
    closeCases: both("closeCases") as NonNullable<Next["closeCases"]>,
  };
}

/** A part of a hold is decided on: of a part hold it is gone, of a whole one it is let go. */
export function reduced(hold: Hold, value: string): Hold {
  if (hold.quantity === undefined) return hold;
  return { ...hold, quantity: minus(hold.quantity, value) };
}
