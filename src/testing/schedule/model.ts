/*
 * What must be true when everything has come to rest, said without the engine: from the events of an order, in the order of
 * the ledger, follows which effects there are; from their outcomes, what stands in the targets' book.
 */
import type { Entry } from "./target.ts";

export interface ToldEvent {
  readonly id: string;
  /** `OrderRequested`, `EffectApplied`. */
  readonly name: string;
  /** Of an outcome: the process's name for the effect. */
  readonly effect: string | null;
}

export interface WrittenEffect {
  readonly reference: string;
  readonly system: string;
  readonly name: string;
  /** Of a change: the id of the event that asked for it. */
  readonly because: string | null;
  readonly outcome: string | null;
}

/** The effects of one order, in order. */
export function effectsOf(events: readonly ToldEvent[]): string[] {
  const effects: string[] = [];
  let phase: "new" | "creating" | "open" | "taking-back" | "closed" = "new";
  let waiting: { what: string; id: string }[] = [];
  const step = (it: { what: string; id: string }): boolean => {
    switch (`${phase} ${it.what}`) {
      case "new OrderRequested":
        phase = "creating";
        effects.push("create");
        return true;
      case "creating EffectApplied:create":
        phase = "open";
        effects.push("tell");
        return true;
      case "creating OrderCancelRequested":
        phase = "taking-back";
        return true;
      case "open OrderChangeRequested":
        effects.push(`change ${it.id}`, "tell");
        return false;
      case "open OrderCancelRequested":
      case "taking-back EffectApplied:create":
        phase = "closed";
        effects.push("cancel", "tell");
        return true;
      case "taking-back EffectWithdrawn:create":
        phase = "closed";
        effects.push("tell");
        return true;
      case "new OrderChangeRequested":
      case "new OrderCancelRequested":
      case "creating OrderChangeRequested":
        waiting.push(it);
        return false;
      default:
        return false;
    }
  };
  for (const { id, name, effect } of events) {
    if (!step({ id, what: effect === null ? name : `${name}:${effect}` })) continue;
    // After each change of phase what waited is looked at again, in its order, before anything else.
    for (let again = true; again;) {
      again = false;
      const before = waiting;
      waiting = [];
      for (const [i, it] of before.entries()) {
        if (!step(it)) continue;
        waiting.push(...before.slice(i + 1));
        again = true;
        break;
      }
    }
  }
  return effects;
}

/**
 * What is wrong with one order at rest. What was done before the last restore may stand in the book in another order, and with
 * more than is intended now: the restored ledger may have decided another way. But nothing stands there twice.
 */
export function mistakesOf(
  order: string,
  sent: ReadonlySet<string>,
  events: readonly ToldEvent[],
  effects: readonly WrittenEffect[],
  book: readonly Entry[],
  past: number,
): string[] {
  const wrong: string[] = [];
  const ids = events.filter(({ effect }) => effect === null).map(({ id }) => id);
  for (const id of sent) {
    const count = ids.filter((each) => each === id).length;
    if (count !== 1) wrong.push(`${id} is in the ledger ${count} times`);
  }
  const expected = effectsOf(events);
  for (const system of ["erp", "crm"]) {
    const inSystem = (name: string) => (name === "tell") === (system === "crm");
    const lane = effects.filter((effect) => effect.system === system);
    const want = expected.filter(inSystem).join(" ");
    const has = lane.map(({ name, because }) => (because === null ? name : `${name} ${because}`)).join(" ");
    if (want !== has)
      wrong.push(`${order} should have in ${system}: ${want || "nothing"}; but has: ${has || "nothing"}`);
    const applied = lane.filter(({ outcome }) => outcome === "applied").map(({ reference }) => reference);
    const entries = book.filter((entry) => entry.system === system);
    const before = new Set(entries.filter((entry) => entry.past < past).map(({ reference }) => reference));
    const written = entries.filter((entry) => entry.past === past).map(({ reference }) => reference);
    if (new Set(entries.map(({ reference }) => reference)).size !== entries.length)
      wrong.push(
        `${order} in ${system} twice: ${entries.map(({ reference, past }) => `${reference}@${past}`).join(" ")}`,
      );
    if (applied.filter((reference) => !before.has(reference)).join(" ") !== written.join(" "))
      wrong.push(
        `${order} applied in ${system}: ${applied.join(" ")}; but its book has: ${written.join(" ")}`,
      );
    for (const { reference, name, outcome } of lane)
      if (before.has(reference) && outcome !== "applied")
        wrong.push(`${name} ${reference} of ${order} is ${outcome}, but was done before the restore`);
  }
  for (const { reference, name, outcome } of effects)
    if (outcome === null) wrong.push(`${name} ${reference} of ${order} has no outcome`);
  return wrong;
}
