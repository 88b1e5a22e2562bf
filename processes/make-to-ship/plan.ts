/** What may leave now: whole deliveries, as the shipping policy lets them go. */
import { isPositive, isLess, least, minus, plus, sum } from "./amount.ts";
import { available, change, isFree } from "./pieces.ts";
import type { Line, Order, Piece, ShippedLine } from "./state.ts";

/** A delivery of a line, with what of it neither has left nor is on its way out. */
interface Unit {
  readonly line: Line;
  readonly scheduleLine: number;
  readonly rest: string;
}

function unitsOf(order: Order, line: Line): Unit[] {
  const meant = order.pieces.filter((piece) => piece.line === line.line && piece.shipment !== undefined);
  let gone = plus(line.shipped, sum(meant.map(({ quantity }) => quantity)));
  return line.schedule.flatMap(({ scheduleLine, quantity }) => {
    const served = least(gone, quantity);
    gone = minus(gone, served);
    const rest = minus(quantity, served);
    return isPositive(rest) ? [{ line, scheduleLine, rest }] : [];
  });
}

/** The deliveries of a line that are there in full, the earliest first. */
function fullUnits(order: Order, line: Line): { full: Unit[]; open: Unit[] } {
  const open = unitsOf(order, line);
  if (line.fromStock) return { full: open, open };
  let left = available(order, line);
  const full: Unit[] = [];
  for (const unit of open) {
    if (isLess(left, unit.rest)) break;
    left = minus(left, unit.rest);
    full.push(unit);
  }
  return { full, open };
}

function readyUnits(order: Order): Unit[] {
  const lines = order.lines.map((line) => fullUnits(order, line));
  switch (order.policy) {
    case "complete":
      return lines.every(({ full, open }) => full.length === open.length)
        ? lines.flatMap(({ full }) => full)
        : [];
    case "line":
      return lines.flatMap(({ full, open }) => (full.length === open.length ? full : []));
    case "partial":
      return lines.flatMap(({ full }) => full);
  }
}

/** The next shipment with its goods set aside for it, or undefined while nothing may leave. */
export function nextShipment(
  order: Order,
  shipment: string,
): { order: Order; lines: ShippedLine[]; complete: boolean } | undefined {
  const units = readyUnits(order);
  if (units.length === 0) return undefined;
  const planned = units.reduce((so, unit) => setAside(so, unit, shipment), order);
  return {
    order: planned,
    lines: units.map((unit) => shippedLine(planned, unit, shipment)),
    complete: planned.lines.every((line) => unitsOf(planned, line).length === 0),
  };
}

function setAside(order: Order, { line, scheduleLine, rest }: Unit, shipment: string): Order {
  const meant = { line: line.line, shipment, scheduleLine };
  if (line.fromStock)
    return { ...order, pieces: [...order.pieces, { ...meant, quantity: rest, status: "unrestricted" }] };
  const free = (piece: Piece) => piece.line === line.line && isFree(order, piece);
  return change(order, free, rest, (piece) => ({ ...piece, ...meant }));
}

function shippedLine(order: Order, { line, scheduleLine, rest }: Unit, shipment: string): ShippedLine {
  const { unit } = line.quantity;
  const amounts = new Map<string, { lot: string | undefined; serial: string | undefined; value: string }>();
  for (const { lot, serial, quantity, ...piece } of order.pieces) {
    if (piece.shipment !== shipment || piece.line !== line.line || piece.scheduleLine !== scheduleLine)
      continue;
    if (lot === undefined && serial === undefined) continue;
    const name = JSON.stringify([lot, serial]);
    amounts.set(name, { lot, serial, value: plus(amounts.get(name)?.value ?? "0", quantity) });
  }
  const lots = [...amounts.values()].map(({ lot, serial, value }) => ({
    ...(lot !== undefined && { lot }),
    ...(serial !== undefined && { serial }),
    quantity: { value, unit },
  }));
  return {
    line: line.line,
    scheduleLine,
    item: line.item,
    quantity: { value: rest, unit },
    ...(lots.length > 0 && { lots }),
  };
}

/** Whether everything that was ordered has left. */
export function hasLeft({ lines }: Order): boolean {
  return lines.length > 0 && lines.every(({ quantity, shipped }) => !isLess(shipped, quantity.value));
}

/** Lines of which more has left, or is on its way out, than is ordered now. */
export function tooMuch(order: Order): number[] {
  return order.lines
    .filter((line) => {
      const meant = order.pieces.filter((piece) => piece.line === line.line && piece.shipment !== undefined);
      return isLess(line.quantity.value, plus(line.shipped, sum(meant.map(({ quantity }) => quantity))));
    })
    .map(({ line }) => line);
}
