import type { Project } from "../config/project.ts";
import { addMillis } from "../event/time.ts";
import { ALWAYS, readCalendar, type WorkingTime } from "../process/calendar.ts";
import type { CaseOwner } from "../process/contract.ts";

export interface PlantCalendars {
  readonly workingTime: (plant: string | undefined) => WorkingTime;
  /** On the plant's calendar; undefined where the owner promised no time. */
  readonly caseDueAt: (owner: CaseOwner, plant: string | undefined, from: string) => string | undefined;
}

export function plantCalendars(project: Project): PlantCalendars {
  const calendars = new Map(
    [...project.plants.values()].flatMap(({ id, calendar }) =>
      calendar ? [[id, readCalendar(id, calendar)] as const] : [],
    ),
  );
  const workingTime = (plant: string | undefined) => (plant !== undefined && calendars.get(plant)) || ALWAYS;
  return {
    workingTime,
    caseDueAt(owner, plant, from) {
      const withinMs = project.owners.get(owner)?.settleWithinMs;
      if (withinMs === undefined) return undefined;
      return plant === undefined ? addMillis(from, withinMs) : workingTime(plant).dueAt(from, withinMs);
    },
  };
}
