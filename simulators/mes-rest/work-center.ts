import type { Plant } from "./plant.ts";
import type { Order } from "./order.ts";
import type { Reason } from "./reason.ts";

type Waiting = { workOrder: string; operation: string; priority: number; at: number };

/** One work centre does one operation at a time; the others wait by priority, then by time. */
export type WorkCenter = {
  workCenter: string;
  busy: { workOrder: string; operation: string } | null;
  queue: Waiting[];
  down: {
    downtime: string;
    at: number;
    reason: Reason | null;
    /** Minutes left of what was under way. */
    remaining: number | null;
  } | null;
  version: number;
};

export function workCenterOf(plant: Plant, workCenter: string): WorkCenter {
  return (
    plant.store.get<WorkCenter>("workCenter", workCenter) ?? {
      workCenter,
      busy: null,
      queue: [],
      down: null,
      version: 0,
    }
  );
}

export function saveWorkCenter(plant: Plant, center: WorkCenter): void {
  plant.store.put("workCenter", center.workCenter, center);
}

/** The next one whose turn it is, taken out of the queue; undefined while it is busy, down, or nobody waits. */
export function takeTurn(center: WorkCenter): Waiting | undefined {
  if (center.busy || center.down) return undefined;
  const next = center.queue.toSorted((a, b) => a.priority - b.priority || a.at - b.at)[0];
  if (!next) return undefined;
  center.queue = center.queue.filter((waiting) => waiting !== next);
  center.busy = { workOrder: next.workOrder, operation: next.operation };
  return next;
}

export function isQueued(plant: Plant, { workOrder }: Order, workCenter: string): boolean {
  return workCenterOf(plant, workCenter).queue.some((waiting) => waiting.workOrder === workOrder);
}

/**
 * Takes an order off a work centre, wherever it stood.
 * @returns minutes left of what was under way; undefined: it only waited
 */
export function leaveWorkCenter(
  plant: Plant,
  order: Order,
  workCenter: string,
  at: number,
): number | undefined {
  const planned = plant.unplan(order.workOrder, "portion");
  const center = workCenterOf(plant, workCenter);
  center.queue = center.queue.filter(({ workOrder }) => workOrder !== order.workOrder);
  let remaining: number | undefined;
  if (center.busy?.workOrder === order.workOrder) {
    remaining =
      planned === undefined ? (center.down?.remaining ?? 0) : plant.calendar.workingMinutes(at, planned);
    center.busy = null;
    if (center.down) center.down.remaining = null;
  }
  saveWorkCenter(plant, center);
  return remaining;
}
