/** Good pieces of the reporting operation go into stock at once: free, or for inspection where quality holds them. */
import type { EventData, IntendedEffect } from "../../src/process/index.ts";
import { compare, isZero, minus, smaller } from "./amount.ts";
import type { GoodsHold, Production, Quantity } from "./state.ts";
import { toErp } from "./telling.ts";

type Lots = EventData["interlock.OperationCompleted.v1"]["lots"];

interface Ids {
  readonly productionOrder: string;
  readonly workOrder: string;
  readonly operation?: string;
  readonly workCenter?: string | undefined;
  readonly confirmation: number;
  readonly lots?: Lots;
}

interface Portion {
  readonly value: string;
  readonly lots?: NonNullable<Lots>;
  readonly hold?: string | undefined;
}

export function receive(state: Production, ids: Ids, quantity: Quantity, at: string) {
  if (isZero(quantity.value)) return { state, effects: [] as IntendedEffect[] };
  const { lots, ...named } = ids;
  const split = portions(state, ids, quantity.value);
  return {
    state: split.state,
    effects: split.portions.map(({ value, lots: part = lots, hold }) =>
      toErp("receive", "ReceiveProduction", {
        ...named,
        item: state.order!.item,
        quantity: { ...quantity, value },
        lots: part,
        status: hold === undefined ? "unrestricted" : "inspection",
        location: state.order!.receiptLocation,
        hold: hold === "" ? undefined : hold,
        reportedAt: at,
      }),
    ),
  };
}

/** What is free and what is held, each with its lots. The hold `""` has no name here: it is one of the whole item. */
function portions(state: Production, ids: Ids, value: string): { state: Production; portions: Portion[] } {
  const whole = holdOfAll(state, ids.workOrder);
  if (whole !== undefined) return { state, portions: [{ value, hold: whole }] };
  const heldLots = (ids.lots ?? []).filter((lot) => holdOfLot(state, lot) !== undefined);
  if (heldLots.length > 0) {
    const free = ids.lots!.filter((lot) => !heldLots.includes(lot));
    const held: Portion = {
      value: total(heldLots),
      lots: heldLots,
      hold: holdOfLot(state, heldLots[0]!),
    };
    const rest = minus(value, held.value);
    return {
      state,
      portions:
        compare(rest, "0") > 0 ? [{ value: rest, ...(free.length > 0 && { lots: free }) }, held] : [held],
    };
  }
  return byQuantity(state, ids, value);
}

function holdOfAll({ quality, itemHeld }: Production, workOrder: string): string | undefined {
  const whole = quality[`workOrder:${workOrder}`]?.find(({ rest }) => rest === undefined);
  return whole?.hold ?? (itemHeld ? "" : undefined);
}

function holdOfLot({ quality }: Production, { lot, serial }: NonNullable<Lots>[number]): string | undefined {
  const goods = lot === undefined ? `serial:${serial}` : `lot:${lot}`;
  return quality[goods]?.[0]?.hold;
}

/** A hold on some pieces of the work order takes them from what is received next. */
function byQuantity(state: Production, ids: Ids, value: string) {
  const goods = `workOrder:${ids.workOrder}`;
  const found: Portion[] = [];
  const left: GoodsHold[] = [];
  let free = value;
  for (const each of state.quality[goods] ?? []) {
    const taken = smaller(each.rest ?? "0", free);
    free = minus(free, taken);
    left.push({ ...each, rest: minus(each.rest ?? "0", taken) });
    if (!isZero(taken)) found.push({ value: taken, hold: each.hold });
  }
  if (found.length === 0) return { state, portions: [{ value }] };
  const all = isZero(free) ? found : [{ value: free }, ...found];
  return {
    state: { ...state, quality: { ...state.quality, [goods]: left } },
    portions: withLots(all, ids.lots),
  };
}

/** Nobody says which of the lots are meant: they are dealt out in their order. */
function withLots(portions: readonly Portion[], lots: Lots): Portion[] {
  if (!lots) return [...portions];
  const left = lots.map((lot) => ({ ...lot }));
  return portions.map((portion) => {
    const mine: NonNullable<Lots> = [];
    let missing = portion.value;
    for (const lot of left) {
      const part = smaller(missing, lot.quantity.value);
      if (isZero(part)) continue;
      mine.push({ ...lot, quantity: { ...lot.quantity, value: part } });
      lot.quantity = { ...lot.quantity, value: minus(lot.quantity.value, part) };
      missing = minus(missing, part);
    }
    return mine.length === 0 ? portion : { ...portion, lots: mine };
  });
}

function total(lots: NonNullable<Lots>): string {
  return lots.reduce((sum, { quantity }) => minus(sum, minus("0", quantity.value)), "0");
}

export function takeBack(
  state: Production,
  ids: Omit<Ids, "lots"> & { readonly corrects: number },
  quantity: Quantity,
) {
  if (isZero(quantity.value)) return { state, effects: [] as IntendedEffect[] };
  const effect = toErp("reverse-receipt", "ReverseReceipt", {
    ...ids,
    item: state.order!.item,
    quantity,
    location: state.order!.receiptLocation,
  });
  return { state, effects: [effect] };
}
