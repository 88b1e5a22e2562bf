/**
 * Working time of a plant. A shift is local wall-clock time, so a night shift across a change of summer time has seven or
 * nine hours, and that is what is counted. Shifts of a civil day are worked out once and kept: a deadline costs no
 * calendar arithmetic.
 */
import { Temporal } from "temporal-polyfill";
import { addMillis, toMillis } from "../event/time.ts";
import { ProcessError } from "./errors.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface ShiftCalendar {
  /** IANA name: `Europe/Paris`. */
  readonly timeZone: string;
  /** Local times `HH:MM`. One that ends at or before its start ends on the next day. The day is that of its start. */
  readonly shifts: readonly {
    readonly days: readonly Weekday[];
    readonly from: string;
    readonly to: string;
  }[];
  /** Days `YYYY-MM-DD` on which no shift starts. */
  readonly holidays?: readonly string[];
}

export interface WorkingTime {
  /** The moment at which so much working time has passed since `from` (RFC 3339, UTC); in the ledger's form. */
  dueAt(from: string, workingMs: number): string;
}

const DAY_MS = 86_400_000;
const EPOCH = Temporal.PlainDate.from("1970-01-01");
/** A calendar without a shift for so long is a mistake, and must not hold the hub. */
const SEARCH_DAYS = 1_000;
const KEPT_DAYS = 2_000;

/** @throws ProcessError CALENDAR_INVALID naming the plant and the value */
export function readCalendar(plant: string, calendar: ShiftCalendar): WorkingTime {
  const invalid = (what: string, cause?: unknown): never => {
    throw new ProcessError("CALENDAR_INVALID", `shift calendar of ${plant}: ${what}`, { cause });
  };
  if (calendar.shifts.every(({ days }) => days.length === 0)) invalid("it has no shift");
  const holidays = new Set(calendar.holidays ?? []);
  const shifts = calendar.shifts.map(({ days, from, to }) => ({ days, from: timeOf(from), to: timeOf(to) }));
  const kept = new Map<number, readonly (readonly [number, number])[]>();
  momentOf(EPOCH, Temporal.PlainTime.from("00:00")); // an unknown zone shows now

  function timeOf(text: string): Temporal.PlainTime {
    try {
      return Temporal.PlainTime.from(text);
    } catch (cause) {
      return invalid(`"${text}" is no time of day such as 06:00`, cause);
    }
  }

  /** Start and end, milliseconds since 1970, of the shifts that start on a civil day, by start. */
  function shiftsOn(day: number): readonly (readonly [number, number])[] {
    const known = kept.get(day);
    if (known) return known;
    if (kept.size >= KEPT_DAYS) kept.clear();
    const date = EPOCH.add({ days: day });
    const worked = holidays.has(date.toString())
      ? []
      : shifts.filter(({ days }) => days.includes(WEEKDAYS[date.dayOfWeek - 1]!));
    const found = worked
      .map(({ from, to }) => {
        const endDate = Temporal.PlainTime.compare(to, from) <= 0 ? date.add({ days: 1 }) : date;
        return [momentOf(date, from), momentOf(endDate, to)] as const;
      })
      .toSorted((a, b) => a[0] - b[0]);
    kept.set(day, found);
    return found;
  }

  function momentOf(date: Temporal.PlainDate, plainTime: Temporal.PlainTime): number {
    try {
      return date.toZonedDateTime({ timeZone: calendar.timeZone, plainTime }).epochMilliseconds;
    } catch (cause) {
      return invalid(`"${calendar.timeZone}" is no time zone such as Europe/Paris`, cause);
    }
  }

  return {
    dueAt(from, workingMs) {
      const began = toMillis(from);
      let left = workingMs;
      let at = began;
      // the local day may be one off UTC's, and a night shift began the day before
      const first = Math.floor(began / DAY_MS) - 2;
      for (let day = first; day < first + SEARCH_DAYS + workingMs / 60_000; day++) {
        for (const [start, end] of shiftsOn(day)) {
          const begin = Math.max(start, at); // shifts may overlap: nothing counts twice
          if (begin >= end) continue;
          if (end - begin >= left) return addMillis(from, begin + left - began);
          left -= end - begin;
          at = end;
        }
      }
      return invalid(`no working time was found for ${workingMs} ms after ${from}`);
    },
  };
}

/** Without a calendar every hour counts. */
export const ALWAYS: WorkingTime = { dueAt: (from, workingMs) => addMillis(from, workingMs) };
