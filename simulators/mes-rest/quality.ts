import { exact, text } from "./decimal.ts";
import type { Operation, Order } from "./order.ts";
import type { Plant } from "./plant.ts";

/** The checkpoints of an operation, and what its course adds: each is inspected once, when the operation is done. */
export function recordInspections(plant: Plant, order: Order, { operation }: Operation, at: number): void {
  const scripted = order.course.inspections?.filter((inspection) => inspection.operation === operation) ?? [];
  const checkpoints = order.checkpoints.filter((checkpoint) => checkpoint.operation === operation);
  for (const checkpoint of checkpoints) {
    const course = scripted.find(
      (s) => (s.characteristic ?? checkpoint.characteristic) === checkpoint.characteristic,
    );
    record(plant, order, operation, at, { ...checkpoint, value: middleOf(checkpoint), ...course });
  }
  for (const course of scripted)
    if (
      !checkpoints.some(({ characteristic }) => (course.characteristic ?? characteristic) === characteristic)
    )
      record(plant, order, operation, at, { characteristic: "visual", ...course });
}

type Found = {
  checkpoint?: string;
  characteristic: string;
  value?: string | undefined;
  lower?: string | null;
  upper?: string | null;
  unit?: string | null;
  verdict?: "pass" | "fail" | "conditional";
  code?: string;
  message?: string;
};

function record(plant: Plant, order: Order, operation: string, at: number, found: Found): void {
  const inspection = plant.number("I");
  const { verdict = "pass", code, message } = found;
  plant.tell(at, order, {
    type: "inspection-recorded",
    inspection,
    operation,
    item: order.item,
    lot: order.lots[0]?.lot ?? null,
    checkpoint: found.checkpoint ?? null,
    characteristic: found.characteristic,
    value: found.value ?? null,
    lower: found.lower ?? null,
    upper: found.upper ?? null,
    limitUnit: found.unit ?? null,
    verdict,
    reason: code === undefined ? null : { code, message: message ?? code },
  });
  plant.enter(at, "floor", "inspect", { workOrder: order.workOrder, inspection, verdict });
}

/** A good value: between the limits, or on the one there is. */
function middleOf({ lower, upper }: { lower: string | null; upper: string | null }): string | undefined {
  if (lower === null || upper === null) return lower ?? upper ?? undefined;
  return text(exact(lower).plus(upper).dividedBy(2).toDecimalPlaces(6));
}

export function raiseHolds(plant: Plant, order: Order, { operation, good }: Operation, at: number): void {
  for (const hold of order.course.holds ?? []) {
    if (hold.operation !== operation) continue;
    const { by = "lot", quantity = good, code = "QUALITY", message = "held for review" } = hold;
    raiseHold(plant, order, at, { by, operation, quantity, reason: { code, message } });
  }
}

export type Hold = {
  by: "lot" | "serial" | "quantity";
  operation: string | null;
  quantity: string | null;
  reason: { code: string; message: string };
  lot?: string;
  serial?: string;
};

/** Something made must not be used until quality decides. The work itself goes on. */
export function raiseHold(plant: Plant, order: Order, at: number, given: Hold): void {
  const { by, operation, quantity, reason } = given;
  const hold = plant.number("H");
  order.blocked = text(exact(order.blocked).plus(quantity ?? "0"));
  plant.tell(at, order, {
    type: "quality-held",
    hold,
    operation,
    item: order.item,
    lot: by === "lot" ? (given.lot ?? order.lots.find(({ lot }) => lot !== null)?.lot ?? null) : null,
    serial:
      by === "serial"
        ? (given.serial ?? order.lots.find(({ serial }) => serial !== null)?.serial ?? null)
        : null,
    quantity,
    unit: order.unit,
    reason,
  });
  plant.enter(at, "floor", "hold-quality", { workOrder: order.workOrder, hold, quantity });
}
