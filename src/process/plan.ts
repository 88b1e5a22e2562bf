/** From what a handler intends to the rows that make it so. */
import { hash } from "node:crypto";
import { addMillis } from "../event/time.ts";
import { eventType, parseEventType, subjectOf, systemOf, type LedgerEvent } from "../event/envelope.ts";
import type { EventData } from "../contract/generated.ts";
import { engineEvent } from "../ledger/row.ts";
import { checkStorable } from "../ledger/storable.ts";
import type { EffectCatalog, Surroundings } from "./catalog.ts";
import { CASE_OWNERS, type Decision, type IntendedCase, type ProcessDefinition } from "./contract.ts";
import { type CaseRow, instanceMember, type Outcome } from "./outcome.ts";
import { type Destination, effectReference, tellingId, type Origin } from "./reference.ts";

/** What identifies something stands in an index, whose entries are bounded. */
export const MAX_KEY = 200;

/** The instance a decision belongs to and the event that caused it. */
export interface Occasion {
  readonly definition: ProcessDefinition;
  readonly key: string;
  readonly partition: number;
  readonly correlation: string;
  readonly plant: string | undefined;
  readonly n: number;
  readonly event: LedgerEvent;
  readonly probeFirst: boolean;
}

type Planned = Pick<Outcome, "effects" | "timers" | "timersCleared" | "derived" | "cases" | "settledMembers">;

/** @throws Error when something intended cannot be: the instance is held with that sentence, and nothing of it happens */
export function planDecision(
  occasion: Occasion,
  decision: Decision<unknown, string>,
  surroundings: Surroundings,
): Planned {
  const { definition, key, event } = occasion;
  const process = definition.name;
  const origin: Origin = {
    ledgerId: surroundings.ledgerId,
    process,
    key,
    source: event.source,
    id: event.id,
  };
  const counts = new Map<string, number>();
  /** @returns how many effects of this decision went to the same destination before */
  const countTo = ({ system, lane, type }: Destination): number => {
    const id = JSON.stringify([system, lane, type]);
    const nth = counts.get(id) ?? 0;
    counts.set(id, nth + 1);
    return nth;
  };
  return {
    effects: (decision.effects ?? []).flatMap((intended) => {
      if (!Object.hasOwn(definition.effects, intended.name))
        throw new Error(`the effect ${intended.name} is not declared in "effects"`);
      const type = `${intended.type}.v${intended.major ?? 1}`;
      const to = surroundings.catalog.resolve(intended.target, type, intended.payload, occasion.plant);
      if (to === undefined && intended.optional) return [];
      if (to === undefined)
        throw new Error(
          `an effect needs one system that is ${intended.target}; in interlock.yaml none with a connector is`,
        );
      const payload = JSON.stringify(intended.payload);
      const destination = { system: to.system, lane: storable(to.lane, "lane", MAX_KEY), type };
      return {
        reference: effectReference(origin, destination, countTo(destination)),
        ...destination,
        process,
        key,
        name: intended.name,
        cause_seq: event.seq,
        correlation: occasion.correlation,
        plant: occasion.plant ?? null,
        traceparent: event.traceparent ?? null,
        payload,
        payload_hash: hash("sha256", payload, "hex"),
        settle_ms: to.settleMs,
        probe_first: occasion.probeFirst,
        claim: to.claimable && to.safety !== "neither" && !occasion.probeFirst,
      };
    }),
    timers: (decision.timers ?? []).map((timer) => {
      if (!definition.timers.includes(timer.name))
        throw new Error(`the timer ${timer.name} is not declared in "timers"`);
      return {
        process,
        key,
        name: timer.name,
        partition: occasion.partition,
        generation: occasion.n,
        due_at: timer.onCalendar
          ? surroundings.workingTime(occasion.plant).dueAt(beganAt(event), timer.afterMs)
          : addMillis(beganAt(event), timer.afterMs),
        streams: streamsOf(timer.watches, surroundings.catalog, occasion.plant),
      };
    }),
    timersCleared: (decision.clearTimers ?? []).map((name) => ({ process, key, name })),
    derived: (decision.derive ?? []).map((derived, ordinal) => {
      const type = eventType(derived.name, derived.major);
      surroundings.catalog.checkEvent(type, derived.data);
      const told = {
        ...engineEvent({
          name: derived.name,
          id: tellingId("derived", origin, ordinal),
          subject: derived.subject ?? subjectOf({ kind: definition.subjectKind, id: key }),
          time: event.time,
          data: derived.data,
          correlation: occasion.correlation,
          plant: occasion.plant,
          causeSeq: event.seq,
          traceparent: event.traceparent,
        }),
        type,
      };
      checkStorable(told);
      return told;
    }),
    cases: (decision.cases ?? []).map((intended) => caseRow(occasion, intended, surroundings)),
    settledMembers: (decision.closeCases ?? []).map((kind) => instanceMember(process, key, kind)),
  };
}

/**
 * From when a timer counts: when it happened, or when it was recorded where that is earlier. A source whose clock is ahead would
 * otherwise make everything wait by as much, also what is to follow at once.
 */
function beganAt({ time, recordedTime }: LedgerEvent): string {
  return Date.parse(time) <= Date.parse(recordedTime) ? time : recordedTime;
}

function streamsOf(
  watches: readonly string[] | undefined,
  catalog: EffectCatalog,
  plant: string | undefined,
): string[] {
  const streams = (watches ?? []).flatMap((watched) => catalog.streams(watched, plant));
  return [...new Set(streams)].map((stream) => storable(stream, "stream"));
}

function caseRow(occasion: Occasion, intended: IntendedCase, surroundings: Surroundings): CaseRow {
  const { definition, key, event } = occasion;
  if (!CASE_OWNERS.includes(intended.owner)) throw new Error(`a case cannot be owned by "${intended.owner}"`);
  return {
    fingerprint: storable(`${intended.kind}:${definition.name}/${key}`, "kind of a case"),
    kind: intended.kind,
    owner: intended.owner,
    plant: occasion.plant ?? null,
    system: null,
    subject: subjectOf({ kind: definition.subjectKind, id: key }),
    correlation: occasion.correlation,
    title: storable(intended.title, "title of a case"),
    detail: JSON.stringify({
      happened: occasionInWords(event),
      remedy: intended.remedy,
      process: definition.name,
      key,
      event: event.seq,
    }),
    sla_at: surroundings.caseDueAt(intended.owner, occasion.plant, event.recordedTime) ?? null,
    member_kind: "instance",
    member_ref: instanceMember(definition.name, key, intended.kind),
  };
}

/** For people who read a case and know nothing of types of events. */
export function occasionInWords({ type, subject, source, data }: LedgerEvent): string {
  const name = parseEventType(type)?.name ?? type;
  if (name === "TimerFired") {
    const { process, key, name: timer } = data as EventData["interlock.TimerFired.v1"];
    return `The timer "${timer}" that ${process} had set for ${key} came due`;
  }
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  const system = systemOf(source);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${subject}${system === undefined ? "" : `, told by ${system}`}`;
}

/** What PostgreSQL would refuse in a text would fail the whole batch: it is refused here, for this instance only. */
export function storable(text: string, what: string, atMost = 1_000): string {
  if (text.length > 0 && text.length <= atMost && text.isWellFormed() && !text.includes("\0")) return text;
  throw new Error(
    `the ${what} cannot be stored: ${JSON.stringify(text.slice(0, 80))} is empty, too long or holds a broken character`,
  );
}
