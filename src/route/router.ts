/**
 * The router reads the ledger in order and says of each event whom it concerns. It is one, under one lease: two that looked up
 * links at the same time could each miss the one that the other is just writing, and an event would wait for ever.
 *
 * In the common case a step is one call of `route_events` (sql/0018_less_to_begin.sql), or of `route_and_decide`, which includes it: what
 * this hub appended it has in mind, the rest takes one read. Only a batch that asks for links or teaches them also reads the part
 * of the graph it touches.
 */
import { isDataError } from "../db/errors.ts";
import type { Pool } from "../db/pool.ts";
import { ADDRESSED, isAddressed } from "../event/engine-event.ts";
import {
  INTERLOCK_SOURCE,
  type LedgerEvent,
  type ObjectRef,
  parseEventType,
  subjectOf,
} from "../event/envelope.ts";
import type { EventRow } from "../ledger/queries.ts";
import { ledgerEvent } from "../ledger/read.ts";
import type { Recent } from "../ledger/recent.ts";
import { LinkGraph, loadGraph } from "./graph.ts";
import { partitionOf } from "./partition.ts";
import {
  PAST_CHANGED,
  type NextEvents,
  type Position,
  routeEvents,
  selectNextEvents,
  selectWaiting,
  type WaitingRow,
} from "./queries.ts";

/** What the router needs to know of a process: the parts of its definition that are about finding instances. */
export interface Routable {
  readonly name: string;
  readonly subjectKind: string;
  readonly events: Readonly<Record<string, (event: LedgerEvent) => readonly Concern[]>>;
  readonly links?: Readonly<Record<string, (event: LedgerEvent) => readonly TaughtLink[]>>;
  readonly facts?: Readonly<Record<string, (event: LedgerEvent) => readonly TaughtFact[]>>;
}
type Concern =
  | { readonly key: string }
  | { readonly via: ObjectRef; readonly waitMs: number; readonly unless?: string };
interface TaughtLink {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
  readonly quantity?: string;
}
interface TaughtFact {
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
}

export interface RouteOptions {
  readonly pool: Pool;
  readonly hub: { readonly id: string };
  readonly fence: number;
  readonly definitions: ReadonlyMap<string, Routable>;
  readonly leaseMs: number;
  readonly limit: number;
  /** Where the last step under this lease ended; absent, every step is noted. */
  readonly position?: Position;
  /** What need not be read. */
  readonly recent?: Recent;
  /** There is something that `recent` does not know: it is to be read. */
  readonly look?: boolean;
  /** Hands out and decides in one transaction. @returns false: that cannot be, and nothing was written */
  readonly decide?: (handout: Handout) => Promise<boolean>;
}

/** What a step is about to hand out, when it hands out and teaches nothing but links. */
export interface Handout {
  /** Of `route_events`. */
  readonly parameters: string;
  /** The place of the delivery before the first. */
  readonly before: number;
  /** In the order of their places, which follow each other. */
  readonly deliveries: readonly {
    readonly n: number;
    readonly partition: number;
    readonly process: string;
    readonly key: string;
    readonly event: EventRow;
  }[];
}

export interface Routed {
  /** How many events were read. */
  readonly routed: number;
  /** Whether there may be more. */
  readonly more: boolean;
  /** Whether something was handed out that may be this hub's to decide on. */
  readonly handedOut: boolean;
  readonly position: Position;
}

/**
 * Routes the next events. A position that was passed without anybody being concerned is noted only with the next one that
 * matters, when a batch is full, or when nothing more comes: until then it is the caller's to keep, as `position`.
 * @throws DatabaseError IL001 when the lease is lost: another hub routes, and nothing of this step was written
 */
export async function routeStep(options: RouteOptions): Promise<Routed> {
  try {
    return await routeNext(options, undefined);
  } catch (error) {
    options.recent?.forget();
    // What the database has lost of it is routed again, the same way.
    if ((error as { code?: unknown } | null)?.code === PAST_CHANGED)
      return { routed: 0, more: true, handedOut: false, position: { noted: 0, read: 0 } };
    if (!isDataError(error)) throw error;
    // What one process says of one event must not stop the ledger: fewer and fewer, until that event is alone and a case.
    if (options.limit === 1) return routeNext(options, (error as Error).message);
    return { ...(await routeStep({ ...options, limit: Math.ceil(options.limit / 2) })), more: true };
  }
}

/** @param refused why the database took nothing of what the processes say of the next event */
async function routeNext(
  { pool, hub, fence, definitions, leaseMs, limit, position: known, recent, look, decide }: RouteOptions,
  refused: string | undefined,
): Promise<Routed> {
  const names = readNames(definitions);
  const next =
    recall(look ? undefined : recent, limit, names, known) ??
    (await selectNextEvents(pool, limit, names, known));
  const { noted, after, last: checkpoint } = next;
  // Of another past, where the checkpoint is not the one that was seen last.
  const before = known?.noted === noted ? known.n : undefined;
  if (checkpoint === noted)
    return { routed: 0, more: false, handedOut: false, position: { noted, read: noted, n: before } };
  const read = next.rows
    .map(ledgerEvent)
    .map((event) => (refused === undefined ? readEvent(event, definitions) : unroutable(event, refused)));
  const graph = await surroundings(pool, read);
  const plan = planRoutes(read, graph.graph, graph.waiting);
  const routed = checkpoint - after;
  const matters = Object.values(plan).some((rows: readonly unknown[]) => rows.length > 0);
  const isNoted = known === undefined || matters || routed === 0 || checkpoint - noted >= limit;
  const step = { routed, more: routed === limit };
  if (!isNoted) return { ...step, handedOut: false, position: { noted, read: checkpoint, n: before } };
  const parameters = JSON.stringify({ hub: hub.id, fence, leaseMs, noted, checkpoint, ...plan });
  const handout = handoutOf(parameters, plan, next.rows, before);
  const position = { noted: checkpoint, read: checkpoint };
  if (handout && (await decide?.(handout)))
    return { ...step, handedOut: false, position: { ...position, n: handout.deliveries.at(-1)!.n } };
  const n = await routeEvents(pool, parameters);
  return { ...step, handedOut: n !== before, position: { ...position, n } };
}

/** Undefined: instances may be woken of whom only the database knows, cases be touched that others hold, or there is nothing. */
function handoutOf(
  parameters: string,
  { deliveries, facts, released, cases }: Plan,
  rows: readonly EventRow[],
  before: number | undefined,
): Handout | undefined {
  if (before === undefined || deliveries.length === 0) return undefined;
  if (facts.length + released.length + cases.length > 0) return undefined;
  const events = new Map(rows.map((row) => [row.seq, row]));
  const inOrder = deliveries.toSorted((a, b) => a.seq - b.seq || a.ord - b.ord);
  return {
    parameters,
    before,
    deliveries: inOrder.map(({ partition, process, key, seq }, i) => ({
      n: before + 1 + i,
      partition,
      process,
      key,
      event: events.get(seq)!,
    })),
  };
}

/** What `selectNextEvents` would find, where that is in mind. Whether the checkpoint still stands shows when it is moved. */
function recall(
  recent: Recent | undefined,
  limit: number,
  names: readonly string[],
  known: Position | undefined,
): NextEvents | undefined {
  const rows = known && recent?.after(known.read, limit);
  if (!rows) return undefined;
  const asked = new Set(names);
  return {
    noted: known.noted,
    after: known.read,
    last: rows.at(-1)!.seq,
    rows: rows.filter(({ type }) => asked.has(type.split(".")[1] ?? "")),
  };
}

/** Names of the events that a process or the engine's own addressing can say something of. */
function readNames(definitions: ReadonlyMap<string, Routable>): string[] {
  const named = [...definitions.values()].flatMap(({ events, links = {}, facts = {} }) =>
    [events, links, facts].flatMap((table) => Object.keys(table)),
  );
  return [...new Set([...named, ...ADDRESSED])];
}

/** What the processes say of one event. */
interface ReadEvent {
  readonly event: LedgerEvent;
  readonly direct: { process: string; key: string }[];
  readonly via: {
    process: string;
    toKind: string;
    object: ObjectRef;
    waitMs: number;
    unless: string | undefined;
  }[];
  readonly links: TaughtLink[];
  readonly facts: TaughtFact[];
  readonly failures: { process: string; message: string }[];
}

function unroutable(event: LedgerEvent, message: string): ReadEvent {
  const failures = [{ process: "the router", message }];
  return { event, direct: [], via: [], links: [], facts: [], failures };
}

function readEvent(event: LedgerEvent, definitions: ReadonlyMap<string, Routable>): ReadEvent {
  const read: ReadEvent = { event, direct: [], via: [], links: [], facts: [], failures: [] };
  const name = parseEventType(event.type)?.name ?? event.type;
  const told = event.source === INTERLOCK_SOURCE && isAddressed(name) ? addressee(event.data) : undefined;
  if (told && definitions.has(told.process)) read.direct.push(told);
  for (const definition of definitions.values()) {
    try {
      // one process that throws must not take another's link with it, nor half of its own
      const concerns = definition.events[name]?.(event) ?? [];
      const links = definition.links?.[name]?.(event) ?? [];
      const facts = definition.facts?.[name]?.(event) ?? [];
      for (const { child, parent } of links)
        [child.kind, child.id, parent.kind, parent.id].forEach(checkedKey);
      for (const { kind, key } of facts) [kind, key].forEach(checkedKey);
      for (const concern of concerns) addConcern(read, definition, concern);
      read.links.push(...links);
      read.facts.push(...facts);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      read.failures.push({ process: definition.name, message });
    }
  }
  return read;
}

function addConcern(read: ReadEvent, definition: Routable, concern: Concern): void {
  const process = definition.name;
  if ("key" in concern) read.direct.push({ process, key: checkedKey(concern.key) });
  else if (concern.via.kind === definition.subjectKind)
    read.direct.push({ process, key: checkedKey(concern.via.id) });
  else {
    checkedKey(concern.via.kind);
    checkedKey(concern.via.id);
    if (!Number.isSafeInteger(concern.waitMs) || concern.waitMs < 0 || concern.waitMs > LONGEST_WAIT_MS)
      throw new TypeError(
        `waitMs must be whole milliseconds from 0 to ${LONGEST_WAIT_MS}, not ${concern.waitMs}`,
      );
    const { via: object, waitMs, unless } = concern;
    read.via.push({ process, toKind: definition.subjectKind, object, waitMs, unless });
  }
}

/** What the engine tells an instance names it: effects, timers, releases. */
function addressee(data: unknown): { process: string; key: string } | undefined {
  const { process, key } = (data ?? {}) as { process?: unknown; key?: unknown };
  return typeof process === "string" && typeof key === "string" ? { process, key } : undefined;
}

const MAX_KEY = 200;
const LONGEST_WAIT_MS = 10 * 365 * 24 * 3_600_000;

function checkedKey(key: unknown): string {
  if (
    typeof key === "string" &&
    key !== "" &&
    key.length <= MAX_KEY &&
    key.isWellFormed() &&
    !key.includes("\0")
  )
    return key;
  throw new TypeError(
    `${JSON.stringify(String(key).slice(0, 80))} is no key: it must be text of 1 to ${MAX_KEY} characters, none of them broken`,
  );
}

/** The stored part of the graph this batch can meet, and what waits there. */
async function surroundings(
  pool: Pool,
  read: readonly ReadEvent[],
): Promise<{ graph: LinkGraph; waiting: WaitingRow[] }> {
  const links = read.flatMap((each) => each.links);
  const asked = read.flatMap((each) => each.via.map(({ object }) => object));
  if (links.length === 0 && asked.length === 0) return { graph: new LinkGraph(), waiting: [] };
  const children = unique(links.map(({ child }) => child));
  const ends = unique([...asked, ...links.flatMap(({ child, parent }) => [child, parent])]);
  const graph = await loadGraph(pool, ends, children);
  // links of this batch may join: what hangs below any of their children may be released by any of them
  const below = unique(children.flatMap((child) => graph.down(child)));
  return { graph, waiting: await selectWaiting(pool, below) };
}

interface DeliveryRow {
  ord: number;
  partition: number;
  process: string;
  key: string;
  seq: number;
}

interface Plan {
  readonly links: object[];
  readonly facts: { kind: string; key: string; value: string; seq: number }[];
  readonly released: Omit<WaitingRow, "to_kind">[];
  readonly waiting: (WaitingRow & { wait_ms: number })[];
  readonly deliveries: DeliveryRow[];
  readonly cases: object[];
}

/** In ledger order; within one event first its links, which release what waited, then whom it concerns. */
function planRoutes(read: readonly ReadEvent[], graph: LinkGraph, stored: readonly WaitingRow[]): Plan {
  const facts = new Map<string, Plan["facts"][number]>();
  const deliveries = new Map<string, DeliveryRow>();
  const waits = new Map<string, WaitingRow & { wait_ms?: number }>();
  for (const row of stored) waits.set(waitId(row), row);
  const released: Omit<WaitingRow, "to_kind" | "reached">[] = [];
  const plan: Pick<Plan, "links" | "cases"> = { links: [], cases: [] };

  const deliver = (process: string, key: string, seq: number): void => {
    const id = `${seq} ${process}/${key}`;
    if (deliveries.has(id)) return;
    deliveries.set(id, { ord: deliveries.size, partition: partitionOf(process, key), process, key, seq });
  };
  /** @returns whether it reaches one */
  const deliverVia = (
    process: string,
    toKind: string,
    object: ObjectRef,
    seq: number,
    reached: readonly string[] = [],
  ): boolean => {
    const found = graph.up(object).filter(({ kind }) => kind === toKind);
    for (const { id } of found) if (!reached.includes(id)) deliver(process, id, seq);
    return found.length > 0;
  };
  /** An event is handed to an instance once, by whatever ways it concerns it. */
  const reachedBy = ({ process, seq }: { process: string; seq: number }): string[] =>
    [...deliveries.values()]
      .filter((each) => each.seq === seq && each.process === process)
      .map(({ key }) => key);
  const release = (child: ObjectRef): void => {
    const below = new Set(graph.down(child).map(subjectOf));
    for (const wait of [...waits.values()]) {
      if (!below.has(subjectOf(wait))) continue;
      if (!deliverVia(wait.process, wait.to_kind, wait, wait.seq, wait.reached)) continue;
      waits.delete(waitId(wait));
      // one that began to wait in this batch was never written
      if (wait.wait_ms === undefined)
        released.push({ kind: wait.kind, id: wait.id, process: wait.process, seq: wait.seq });
    }
  };

  for (const { event, direct, via, links, facts: taught, failures } of read) {
    for (const { child, parent, quantity } of links) {
      if (!graph.add(child, parent)) continue;
      plan.links.push({
        child_kind: child.kind,
        child_id: child.id,
        parent_kind: parent.kind,
        parent_id: parent.id,
        quantity: quantity ?? null,
        source: event.source,
        seq: event.seq,
      });
      release(child);
    }
    for (const { kind, key, value } of taught)
      facts.set(`${kind}/${key}`, { kind, key, value: JSON.stringify(value ?? null), seq: event.seq });
    for (const { process, key } of direct) deliver(process, key, event.seq);
    for (const { process, toKind, object, waitMs, unless } of via) {
      if (deliverVia(process, toKind, object, event.seq) || waitMs === 0) continue;
      if (unless !== undefined && graph.up(object).some(({ kind }) => kind === unless)) continue;
      const wait = { ...object, process, seq: event.seq, to_kind: toKind, wait_ms: waitMs, reached: [] };
      waits.set(waitId(wait), wait);
    }
    for (const failure of failures) plan.cases.push(failureCase(event, failure));
  }
  return {
    ...plan,
    facts: [...facts.values()],
    deliveries: [...deliveries.values()],
    released: released.map((wait) => ({ ...wait, reached: reachedBy(wait) })),
    waiting: [...waits.values()]
      .filter((wait): wait is Plan["waiting"][number] => wait.wait_ms !== undefined)
      .map((wait) => ({ ...wait, reached: reachedBy(wait) })),
  };
}

function waitId({ kind, id, process, seq }: Pick<WaitingRow, "kind" | "id" | "process" | "seq">): string {
  return `${seq} ${process} ${kind}/${id}`;
}

function failureCase(event: LedgerEvent, { process, message }: { process: string; message: string }): object {
  return {
    fingerprint: `ROUTE_FAILED:${process}:${event.type}`,
    kind: "ROUTE_FAILED",
    owner: "it",
    plant: event.plant ?? null,
    system: null,
    subject: event.subject,
    correlation: event.correlation,
    title: `${process} could not say whom ${event.type} concerns`,
    detail: JSON.stringify({
      process,
      event: event.seq,
      happened: message.replaceAll("\0", "").toWellFormed().slice(0, 2_000),
      remedy: "correct the process, then tell the event again or settle it by hand",
    }),
    sla_at: null,
    member_kind: "event",
    member_ref: String(event.seq),
  };
}

function unique(objects: readonly ObjectRef[]): ObjectRef[] {
  return [...new Map(objects.map((object) => [subjectOf(object), object])).values()];
}
