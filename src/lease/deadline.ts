/**
 * Two clocks, because each misses something: the monotonic one may stand still while a machine sleeps, the wall clock may be
 * set back. What is past on either is past.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds since some moment, never backwards. */
  readonly monotonic: () => number;
}

export const systemClock: Clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** A moment on both clocks. */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export function now(clock: Clock): Moment {
  return { wall: clock.wall(), monotonic: clock.monotonic() };
}

/**
 * Whether `ms` have gone by since `moment`, on either clock. A moment taken before the database was asked for something is
 * never later than the database's own, so a right of so many milliseconds ends here first, whatever the clocks say.
 */
export function isOver(clock: Clock, moment: Moment, ms: number): boolean {
  const wall = clock.wall() - moment.wall;
  return wall >= ms || wall < 0 || clock.monotonic() - moment.monotonic >= ms;
}
