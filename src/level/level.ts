/**
 * A service level: how long one hop on the way of an order may take, from one event to another about the same thing, and
 * whose case it is when it takes longer. Declared in interlock.yaml.
 */
import { type LedgerEvent, parseEventType } from "../event/envelope.ts";
import type { CaseOwner } from "../process/contract.ts";

/** An event, and which fields of its data say what it is about: `[workOrder, confirmation]`. */
export interface Mark {
  readonly event: string;
  readonly by: readonly string[];
}

export interface ServiceLevel {
  readonly name: string;
  readonly from: Mark;
  readonly to: Mark;
  /** Ends the hop without its having arrived: the order was cancelled. */
  readonly unless: readonly Mark[];
  /** It begins again and again, as with each report of an operation: the wait counts from the first that nothing followed. */
  readonly repeats: boolean;
  /** Of the plant's working time, where the hop began with an event of a plant. */
  readonly withinMs: number;
  readonly owner: CaseOwner;
  /** Who tells of its end, as roles or system ids: until they were heard, their silence says nothing. */
  readonly tellers: readonly string[];
}

export type Side = "from" | "to" | "unless";

/** What an event is to a hop, and of what; undefined when it is nothing to it, or does not say of what. */
export function markOf(
  level: ServiceLevel,
  event: Pick<LedgerEvent, "type" | "data">,
): { side: Side; of: string } | undefined {
  const name = parseEventType(event.type)?.name;
  const marks: readonly (readonly [Side, Mark])[] = [
    ["from", level.from],
    ["to", level.to],
    ...level.unless.map((mark) => ["unless", mark] as const),
  ];
  for (const [side, mark] of marks) {
    const of = mark.event === name ? valuesOf(mark, event.data) : undefined;
    if (of !== undefined) return { side, of };
  }
  return undefined;
}

export function eventsOf({ from, to, unless }: ServiceLevel): string[] {
  return [from, to, ...unless].map(({ event }) => event);
}

function valuesOf({ by }: Mark, data: unknown): string | undefined {
  const values = by.map((field) => (data as Record<string, unknown> | null)?.[field]);
  return values.every((value) => typeof value === "string" || typeof value === "number")
    ? values.join("/")
    : undefined;
}
