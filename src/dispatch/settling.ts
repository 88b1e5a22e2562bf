import type { Clock } from "../lease/deadline.ts";

/**
 * When a look that finds nothing can be believed, by this hub's own monotonic clock. The database says so too (`settled_after`),
 * but its clock may be set forward, and a restored database has forgotten what was sent last. A call that this hub does not
 * know of is a former owner's: it may have begun until this hub became the owner, and not later.
 */
export interface Settling {
  /** What came of a send may show later than its answer. */
  readonly sent: (reference: string, fromMonotonic: number) => void;
  readonly ended: (reference: string) => void;
  /** 0: what does not show now will not show any more. */
  readonly leftMs: (reference: string, settleMs: number) => number;
}

/** @param callMs how long after its claim a call may begin, and how long it may take */
export function createSettling(callMs: number, clock: Clock): Settling {
  const owned = clock.monotonic();
  const sends = new Map<string, number>();
  return {
    sent: (reference, from) => void sends.set(reference, from),
    ended: (reference) => void sends.delete(reference),
    leftMs(reference, settleMs) {
      const from = sends.get(reference) ?? owned;
      return Math.max(0, from + callMs + settleMs - clock.monotonic());
    },
  };
}
