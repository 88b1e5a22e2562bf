import { exact, text } from "./decimal.ts";
import type { Component, Lot, Operation, Order } from "./order.ts";
import type { Plant } from "./plant.ts";

/** What the plant knows of an item: how it tracks what it makes, and the lot or serials that lie at the line. */
export type ItemMaster = { tracking?: "none" | "lot" | "serial"; lot?: string; serials?: string[] };

function masterOf(plant: Plant, item: string): ItemMaster {
  return plant.store.get<ItemMaster>("item", item) ?? {};
}

/** Uses up what pieces put into an operation need: its components, or with the first one those of no operation. */
export function consumeFor(
  plant: Plant,
  order: Order,
  operation: Operation,
  pieces: string,
  at: number,
): void {
  if (!plant.settings.reportsConsumption || exact(pieces).lte(0)) return;
  const first = operation === order.operations[0];
  for (const component of order.components) {
    const here =
      component.operation === operation.operation ||
      (first && !order.operations.some(({ operation: name }) => name === component.operation));
    if (!here) continue;
    const share = exact(component.quantity).times(pieces).dividedBy(order.quantity).toDecimalPlaces(6);
    component.needed = text(exact(component.needed).plus(share));
    consume(plant, order, operation, component, text(share), at);
  }
}

function consume(
  plant: Plant,
  order: Order,
  operation: Operation,
  component: Component,
  quantity: string,
  at: number,
): void {
  component.used = text(exact(component.used).plus(quantity));
  const { item, unit, line } = component;
  for (const part of takenFrom(plant, component, quantity)) {
    const confirmation = ++order.confirmations;
    const name = operation.silent ? null : operation.operation;
    order.consumptions.push({
      confirmation,
      operation: name,
      item,
      quantity: part.quantity,
      line,
      lot: part.lot,
      unit,
    });
    plant.tell(at, order, {
      type: "material-consumed",
      operation: name,
      confirmation,
      item,
      quantity: part.quantity,
      unit,
      lot: part.lot,
      serial: part.serial,
      componentLine: line,
      precision: part.serial === null ? (part.lot === null ? "order" : "lot") : "piece",
    });
    plant.enter(at, "floor", "consume", {
      workOrder: order.workOrder,
      confirmation,
      item,
      quantity: part.quantity,
    });
  }
}

/** The lot or the single pieces a quantity is taken from, as they are scanned at the line. */
function takenFrom(plant: Plant, { item, tracking }: Component, quantity: string): Lot[] {
  if (tracking === "none") return [{ lot: null, serial: null, quantity }];
  const master = masterOf(plant, item);
  if (tracking === "lot") return [{ lot: master.lot ?? `S-${item}`, serial: null, quantity }];
  const { serials = [] } = master;
  const pieces = Array.from({ length: exact(quantity).ceil().toNumber() }, () => ({
    lot: null,
    serial: serials.shift() ?? `S-${item}-${plant.store.nextNumber(`serial ${item}`)}`,
    quantity: "1",
  }));
  if (master.serials) plant.store.put("item", item, { ...master, serials });
  return pieces;
}

/** Gives what was made a lot, one for each order, or serial numbers, one for each piece; negative amounts take nothing back. */
export function produceLots(
  plant: Plant,
  order: Order,
  operation: Operation,
  good: string,
  at: number,
): Lot[] {
  if (exact(good).lte(0)) return [];
  const { tracking = "lot" } = masterOf(plant, order.item);
  if (tracking === "none") return [];
  const lots = tracking === "lot" ? [lotOf(plant, order, good)] : serialsOf(plant, good);
  if (tracking === "serial") order.lots.push(...lots);
  for (const { lot, serial, quantity } of lots)
    plant.tell(at, order, {
      type: "lot-produced",
      operation: operation.silent ? null : operation.operation,
      item: order.item,
      lot,
      serial,
      quantity,
      unit: order.unit,
      precision: serial === null ? "lot" : "piece",
    });
  return lots;
}

function lotOf(plant: Plant, order: Order, quantity: string): Lot {
  const [held] = order.lots;
  const lot = held?.lot ?? plant.number("L");
  if (held) held.quantity = text(exact(held.quantity).plus(quantity));
  else order.lots.push({ lot, serial: null, quantity });
  return { lot, serial: null, quantity };
}

function serialsOf(plant: Plant, good: string): Lot[] {
  const pieces = exact(good).floor().toNumber();
  return Array.from({ length: pieces }, () => ({ lot: null, serial: plant.number("S"), quantity: "1" }));
}
