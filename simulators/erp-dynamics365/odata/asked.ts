import type { Filter } from "./filter.ts";

/** What a caller asks of a set. */
export type Query = {
  filter: Filter | undefined;
  select: ReadonlySet<string> | undefined;
  orderBy: { field: string; down: boolean }[];
  top: number | undefined;
  skip: number;
  count: boolean;
  expand: string[];
  crossCompany: boolean;
};
