import type { LedgerEvent, ObjectRef } from "../event/envelope.ts";

/**
 * The process contract. A process is data plus pure functions: no I/O, no clock, no random. It reacts to the events of one
 * business object (the instance, named by `key`), moves through phases, and intends effects in other systems.
 *
 * For every phase and every event the process can get, `phases` says one of three things: handle, defer or ignore. Anything
 * else is refused when the definition is loaded (`checkTotality`), so nothing is ignored by accident.
 */
export interface ProcessDefinition<State = unknown, Phase extends string = string> {
  /** Kebab case, the folder's name: `order-confirmation`. */
  readonly name: string;
  /** Grows by one with every change that stored instances notice. */
  readonly version: number;
  /** One sentence for people: what this process keeps true. */
  readonly purpose: string;
  /** The kind of object an instance is about: `salesOrder`. */
  readonly subjectKind: string;
  readonly initialPhase: Phase;
  /** Phases in which the instance is finished; nothing may be deferred there. */
  readonly finalPhases: readonly Phase[];
  readonly initialState: (key: string, first: LedgerEvent) => State;
  /** Event names this process can get, each with the instances it concerns. Names without version: the major is in `data`. */
  readonly events: Readonly<Record<string, Correlate>>;
  /** Relations an event teaches, for the link graph. */
  readonly links?: Readonly<Record<string, (event: LedgerEvent) => readonly Link[]>>;
  /** Small values the router keeps current from events, whether or not an instance exists. */
  readonly facts?: Readonly<Record<string, (event: LedgerEvent) => readonly FactChange[]>>;
  /** The facts a decision relies on. A change of one of them is delivered to the instance as the event that changed it. */
  readonly factsFor?: (state: State, event: LedgerEvent) => readonly FactKey[];
  readonly phases: Readonly<Record<Phase, PhaseTable<State, Phase>>>;
  /** Version n-1's state to this version's. Required from version 2 on; called once per step, in order. */
  readonly migrate?: (fromVersion: number, phase: string, state: unknown) => { phase: Phase; state: State };
}

/** The instances an event concerns. `via` asks the link graph: the parents of that object of the kind `subjectKind`. */
export type Correlate = (event: LedgerEvent) => readonly Correlation[];
export type Correlation =
  | { readonly key: string }
  | { readonly via: ObjectRef; /** Wait this long for the link, then a case. */ readonly waitMs: number };

export interface Link {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
  /** Decimal string in the child's unit, where a part of the child serves the parent. */
  readonly quantity?: string;
}

export interface FactKey {
  readonly kind: string;
  readonly key: string;
}
export interface FactChange extends FactKey {
  readonly value: unknown;
}
/** The declared facts by `kind/key`; undefined where nothing is known. */
export type Facts = (kind: string, key: string) => unknown;

export type PhaseTable<State, Phase extends string> = Readonly<Record<string, Row<State, Phase>>>;

export type Row<State, Phase extends string> =
  | {
      readonly handle: Handler<State, Phase>;
      /** Phases it can lead to, for the diagram and the check. */ readonly to: readonly Phase[];
    }
  | {
      /** Wait until the phase changes; after `deferMs` a case. */ readonly deferMs: number;
      readonly because: string;
    }
  | { /** Why nothing follows. */ readonly ignore: string };

/** Pure: the same arguments give the same answer. A throw holds this instance with a case; the rest of the batch goes on. */
export type Handler<State, Phase extends string> = (context: {
  readonly key: string;
  readonly state: State;
  readonly event: LedgerEvent;
  readonly facts: Facts;
}) => Decision<State, Phase>;

export interface Decision<State, Phase extends string> {
  readonly phase: Phase;
  readonly state: State;
  readonly effects?: readonly IntendedEffect[];
  /** Names of effects that should not happen any more. Answer: EffectWithdrawn, or EffectWithdrawalRefused ("too late"). */
  readonly withdraw?: readonly string[];
  readonly timers?: readonly IntendedTimer[];
  readonly clearTimers?: readonly string[];
  readonly derive?: readonly DerivedEvent[];
  readonly cases?: readonly IntendedCase[];
}

export interface IntendedEffect {
  /** The process's own name for it, unique within the instance while open: `create`. Answers carry it in `data.name`. */
  readonly name: string;
  /** Role or id of the target system: `erp`. One system of that role must exist; several need `system`. */
  readonly target: string;
  /** Effect contract: `CreateSalesOrder`, major 1. */
  readonly type: string;
  readonly major?: number;
  readonly payload: unknown;
}

export interface IntendedTimer {
  readonly name: string;
  readonly afterMs: number;
  /** Count only the working time of the instance's plant. */
  readonly onCalendar?: boolean;
  /** `system/stream` names (a role may stand for the system) whose silence this timer watches: it fires only when they were read that far. */
  readonly watches?: readonly string[];
}

export interface DerivedEvent {
  readonly name: string;
  readonly major?: number;
  readonly subject?: string;
  readonly data: unknown;
}

export interface IntendedCase {
  readonly kind: string;
  readonly owner: CaseOwner;
  readonly title: string;
  /** What would make it pass, in plain words. */
  readonly remedy: string;
}

export const CASE_OWNERS = ["it", "plant-operations", "customer-service", "finance", "quality"] as const;
export type CaseOwner = (typeof CASE_OWNERS)[number];

/** Events every process may get from the engine itself, whatever `events` says; their `data.name` is the effect's or timer's name. */
export const ENGINE_EVENTS = [
  "EffectApplied",
  "EffectAccepted",
  "EffectRejected",
  "EffectCancelled",
  "EffectMarkedApplied",
  "EffectWithdrawn",
  "EffectWithdrawalRefused",
  "TimerFired",
] as const;
export type EngineEventName = (typeof ENGINE_EVENTS)[number];

/**
 * A row key in a phase table is an event name, or for engine events `Name:thing`: `EffectApplied:create`, `TimerFired:overdue`.
 * This is the key of `event` in that sense.
 */
export function rowKeyOf(name: string, data: unknown): string {
  if (!(ENGINE_EVENTS as readonly string[]).includes(name)) return name;
  const thing = (data as { name?: unknown } | null)?.name;
  return typeof thing === "string" ? `${name}:${thing}` : name;
}

export function defineProcess<State, Phase extends string>(
  definition: ProcessDefinition<State, Phase>,
): ProcessDefinition<State, Phase> {
  return definition;
}
