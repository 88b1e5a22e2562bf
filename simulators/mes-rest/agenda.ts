import { followCourse } from "./correct.ts";
import { decide } from "./decide.ts";
import { goDown, goUp } from "./downtime.ts";
import { donePortion, enqueue } from "./floor.ts";
import type { Due, Plant } from "./plant.ts";
import { workCenterOf } from "./work-center.ts";

type Row = { id: number; at: number; work_order: string | null; what: string };

/** So many things share one transaction when much is due at once. */
const TOGETHER = 100;

/** Lets everything happen that is due by the plant's clock, in the order of its time. */
export function advance(plant: Plant): void {
  const now = plant.clock.now();
  while ((nextDue(plant) ?? Number.POSITIVE_INFINITY) <= now)
    plant.store.transact(() => {
      for (let n = 0; n < TOGETHER; n++) {
        const row = next(plant);
        if (!row || row.at > now) return;
        plant.store.run("delete from agenda where id = ?", row.id);
        happen(plant, JSON.parse(row.what) as Due, row.work_order ?? "", row.at);
      }
    });
}

/** When the next thing is due, by the plant's clock. */
export function nextDue(plant: Plant): number | undefined {
  return next(plant)?.at;
}

function next(plant: Plant): Row | undefined {
  return plant.store.one<Row>("select * from agenda order by at, id limit 1");
}

function happen(plant: Plant, due: Due, workOrder: string, at: number): void {
  switch (due.do) {
    case "decide":
      return decide(plant, due.message, at);
    case "begin": {
      const order = plant.order(workOrder);
      if (order?.status === "waiting") enqueue(plant, order, at);
      return;
    }
    case "portion":
      return donePortion(plant, workOrder, due.operation, at);
    case "down":
      return goDown(plant, due.workCenter, due.reason, due.minutes, at);
    case "up":
      if (workCenterOf(plant, due.workCenter).down) goUp(plant, due.workCenter, at);
      return;
    case "correct":
    case "correct-consumption":
      return followCourse(plant, workOrder, due.do, due.n, at);
  }
}
