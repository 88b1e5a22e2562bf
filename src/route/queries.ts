import { type Pool, query, type Statement } from "../db/pool.ts";
import type { ObjectRef } from "../event/envelope.ts";
import { EVENT, type EventRow } from "../ledger/queries.ts";

const NEXT_EVENTS: Statement = {
  name: "route.next-events",
  // Positions have no gaps, so the span is known without its rows: those that concern nobody are not taken apart. The order and
  // the limit keep a generic plan from reading the whole ledger for want of a position it knows. A checkpoint that is not the one
  // that was last seen has gone back: what was read beyond it may have been lost, and is read again.
  text: `select p.noted, p.after, p.last, e.* from (
      select l.checkpoint as noted, r.after, least(r.after + $1::bigint, h.seq) as last
      from leases l, ledger_head h,
        lateral (select case when l.checkpoint = $4::bigint and $3::bigint between l.checkpoint and h.seq
          then $3::bigint else l.checkpoint end) as r (after)
      where l.name = 'router'
    ) p left join lateral (
      select ${EVENT} from (select * from events x where x.seq > p.after order by x.seq limit p.last - p.after) e
      join sources s on s.id = e.source_id where split_part(e.type, '.', 2) = any ($2::text[])
    ) e on true order by e.seq`,
};

/**
 * How far the router is. The checkpoint was committed without waiting for the disk, so a crash of the database may take it back
 * together with what was routed: what was read beyond it counts only while it stands where it was seen.
 */
export interface Position {
  /** The checkpoint, as it was seen or written last. */
  readonly noted: number;
  /** Up to where the ledger was read: beyond the checkpoint where nobody was concerned. */
  readonly read: number;
  /** The place of the last delivery; absent until this router has handed out something. */
  readonly n?: number | undefined;
}

/** What the router has not read yet: positions above `after`, up to `last`. */
export interface NextEvents {
  /** The checkpoint. */
  readonly noted: number;
  readonly after: number;
  readonly last: number;
  /** Those of the asked names, in ledger order. */
  readonly rows: readonly EventRow[];
}

/**
 * @param names of events that anybody reads: `OrderRequested`
 * @param known where the last step ended; beyond the head, or with another checkpoint, it is of another past
 */
export async function selectNextEvents(
  pool: Pool,
  limit: number,
  names: readonly string[],
  known: Position | undefined,
): Promise<NextEvents> {
  type Row = Omit<EventRow, "seq"> & Omit<NextEvents, "rows"> & { seq: number | null };
  const rows = await query<Row>(pool, NEXT_EVENTS, [limit, names, known?.read ?? null, known?.noted ?? null]);
  const { noted, after, last } = rows[0] ?? { noted: 0, after: 0, last: 0 };
  return { noted, after, last, rows: rows.filter((row): row is Row & { seq: number } => row.seq !== null) };
}

const ROUTE: Statement = { name: "route.route-events", text: "select route_events($1::json) as last" };

/** SQLSTATE: the checkpoint does not stand where it was seen last, or the ledger ends before it. */
export const PAST_CHANGED = "IL004";

/**
 * @returns the place of the last delivery
 * @throws DatabaseError IL001 when the router's lease is lost, PAST_CHANGED: nothing was written
 */
export async function routeEvents(pool: Pool, parameters: string): Promise<number> {
  return (await query<{ last: number }>(pool, ROUTE, [parameters]))[0]!.last;
}

export type LinkRow = {
  child_kind: string;
  child_id: string;
  parent_kind: string;
  parent_id: string;
};

function walk(name: string, from: "child" | "parent", to: "child" | "parent"): Statement {
  return {
    name,
    text: `with recursive reached (kind, id) as (
        select k collate "C", i collate "C" from unnest($1::text[], $2::text[]) as o (k, i)
        union
        select l.${to}_kind, l.${to}_id from reached r join links l on l.${from}_kind = r.kind and l.${from}_id = r.id
      )
      select l.child_kind, l.child_id, l.parent_kind, l.parent_id
      from reached r join links l on l.${from}_kind = r.kind and l.${from}_id = r.id`,
  };
}

const UP = walk("route.walk-up", "child", "parent");
const DOWN = walk("route.walk-down", "parent", "child");

/** The links above or below some objects, through the whole graph: without a limit, or somebody's order would be left out. */
export async function selectWalk(
  pool: Pool,
  direction: "up" | "down",
  objects: readonly ObjectRef[],
): Promise<LinkRow[]> {
  if (objects.length === 0) return [];
  return query<LinkRow>(pool, direction === "up" ? UP : DOWN, [
    objects.map(({ kind }) => kind),
    objects.map(({ id }) => id),
  ]);
}

export type WaitingRow = {
  kind: string;
  id: string;
  process: string;
  seq: number;
  to_kind: string;
  /** Keys that the event was handed to in another way. */
  reached: string[];
};

const WAITING: Statement = {
  name: "route.waiting",
  text: `select w.kind, w.id, w.process, w.seq, w.to_kind, w.reached
    from unnest($1::text[], $2::text[]) as o (kind, id) join waiting w on w.kind = o.kind and w.id = o.id
    order by w.seq`,
};

/** The events that wait for a link of one of these objects. */
export async function selectWaiting(pool: Pool, objects: readonly ObjectRef[]): Promise<WaitingRow[]> {
  if (objects.length === 0) return [];
  return query<WaitingRow>(pool, WAITING, [objects.map(({ kind }) => kind), objects.map(({ id }) => id)]);
}
