/**
 * A transaction costs nearly the same for one row as for ten. So what comes within this time of a step's begin waits for the
 * next one, and goes together. On an idle hub the last step is longer ago, and nothing waits.
 */
const GATHER_MS = 4;

/** How long to wait after a step that took `tookMs`, before looking for more. */
export function gatherMs(tookMs: number): number {
  return Math.max(0, GATHER_MS - tookMs);
}
