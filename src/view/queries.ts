import { type Client, type Pool, query } from "../db/pool.ts";
import type { LinkRow } from "../route/queries.ts";
import type { LearnedLink } from "./contract.ts";
import { EVENT_AS_WRITTEN, type EventRow } from "../ledger/queries.ts";

type Row<T> = T & Record<string, unknown>;

export interface Place {
  readonly name: string;
  readonly version: number;
  readonly checkpoint: number;
  readonly stopped: boolean;
}

/** How far the views are. @returns with each how far the router is: no view goes further, or it would miss links */
export async function selectPlaces(pool: Pool): Promise<(Place & { readonly routed: number })[]> {
  return query<Row<Place & { routed: number }>>(pool, {
    name: "view.places",
    text: `select v.name, v.version, v.checkpoint, v.stopped_for is not null as stopped,
        coalesce((select checkpoint from leases where name = 'router'), 0) as routed
      from views v order by v.name`,
  });
}

/** What followed a position, at most 16 MB of it. Personal values stay where they are: the body is as it was written. */
export async function selectEventsOf(
  pool: Pool,
  span: { readonly after: number; readonly upTo: number; readonly limit: number },
  names: readonly string[],
): Promise<{ readonly last: number; readonly rows: readonly EventRow[] }> {
  type Found = Omit<EventRow, "seq"> & { last: number; seq: number | null };
  const rows = await query<Found>(
    pool,
    {
      name: "view.events",
      // The window sees a body's length without reading it; the bodies of names that nobody asked for are never read.
      text: `with span as materialized (
          select n.seq, sum(octet_length(n.body)) over (order by n.seq) as bytes, row_number() over (order by n.seq) as nth
          from (select seq, body from events where seq > $1 and seq <= $2 order by seq limit $3) n
        ), reach as (select coalesce(max(seq), $1) as last from span where nth = 1 or bytes <= 16777216)
        select r.last, e.* from reach r left join lateral (
          select ${EVENT_AS_WRITTEN}, null::json as personal
          from (select * from events x where x.seq > $1 and x.seq <= r.last order by x.seq limit $3) e
          join sources s on s.id = e.source_id
          where split_part(e.type, '.', 2) = any ($4::text[])
        ) e on true order by e.seq`,
    },
    [span.after, span.upTo, span.limit, names],
  );
  return {
    last: rows[0]?.last ?? span.after,
    rows: rows.filter((row): row is Found & { seq: number } => row.seq !== null),
  };
}

/** The links learned from the events of a span. */
export async function selectLinksLearned(pool: Pool, after: number, upTo: number): Promise<LearnedLink[]> {
  const rows = await query<Row<LinkRow & { seq: number }>>(
    pool,
    {
      name: "view.links-learned",
      text: `select child_kind, child_id, parent_kind, parent_id, since_seq as seq from links
        where since_seq > $1 and since_seq <= $2 order by since_seq, child_kind, child_id, parent_kind, parent_id`,
    },
    [after, upTo],
  );
  return rows.map(({ child_kind, child_id, parent_kind, parent_id, seq }) => ({
    child: { kind: child_kind, id: child_id },
    parent: { kind: parent_kind, id: parent_id },
    seq,
  }));
}

/**
 * Begins a transaction of the views. Nothing here is news: what a crash of the database takes back is taken in again. It checks
 * and renews the lease.
 * @throws DatabaseError IL001 when the lease is lost
 */
export async function holdViews(
  on: Client,
  held: { readonly hub: string; readonly lease: string; readonly fence: number; readonly leaseMs: number },
): Promise<void> {
  await query(
    on,
    {
      name: "view.hold",
      text: `select set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
        set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
        hold_leases($1, json_build_array(json_build_object('name', $2::text, 'fence', $3::bigint)), $4)`,
    },
    [held.hub, held.lease, held.fence, held.leaseMs],
  );
}

/**
 * Moves views on that stand where they were read.
 * @returns those that were moved: one that was reset meanwhile is not
 */
export async function advanceViews(
  on: Client,
  names: readonly string[],
  from: number,
  to: number,
): Promise<string[]> {
  const rows = await query<{ name: string }>(
    on,
    {
      name: "view.advance",
      text: `update views v set checkpoint = $3,
          rebuilding_to = case when rebuilding_to > $3 then rebuilding_to end
        from (select name from views where name = any ($1) order by name for update) k
        where v.name = k.name and v.checkpoint = $2 and v.stopped_for is null returning v.name`,
    },
    [names, from, to],
  );
  return rows.map(({ name }) => name);
}

export async function stopView(on: Client, name: string, why: string): Promise<void> {
  await query(on, { name: "view.stop", text: "update views set stopped_for = $2 where name = $1" }, [
    name,
    why,
  ]);
}

/** Empties a view, so that it is filled from the beginning of the ledger; makes it when it is new. */
export async function resetView(
  on: Pool | Client,
  {
    name,
    version,
    tables,
  }: { readonly name: string; readonly version: number; readonly tables: readonly string[] },
): Promise<void> {
  await query(on, { name: "view.reset", text: "select reset_view($1, $2, $3)" }, [name, version, tables]);
}

export async function openViewCases(on: Client, rows: string): Promise<void> {
  await query(on, { name: "view.cases", text: "select open_cases($1::json)" }, [rows]);
}

export interface TableDigest {
  readonly name: string;
  readonly held: number;
  /** The same for the same rows, whatever their order. */
  readonly digest: string;
}

export async function digestTables(on: Pool | Client, tables: readonly string[]): Promise<TableDigest[]> {
  return query<Row<TableDigest>>(
    on,
    { name: "view.digest", text: "select name, held, digest from digest_tables($1)" },
    [tables],
  );
}

export interface ViewState {
  readonly name: string;
  readonly version: number;
  readonly checkpoint: number;
  readonly rebuildingTo: number | null;
  readonly stoppedFor: string | null;
  /** Events it has not taken in. */
  readonly lag: number;
  /** How long the first of those has been in the ledger. */
  readonly lagSeconds: number;
}

export async function selectViewStates(pool: Pool): Promise<ViewState[]> {
  return query<Row<ViewState>>(pool, {
    name: "view.states",
    text: `select v.name, v.version, v.checkpoint, v.rebuilding_to as "rebuildingTo", v.stopped_for as "stoppedFor",
        greatest(0, h.seq - v.checkpoint) as lag,
        greatest(0, coalesce(extract(epoch from clock_timestamp() - e.recorded_at), 0))::float8 as "lagSeconds"
      from views v cross join ledger_head h left join events e on e.seq = v.checkpoint + 1 order by v.name`,
  });
}
