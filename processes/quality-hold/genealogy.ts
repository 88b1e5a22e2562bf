/** What goods are made of and what became of them: holds pass on to whatever held goods go into, also when that is told later. */
import type { EventData } from "../../src/process/index.ts";
import { byItem, settled, together } from "./hold.ts";
import { type Context, type Goods, type Handle, isAll, keyOf, namedIn, type Next } from "./state.ts";
import { passed } from "./telling.ts";

const MOST_OUTPUTS = 5_000;

/** Passes every whole hold on to goods that come out of these; a hold on a part stays with the part. */
export function into(goods: Goods, outputs: readonly (string | undefined)[]): Next {
  const own = keyOf(goods.name);
  const fresh = outputs.filter((key) => key !== undefined && key !== own && !goods.outputs.includes(key));
  const added = [...new Set(fresh as string[])];
  const state = { ...goods, outputs: [...goods.outputs, ...added].slice(0, MOST_OUTPUTS) };
  const whole = Object.entries(goods.holds).filter(([, hold]) => isAll(hold));
  return settled(state, {
    derive: whole.flatMap(([hold]) => passed("HoldPassedOn", state, hold, added)),
  });
}

export function keyIn(data: Parameters<typeof namedIn>[0]): string | undefined {
  const name = namedIn(data);
  return name && keyOf(name);
}

export function known(
  goods: Goods,
  more: {
    item?: string | undefined;
    itemRevision?: string | undefined;
    unit?: string | undefined;
    productionOrder?: string | undefined;
    workOrder?: string | undefined;
  },
): Goods {
  const fresh = Object.fromEntries(
    Object.entries(more).filter(
      ([field, value]) => value !== undefined && goods[field as keyof Goods] === undefined,
    ),
  );
  return { ...goods, ...fresh };
}

const at = ({ facts, event }: Context) => ({ facts, time: event.time });

export const workReleased: Handle = (context) => {
  const { item, itemRevision, quantity, productionOrder } = context.event
    .data as EventData["interlock.WorkOrderReleased.v1"];
  const goods = known(context.state, { item, itemRevision, unit: quantity.unit, productionOrder });
  return byItem({ ...goods, working: true }, at(context));
};

export const workEnded: Handle = ({ state }) => settled({ ...state, working: false });

/** It reaches the lot, and the work order it came out of. */
export const produced: Handle = (context) => {
  const { state, event } = context;
  const {
    workOrder,
    productionOrder = workOrder,
    item,
    quantity,
    lot,
    serial,
  } = event.data as EventData["interlock.LotProduced.v1"];
  if (state.name.kind === "workOrder")
    return into(state, [keyIn({ ...(lot && { lot }), ...(serial && { serial }) })]);
  return byItem(known(state, { item, unit: quantity.unit, workOrder, productionOrder }), at(context));
};

export const split: Handle = (context) => {
  const {
    lot,
    into: parts,
    item,
    workOrder,
    productionOrder,
  } = context.event.data as EventData["interlock.LotSplit.v1"];
  const goods = known(context.state, { item, unit: parts[0]?.quantity.unit, workOrder, productionOrder });
  if (goods.name.id === lot)
    return into(
      goods,
      parts.map((part) => keyIn({ lot: part.lot })),
    );
  return byItem(goods, at(context));
};

export const merged: Handle = (context) => {
  const { lot, item, workOrder, productionOrder } = context.event.data as EventData["interlock.LotMerged.v1"];
  const goods = known(context.state, { item, workOrder, productionOrder });
  return goods.name.id === lot ? byItem(goods, at(context)) : into(goods, [keyIn({ lot })]);
};

/** Where the plant does not know the lot it went into, all that comes out of the work order counts. */
export const consumed: Handle = (context) => {
  const { workOrder, item, quantity, outputLot, outputSerial } = context.event
    .data as EventData["interlock.MaterialConsumed.v1"];
  const output = keyIn({
    ...(outputLot && { lot: outputLot }),
    ...(outputSerial && { serial: outputSerial }),
    workOrder,
  });
  const goods = known(context.state, { item, unit: quantity.unit });
  return together(byItem(goods, at(context)), (next) => into(next, [output]));
};

export const installed: Handle = (context) => {
  const {
    lot,
    serial,
    workOrder,
    installed: part,
    quantity,
  } = context.event.data as EventData["interlock.ComponentReplaced.v1"];
  const output = keyIn({ ...(lot && { lot }), ...(serial && { serial }), ...(workOrder && { workOrder }) });
  return into(known(context.state, { item: part.item, unit: quantity.unit }), [output]);
};
