/** Goods of this order under quality hold: they are received for inspection, or not released at all. */
import type { EventData } from "../../src/process/index.ts";
import { above, minus, sumOf } from "./amount.ts";
import { proceed } from "./proceed.ts";
import { tryRelease } from "./release.ts";
import type { Context, GoodsHold, Handle, Next, Production } from "./state.ts";
import { goodOf } from "./sum.ts";

type Goods = EventData["interlock.GoodsHeld.v1"];

function goodsOf({ lot, serial, workOrder }: Goods): string {
  if (lot !== undefined) return `lot:${lot}`;
  return serial === undefined ? `workOrder:${workOrder}` : `serial:${serial}`;
}

function rest({ state }: Context, data: Goods, others: readonly GoodsHold[]): GoodsHold {
  const { hold, quantity } = data;
  if (
    quantity === undefined ||
    data.workOrder === undefined ||
    data.lot !== undefined ||
    data.serial !== undefined
  )
    return { hold };
  // Pieces that are in stock already are taken first: quality-hold blocks those there.
  const free = above(minus(goodOf(state), sumOf(others.map((other) => other.quantity ?? "0"))));
  return { hold, quantity: quantity.value, rest: above(minus(quantity.value, free)) };
}

function withHolds(state: Production, goods: string, holds: readonly GoodsHold[]): Production {
  const { [goods]: _, ...others } = state.quality;
  return { ...state, quality: holds.length === 0 ? others : { ...others, [goods]: holds } };
}

const moving = (
  change: (context: Context, data: Goods, holds: readonly GoodsHold[]) => GoodsHold[],
): Handle => {
  return (context) => {
    const { state } = context;
    const data = context.event.data as Goods;
    // A hold of the item as such is a fact: it only woke this order.
    if (data.lot === undefined && data.serial === undefined && data.workOrder === undefined)
      return next(context, state);
    const goods = goodsOf(data);
    return next(context, withHolds(state, goods, change(context, data, state.quality[goods] ?? [])));
  };
};

function next(context: Context, state: Production): Next {
  return state.order && state.releasedAt !== undefined && !state.sent && !state.cancel
    ? tryRelease(context, state)
    : proceed(context, state);
}

export const goodsHeld = moving((context, data, holds) => {
  const others = holds.filter(({ hold }) => hold !== data.hold);
  return [...others, rest(context, data, others)];
});

export const goodsFreed = moving((_, data, holds) => holds.filter(({ hold }) => hold !== data.hold));
