import type { EffectPayload, EventData } from "../../src/process/index.ts";

export type Requested = Omit<EventData["interlock.OrderRequested.v1"], "contact">;
export type Confirmed = EventData["interlock.OrderConfirmed.v1"];
export type Changes = EventData["interlock.OrderChangeRequested.v1"];
export type Status = EffectPayload["UpdateOrderStatus.v1"]["status"];

export const PHASES = ["new", "on-hold", "creating", "confirmed", "cancelling", "closed"] as const;
export type Phase = (typeof PHASES)[number];

/** What is known of one sales order. */
export interface Order {
  /** As it should be created: changes that come before that are worked in. */
  readonly request: Requested;
  /** When the confirmation began to be awaited. */
  readonly waitingSince: string;
  /** The ERP's own number, once it told. */
  readonly document?: string;
  readonly confirmedDate?: string;
  /** The ERP holds the order, as far as was heard. */
  readonly created: boolean;
  /** What a withdrawal of the create that is under way is for. */
  readonly withdrawnFor?: "hold";
  /** A cancellation was sent to the ERP. */
  readonly cancelSent: boolean;
  /** What the ERP cancelled for us, and when that was heard. */
  readonly cancelled?: { readonly document: string; readonly at: string };
}

/**
 * The order with the wanted changes; a quantity of zero takes a line out. Undefined when that is no order: a new line without
 * item and quantity, or no line left.
 */
export function changed(request: Requested, changes: Changes): Requested | undefined {
  const lines = new Map(request.lines.map((line) => [line.line, line]));
  for (const change of changes.lines) {
    if (change.quantity && Number(change.quantity.value) === 0) {
      lines.delete(change.line);
      continue;
    }
    const { item, quantity, ...rest } = { ...lines.get(change.line), ...change };
    if (item === undefined || quantity === undefined) return undefined;
    lines.set(change.line, { item, quantity, ...rest });
  }
  if (lines.size === 0) return undefined;
  return { ...request, lines: [...lines.values()].toSorted((a, b) => a.line - b.line) };
}
