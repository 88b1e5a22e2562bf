/** How times and spans are written. The zone is always named: a plant's own where the time belongs to one. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  formats.set(key, known);
  return known;
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY_AND_MONTH: Intl.DateTimeFormatOptions = { day: "numeric", month: "short" };

/** `14:05`, `27 Nov 14:05` or `27 Nov 2031 14:05`: as much as is needed from where the reader stands. */
export function writeTime(at: string, zone: string, now: number, seconds = false): string {
  const clock: Intl.DateTimeFormatOptions = seconds ? { ...CLOCK, second: "2-digit" } : CLOCK;
  const date = writeDate(at, zone, now);
  const time = formatOf(zone, clock).format(new Date(at));
  return date === undefined ? time : `${date} ${time}`;
}

/** `27 Nov`, `27 Nov 2031`: the day of a moment; undefined: today. */
export function writeDate(at: string, zone: string, now: number): string | undefined {
  const time = new Date(at);
  const day = formatOf(zone, { ...DAY_AND_MONTH, year: "numeric" });
  const today = new Date(now);
  if (day.format(time) === day.format(today)) return undefined;
  const year = formatOf(zone, { year: "numeric" });
  const sameYear = year.format(time) === year.format(today);
  return sameYear ? formatOf(zone, DAY_AND_MONTH).format(time) : day.format(time);
}

/** A day without a time, as business documents have it: `27 Nov`, `27 Nov 2031`. */
export function writeDay(day: string, now: number): string {
  const time = new Date(`${day.slice(0, 10)}T12:00:00Z`);
  const sameYear = time.getUTCFullYear() === new Date(now).getUTCFullYear();
  return formatOf("UTC", sameYear ? DAY_AND_MONTH : { ...DAY_AND_MONTH, year: "numeric" }).format(time);
}

/** `CET`, `GMT+1`: what the zone is called at that time. */
export function writeZone(at: string, zone: string): string {
  const parts = formatOf(zone, { timeZoneName: "short" }).formatToParts(new Date(at));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** Everything: for whoever points at a time. */
export function writeWhole(at: string, zone: string): string {
  const whole = formatOf(zone, { dateStyle: "full", timeStyle: "medium" }).format(new Date(at));
  return `${whole} ${writeZone(at, zone)} (${zone}) · ${at}`;
}

/** `45 s`, `12 min`, `3 h 20 min`, `5 d`: two parts at most. */
export function writeSpan(ms: number): string {
  const span = Math.abs(ms);
  if (span < MINUTE) return `${Math.floor(span / 1000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span < DAY) {
    const minutes = Math.floor((span % HOUR) / MINUTE);
    const hours = Math.floor(span / HOUR);
    return minutes === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes} min`;
  }
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  return hours === 0 || days >= 3 ? `${days} d` : `${days} d ${hours} h`;
}
