import { type Pool, query } from "../../db/pool.ts";

export interface DiskUse {
  readonly events: number;
  /** The whole database: tables, indexes, what is dead and not reused yet. */
  readonly bytes: number;
  /** The largest tables with their indexes, largest first. */
  readonly largest: readonly { readonly name: string; readonly bytes: number }[];
}

export async function selectDiskUse(pool: Pool): Promise<DiskUse> {
  const [row] = await query<{ events: number; bytes: number; largest: DiskUse["largest"] }>(pool, {
    name: "longer.disk-use",
    text: `select h.seq as events, pg_database_size(current_database()) as bytes,
        (select json_agg(t order by t.bytes desc) from (
          select coalesce(i.inhparent::regclass, c.oid::regclass)::text as name, sum(pg_total_relation_size(c.oid))::bigint as bytes
          from pg_class c left join pg_inherits i on i.inhrelid = c.oid
          where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          group by 1 order by bytes desc limit 8) t) as largest
      from ledger_head h`,
  });
  return row!;
}
