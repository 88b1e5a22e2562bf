/** The simulators' clocks: they stand still, all at one time, and go on together when the demo says so. */
import { BEGIN } from "./company.ts";
import { SYSTEM_NAMES, type World } from "./world.ts";

const DAY_MS = 86_400_000;
/** The plants' wall clock, the whole of the demo long. */
const SUMMER_TIME_MS = 2 * 3_600_000;

/** `day` counts from the first Monday as 0, `clock` is the plants' wall clock: `06:00`. */
export function moment(day: number, clock: string): string {
  const [hours, minutes] = clock.split(":").map(Number) as [number, number];
  const midnight = Date.parse(`${BEGIN.slice(0, 10)}T00:00:00Z`) + day * DAY_MS - SUMMER_TIME_MS;
  return new Date(midnight + hours * 3_600_000 + minutes * 60_000).toISOString();
}

/** `Tue 6 May, 14:00` */
export function spoken(at: string): string {
  const local = new Date(Date.parse(at) + SUMMER_TIME_MS);
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(local);
  return `${part({ weekday: "short" })} ${part({ day: "numeric", month: "short" })}, ${part({ hour: "2-digit", minute: "2-digit" })}`;
}

export async function setClocks(world: World, now: string): Promise<void> {
  await Promise.all(SYSTEM_NAMES.map((system) => world.ask(system, "clock", { body: { now, speed: 0 } })));
}
