import styles from "./time.module.css";
import { writeDate, writeDay, writeSpan, writeTime, writeWhole, writeZone } from "./format.ts";
import { TICK_MS, useNow } from "./now.ts";
import { useZone } from "./zone.ts";

/** Of two clocks that are kept; what is more ahead than this was told by one that is another time's. */
const CLOCKS_DIFFER_MS = 120_000;

interface TimeProps {
  at: string | null | undefined;
  /** The plant whose clock it is; absent: the reader's. */
  plant?: string | null | undefined;
  seconds?: boolean;
}

/** A moment, on the plant's clock, with its zone. */
export function Time({ at, plant, seconds = false }: TimeProps) {
  const now = useNow();
  const zone = useZone(plant);
  if (!at) return <None />;
  return (
    <time dateTime={at} title={writeWhole(at, zone)} className={styles["time"]}>
      {writeTime(at, zone, now, seconds)} <span className={styles["zone"]}>{writeZone(at, zone)}</span>
    </time>
  );
}

/** A day of business: it has no clock and no zone. */
export function Day({ day }: { day: string | null | undefined }) {
  const now = useNow();
  return day ? <time dateTime={day}>{writeDay(day, now)}</time> : <None />;
}

interface AgeProps {
  since: string | null | undefined;
  plant?: string | null;
  /** Within a sentence: `for 5 min`, `since 14 May 20:00`. */
  sentence?: boolean;
}

/** How long ago something began; when, where that is ahead of the reader's clock: no age could be true. */
export function Age({ since, plant, sentence = false }: AgeProps) {
  const now = useNow();
  const zone = useZone(plant);
  if (!since) return <None />;
  const age = now - Date.parse(since);
  const ahead = age < -CLOCKS_DIFFER_MS;
  // In a column there is room for the day.
  const began = (!sentence && writeDate(since, zone, now)) || writeTime(since, zone, now);
  return (
    <time dateTime={since} title={writeWhole(since, zone)} className={styles["time"]}>
      {sentence && (ahead ? "since " : "for ")}
      {ahead ? began : age < TICK_MS ? `< ${writeSpan(TICK_MS)}` : writeSpan(age)}
    </time>
  );
}

/** A clock that runs down, and what it says when it has: `in 2 h`, `3 h over`. */
export function Due({ at, plant }: { at: string | null | undefined; plant?: string | null }) {
  const now = useNow();
  const zone = useZone(plant);
  if (!at) return <None />;
  const left = Date.parse(at) - now;
  return (
    <time
      dateTime={at}
      title={writeWhole(at, zone)}
      className={styles["due"]}
      data-over={left < 0 || undefined}
    >
      {left < 0 ? `${writeSpan(left)} over` : `in ${writeSpan(left)}`}
    </time>
  );
}

export function None() {
  return (
    <span className={styles["none"]} aria-label="none">
      –
    </span>
  );
}
