import { Temporal } from "temporal-polyfill";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
/** `to` not after `from` means the next day. */
export type Shift = { days: Day[]; from: string; to: string };

type Window = { start: number; end: number };

const MINUTE_MS = 60_000;
/** A calendar in which nobody ever works would be searched for ever. */
const DAYS_SEARCHED = 3_700;

/** When the plant works: its shifts in its own time zone, without its holidays. No shifts: always. */
export class Calendar {
  readonly #zone: string;
  readonly #shifts: readonly Shift[];
  readonly #holidays: ReadonlySet<string>;
  readonly #windows = new Map<string, Window[]>();

  constructor(zone: string, shifts: readonly Shift[], holidays: readonly string[]) {
    this.#zone = zone;
    this.#shifts = shifts;
    this.#holidays = new Set(holidays);
  }

  /** The first moment from `at` on at which the plant works. */
  nextWorking(at: number): number {
    if (this.#shifts.length === 0) return at;
    for (const { start, end } of this.#from(at)) if (end > at) return Math.max(start, at);
    return at;
  }

  /** The moment at which so many minutes of work, begun at `at`, are done. */
  addWorking(at: number, minutes: number): number {
    let left = minutes * MINUTE_MS;
    if (this.#shifts.length === 0) return Math.round(at + left);
    for (const { start, end } of this.#from(at)) {
      const begin = Math.max(start, at);
      if (end <= begin) continue;
      if (left <= end - begin) return Math.round(begin + left);
      left -= end - begin;
    }
    return Math.round(at + left);
  }

  /** Minutes of work between two moments. */
  workingMinutes(from: number, to: number): number {
    if (to <= from) return 0;
    if (this.#shifts.length === 0) return (to - from) / MINUTE_MS;
    let total = 0;
    for (const { start, end } of this.#from(from)) {
      if (start >= to) break;
      total += Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
    return total / MINUTE_MS;
  }

  /** The windows of work from the day before `at` on: a night shift may still be running. */
  *#from(at: number): Generator<Window> {
    const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#zone).toPlainDate();
    for (let days = -1; days < DAYS_SEARCHED; days++) yield* this.#on(today.add({ days }));
  }

  #on(day: Temporal.PlainDate): Window[] {
    const key = day.toString();
    const known = this.#windows.get(key);
    if (known) return known;
    const name = DAYS[day.dayOfWeek - 1]!;
    const windows = this.#holidays.has(key)
      ? []
      : this.#shifts
          .filter(({ days }) => days.includes(name))
          .map(({ from, to }) => ({
            start: this.#moment(day, from),
            end: this.#moment(to > from ? day : day.add({ days: 1 }), to),
          }))
          .toSorted((a, b) => a.start - b.start);
    this.#windows.set(key, windows);
    return windows;
  }

  #moment(day: Temporal.PlainDate, time: string): number {
    return day.toZonedDateTime({ timeZone: this.#zone, plainTime: Temporal.PlainTime.from(time) })
      .epochMilliseconds;
  }
}
