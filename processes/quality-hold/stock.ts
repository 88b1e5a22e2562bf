/**
 * Goods in stock under hold. What is kept from use follows from the holds: all of it, or the sum of the parts that are held. The
 * difference to what is kept now is moved in the ERP, and counted as moved at once; the ERP's own word on it is then nothing new.
 */
import type { IntendedEffect } from "../../src/process/index.ts";
import { above, isPositive, minus, plus, smaller } from "./amount.ts";
import { fieldsOf, type Goods, isAll, isHeld, type Stock, type StockStatus } from "./state.ts";

export interface Moved {
  readonly goods: Goods;
  readonly effects: readonly IntendedEffect[];
}

export function kept({ inspection, blocked }: Stock): string {
  return plus(inspection, blocked);
}

/** How much of what is in stock must be kept from use. */
function target({ holds, stock }: Goods): string {
  const all = Object.values(holds);
  const total = plus(stock.unrestricted, kept(stock));
  const whole = all.filter(isAll);
  if (whole.length > 0) return above(minus(total, whole.map(({ cleared }) => cleared).reduce(smaller)));
  return smaller(all.map(({ quantity }) => quantity ?? "0").reduce(plus, "0"), total);
}

/** Moves stock until as much is kept from use as the holds want. */
export function balance(goods: Goods, because: string, hold: string): Moved {
  if (goods.item === undefined || goods.unit === undefined) return { goods, effects: [] };
  const want = minus(target(goods), kept(goods.stock));
  if (isPositive(want)) return move({ goods, effects: [] }, "unrestricted", "blocked", want, because, hold);
  const back = minus("0", want);
  if (!isPositive(back)) return { goods, effects: [] };
  const fromBlocked = smaller(back, goods.stock.blocked);
  const first = move({ goods, effects: [] }, "blocked", "unrestricted", fromBlocked, because, hold);
  return move(first, "inspection", "unrestricted", minus(back, fromBlocked), because, hold);
}

function move(
  { goods, effects }: Moved,
  from: StockStatus,
  to: StockStatus,
  value: string,
  reason: string,
  hold: string,
): Moved {
  if (!isPositive(value)) return { goods, effects };
  const way = `${from}>${to}`;
  return {
    goods: {
      ...goods,
      stock: {
        ...goods.stock,
        [from]: minus(goods.stock[from], value),
        [to]: plus(goods.stock[to], value),
      },
      asked: { ...goods.asked, [way]: plus(goods.asked[way] ?? "0", value) },
    },
    effects: [
      ...effects,
      {
        name: "stock",
        target: "erp",
        type: "SetStockStatus",
        payload: { ...stockOf(goods), quantity: { value, unit: goods.unit }, from, to, hold, reason },
      },
    ],
  };
}

/** Scraps what is kept, as far as it is in stock. */
export function scrap(
  goods: Goods,
  value: string,
  hold: string,
  reason: object | undefined,
): Moved & { scrapped: string } {
  let left = value;
  let at: Moved = { goods, effects: [] };
  for (const status of ["blocked", "inspection"] as const) {
    const part = smaller(left, at.goods.stock[status]);
    if (!isPositive(part)) continue;
    left = minus(left, part);
    at = {
      goods: {
        ...at.goods,
        stock: { ...at.goods.stock, [status]: minus(at.goods.stock[status], part) },
        asked: { ...at.goods.asked, scrap: plus(at.goods.asked["scrap"] ?? "0", part) },
      },
      effects: [
        ...at.effects,
        {
          name: "scrap",
          target: "erp",
          type: "ScrapStock",
          payload: {
            ...stockOf(goods),
            quantity: { value: part, unit: goods.unit },
            status,
            hold,
            reason,
          },
        },
      ],
    };
  }
  return { ...at, scrapped: minus(value, left) };
}

/** Takes out of keeping what people deal with from now on: it stays where it is in the ERP. */
export function handOver(goods: Goods, value: string): Goods {
  const blocked = smaller(value, goods.stock.blocked);
  const inspection = smaller(minus(value, blocked), goods.stock.inspection);
  const stock = {
    ...goods.stock,
    blocked: minus(goods.stock.blocked, blocked),
    inspection: minus(goods.stock.inspection, inspection),
  };
  return { ...goods, stock };
}

function stockOf(goods: Goods): Record<string, unknown> {
  const { lot, serial, productionOrder, item } = fieldsOf(goods) as Record<string, string | undefined>;
  const numbered = lot !== undefined || serial !== undefined;
  return {
    item,
    lot,
    serial,
    productionOrder: numbered ? undefined : (productionOrder ?? goods.name.id),
    location: goods.location,
  };
}

/**
 * What the ERP took in. For inspection it is kept by us when it came from production, where a hold alone leads to that status, or
 * when a hold lies on it; other goods are inspected for reasons of their own.
 */
export function received(goods: Goods, status: StockStatus, value: string, isMade: boolean): Goods {
  if (status !== "unrestricted" && !isMade && !isHeld(goods)) return goods;
  return { ...goods, stock: { ...goods.stock, [status]: above(plus(goods.stock[status], value)) } };
}

/** What left the stock: free pieces first. */
export function takenOut(goods: Goods, value: string): Goods {
  const free = smaller(value, goods.stock.unrestricted);
  const rest = handOver(goods, minus(value, free));
  return { ...rest, stock: { ...rest.stock, unrestricted: minus(goods.stock.unrestricted, free) } };
}

/** The ERP's word on a move: what we asked for is done already, the rest is somebody's own. */
export function moved(goods: Goods, from: StockStatus, to: StockStatus, value: string): Goods {
  const way = `${from}>${to}`;
  const ours = smaller(goods.asked[way] ?? "0", value);
  const asked = { ...goods.asked, [way]: minus(goods.asked[way] ?? "0", ours) };
  const rest = minus(value, ours);
  const stock = {
    ...goods.stock,
    [from]: above(minus(goods.stock[from], rest)),
    [to]: plus(goods.stock[to], rest),
  };
  return { ...goods, asked, stock };
}

export function adjusted(goods: Goods, value: string, isScrap: boolean): Goods {
  if (isPositive(value)) return received(goods, "unrestricted", value, false);
  const lost = minus("0", value);
  const ours = isScrap ? smaller(goods.asked["scrap"] ?? "0", lost) : "0";
  const asked = { ...goods.asked, scrap: minus(goods.asked["scrap"] ?? "0", ours) };
  return takenOut({ ...goods, asked }, minus(lost, ours));
}
