import { Temporal } from "temporal-polyfill";
import { MappingFunctionError } from "./function-error.ts";

/** A local time that the clock showed twice, or never, when summer time changed. */
export interface TimeNote {
  kind: "ambiguous" | "skipped";
  /** The source's own text. */
  text: string;
  zone: string;
  /** What was taken, RFC 3339. */
  taken: string;
  /** ambiguous: the other moment it can mean. */
  other?: string;
}

export interface LocalTime {
  /** RFC 3339 with the offset that held at the place. */
  time: string;
  note?: TimeNote;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const TOKENS: Record<string, string> = {
  YYYY: "(?<year>\\d{4})",
  MM: "(?<month>\\d{1,2})",
  DD: "(?<day>\\d{1,2})",
  HH: "(?<hour>\\d{1,2})",
  mm: "(?<minute>\\d{2})",
  ss: "(?<second>\\d{2})",
};

/**
 * A plant's local time as a point in time. A text that carries its offset is taken as it is.
 * In the hour that comes twice the earlier moment is taken and the other one noted; a time the clock skipped is taken
 * as if the clock had not been changed yet. Both are notes, not errors: production does not stop for the clock.
 * @param picture for example "DD.MM.YYYY HH:mm:ss" or "YYYYMMDDHHmmss"; without it ISO 8601, with T or a blank
 * @throws MappingFunctionError LOCAL_TIME_INVALID
 */
export function localTime(text: string, zone: string, picture?: string): LocalTime {
  if (picture === undefined && WITH_OFFSET.test(text)) return { time: checkedInstant(text) };
  const local = readLocal(text, picture);
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochNanoseconds === later.epochNanoseconds) return { time: format(earlier) };
  // A skipped time reads differently after either reading; a time that came twice reads the same.
  const twice = earlier.toPlainDateTime().equals(local);
  const taken = format(twice ? earlier : later);
  const note = { text, zone, taken };
  return {
    time: taken,
    note: twice ? { kind: "ambiguous", ...note, other: format(later) } : { kind: "skipped", ...note },
  };
}

/**
 * A point in time as the wall clock of a place shows it, for a system that writes no zone. What is written twice when
 * summer time ends cannot be told apart by its reader.
 * @param picture as for `localTime`; without it ISO 8601
 * @throws MappingFunctionError LOCAL_TIME_INVALID
 */
export function plantTime(instant: string, zone: string, picture = "YYYY-MM-DDTHH:mm:ss"): string {
  if (!WITH_OFFSET.test(instant)) throw invalid(instant, "RFC 3339");
  const local = Temporal.Instant.from(checkedInstant(instant)).toZonedDateTimeISO(zone);
  const parts: Record<string, number> = {
    YYYY: local.year,
    MM: local.month,
    DD: local.day,
    HH: local.hour,
    mm: local.minute,
    ss: local.second,
  };
  return picture.replaceAll(/YYYY|MM|DD|HH|mm|ss/g, (part) => String(parts[part]).padStart(part.length, "0"));
}

function readLocal(text: string, picture: string | undefined): Temporal.PlainDateTime {
  const match = (picture === undefined ? ISO : pictureRegex(picture)).exec(text.trim());
  const named = match?.groups;
  const [year, month, day, hour, minute, second, fraction] = named
    ? [named["year"], named["month"], named["day"], named["hour"], named["minute"], named["second"]]
    : (match?.slice(1) ?? []);
  try {
    return Temporal.PlainDateTime.from(
      {
        year: Number(year),
        month: Number(month),
        day: Number(day),
        hour: Number(hour ?? 0),
        minute: Number(minute ?? 0),
        second: Number(second ?? 0),
        ...subseconds(fraction),
      },
      { overflow: "reject" },
    );
  } catch {
    throw invalid(text, picture ?? "YYYY-MM-DDTHH:mm:ss");
  }
}

/** Pictures are short and become one anchored run of digit groups: nothing in them can backtrack far. */
function pictureRegex(picture: string): RegExp {
  if (picture.length > 40 || !/YYYY/.test(picture) || !/MM/.test(picture) || !/DD/.test(picture))
    throw new MappingFunctionError(
      "LOCAL_TIME_INVALID",
      `the picture "${picture.slice(0, 40)}" must name YYYY, MM and DD; known besides are HH, mm and ss`,
      picture,
    );
  const packed = /YYYYMM/.test(picture);
  const pattern = picture.replaceAll(/YYYY|MM|DD|HH|mm|ss|[^A-Za-z0-9 ]/g, (part) => {
    const token = TOKENS[part];
    if (token === undefined) return `\\${part}`;
    return packed ? token.replace("{1,2}", "{2}") : token;
  });
  return new RegExp(`^${pattern}$`);
}

function subseconds(fraction: string | undefined) {
  const digits = (fraction ?? "").padEnd(9, "0");
  return {
    millisecond: Number(digits.slice(0, 3)),
    microsecond: Number(digits.slice(3, 6)),
    nanosecond: Number(digits.slice(6, 9)),
  };
}

function checkedInstant(text: string): string {
  try {
    Temporal.Instant.from(text.replace(" ", "T"));
    return text.replace(" ", "T");
  } catch {
    throw invalid(text, "RFC 3339");
  }
}

function format(time: Temporal.ZonedDateTime): string {
  const text = time.toString({ timeZoneName: "never", calendarName: "never" });
  return text.endsWith("+00:00") ? text.replace("+00:00", "Z") : text;
}

function invalid(text: string, form: string): MappingFunctionError {
  return new MappingFunctionError(
    "LOCAL_TIME_INVALID",
    `"${text.slice(0, 40)}" is no time of the form ${form}`,
    text,
  );
}
