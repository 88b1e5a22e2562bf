/**
 * How far a stream was read. A poll is a sweep: everything stamped since `since`, page by page. The next sweep begins
 * again some way back, because a row may be committed later than its stamp says.
 */
export type Cursor = {
  /** Epoch ms; null: from the beginning. */
  readonly since: number | null;
  /** Within a sweep: the org's time when it began, and the last row read. */
  readonly at: { readonly began: number; readonly stamp: number; readonly id: string } | null;
  /** The source's highest number seen. */
  readonly high: number;
};

export function readCursor(text: string | undefined, readFrom: string | undefined): Cursor {
  const start = { since: readFrom === undefined ? null : Date.parse(readFrom), at: null, high: 0 };
  if (text === undefined) return start;
  const { since, at, high } = JSON.parse(text) as Cursor;
  return { since, at, high };
}

export function writeCursor({ since, at, high }: Cursor): string {
  return JSON.stringify({ since, at, high });
}
