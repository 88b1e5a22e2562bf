import { serve } from "./floor.ts";
import type { Reason } from "./reason.ts";
import type { Plant } from "./plant.ts";
import { Refusal } from "./refusal.ts";
import { saveWorkCenter, workCenterOf } from "./work-center.ts";

/** A work centre stands still: what is under way stops where it is. Without minutes until someone says it works again. */
export function goDown(
  plant: Plant,
  workCenter: string,
  reason: Reason | null,
  minutes: number | null,
  at: number,
): void {
  const center = workCenterOf(plant, workCenter);
  if (center.down) return;
  const busy = center.busy?.workOrder;
  const planned = busy === undefined ? undefined : plant.unplan(busy, "portion");
  const downtime = plant.number("D");
  center.down = {
    downtime,
    at,
    reason,
    remaining: planned === undefined ? null : plant.calendar.workingMinutes(at, planned),
  };
  center.version++;
  saveWorkCenter(plant, center);
  plant.publish(at, {
    type: "downtime-started",
    downtime,
    workCenter,
    reason,
    version: center.version,
    ...(busy !== undefined && { workOrder: busy }),
  });
  plant.enter(at, "floor", "down", { workCenter, downtime });
  if (minutes !== null) plant.plan(plant.calendar.addWorking(at, minutes), null, { do: "up", workCenter });
}

/** @throws Refusal 409 when it is not down */
export function goUp(plant: Plant, workCenter: string, at: number): void {
  const center = workCenterOf(plant, workCenter);
  if (!center.down) throw new Refusal(409, "not-down", `work centre ${workCenter} is not down`);
  const { downtime, reason, remaining } = center.down;
  center.down = null;
  center.version++;
  saveWorkCenter(plant, center);
  plant.publish(at, { type: "downtime-ended", downtime, workCenter, reason, version: center.version });
  plant.enter(at, "floor", "up", { workCenter, downtime });
  if (center.busy && remaining !== null)
    plant.plan(plant.calendar.addWorking(at, remaining), center.busy.workOrder, {
      do: "portion",
      operation: center.busy.operation,
    });
  else serve(plant, workCenter, at);
}
