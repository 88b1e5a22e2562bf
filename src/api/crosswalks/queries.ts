import { type Pool, query } from "../../db/pool.ts";
import type { UnmappedRow } from "./crosswalk.ts";

/** Native values that the crosswalk has no row for, by how many messages wait for one. */
export async function selectUnmapped(
  pool: Pool,
  systems: readonly string[],
  limit: number,
): Promise<UnmappedRow[]> {
  return query<UnmappedRow & Record<string, unknown>>(
    pool,
    {
      name: "api_unmapped",
      text: `with waiting as materialized (
          select q.id, q.system, q.object_key, q.received_at, q.problem::json -> 'missing' as missing
          from inbound q where q.system = any ($1) and q.state in ('held', 'quarantined') and q.state = 'quarantined'
        )
        select w.system, w.missing ->> 'kind' as kind, w.missing ->> 'native' as native, count(*) as messages,
          coalesce(sum((select count(*) from inbound h where h.system = w.system and h.object_key = w.object_key and h.state = 'held')), 0)::bigint as behind,
          min(w.received_at) as since
        from waiting w where w.missing is not null
        group by 1, 2, 3 order by count(*) desc, min(w.received_at), 1, 2, 3 limit $2`,
    },
    [systems, limit],
  );
}

/** The quarantined messages that wait for this row. */
export async function selectWaitingFor(
  pool: Pool,
  systems: readonly string[],
  { kind, native }: { readonly kind: string; readonly native: string },
  limit: number,
): Promise<number[]> {
  const rows = await query<{ id: number }>(
    pool,
    {
      name: "api_waiting_for",
      text: `select id from inbound
        where system = any ($1) and state in ('held', 'quarantined') and state = 'quarantined'
          and problem::json -> 'missing' ->> 'kind' = $2 and problem::json -> 'missing' ->> 'native' = $3
        order by id limit $4`,
    },
    [systems, kind, native, limit],
  );
  return rows.map(({ id }) => id);
}
