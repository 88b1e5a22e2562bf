/** Shipments that were let go and have not left: stopped while something is in their way, let go again when nothing is. */
import type { IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import { isPositive, minus, sum } from "./amount.ts";
import { change, isFree, isHeld } from "./pieces.ts";
import { tooMuch } from "./plan.ts";
import type { Order, Piece, ShippedLine, Shipment } from "./state.ts";
import { aCase, hold, release, tell } from "./telling.ts";

interface Stopped {
  readonly order: Order;
  readonly effects: readonly IntendedEffect[];
  readonly cases: readonly IntendedCase[];
}

/** @param credit what stops every delivery of the order */
export function stopOrLetGo(key: string, before: Order, credit: string | undefined): Stopped {
  const effects: IntendedEffect[] = [];
  const obstacles: string[] = [];
  const waiting = Object.entries(before.shipments).filter(
    ([, { stands }]) => stands === "ready" || stands === "held",
  );
  const order = waiting.reduce((so, [name, shipment]) => {
    const filled = refilled(so, name, shipment);
    const obstacle = obstacleOf(filled, name) ?? credit;
    if (obstacle !== undefined) obstacles.push(`${name}: ${obstacle}`);
    if (obstacle !== undefined && shipment.stands === "ready") {
      effects.push(hold(key, name, obstacle));
      return standing(filled, name, "held");
    }
    if (obstacle === undefined && shipment.stands === "held") {
      effects.push(release(filled, key, name, shipment.lines));
      return standing(filled, name, "ready");
    }
    return filled;
  }, before);
  if (effects.length === 0) return { order, effects, cases: [] };
  if (obstacles.length === 0)
    return { order, effects: [...effects, tell(order, key, "ready-to-ship")], cases: [] };
  return {
    order,
    effects: [...effects, tell(order, key, "at-risk", obstacles.join("; "))],
    cases: [
      aCase(
        "SHIPMENT_HELD",
        "customer-service",
        `a shipment of order ${key} was stopped: ${obstacles.join("; ")}`,
        "settle the hold, the credit or the change; the shipment goes on by itself when nothing stops it any more",
      ),
    ],
  };
}

function standing(order: Order, name: string, stands: Shipment["stands"]): Order {
  return { ...order, shipments: { ...order.shipments, [name]: { ...order.shipments[name]!, stands } } };
}

/** Why a shipment must wait. */
function obstacleOf(order: Order, name: string): string | undefined {
  const pieces = order.pieces.filter(({ shipment }) => shipment === name);
  const named = ({ lot, serial }: Piece) => serial ?? lot ?? "a part of it";
  const held = pieces.find((piece) => isHeld(order, piece));
  if (held) return `${named(held)} is under quality hold`;
  const kept = pieces.find(({ status }) => status !== "unrestricted");
  if (kept) return `${named(kept)} is not in free stock any more`;
  const { lines } = order.shipments[name]!;
  if (lines.some((line) => isPositive(missingOf(order, name, line))))
    return "a part of it is not in stock any more";
  if (lines.some(({ line }) => tooMuch(order).includes(line)))
    return "less is ordered now than it would deliver";
  return undefined;
}

function missingOf(order: Order, name: string, { line, scheduleLine, quantity }: ShippedLine): string {
  const there = order.pieces.filter(
    (piece) => piece.shipment === name && piece.line === line && piece.scheduleLine === scheduleLine,
  );
  return minus(quantity.value, sum(there.map((piece) => piece.quantity)));
}

/** What was scrapped or taken back out of a shipment is replaced by what is free. */
function refilled(order: Order, name: string, { lines }: Shipment): Order {
  return lines.reduce((so, shipped) => {
    const { line, scheduleLine } = shipped;
    const free = (piece: Piece) => piece.line === line && isFree(so, piece);
    return change(so, free, missingOf(so, name, shipped), (piece) => ({
      ...piece,
      shipment: name,
      ...(scheduleLine !== undefined && { scheduleLine }),
    }));
  }, order);
}
