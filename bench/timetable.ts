import { setTimeout as delay } from "node:timers/promises";

/**
 * Begins one piece of work each `1 / perSecond` seconds, whether or not those before have ended.
 * @param begin given its number and when it was due: one that begins late because the machine is slow is late
 */
export async function onTimetable<Result>(
  perSecond: number,
  count: number,
  begin: (n: number, dueAt: number) => Promise<Result>,
): Promise<Result[]> {
  const began = performance.now() + 100;
  const dueAt = (n: number) => began + (n * 1_000) / perSecond;
  const begun: Promise<Result>[] = [];
  while (begun.length < count) {
    while (begun.length < count && dueAt(begun.length) <= performance.now())
      begun.push(begin(begun.length, dueAt(begun.length)));
    // The client is part of the load: it sleeps until the next is due.
    await delay(Math.max(1, dueAt(begun.length) - performance.now()));
  }
  return Promise.all(begun);
}
