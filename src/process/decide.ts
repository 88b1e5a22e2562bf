/**
 * The pure core: one instance and the events handed to it, in order, become its next state and everything that follows.
 *
 * An event is handled, deferred or ignored as the phase's table says. After each change of phase the deferred ones are
 * looked at again, oldest first, before the next event: each is handled at most once, so this comes to an end. When a
 * handler throws, what came before it stands, the event is kept, and the instance is held until a person releases it:
 * everything that comes meanwhile is kept behind it in order, and nobody else's events wait.
 */
import { ENGINE_EVENTS, RELEASE_EVENT } from "../event/engine-event.ts";
import { INTERLOCK_SOURCE, type LedgerEvent, parseEventType } from "../event/envelope.ts";
import { addMillis } from "../event/time.ts";
import type { Surroundings } from "./catalog.ts";
import { type ProcessDefinition, rowKeyOf } from "./contract.ts";
import { FactsMissing, type KnownFacts } from "./facts.ts";
import { type Deferred, type Delivery, type Instance, migrate } from "./instance.ts";
import { emptyOutcome, type FactUse, instanceMember, type Outcome, type TimerRow } from "./outcome.ts";
import { MAX_KEY, planDecision, storable } from "./plan.ts";
import { heldCase, unexpectedCase } from "./trouble.ts";

/** Everything there is to decide about one instance in one batch. */
export interface InstanceWork {
  readonly definition: ProcessDefinition;
  readonly key: string;
  readonly partition: number;
  readonly stored: Instance | undefined;
  /** Kept earlier, by `n`. */
  readonly deferred: readonly Deferred[];
  readonly deliveries: readonly Delivery[];
  /** Why the database refused what follows from the only delivery: the instance is held with it, undecided. */
  readonly refused?: string | undefined;
}

export interface Recovery {
  readonly open: boolean;
  /** When the latest recovery began, if there was one. */
  readonly latestBeganAt: string | undefined;
}

const MAX_STATE_BYTES = 262_144;
const MAX_FACTS = 100;

const isEngineEvent = (name: string): boolean => (ENGINE_EVENTS as readonly string[]).includes(name);

/** @throws FactsMissing when facts have to be read first; then nothing has happened */
export function decideInstance(
  work: InstanceWork,
  surroundings: Surroundings,
  facts: KnownFacts,
  recovery: Recovery,
): Outcome {
  return new Decider(work, surroundings, facts, recovery).decide();
}

class Decider {
  readonly #work: InstanceWork;
  readonly #surroundings: Surroundings;
  readonly #facts: KnownFacts;
  readonly #recovery: Recovery;
  readonly #outcome = emptyOutcome();
  readonly #timers = new Map<string, TimerRow | undefined>();
  readonly #factUses = new Map<string, FactUse>();
  #waiting: Deferred[];
  #phase: string;
  #state: unknown;
  #stateText: string | undefined;
  #held: string | undefined;
  #changed = false;
  /** Of the first event that is not ignored, when nothing is stored yet. */
  #first: Delivery | undefined;

  constructor(work: InstanceWork, surroundings: Surroundings, facts: KnownFacts, recovery: Recovery) {
    this.#work = work;
    this.#surroundings = surroundings;
    this.#facts = facts;
    this.#recovery = recovery;
    this.#waiting = [...work.deferred];
    this.#phase = work.stored?.phase ?? work.definition.initialPhase;
    this.#state = work.stored?.state;
    this.#held = work.stored?.held;
  }

  decide(): Outcome {
    const { stored, definition, deliveries, refused } = this.#work;
    if (refused !== undefined) {
      for (const delivery of deliveries) this.#keep(delivery, undefined);
      this.#hold(deliveries[0], deliveries[0]!.event.type, new Error(refused));
      return this.#finish();
    }
    const behind = stored !== undefined && stored.definitionVersion < definition.version;
    if (behind && this.#held === undefined && this.#migrate(stored)) this.#drain();
    // kept for a process that was not there, or before a first event that was ignored
    else if (this.#held === undefined && this.#waiting.some(({ deadlineAt }) => deadlineAt === undefined))
      this.#drain();
    for (const delivery of deliveries) this.#take(delivery);
    return this.#finish();
  }

  #take(delivery: Delivery): void {
    const name = parseEventType(delivery.event.type)?.name ?? delivery.event.type;
    if (name === RELEASE_EVENT && delivery.event.source === INTERLOCK_SOURCE) this.#release();
    else if (this.#held !== undefined) this.#keep(delivery, undefined);
    else if (this.#apply(delivery) === "moved") this.#drain();
  }

  #release(): void {
    const { stored, definition, key } = this.#work;
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#changed = true;
    this.#settle(instanceMember(definition.name, key, "PROCESS_HELD"));
    const behind = stored !== undefined && stored.definitionVersion < definition.version;
    if (behind && !this.#migrate(stored)) return;
    this.#drain();
  }

  #migrate(stored: Instance): boolean {
    const { definition } = this.#work;
    this.#changed = true;
    if (stored.state === undefined) {
      this.#phase = definition.initialPhase;
      return true;
    }
    try {
      const { phase, state } = migrate(definition, stored.definitionVersion, this.#phase, this.#state);
      this.#stateText = stateText(state);
      this.#phase = phase;
      this.#state = state;
      return true;
    } catch (error) {
      this.#hold(undefined, `migrate from version ${stored.definitionVersion}`, error);
      return false;
    }
  }

  #drain(): void {
    for (let i = 0; i < this.#waiting.length && this.#held === undefined;) {
      const came = this.#apply(this.#waiting[i]!);
      // handled or ignored, it is not kept any more; deferred again, it stands where it stood
      if (came === "kept") i++;
      else this.#waiting.splice(i, 1);
      if (came === "moved") i = 0;
    }
  }

  /** Does with one event what the table says; `kept`: it waits, in `#waiting`. */
  #apply(delivery: Delivery): "moved" | "stayed" | "kept" {
    const { definition } = this.#work;
    const { event } = delivery;
    const name = parseEventType(event.type)?.name ?? event.type;
    const rowKey = rowKeyOf(name, event.data);
    // done already when it came
    if (name === RELEASE_EVENT) return "stayed";
    const began = this.#work.stored !== undefined || this.#first !== undefined;
    if (name === "TimerFired" && !this.#isSet(delivery)) return "stayed";
    const row = definition.phases[this.#phase]?.[rowKey];
    if (row === undefined || (isEngineEvent(name) && !began)) {
      if (name === "EffectAccepted") return "stayed";
      this.#outcome.cases.push(unexpectedCase(this.#scene(rowKey, event), this.#surroundings));
      return "stayed";
    }
    if ("ignore" in row) {
      if (name === "TimerFired") this.#clear((event.data as { name: string }).name, delivery.n);
      return "stayed";
    }
    if ("deferMs" in row) {
      this.#keep(delivery, addMillis(event.recordedTime, row.deferMs));
      return "kept";
    }
    const phase = this.#phase;
    try {
      this.#handle(delivery, row.handle, row.to);
      if (name === "TimerFired") this.#clear((event.data as { name: string }).name, delivery.n);
      return this.#phase === phase ? "stayed" : "moved";
    } catch (error) {
      if (error instanceof FactsMissing) throw error;
      this.#keep(delivery, undefined);
      this.#hold(delivery, rowKey, error);
      return "kept";
    }
  }

  #handle(delivery: Delivery, handler: HandlerOf, to: readonly string[]): void {
    const { definition, key, partition, stored } = this.#work;
    const { event, n } = delivery;
    const state = this.#state === undefined ? definition.initialState(key, event) : this.#state;
    const uses = this.#factsOf(state, event);
    const decision = handler({
      key,
      state,
      event,
      facts: (kind, factKey) => {
        const use = uses.get(`${kind}/${factKey}`);
        if (!use) throw new Error(`the fact ${kind}/${factKey} is not declared by factsFor`);
        return use.value;
      },
    });
    if (!to.includes(decision.phase))
      throw new Error(`it leads to "${decision.phase}", but its row names only ${to.join(", ")}`);
    const text = stateText(decision.state);
    const first = this.#first ?? delivery;
    const plant = event.plant ?? stored?.plant ?? first.event.plant;
    const planned = planDecision(
      {
        definition,
        key,
        partition,
        correlation: stored?.correlation ?? first.event.correlation,
        plant,
        n,
        event,
        probeFirst: this.#probeFirst(stored?.beganAt ?? first.event.time),
      },
      decision,
      this.#surroundings,
    );
    // from here on nothing throws
    this.#first ??= delivery;
    this.#changed = true;
    this.#phase = decision.phase;
    this.#state = decision.state;
    this.#stateText = text;
    for (const [id, { kind, factKey, seq }] of uses)
      this.#factUses.set(id, { kind, key: factKey, process: definition.name, instance_key: key, seq });
    for (const what of decision.withdraw ?? [])
      this.#outcome.withdrawals.push({ what, cause: event, before: this.#outcome.effects.length });
    this.#outcome.effects.push(...planned.effects);
    this.#outcome.derived.push(...planned.derived);
    for (const member of planned.settledMembers) this.#settle(member);
    this.#outcome.cases.push(...planned.cases);
    for (const { name } of planned.timersCleared) this.#timers.set(name, undefined);
    for (const timer of planned.timers) this.#timers.set(timer.name, timer);
    if (definition.finalPhases.includes(this.#phase))
      for (const name of definition.timers) this.#timers.set(name, undefined);
  }

  #factsOf(
    state: unknown,
    event: Delivery["event"],
  ): Map<string, { kind: string; factKey: string; value: unknown; seq: number }> {
    const uses = new Map<string, { kind: string; factKey: string; value: unknown; seq: number }>();
    const missing: { kind: string; key: string }[] = [];
    const wanted = this.#work.definition.factsFor?.(state, event) ?? [];
    if (wanted.length > MAX_FACTS)
      throw new Error(`it relies on ${wanted.length} facts; ${MAX_FACTS} are allowed`);
    for (const { kind, key } of wanted) {
      for (const part of [kind, key]) storable(part, "name of a fact", MAX_KEY);
      const known = this.#facts.get(kind, key);
      if (known) uses.set(`${kind}/${key}`, { kind, factKey: key, ...known });
      else missing.push({ kind, key });
    }
    if (missing.length > 0) throw new FactsMissing(missing);
    return uses;
  }

  /** What a restored ledger may have forgotten to have sent is looked for before it is sent. */
  #probeFirst(beganAt: string): boolean {
    const { open, latestBeganAt } = this.#recovery;
    return open || (latestBeganAt !== undefined && Date.parse(beganAt) <= Date.parse(latestBeganAt));
  }

  /** A timer that was set again or cleared since does not fire any more. */
  #isSet({ event, timerGeneration }: Delivery): boolean {
    const { name, generation } = event.data as { name: string; generation: number };
    const now = this.#timers.has(name) ? this.#timers.get(name)?.generation : timerGeneration;
    return now === generation;
  }

  /** A fired timer is gone, unless its handler has set it again. */
  #clear(name: string, n: number): void {
    if (this.#timers.get(name)?.generation !== n) this.#timers.set(name, undefined);
  }

  /** What the same batch opened was never seen: it is not opened at all. */
  #settle(member: string): void {
    const { cases, settledMembers } = this.#outcome;
    const opened = cases.findIndex((each) => each.member_ref === member);
    if (opened >= 0) cases.splice(opened, 1);
    settledMembers.push(member);
  }

  #keep(delivery: Delivery, deadlineAt: string | undefined): void {
    const { n, event, timerGeneration } = delivery;
    const at = this.#waiting.findIndex((kept) => kept.n === n);
    if (at < 0) this.#waiting.push({ n, event, timerGeneration, deadlineAt, expired: false });
    // one that waited for the release of its instance begins its time now; one that waits already goes on
    else if (this.#waiting[at]!.deadlineAt === undefined && deadlineAt !== undefined)
      this.#waiting[at] = { ...this.#waiting[at]!, deadlineAt };
  }

  #hold(delivery: Delivery | undefined, rowKey: string, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#held = `${rowKey} in ${this.#phase}: ${message}`
      .replaceAll("\0", "")
      .toWellFormed()
      .slice(0, 2_000);
    this.#first ??= delivery;
    this.#changed = true;
    this.#outcome.cases.push(heldCase(this.#scene(rowKey, delivery?.event), this.#held, this.#surroundings));
  }

  #scene<Event extends LedgerEvent | undefined>(rowKey: string, event: Event) {
    const { definition, key, stored } = this.#work;
    return { definition, key, stored, phase: this.#phase, rowKey, event };
  }

  #finish(): Outcome {
    const { definition, key, partition, stored, deferred, deliveries } = this.#work;
    const process = definition.name;
    this.#diffDeferred(process, key, deferred);
    for (const [name, timer] of this.#timers) {
      if (timer) this.#outcome.timers.push(timer);
      else this.#outcome.timersCleared.push({ process, key, name });
    }
    this.#outcome.factUses.push(...this.#factUses.values());
    if (!this.#changed) return this.#outcome;
    // A new instance is not in the table of those that facts wake, unless it has just got there.
    const mayBeWoken = stored !== undefined || this.#factUses.size > 0;
    if (mayBeWoken && definition.finalPhases.includes(this.#phase))
      this.#outcome.finished.push({ process, instance_key: key });
    const first = stored ?? {
      beganAt: this.#first!.event.time,
      correlation: this.#first!.event.correlation,
      plant: this.#first!.event.plant,
    };
    const migrated = this.#held === undefined || stored === undefined || this.#stateText !== undefined;
    this.#outcome.instance = {
      process,
      key,
      partition,
      definition_version: migrated ? definition.version : stored.definitionVersion,
      phase: this.#phase,
      state: this.#stateText ?? stateText(this.#state),
      began_at: first.beganAt,
      correlation: first.correlation,
      plant: first.plant ?? null,
      last_n: Math.max(stored?.lastN ?? 0, ...deliveries.map(({ n }) => n)),
      version: (stored?.version ?? 0) + 1,
      held: this.#held ?? null,
    };
    return this.#outcome;
  }

  #diffDeferred(process: string, key: string, before: readonly Deferred[]): void {
    const kept = new Map(before.map((each) => [each.n, each]));
    for (const { n, event, deadlineAt } of this.#waiting) {
      const was = kept.get(n);
      kept.delete(n);
      if (was && was.deadlineAt === deadlineAt) continue;
      if (was) this.#outcome.undeferred.push({ process, key, n });
      this.#outcome.deferred.push({ process, key, n, seq: event.seq, deadline_at: deadlineAt ?? null });
    }
    for (const { n, event, deadlineAt } of kept.values()) {
      this.#outcome.undeferred.push({ process, key, n });
      // even when it had not expired when it was read: it may have since, and nobody else would close that case
      if (deadlineAt !== undefined)
        this.#outcome.settledMembers.push(instanceMember(process, key, `DEFERRAL_EXPIRED@${event.seq}`));
    }
  }
}

type HandlerOf = Extract<ProcessDefinition["phases"][string][string], { handle: unknown }>["handle"];

/** @throws Error when the state is no JSON or larger than its table takes */
function stateText(state: unknown): string {
  const text = JSON.stringify(state ?? null);
  if (text.length * 3 > MAX_STATE_BYTES && Buffer.byteLength(text) > MAX_STATE_BYTES)
    throw new Error(`its state grew to ${Buffer.byteLength(text)} bytes; ${MAX_STATE_BYTES} are allowed`);
  return text;
}
