import { ENGINE_EVENTS } from "../event/engine-event.ts";
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
  /**
   * Event names this process can get, each with the instances it concerns. Names without version: the major is in `type`.
   * An event that reaches instances only through a fact they rely on is named too, and concerns none: `() => []`.
   */
  readonly events: Readonly<Record<string, Correlate>>;
  /** Names of the effects it intends; `withdrawn` where it may take one back. Each can end in every phase. */
  readonly effects: Readonly<Record<string, { readonly withdrawn?: boolean }>>;
  /** Names of the timers it sets. */
  readonly timers: readonly string[];
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
  | {
      readonly via: ObjectRef;
      /** Wait this long for the link, then a case. 0: who is not linked now is not concerned, as no order is by what is made to stock. */
      readonly waitMs: number;
      /** Nor is it waited for when the object is linked to something of this kind: what is known to be made for stock. */
      readonly unless?: string;
    };

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
  /**
   * What should not happen any more: all open effects of a name, or the one of a reference. Each answers: EffectWithdrawn, or
   * EffectWithdrawalRefused ("too late"). One that has ended answers no more: its end is an event that came or is on its way.
   */
  readonly withdraw?: readonly string[];
  readonly timers?: readonly IntendedTimer[];
  readonly clearTimers?: readonly string[];
  readonly derive?: readonly DerivedEvent[];
  readonly cases?: readonly IntendedCase[];
  /** Kinds of its own cases that have become pointless: they close if they are open. */
  readonly closeCases?: readonly string[];
}

export interface IntendedEffect {
  /** The process's own name for it, one of `effects`: `create`. Answers carry it in `data.name`, a withdrawal means all open ones of it. */
  readonly name: string;
  /** Role or id of the target system: `erp`. Of several systems with that role the one of the event's plant is taken. */
  readonly target: string;
  /** Effect or query contract: `CreateSalesOrder`, major 1. */
  readonly type: string;
  readonly major?: number;
  readonly payload: unknown;
  /** Left out, without a word, where no system of the project plays the role: not everybody has a warehouse system or EDI. */
  readonly optional?: boolean;
}

/** Counts from the time of the event that sets it. Set again, it starts again; fired or cleared, it is gone. */
export interface IntendedTimer {
  readonly name: string;
  readonly afterMs: number;
  /** Count only the working time of the instance's plant. */
  readonly onCalendar?: boolean;
  /**
   * Whose silence this timer watches, as `<system or role>/<event or stream>`: `erp/OrderCreated`. It fires only when that event
   * would have been read by then. A process does better to name an event: what a connector calls its streams is its own affair.
   */
  readonly watches?: readonly string[];
}

export interface DerivedEvent {
  readonly name: string;
  readonly major?: number;
  readonly subject?: string;
  readonly data: unknown;
}

/** One case of a kind is open per instance: asked for again, it stays the same case. */
export interface IntendedCase {
  /** Stable code in capitals: `CONFIRMATION_OVERDUE`. */
  readonly kind: string;
  readonly owner: CaseOwner;
  readonly title: string;
  /** What would make it pass, in plain words. */
  readonly remedy: string;
}

export const CASE_OWNERS = ["it", "plant-operations", "customer-service", "finance", "quality"] as const;
export type CaseOwner = (typeof CASE_OWNERS)[number];

/**
 * A row key in a phase table is an event name, or for engine events `Name:thing`: `EffectApplied:create`, `TimerFired:overdue`.
 * A person's word that an effect was applied counts as applied: it has the same row, and differs in `event.type`.
 */
export function rowKeyOf(name: string, data: unknown): string {
  if (!(ENGINE_EVENTS as readonly string[]).includes(name)) return name;
  const thing = (data as { name?: unknown } | null)?.name;
  if (typeof thing !== "string") return name;
  return `${name === "EffectMarkedApplied" ? "EffectApplied" : name}:${thing}`;
}

/**
 * The rows of one effect that every phase must have: its ends, and the answers to a withdrawal where there can be one.
 * `EffectAccepted:name` is progress, not an end: a phase may have a row for it, and lets it pass without one.
 */
export function endsOf(name: string, effect: { readonly withdrawn?: boolean } = {}): string[] {
  const ends = ["EffectApplied", "EffectRejected", "EffectCancelled"];
  if (effect.withdrawn) ends.push("EffectWithdrawn", "EffectWithdrawalRefused");
  return ends.map((end) => `${end}:${name}`);
}

/** The same reason to ignore several events: `...ignoring("nothing was sent yet", "OrderConfirmed", "OrderRejected")`. */
export function ignoring(because: string, ...rows: readonly string[]): Record<string, { ignore: string }> {
  return Object.fromEntries(rows.map((row) => [row, { ignore: because }]));
}

export function defineProcess<State, Phase extends string>(
  definition: ProcessDefinition<State, Phase>,
): ProcessDefinition<State, Phase> {
  return definition;
}
