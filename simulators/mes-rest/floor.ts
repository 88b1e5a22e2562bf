import { exact, text } from "./decimal.ts";
import { consumeFor, produceLots } from "./material.ts";
import { currentOperation, reportingOperation, type Operation, type Order, type Portion } from "./order.ts";
import { planPortions, reworkPortion } from "./portions.ts";
import type { Plant } from "./plant.ts";
import { recordInspections, raiseHolds } from "./quality.ts";
import { saveWorkCenter, takeTurn, workCenterOf } from "./work-center.ts";

const DAY_MS = 86_400_000;

/** When work on an order would begin if its first work centre were free. */
export function startOf(plant: Plant, order: Order, at: number): number {
  const planned = order.plannedStart + (order.course.delayDays ?? 0) * DAY_MS;
  return plant.calendar.nextWorking(Math.max(at, planned));
}

/** Puts an order in the queue of its current operation's work centre. */
export function enqueue(plant: Plant, order: Order, at: number): void {
  const operation = currentOperation(order);
  if (!operation) return;
  if (operation.silent) return startOperation(plant, order, operation, at);
  const center = workCenterOf(plant, operation.workCenter);
  const { workOrder, priority } = order;
  center.queue.push({ workOrder, operation: operation.operation, priority, at });
  saveWorkCenter(plant, center);
  plant.save(order);
  serve(plant, operation.workCenter, at);
}

/** Lets the next order begin on a work centre, if it is free. */
export function serve(plant: Plant, workCenter: string, at: number): void {
  const center = workCenterOf(plant, workCenter);
  const turn = takeTurn(center);
  if (!turn) return;
  saveWorkCenter(plant, center);
  const order = plant.existing(turn.workOrder);
  const operation = order.operations.find((candidate) => candidate.operation === turn.operation)!;
  startOperation(plant, order, operation, at);
}

function startOperation(plant: Plant, order: Order, operation: Operation, at: number): void {
  const { operation: name, workCenter } = operation;
  if (order.status === "waiting") {
    order.status = "running";
    order.startedAt = at;
    plant.tell(at, order, { type: "order-started", operation: operation.silent ? null : name });
  }
  if (operation.startedAt === null) {
    operation.startedAt = at;
    operation.portions = planPortions(plant, order, operation, inputOf(order, operation));
    if (!operation.silent) plant.tell(at, order, { type: "operation-started", operation: name, workCenter });
    planDowntimes(plant, order, operation, at);
  }
  const [portion] = operation.portions;
  if (!portion) return finishOperation(plant, order, operation, at);
  const minutes = operation.remaining ?? portion.minutes;
  operation.remaining = null;
  plant.plan(plant.calendar.addWorking(at, minutes), order.workOrder, { do: "portion", operation: name });
  plant.save(order);
}

/** What goes into an operation: what came out good of the one before. */
function inputOf(order: Order, operation: Operation): string {
  const before = order.operations[order.operations.indexOf(operation) - 1];
  return before ? before.good : text(exact(order.quantity).plus(order.course.extra ?? "0"));
}

/** In the middle of the first part, so that something is under way when it stops. */
function planDowntimes(plant: Plant, order: Order, operation: Operation, at: number): void {
  for (const downtime of order.course.downtimes ?? []) {
    if (downtime.operation !== operation.operation) continue;
    const { minutes, code = "BREAKDOWN", message = "breakdown" } = downtime;
    const when = plant.calendar.addWorking(at, (operation.portions[0]?.minutes ?? 0) / 2);
    const reason = { code, message };
    plant.plan(when, null, { do: "down", workCenter: operation.workCenter, minutes, reason });
  }
}

/** A part of an operation is done: it is reported, and the next one begins. */
export function donePortion(plant: Plant, workOrder: string, name: string, at: number): void {
  const order = plant.existing(workOrder);
  const operation = order.operations.find((candidate) => candidate.operation === name);
  const portion = operation?.portions.shift();
  if (!operation || !portion) return;
  reportPortion(plant, order, operation, portion, at);
  if (operation.portions.length === 0 && exact(operation.rework).gt(0))
    operation.portions.push(reworkPortion(plant, order, operation));
  const [next] = operation.portions;
  if (!next) return finishOperation(plant, order, operation, at);
  plant.plan(plant.calendar.addWorking(at, next.minutes), workOrder, { do: "portion", operation: name });
  plant.save(order);
}

/** Counts what was made and tells it: the deltas since the last report, what was used, and the lots made. */
export function reportPortion(
  plant: Plant,
  order: Order,
  operation: Operation,
  portion: Portion,
  at: number,
  last?: boolean,
): void {
  const { good, scrap, rework } = portion;
  consumeFor(plant, order, operation, portion.quantity, at);
  operation.good = text(exact(operation.good).plus(good));
  operation.scrap = text(exact(operation.scrap).plus(scrap));
  operation.rework = text(exact(operation.rework).plus(rework));
  const lots = operation === reportingOperation(order) ? produceLots(plant, order, operation, good, at) : [];
  if (operation.silent) return;
  const confirmation = ++order.confirmations;
  const { operation: name, workCenter } = operation;
  order.reports.push({ confirmation, operation: name, good, scrap, rework });
  const minutes = text(exact(portion.minutes).toDecimalPlaces(2));
  plant.tell(at, order, {
    type: "operation-reported",
    operation: name,
    workCenter,
    confirmation,
    unit: order.unit,
    good,
    scrap,
    rework,
    scrapReasons: portion.reasons,
    laborMinutes: minutes,
    machineMinutes: minutes,
    lots,
    last: last ?? (operation.portions.length === 0 && exact(operation.rework).lte(0)),
    startedAt: operation.startedAt,
  });
  plant.enter(at, "floor", "report", {
    workOrder: order.workOrder,
    operation: name,
    confirmation,
    good,
    scrap,
    rework,
  });
}

/** Nothing more comes of an operation: it is inspected, its work centre goes on, and so does the order. */
export function finishOperation(plant: Plant, order: Order, operation: Operation, at: number): void {
  operation.done = true;
  operation.portions = [];
  recordInspections(plant, order, operation, at);
  raiseHolds(plant, order, operation, at);
  planCorrections(plant, order, operation, at);
  plant.save(order);
  releaseWorkCenter(plant, order, operation, at);
  const next = currentOperation(order);
  // Nothing good came out: there is nothing to go on with.
  if (!next || exact(operation.good).lte(0)) completeOrder(plant, order, at);
  else enqueue(plant, order, at);
}

function releaseWorkCenter(plant: Plant, order: Order, operation: Operation, at: number): void {
  if (operation.silent) return;
  const center = workCenterOf(plant, operation.workCenter);
  if (center.busy?.workOrder !== order.workOrder) return;
  center.busy = null;
  saveWorkCenter(plant, center);
  serve(plant, operation.workCenter, at);
}

export function completeOrder(plant: Plant, order: Order, at: number): void {
  order.status = "completed";
  order.endedAt = at;
  const operation = reportingOperation(order);
  const { good, scrap } = operation;
  const made = operation.silent
    ? { unit: order.unit, good, scrap, confirmation: ++order.confirmations, lots: order.lots }
    : {};
  plant.tell(at, order, { type: "order-completed", ...made });
  plant.enter(at, "floor", "complete", { workOrder: order.workOrder, good, scrap });
  plant.save(order);
}

function planCorrections(plant: Plant, order: Order, { operation }: Operation, at: number): void {
  const { corrections = [], consumptionCorrections = [] } = order.course;
  for (const [kind, list] of [
    ["correct", corrections],
    ["correct-consumption", consumptionCorrections],
  ] as const)
    for (const [n, { operation: meant, afterMinutes = 30 }] of list.entries())
      if (meant === operation)
        plant.plan(at + afterMinutes * 60_000, order.workOrder, { do: kind, operation, n });
}
