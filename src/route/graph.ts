/**
 * Relations between business objects: a graph, many to many, learned from events. A child serves its parents: a work order a
 * production order, that the lines of several sales orders. The story of an order is read by walking it, so that a link
 * learned late reaches what happened before.
 */
import type { Pool } from "../db/pool.ts";
import { type ObjectRef, subjectOf } from "../event/envelope.ts";
import { type LinkRow, selectWalk } from "./queries.ts";

/** A part of the link graph in memory. */
export class LinkGraph {
  readonly #parents = new Map<string, Map<string, ObjectRef>>();
  readonly #children = new Map<string, Map<string, ObjectRef>>();

  /** @returns false when the link was there already */
  add(child: ObjectRef, parent: ObjectRef): boolean {
    const [from, to] = [subjectOf(child), subjectOf(parent)];
    const parents = entry(this.#parents, from);
    if (parents.has(to)) return false;
    parents.set(to, parent);
    entry(this.#children, to).set(from, child);
    return true;
  }

  /** The object and all its ancestors, nearest first. Cycles are walked once. */
  up(object: ObjectRef): ObjectRef[] {
    return walk(object, this.#parents);
  }

  /** The object and all its descendants, nearest first. */
  down(object: ObjectRef): ObjectRef[] {
    return walk(object, this.#children);
  }
}

function entry(map: Map<string, Map<string, ObjectRef>>, key: string): Map<string, ObjectRef> {
  let found = map.get(key);
  if (!found) map.set(key, (found = new Map()));
  return found;
}

function walk(object: ObjectRef, edges: ReadonlyMap<string, ReadonlyMap<string, ObjectRef>>): ObjectRef[] {
  const found = new Map([[subjectOf(object), object]]);
  // a map grows while it is walked
  for (const subject of found.keys())
    for (const [next, ref] of edges.get(subject) ?? []) if (!found.has(next)) found.set(next, ref);
  return [...found.values()];
}

/** The part of the stored graph that can be reached: upwards from all objects, downwards from `below`. */
export async function loadGraph(
  pool: Pool,
  objects: readonly ObjectRef[],
  below: readonly ObjectRef[],
): Promise<LinkGraph> {
  const graph = new LinkGraph();
  const [up, down] = await Promise.all([selectWalk(pool, "up", objects), selectWalk(pool, "down", below)]);
  for (const row of [...up, ...down]) graph.add(childOf(row), parentOf(row));
  return graph;
}

function childOf(row: LinkRow): ObjectRef {
  return { kind: row.child_kind, id: row.child_id };
}

function parentOf(row: LinkRow): ObjectRef {
  return { kind: row.parent_kind, id: row.parent_id };
}
