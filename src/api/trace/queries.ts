import { type Pool, query } from "../../db/pool.ts";
import type { HeldMessage, LinkRow } from "./answer.ts";

/** The kinds of object that events are about. Walks the index from kind to kind: "0" is the character after "/". */
export async function selectKinds(pool: Pool): Promise<string[]> {
  const rows = await query<{ kind: string }>(pool, {
    name: "api_kinds",
    text: `with recursive kinds as (
        (select split_part(subject, '/', 1) as kind from events order by subject limit 1)
        union all
        select (select split_part(e.subject, '/', 1) from events e where e.subject > k.kind || '0' order by e.subject limit 1)
        from kinds k where k.kind is not null)
      select kind from kinds where kind is not null
      union select distinct child_kind from links union select distinct parent_kind from links`,
  });
  return rows.map(({ kind }) => kind);
}

/** Which of these objects anything is known of. */
export async function selectKnownObjects(pool: Pool, subjects: readonly string[]): Promise<string[]> {
  const rows = await query<{ subject: string }>(
    pool,
    {
      name: "api_known_objects",
      text: `select g.subject from unnest($1::text[]) as g (subject)
        where exists (select from events where subject = g.subject)
          or exists (select from events where correlation = g.subject and correlation <> subject)
          or exists (select from links where child_kind = split_part(g.subject, '/', 1) and child_id = substr(g.subject, strpos(g.subject, '/') + 1))
          or exists (select from links where parent_kind = split_part(g.subject, '/', 1) and parent_id = substr(g.subject, strpos(g.subject, '/') + 1))
          or exists (select from cases where cases.subject = g.subject)
        order by 1`,
    },
    [subjects],
  );
  return rows.map(({ subject }) => subject);
}

/** The objects of what an identifier of another sort names: an effect's reference, an event's position or id. */
export async function selectObjectsNamed(pool: Pool, id: string): Promise<string[]> {
  const seq = /^[0-9]{1,15}$/.test(id) ? id : null;
  const rows = await query<{ subject: string }>(
    pool,
    {
      name: "api_objects_named",
      text: `select correlation as subject from effects where reference = $1
        union select subject from events where seq = $2
        union select e.subject from sources s join identities i on i.source_id = s.id and i.id = $1 join events e on e.seq = i.seq`,
    },
    [id, seq],
  );
  return rows.map(({ subject }) => subject);
}

/** What links lead to from these objects, themselves included: `up` to their parents, `down` to their children. */
export async function walkLinks(
  pool: Pool,
  subjects: readonly string[],
  way: "up" | "down",
  limit: number,
): Promise<string[]> {
  const [from, to] = way === "up" ? ["child", "parent"] : ["parent", "child"];
  const rows = await query<{ subject: string }>(
    pool,
    {
      name: `api_links_${way}`,
      // "union" and not "union all": a cycle of links ends.
      text: `with recursive reached as (
          select split_part(s, '/', 1) collate "C" as kind, substr(s, strpos(s, '/') + 1) collate "C" as id
          from unnest($1::text[]) as s
          union
          select l.${to}_kind, l.${to}_id from reached r join links l on l.${from}_kind = r.kind and l.${from}_id = r.id)
        select kind || '/' || id as subject from reached limit $2`,
    },
    [subjects, limit],
  );
  return rows.map(({ subject }) => subject);
}

export async function selectLinksAmong(
  pool: Pool,
  subjects: readonly string[],
  limit: number,
): Promise<LinkRow[]> {
  return query<LinkRow>(
    pool,
    {
      name: "api_links_among",
      text: `select l.child_kind || '/' || l.child_id as child, l.parent_kind || '/' || l.parent_id as parent, l.quantity,
          l.since_seq as "sinceSeq"
        from unnest($1::text[]) as s join links l on l.child_kind = split_part(s, '/', 1) and l.child_id = substr(s, strpos(s, '/') + 1)
        where l.parent_kind || '/' || l.parent_id = any ($1) order by l.since_seq limit $2`,
    },
    [subjects, limit],
  );
}

/** Positions of the events about `subjects`, and of all that `roots` were the root object of. In ledger order. */
export async function selectStory(
  pool: Pool,
  subjects: readonly string[],
  roots: readonly string[],
  limit: number,
): Promise<{ seq: number; subject: string }[]> {
  return query<{ seq: number; subject: string }>(
    pool,
    {
      name: "api_story",
      text: `(select seq, subject from events where subject = any ($1) order by seq limit $3)
        union (select seq, subject from events where correlation = any ($2) and correlation <> subject order by seq limit $3)
        order by seq limit $3`,
    },
    [subjects, roots, limit],
  );
}

export async function selectHeldMessages(
  pool: Pool,
  subjects: readonly string[],
  limit: number,
): Promise<HeldMessage[]> {
  return query<HeldMessage>(
    pool,
    {
      name: "api_held_messages",
      text: `select id, system, stream, object_key as "objectKey", state, problem::json as problem, received_at as "receivedAt"
        from inbound where object_key = any ($1) and state in ('held', 'quarantined') order by id limit $2`,
    },
    [subjects, limit],
  );
}
