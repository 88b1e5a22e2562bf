import { type Pool, query } from "../../db/pool.ts";
import { filtered } from "../filter.ts";
import { plantCondition, type Scope } from "../scope.ts";
import type { Entry } from "./entry.ts";

export interface EntryFilter {
  readonly actor?: string | undefined;
  readonly what?: string | undefined;
  readonly object?: string | undefined;
  readonly plant?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly scope?: Scope;
}

/** What people did, the newest first. The body is as it was written: where a personal value was, it holds a commitment. */
export async function selectEntries(
  pool: Pool,
  { actor, what, object, plant, from, until, scope }: EntryFilter,
  before: number | undefined,
  limit: number,
): Promise<Entry[]> {
  const { statement, values } = filtered(
    "api_audit",
    `select e.seq, e.recorded_at as at, e.actor, split_part(e.type, '.', 2) as what, e.subject as object, e.reason, e.plant,
        e.correlation, e.body::json as detail from events e`,
    [
      ["e.actor is not null"],
      ["e.actor = ?", actor],
      ["e.type like 'interlock.' || ?::text || '.v%'", what],
      ["e.subject = ?", object],
      ["e.plant = ?", plant],
      ["e.recorded_at >= ?", from],
      ["e.recorded_at < ?", until],
      plantCondition("e.plant", scope),
      ["e.seq < ?", before],
    ],
    ["order by e.seq desc limit ?", limit],
  );
  return query<Entry & Record<string, unknown>>(pool, statement, values);
}
