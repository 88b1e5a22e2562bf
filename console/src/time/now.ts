import { useSyncExternalStore } from "react";

/** What is younger than this has no age yet: the page does not look at its clock more often. */
export const TICK_MS = 10_000;

let now = Date.now();
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The present, every ten seconds: one clock for all ages on the page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
