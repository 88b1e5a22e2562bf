const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/**
 * RFC 3339 with offset to UTC with microseconds, `2026-03-01T09:15:00.000000Z`: the one form in which the ledger orders,
 * hashes and shows times. Finer digits are cut. Undefined when the text is no such time or no such day exists.
 */
export function toUtc(text: string): string | undefined {
  const m = RFC3339.exec(text);
  if (!m) return undefined;
  const year = Number(m[1]);
  const month = Number(m[2]);
  const day = Number(m[3]);
  const hour = Number(m[4]);
  const minute = Number(m[5]);
  const second = Number(m[6]);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const micros = (m[7] ?? "").padEnd(6, "0").slice(0, 6);
  // Already in UTC: nothing to reckon.
  if (m[8] !== undefined) return `${text.slice(0, 10)}T${text.slice(11, 19)}.${micros}Z`;
  const offsetHour = Number(m[10]);
  const offsetMinute = Number(m[11]);
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const offsetMinutes = (m[9] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  at.setUTCHours(hour, minute - offsetMinutes, second);
  if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return undefined;
  return `${at.toISOString().slice(0, 19)}.${micros}Z`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Milliseconds since 1970 of an RFC 3339 time. */
export function toMillis(text: string): number {
  return Date.parse(text);
}

/** The same moment `ms` later, in the ledger's form. */
export function addMillis(utc: string, ms: number): string {
  const at = new Date(Date.parse(utc) + ms).toISOString();
  return `${at.slice(0, 19)}.${at.slice(20, 23)}${utc.slice(23, 26) || "000"}Z`;
}
