/** The goods that are there for one order, piece by piece: where they came from, how they stand, what holds them. */
import type { EventData } from "../../src/process/index.ts";
import { inUnit, isLess, isNegative, isPositive, least, minus, most, plus, positive, sum } from "./amount.ts";
import type { Hold, Line, Order, Piece, Receipt, StockStatus, Supply } from "./state.ts";

type Lots = NonNullable<Receipt["lots"]>;
type Matching = {
  lot?: string | undefined;
  serial?: string | undefined;
  productionOrder?: string | undefined;
};
type Change = (piece: Piece) => Piece | undefined;

/** Beyond this something is wrong with the order of events, and the ERP's next word on pegging has to settle it. */
const MOST_UNPLACED = 500;

/** The ERP took goods in for this order, or took them out again. */
export function receive(order: Order, key: string, receipt: Receipt): Order {
  const { productionOrder, pegging, quantity } = receipt;
  if (pegging) return served(order, sharesPegged(pegging, key, quantity.value), receipt);
  const supply = productionOrder === undefined ? undefined : order.supplies[productionOrder];
  if (!supply) return { ...order, unplaced: [...order.unplaced, receipt].slice(-MOST_UNPLACED) };
  const next = served(order, sharesOf(supply, key, quantity.value), receipt);
  const received = plus(supply.received, quantity.value);
  return { ...next, supplies: { ...next.supplies, [productionOrder!]: { ...supply, received } } };
}

/** A production order that serves this one, as the ERP has it now. */
export function supplied(
  order: Order,
  key: string,
  supply: EventData["interlock.ProductionOrderReleased.v1"],
): Order {
  const { productionOrder, item, itemRevision, pegging } = supply;
  const received = order.supplies[productionOrder]?.received ?? "0";
  const revised = itemRevision === undefined ? {} : { itemRevision };
  const known = {
    ...order,
    supplies: { ...order.supplies, [productionOrder]: { item, ...revised, pegging, received } },
  };
  const waited = order.unplaced.filter((receipt) => receipt.productionOrder === productionOrder);
  const unplaced = order.unplaced.filter((receipt) => receipt.productionOrder !== productionOrder);
  return waited.reduce<Order>((so, receipt) => receive(so, key, receipt), { ...known, unplaced });
}

function served(order: Order, shares: readonly Share[], receipt: Receipt): Order {
  return shares.reduce((so, share) => receiveShare(so, share, receipt), order);
}

/** From where to where in the receipt's quantity. */
interface Share {
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

function sharesPegged(pegging: NonNullable<Receipt["pegging"]>, key: string, whole: string): Share[] {
  let from = "0";
  return pegging.flatMap(({ salesOrder, line, quantity }) => {
    const to = plus(from, positive(quantity?.value ?? whole));
    const share = { line, from, to };
    from = to;
    return salesOrder === key ? [share] : [];
  });
}

/**
 * Where the ERP does not say for whom a receipt is, the orders are served one after the other, as the production order lists
 * them. Every order sees all receipts and comes to the same division, so nothing is counted twice.
 */
function sharesOf(supply: Supply, key: string, quantity: string): Share[] {
  const [low, high] = isNegative(quantity)
    ? [plus(supply.received, quantity), supply.received]
    : [supply.received, plus(supply.received, quantity)];
  const shares: Share[] = [];
  let begin = "0";
  for (const [i, { salesOrder, line, quantity: wanted }] of supply.pegging.entries()) {
    // the last one listed takes what is left over, and one without a quantity takes all
    const last = i === supply.pegging.length - 1 || wanted === undefined;
    const end = last ? high : plus(begin, wanted.value);
    const from = most(begin, low);
    const to = least(end, high);
    if (salesOrder === key && isLess(from, to))
      shares.push({ line, from: minus(from, low), to: minus(to, low) });
    begin = most(begin, end);
  }
  return shares;
}

function receiveShare(order: Order, { line, from, to }: Share, receipt: Receipt): Order {
  const wanted = order.lines.find((each) => each.line === line);
  // a line that the ERP adds later finds its goods here
  if (wanted) inUnit(receipt.quantity, wanted.quantity.unit);
  const { productionOrder, status, lots } = receipt;
  const slices = slicesOf(lots, from, to);
  if (isNegative(receipt.quantity.value))
    return slices.reduce(
      (so, { lot, serial, quantity }) => takeOut(so, { lot, serial, productionOrder }, quantity, line),
      order,
    );
  const pieces = slices.map((slice) => ({
    ...slice,
    line,
    status,
    ...(productionOrder !== undefined && { productionOrder }),
  }));
  return { ...order, pieces: [...order.pieces, ...pieces] };
}

/** The part of the lots between two places in their whole quantity. */
function slicesOf(
  lots: Lots | undefined,
  from: string,
  to: string,
): Pick<Piece, "lot" | "serial" | "quantity">[] {
  if (!lots) return [{ quantity: minus(to, from) }];
  const slices: Pick<Piece, "lot" | "serial" | "quantity">[] = [];
  let begin = "0";
  for (const { lot, serial, quantity } of lots) {
    const end = plus(begin, positive(quantity.value));
    const amount = minus(least(end, to), most(begin, from));
    if (isPositive(amount))
      slices.push({
        quantity: amount,
        ...(lot !== undefined && { lot }),
        ...(serial !== undefined && { serial }),
      });
    begin = end;
  }
  return slices;
}

/** Goods that are not there any more: their receipt was taken back. */
function takeOut(order: Order, what: Matching, quantity: string, line?: number): Order {
  const matches = (piece: Piece) => matching(piece, what) && (line === undefined || piece.line === line);
  return change(order, matches, quantity, () => undefined);
}

export function setStatus(
  order: Order,
  what: Matching,
  quantity: string,
  from: StockStatus,
  to: StockStatus,
): Order {
  return change(
    order,
    (piece) => matching(piece, what) && piece.status === from,
    quantity,
    (piece) => ({ ...piece, status: to }),
  );
}

export function matching(piece: Piece, { lot, serial, productionOrder }: Matching): boolean {
  if (serial !== undefined) return piece.serial === serial;
  if (lot !== undefined) return piece.lot === lot;
  return productionOrder !== undefined && piece.productionOrder === productionOrder;
}

/** Changes so much of what matches, splitting the last piece. What is not meant for a shipment goes first. */
export function change(
  order: Order,
  matches: (piece: Piece) => boolean,
  quantity: string,
  to: Change,
): Order {
  let left = quantity;
  const free = order.pieces.filter(({ shipment }) => shipment === undefined);
  const meant = order.pieces.filter(({ shipment }) => shipment !== undefined);
  const pieces = [...free, ...meant].flatMap((piece) => {
    if (!isPositive(left) || !matches(piece)) return [piece];
    const amount = least(left, piece.quantity);
    left = minus(left, amount);
    const changed = to({ ...piece, quantity: amount });
    const rest = { ...piece, quantity: minus(piece.quantity, amount) };
    return [...(changed ? [changed] : []), ...(isPositive(rest.quantity) ? [rest] : [])];
  });
  return { ...order, pieces };
}

/** Takes so much out of a line: of what the first test finds, then of what the next one finds, and so on. */
export function takeByTurns(
  order: Order,
  quantity: string,
  turns: readonly ((piece: Piece) => boolean)[],
): Order {
  const amountOf = ({ pieces }: Order) => sum(pieces.map((piece) => piece.quantity));
  const before = amountOf(order);
  return turns.reduce(
    (so, turn) => change(so, turn, minus(quantity, minus(before, amountOf(so))), () => undefined),
    order,
  );
}

/** A hold of a quantity cannot be laid on single pieces: it is taken off what is free, less what the ERP keeps back already. */
const isWhole = ({ quantity }: Hold): boolean => quantity === undefined;

export function isHeld({ holds }: Order, piece: Piece): boolean {
  return Object.values(holds).some((hold) => isWhole(hold) && matching(piece, hold));
}

/** How much of a line could ship now. */
export function available(order: Order, line: Line): string {
  const pieces = order.pieces.filter((piece) => piece.line === line.line && piece.shipment === undefined);
  const free = sum(pieces.filter((piece) => isFree(order, piece)).map(({ quantity }) => quantity));
  const keptBack = sum(
    pieces.filter(({ status }) => status !== "unrestricted").map(({ quantity }) => quantity),
  );
  const heldParts = Object.values(order.holds)
    .filter((hold) => !isWhole(hold) && pieces.some((piece) => matching(piece, hold)))
    .map(({ quantity }) => quantity!);
  return most("0", minus(free, most("0", minus(sum(heldParts), keptBack))));
}

export function isFree(order: Order, piece: Piece): boolean {
  return piece.status === "unrestricted" && piece.shipment === undefined && !isHeld(order, piece);
}
