import { type Client, type Pool, query } from "../db/pool.ts";
import type { CrosswalkRow } from "./crosswalk.ts";

/** A row that a person added, with who and why. */
export interface CrosswalkEntry extends CrosswalkRow {
  readonly seq: number;
  readonly actor: string;
  readonly reason: string;
  readonly addedAt: string;
}

/** Grows with each entry; 0 while there is none. */
export async function selectEntriesRevision(pool: Pool): Promise<number> {
  const [row] = await query<{ seq: number }>(pool, {
    name: "crosswalk.revision",
    text: "select coalesce(max(seq), 0) as seq from crosswalk_entries",
  });
  return row!.seq;
}

export async function selectEntries(pool: Pool): Promise<CrosswalkEntry[]> {
  return query<CrosswalkEntry & Record<string, unknown>>(pool, {
    name: "crosswalk.entries",
    text: `select system, kind, native, canonical, preferred, seq, actor, reason, added_at as "addedAt"
      from crosswalk_entries order by system, kind, native`,
  });
}

/** @returns false when the value has an entry already */
export async function insertEntry(
  on: Client,
  { system, kind, native, canonical, preferred, seq, actor, reason, addedAt }: CrosswalkEntry,
): Promise<boolean> {
  const rows = await query<{ seq: number }>(
    on,
    {
      name: "crosswalk.insert",
      text: `insert into crosswalk_entries (system, kind, native, canonical, preferred, seq, actor, reason, added_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing returning seq`,
    },
    [system, kind, native, canonical, preferred, seq, actor, reason, addedAt],
  );
  return rows.length > 0;
}
