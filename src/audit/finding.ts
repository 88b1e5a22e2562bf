/** The first place where the ledger is not what it was when it was written. */
export interface Finding {
  /** Ledger position; for the anchor file the number of the line. */
  readonly at: number;
  readonly kind: (typeof FINDING_KINDS)[number];
  /** What differs, in one sentence. */
  readonly differs: string;
}

/**
 * missing: rows were taken out. changed: a row says something else. reordered: rows changed places. rewritten: the rows are
 * consistent, but not those that were anchored. personal: what lies beside a row is not what it commits to. identity: the row is
 * not found by its source and id. head: rows and head disagree. anchor-file: the file itself was changed.
 */
export const FINDING_KINDS = [
  "missing",
  "changed",
  "reordered",
  "rewritten",
  "personal",
  "identity",
  "head",
  "anchor-file",
] as const;
