/**
 * The test kit of processes: `given(definition, [...]).when(event).then({...})`. It decides with the engine's own core, in
 * memory: links, lanes and targets are not there, answers of effects are given as events.
 */
import { deepStrictEqual, match, ok } from "node:assert/strict";
import type { ContractRegistry } from "../contract/registry.ts";
import {
  eventType,
  INTERLOCK_SOURCE,
  type LedgerEvent,
  parseEventType,
  subjectOf,
} from "../event/envelope.ts";
import { addMillis, toUtc } from "../event/time.ts";
import { ALWAYS } from "../process/calendar.ts";
import type { Surroundings } from "../process/catalog.ts";
import type { IntendedCase, ProcessDefinition } from "../process/contract.ts";
import { decideInstance } from "../process/decide.ts";
import type { KnownFact } from "../process/facts.ts";
import type { Deferred, Delivery, Instance } from "../process/instance.ts";
import type { Outcome } from "../process/outcome.ts";
import { checkTotality } from "../process/totality.ts";

/** An event as a test tells it; the kit fills in the rest. */
export interface ToldEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** RFC 3339; without one, a minute after the event before. */
  readonly time?: string;
  readonly plant?: string;
  /** What the engine tells: names its instance by itself. */
  readonly engine?: boolean;
}

/** A business event: `event("OrderRequested", { salesOrder: "SO-1", ... })`. */
export function event(
  name: string,
  data: Readonly<Record<string, unknown>>,
  more: { time?: string; plant?: string } = {},
): ToldEvent {
  return { name, data, ...more };
}

/** How an effect of the process ended, by the process's own name for it. */
export const applied = (name: string, evidence: Record<string, string> = {}): ToldEvent =>
  engine("EffectApplied", { name, evidence });
export const rejected = (name: string, message: string, code?: string): ToldEvent =>
  engine("EffectRejected", { name, reasons: [code === undefined ? { message } : { code, message }] });
export const cancelled = (name: string): ToldEvent => engine("EffectCancelled", { name });
export const markedApplied = (name: string, evidence: Record<string, string> = {}): ToldEvent =>
  engine("EffectMarkedApplied", { name, evidence });
export const withdrawn = (name: string): ToldEvent => engine("EffectWithdrawn", { name });
export const withdrawalRefused = (name: string): ToldEvent => engine("EffectWithdrawalRefused", { name });
/** A timer's time has come, as it is set now. */
export const fired = (name: string): ToldEvent => engine("TimerFired", { name });

function engine(name: string, data: Record<string, unknown>): ToldEvent {
  return { name, data, engine: true };
}

/** What should follow. A list that is not named must be empty; `state` and `timers` are compared only when named. */
export interface Expected {
  readonly phase: string;
  readonly state?: unknown;
  readonly effects?: readonly { name: string; target: string; type: string; payload: unknown }[];
  readonly withdrawn?: readonly string[];
  /** Names of the timers that are set afterwards, with their due time (RFC 3339, UTC). */
  readonly timers?: Readonly<Record<string, string>>;
  readonly derived?: readonly { name: string; data: unknown }[];
  readonly cases?: readonly Pick<IntendedCase, "kind" | "owner">[];
  readonly closedCases?: readonly string[];
}

/**
 * @param events what happened before, oldest first
 * @param contracts when given, events, effects and derived events must keep their contracts
 */
export function given<State, Phase extends string>(
  definition: ProcessDefinition<State, Phase>,
  events: readonly ToldEvent[] = [],
  contracts?: ContractRegistry,
): { when: (event: ToldEvent) => Then } {
  const story = new Story(definition as unknown as ProcessDefinition, contracts);
  for (const told of events) story.tell(told);
  return { when: (told) => new Then(story, story.tell(told)) };
}

class Then {
  readonly #story: Story;
  readonly #told: Told;

  constructor(story: Story, told: Told) {
    this.#story = story;
    this.#told = told;
  }

  then(expected: Expected): void {
    const { outcome } = this.#told;
    const held = this.#story.instance?.held;
    ok(held === undefined, `the process threw: ${held}`);
    deepStrictEqual(
      {
        phase: this.#story.phase,
        effects: outcome.effects.map(({ name, system, type, payload }) => ({
          name,
          target: system,
          type: type.replace(/\.v1$/, ""),
          payload: JSON.parse(payload) as unknown,
        })),
        withdrawn: outcome.withdrawals.map(({ what }) => this.#story.nameOf(what)),
        derived: outcome.derived.map(({ type, body }) => ({
          name: parseEventType(type)!.name,
          data: JSON.parse(body) as unknown,
        })),
        cases: outcome.cases.map(({ kind, owner }) => ({ kind, owner })),
        closedCases: outcome.settledMembers
          .map((member) => member.slice(member.lastIndexOf("#") + 1))
          // What the engine opens for an event that waited too long, it closes itself.
          .filter((kind) => !kind.includes("@")),
      },
      {
        phase: expected.phase,
        effects: plain(expected.effects ?? []),
        withdrawn: expected.withdrawn ?? [],
        derived: plain(expected.derived ?? []),
        cases: expected.cases ?? [],
        closedCases: expected.closedCases ?? [],
      },
    );
    if (expected.timers) deepStrictEqual(this.#story.timersDue(), expected.timers);
    if (expected.state) deepStrictEqual(this.#story.instance?.state, plain(expected.state));
  }

  /** The table says to ignore it, for a reason like this. */
  thenIgnored(because: RegExp): void {
    const { row, outcome } = this.#told;
    ok(row && "ignore" in row, `it is not ignored in this phase`);
    match(row.ignore, because);
    ok(outcome.instance === undefined, "it is ignored, but the instance changed");
  }

  /** Whatever else follows, the decision holds and leads to one of these phases: for sweeps over many rows. */
  thenAmong(phases: readonly string[]): void {
    const { held } = this.#story.instance ?? {};
    ok(held === undefined, `the process threw: ${held}`);
    ok(phases.includes(this.#story.phase), `it is in ${this.#story.phase}, not in ${phases.join(" or ")}`);
  }

  /** It waits for another phase. */
  thenDeferred(): void {
    deepStrictEqual(
      this.#told.outcome.deferred.map(({ n }) => n),
      [this.#told.n],
      "it is not deferred",
    );
  }

  /** The handler threw, so the instance waits for a person. */
  thenHeld(why: RegExp): void {
    match(this.#story.instance?.held ?? "not held", why);
  }
}

interface Told {
  readonly n: number;
  readonly outcome: Outcome;
  readonly row: ProcessDefinition["phases"][string][string] | undefined;
}

const START = "2026-03-02T08:00:00.000000Z";

/** One instance and what was told of it so far. */
class Story {
  readonly #definition: ProcessDefinition;
  readonly #contracts: ContractRegistry | undefined;
  readonly #surroundings: Surroundings;
  readonly #facts = new Map<string, KnownFact>();
  readonly #timers = new Map<string, { generation: number; dueAt: string }>();
  readonly #used = new Set<string>();
  /** By reference. */
  readonly #names = new Map<string, string>();
  #deferred: Deferred[] = [];
  #key: string | undefined;
  #seq = 0;
  #time = START;
  instance: Instance | undefined;

  constructor(definition: ProcessDefinition, contracts: ContractRegistry | undefined) {
    checkTotality(definition);
    this.#definition = definition;
    this.#contracts = contracts;
    this.#surroundings = {
      ledgerId: "test",
      workingTime: () => ALWAYS,
      caseDueAt: () => undefined,
      catalog: {
        resolve: (target, type, payload) => {
          this.#check(this.#contracts?.byType("query", type) ? "query" : "effect", type, payload);
          return { system: target, lane: "test", settleMs: 0, safety: "probe", claimable: false };
        },
        streams: (watched) => [watched],
        checkEvent: (type, data) => this.#check("event", type, data),
      },
    };
  }

  get phase(): string {
    return this.instance?.phase ?? this.#definition.initialPhase;
  }

  /** A withdrawal may name one effect by its reference; a test reads better with the name. */
  nameOf(what: string): string {
    return this.#names.get(what) ?? what;
  }

  timersDue(): Record<string, string> {
    return Object.fromEntries([...this.#timers].map(([name, { dueAt }]) => [name, dueAt]));
  }

  tell(told: ToldEvent): Told {
    const n = ++this.#seq;
    const ledgerEvent = this.#eventOf(told);
    const concerned = this.#learn(told, ledgerEvent);
    const row = this.#definition.phases[this.phase]?.[rowOf(told)];
    const delivery: Delivery = {
      n,
      event: ledgerEvent,
      timerGeneration: this.#timers.get(String(told.data["name"]))?.generation,
    };
    const outcome = decideInstance(
      {
        definition: this.#definition,
        key: this.#key ?? "none",
        partition: 0,
        stored: this.instance,
        deferred: this.#deferred,
        deliveries: concerned ? [delivery] : [],
      },
      this.#surroundings,
      { get: (kind, key) => this.#facts.get(`${kind}/${key}`) ?? { value: undefined, seq: 0 } },
      { open: false, latestBeganAt: undefined },
    );
    this.#keep(outcome, [...this.#deferred, delivery]);
    return { n, outcome, row };
  }

  #eventOf(told: ToldEvent): LedgerEvent {
    this.#time = told.time === undefined ? addMillis(this.#time, 60_000) : (toUtc(told.time) ?? told.time);
    if (!told.engine) this.#check("event", eventType(told.name), told.data);
    const key = this.#key ?? "none";
    const reference = [...this.#names].findLast(([, name]) => name === told.data["name"])?.[0];
    const generation = told.name === "TimerFired" && this.#timers.get(String(told.data["name"]))?.generation;
    return {
      seq: this.#seq,
      source: told.engine ? INTERLOCK_SOURCE : "/systems/test",
      id: `e-${this.#seq}`,
      type: eventType(told.name),
      subject: subjectOf({ kind: this.#definition.subjectKind, id: key }),
      time: this.#time,
      recordedTime: this.#time,
      correlation: subjectOf({ kind: this.#definition.subjectKind, id: key }),
      ...(told.plant !== undefined && { plant: told.plant }),
      data: told.engine
        ? {
            process: this.#definition.name,
            key,
            ...told.data,
            ...(generation && { generation }),
            ...(reference && { reference }),
          }
        : told.data,
    };
  }

  /** What the router would do. @returns whether the event reaches the instance */
  #learn(told: ToldEvent, ledgerEvent: LedgerEvent): boolean {
    let woken = false;
    for (const { kind, key, value } of this.#definition.facts?.[told.name]?.(ledgerEvent) ?? []) {
      this.#facts.set(`${kind}/${key}`, { value, seq: ledgerEvent.seq });
      woken ||= this.#used.has(`${kind}/${key}`);
    }
    if (told.engine) return true;
    const concerns = this.#definition.events[told.name]?.(ledgerEvent) ?? [];
    for (const concern of concerns) this.#key ??= "key" in concern ? concern.key : concern.via.id;
    return woken || concerns.length > 0;
  }

  #keep(outcome: Outcome, deliveries: readonly Delivery[]): void {
    const gone = new Set(outcome.undeferred.map(({ n }) => n));
    this.#deferred = [
      ...this.#deferred.filter(({ n }) => !gone.has(n)),
      ...outcome.deferred.map(({ n, deadline_at }) => ({
        ...deliveries.find((each) => each.n === n)!,
        deadlineAt: deadline_at ?? undefined,
        expired: false,
      })),
    ];
    for (const { name } of outcome.timersCleared) this.#timers.delete(name);
    for (const { name, generation, due_at } of outcome.timers)
      this.#timers.set(name, { generation, dueAt: due_at });
    for (const { reference, name } of outcome.effects) this.#names.set(reference, name);
    for (const { kind, key } of outcome.factUses) this.#used.add(`${kind}/${key}`);
    const row = outcome.instance;
    if (!row) return;
    this.instance = {
      definitionVersion: row.definition_version,
      phase: row.phase,
      state: (JSON.parse(row.state) as unknown) ?? undefined,
      beganAt: row.began_at,
      correlation: row.correlation,
      plant: row.plant ?? undefined,
      lastN: row.last_n,
      version: row.version,
      held: row.held ?? undefined,
    };
  }

  #check(kind: "event" | "effect" | "query", type: string, data: unknown): void {
    if (!this.#contracts) return;
    const contract = this.#contracts.byType(kind, type);
    if (!contract) throw new Error(`there is no ${kind} contract ${type}`);
    const verdict = contract.validate(data);
    if (verdict.ok) return;
    throw new Error(
      `${type} breaks its contract: ${verdict.problems.map(({ pointer, message }) => `${pointer} ${message}`).join("; ")}`,
    );
  }
}

function rowOf(told: ToldEvent): string {
  if (!told.engine) return told.name;
  const name = told.name === "EffectMarkedApplied" ? "EffectApplied" : told.name;
  return `${name}:${String(told.data["name"])}`;
}

/** As JSON keeps it: fields that are undefined are not there. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}
