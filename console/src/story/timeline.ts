/*
 * A story laid out in lanes: one for each system that took part, and one for Interlock itself; from top to bottom in the order in
 * which it became known. What an effect came to is told by the effect's own entry: its echo in the ledger is left out.
 */
import type { Answer } from "../api/query.ts";

export type StoryAnswer = Answer<"/v1/trace/{id}">;
export type StoryEvent = StoryAnswer["events"][number];
export type StoryEffect = StoryAnswer["effects"][number];

export const INTERLOCK = "interlock";

export type Entry =
  | {
      readonly kind: "event";
      readonly id: string;
      readonly lane: string;
      readonly at: string;
      readonly event: StoryEvent;
    }
  | {
      readonly kind: "effect";
      readonly id: string;
      readonly lane: string;
      readonly at: string;
      readonly effect: StoryEffect;
    };

export interface Cause {
  /** Ids of entries: what came of what. */
  readonly from: string;
  readonly to: string;
}

export interface Timeline {
  readonly lanes: readonly string[];
  readonly entries: readonly Entry[];
  readonly causes: readonly Cause[];
}

/** Told by the engine about its own effects and clocks. */
const ECHOES = new Set(["EffectApplied", "EffectAccepted", "EffectWithdrawn", "TimerFired"]);
const ROLES = ["crm", "edi", "plm", "erp", INTERLOCK, "mes", "qms", "wms", "analytics"];

/** @param roles by system, for the order of the lanes: from the customer to the dock */
export function layOut(story: StoryAnswer, roles: ReadonlyMap<string, string>): Timeline {
  const entries: Entry[] = [
    ...tellingEvents(story).map(eventEntry),
    ...story.effects.map(effectEntry),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const shown = new Set(entries.map(({ id }) => id));
  const causes = entries
    .map((entry) => ({ from: causeOf(entry), to: entry.id }))
    .filter((cause): cause is Cause => cause.from !== undefined && shown.has(cause.from));
  return { lanes: orderLanes(new Set(entries.map(({ lane }) => lane)), roles), entries, causes };
}

function tellingEvents({ events }: StoryAnswer): StoryEvent[] {
  return events.filter(({ type }) => !ECHOES.has(nameOf(type)));
}

/** As many as are shown: `5 events, 1 effect`. */
export function writeCounts(story: StoryAnswer): string {
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return `${counted(tellingEvents(story).length, "event")}, ${counted(story.effects.length, "effect")}`;
}

function eventEntry(event: StoryEvent): Entry {
  const lane = event.source.startsWith("/systems/") ? event.source.slice("/systems/".length) : INTERLOCK;
  return { kind: "event", id: `event/${event.seq}`, lane, at: event.recordedtime, event };
}

function effectEntry(effect: StoryEffect): Entry {
  return {
    kind: "effect",
    id: `effect/${effect.reference}`,
    lane: effect.system,
    at: effect.createdAt,
    effect,
  };
}

function causeOf(entry: Entry): string | undefined {
  return entry.kind === "effect" ? `event/${entry.effect.causeSeq}` : entry.event.causationid;
}

function orderLanes(lanes: ReadonlySet<string>, roles: ReadonlyMap<string, string>): string[] {
  const place = (lane: string) => {
    const at = ROLES.indexOf(lane === INTERLOCK ? INTERLOCK : (roles.get(lane) ?? ""));
    return at < 0 ? ROLES.length : at;
  };
  return [...lanes].toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Everything that led to an entry, and everything that came of it, itself included. */
export function chainOf(causes: readonly Cause[], id: string): ReadonlySet<string> {
  const chain = new Set([id]);
  const walk = (from: "from" | "to", to: "from" | "to") => {
    const reached = [id];
    for (const at of reached) {
      for (const cause of causes) {
        if (cause[from] !== at || chain.has(cause[to])) continue;
        chain.add(cause[to]);
        reached.push(cause[to]);
      }
    }
  };
  walk("to", "from");
  walk("from", "to");
  return chain;
}

/** `interlock.OrderCreated.v1` and `OrderCreated.v1` are both `OrderCreated`. */
export function nameOf(type: string): string {
  return type.replace(/^interlock\./, "").replace(/\.v\d+$/, "");
}

/** `OrderCreated` is read as "Order created". */
export function sentenceOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replaceAll(
    /\b(crm|erp|mes|plm|qms|wms)\b/gi,
    (word) => word.toUpperCase(),
  );
}
