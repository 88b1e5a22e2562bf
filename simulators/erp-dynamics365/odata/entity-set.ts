import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import type { Fields, RowOf, Table } from "../store/table.ts";
import type { Query } from "./asked.ts";

/** One collection under /data: which table it shows, and what a caller may do with it. */
export type EntitySet<F extends Fields = Fields> = {
  /** The first is its own name; the others are older or newer versions of the same. */
  names: readonly string[];
  entity: string;
  table: Table<F>;
  /** Rows that are computed, not stored: all of them, or at least those that a query may mean. */
  read?: (erp: Erp, query?: Query) => RowOf<F>[];
  insert?: Write<F> & { run: (erp: Erp, call: Call, given: Partial<RowOf<F>>) => RowOf<F> };
  update?: Write<F> & { run: (erp: Erp, call: Call, row: RowOf<F>, given: Partial<RowOf<F>>) => unknown };
  remove?: (erp: Erp, call: Call, row: RowOf<F>) => void;
  /** Name of the navigation -> the set, and the field by which its rows belong to one of these. */
  expands?: Readonly<Record<string, { set: string; by: string }>>;
};

type Write<F extends Fields> = {
  fields: readonly (keyof F & string)[];
  required?: readonly (keyof F & string)[];
};

/** Keeps the field names checked where a set is declared, and lets sets of all tables stand in one list. */
export function defineEntitySet<F extends Fields>(set: EntitySet<F>): EntitySet {
  return set as unknown as EntitySet;
}
