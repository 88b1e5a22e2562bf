/**
 * The counters of reports that were booked, as ranges: a plant counts without holes, so a thousand reports are one range, and
 * the state does not grow with them.
 */
export type Counters = readonly (readonly [from: number, to: number])[];

export function hasCounter(counters: Counters | undefined, counter: number): boolean {
  return counters?.some(([from, to]) => from <= counter && counter <= to) ?? false;
}

export function withCounter(counters: Counters | undefined, counter: number): Counters {
  const ranges: [number, number][] = [];
  for (const [from, to] of [...(counters ?? []), [counter, counter] as const].toSorted(
    (a, b) => a[0] - b[0],
  )) {
    const last = ranges.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}
