/**
 * How far a stream was read. Control numbers come from blocks that several servers draw on: they have gaps, and a lower
 * one may be committed after a higher. So each poll is a sweep that begins some way back, and passes over what it has
 * told already.
 */
export type Cursor = {
  /** Everything up to this control number was read for good. */
  readonly after: number;
  /** Read, but young: control number and epoch seconds of each. */
  readonly seen: readonly (readonly [control: number, seconds: number])[];
  /** Within a sweep: the last number of the page before. */
  readonly at: number | null;
  /** The highest number there ever was. */
  readonly high: number;
};

/** Numbers kept in mind at most: beyond it the oldest are taken for settled sooner. */
const SEEN_LIMIT = 2_000;

export function readCursor(text: string | undefined): Cursor {
  if (text === undefined) return { after: 0, seen: [], at: null, high: 0 };
  return JSON.parse(text) as Cursor;
}

export function writeCursor(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/**
 * What is older than `settledMs` will get no company any more.
 * @param at how far a sweep that goes on has come: what lies before it will be met again, and must not be told twice
 */
export function settle(
  seen: Cursor["seen"],
  after: number,
  settledMs: number,
  at: number | null = null,
): Pick<Cursor, "after" | "seen"> {
  const inOrder = seen.toSorted(([one], [other]) => one - other);
  const swept = at === null ? inOrder.length : inOrder.filter(([control]) => control <= at).length;
  const young = inOrder.findIndex(([, seconds]) => seconds * 1000 >= settledMs);
  const old = Math.max(young === -1 ? inOrder.length : young, inOrder.length - SEEN_LIMIT);
  const settled = Math.min(old, swept);
  return { after: inOrder[settled - 1]?.[0] ?? after, seen: inOrder.slice(settled) };
}
