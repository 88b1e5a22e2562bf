import type { ReactNode } from "react";

/** One column of a list. */
export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand to the right, under each other. */
  readonly align?: "right";
  /** As much as it needs and no more; the others share what is left. */
  readonly narrow?: boolean;
  /** The API's word for a list that is ordered by it. */
  readonly sort?: string;
}
