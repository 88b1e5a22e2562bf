import { Temporal } from "temporal-polyfill";

const WRITTEN = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/;

/** A moment as the wall clock of the plant showed it: 09.03.2026 06:00:00. In autumn an hour is written twice. */
export function writeLocal(at: number, zone: string): string {
  const { day, month, year, hour, minute, second } =
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(day)}.${two(month)}.${year} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/** Undefined when it is no such time. */
export function readLocal(text: string, zone: string): number | undefined {
  const [, day, month, year, hour, minute, second] = WRITTEN.exec(text) ?? [];
  try {
    return Temporal.ZonedDateTime.from(
      {
        timeZone: zone,
        year: Number(year),
        month: Number(month),
        day: Number(day),
        hour: Number(hour),
        minute: Number(minute),
        second: Number(second),
      },
      { overflow: "reject" },
    ).epochMilliseconds;
  } catch {
    return undefined;
  }
}
