import { exact, text } from "./decimal.ts";
import type { Order } from "./order.ts";
import type { Reason } from "./reason.ts";
import type { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";

export type Correction = { good: string; scrap: string; rework: string; reason: Reason | null };

/**
 * Corrects an earlier report by the difference.
 * @throws Refusal when there is no such report, or less than nothing would be left
 */
export function correctReport(
  plant: Plant,
  order: Order,
  corrects: number,
  { good, scrap, rework, reason }: Correction,
  at: number,
): void {
  const report = order.reports.find(({ confirmation }) => confirmation === corrects);
  const operation = order.operations.find((candidate) => candidate.operation === report?.operation);
  if (!report || !operation) throw unknownReport(order, corrects);
  const after = {
    good: exact(operation.good).plus(good),
    scrap: exact(operation.scrap).plus(scrap),
    rework: exact(operation.rework).plus(rework),
  };
  for (const [field, amount] of Object.entries(after))
    if (amount.lt(0))
      throw new Refusal(
        422,
        "negative-sum",
        `operation ${operation.operation} would have ${text(amount)} ${field}`,
        field,
      );
  operation.good = text(after.good);
  operation.scrap = text(after.scrap);
  operation.rework = text(after.rework);
  const confirmation = ++order.confirmations;
  order.reports.push({ confirmation, operation: operation.operation, good, scrap, rework });
  const { workCenter } = operation;
  plant.tell(at, order, {
    type: "operation-corrected",
    operation: operation.operation,
    workCenter,
    confirmation,
    corrects,
    unit: order.unit,
    good,
    scrap,
    rework,
    reason,
  });
  plant.enter(at, "floor", "correct", {
    workOrder: order.workOrder,
    confirmation,
    corrects,
    good,
    scrap,
    rework,
  });
  plant.save(order);
}

export function correctConsumption(
  plant: Plant,
  order: Order,
  corrects: number,
  quantity: string,
  reason: Reason | null,
  at: number,
): void {
  const consumption = order.consumptions.find(({ confirmation }) => confirmation === corrects);
  if (!consumption) throw unknownReport(order, corrects);
  const { item, unit, line, lot, operation } = consumption;
  const component = order.components.find((candidate) => candidate.line === line);
  const used = exact(component?.used ?? consumption.quantity).plus(quantity);
  if (used.lt(0))
    throw new Refusal(422, "negative-sum", `${text(used)} of ${item} would have been used`, "quantity");
  if (component) component.used = text(used);
  const confirmation = ++order.confirmations;
  order.consumptions.push({ ...consumption, confirmation, quantity });
  plant.tell(at, order, {
    type: "consumption-corrected",
    operation,
    confirmation,
    corrects,
    item,
    quantity,
    unit,
    lot,
    componentLine: line,
    precision: lot === null ? "order" : "lot",
    reason,
  });
  plant.enter(at, "floor", "correct-consumption", {
    workOrder: order.workOrder,
    confirmation,
    corrects,
    quantity,
  });
  plant.save(order);
}

/** The corrections an order's course has in store, made to the last report they fit. */
export function followCourse(
  plant: Plant,
  workOrder: string,
  kind: "correct" | "correct-consumption",
  n: number,
  at: number,
): void {
  const order = plant.existing(workOrder);
  const course = order.course[kind === "correct" ? "corrections" : "consumptionCorrections"]?.[n];
  if (!course) return;
  const { operation, code = "COUNT", message = "counted again" } = course;
  const reason = { code, message };
  if ("item" in course) {
    const last = order.consumptions.findLast((c) => c.item === course.item && c.operation === operation);
    if (last) correctConsumption(plant, order, last.confirmation, course.quantity, reason, at);
    return;
  }
  const last = order.reports.findLast((report) => report.operation === operation);
  const { good = "0", scrap = "0", rework = "0" } = course;
  if (last) correctReport(plant, order, last.confirmation, { good, scrap, rework, reason }, at);
}

function unknownReport({ workOrder }: Order, confirmation: number): Refusal {
  return new Refusal(
    404,
    "unknown-confirmation",
    `work order ${workOrder} has no confirmation ${confirmation}`,
    "confirmation",
  );
}
