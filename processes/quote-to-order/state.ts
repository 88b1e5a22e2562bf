import type { Decision, EffectPayload, EventData, Handler } from "../../src/process/index.ts";

export type Wanted = Omit<EventData["interlock.OrderRequested.v1"], "contact">;
export type Changes = EventData["interlock.OrderChangeRequested.v1"];
export type HeldOrder = EventData["interlock.OrderCreated.v1"];
export type Quantity = Wanted["lines"][number]["quantity"];
export type Status = EffectPayload["UpdateOrderStatus.v1"]["status"];

export const PHASES = [
  "new",
  "checking",
  "blocked",
  "creating",
  "open",
  "holding",
  "changing",
  "cancelling",
  "ending",
  "shipped",
  "ended",
] as const;
export type Phase = (typeof PHASES)[number];

export type Handle = Handler<Order, Phase>;
export type Context = Parameters<Handle>[0];
export type Next = Decision<Order, Phase>;

/** What is known of one sales order. */
export interface Order {
  readonly customer: string;
  /** As it should be entered, changes worked in, until the ERP holds it. Not there for an order that was born in the ERP. */
  readonly wanted?: Wanted;
  /** Since when an answer is awaited. */
  readonly waitingSince: string;
  /** Questions in a row to which some system could not answer. */
  readonly unanswered: number;
  /** The ERP holds it, as far as was heard. */
  readonly created: boolean;
  readonly document?: string;
  /** The ERP holds this one order; a hold of the customer is a fact. */
  readonly ownHold: boolean;
  /** One of both holds, and people were told. */
  readonly creditHeld: boolean;
  /** How far it has come, for the people who read it in the CRM. */
  readonly milestone: Status;
  /** As the ERP holds them. */
  readonly lines: readonly Line[];
  /** What plants make for it, by work order. */
  readonly works: Readonly<Record<string, Work>>;
  /** The change or cancellation that is under way. */
  readonly wish?: Wish;
  /** The cancellation was sent to the ERP. */
  readonly cancelSent: boolean;
  /** What the ERP cancelled, and when that was heard. */
  readonly cancelled?: { readonly document: string | undefined; readonly at: string };
}

export interface Line {
  readonly line: number;
  readonly item: string;
  readonly quantity: Quantity;
  readonly confirmedDate?: string;
  readonly shipped: Quantity;
}

/** A work order that serves this sales order, as the plant has told of it. */
export interface Work {
  readonly productionOrder: string;
  readonly lines: readonly number[];
  /** It serves no other sales order, so it may be stopped for this one. */
  readonly own: boolean;
  readonly stands: "released" | "running" | "held" | "done" | "gone";
  /** Operations after whose begin nothing can be changed without loss. */
  readonly noReturn: readonly string[];
  /** The one of them that has begun. */
  readonly passed?: string;
  /** This order wants it held. */
  readonly holdAsked: boolean;
  /** What was reported, by operation that has begun: pieces, summed. */
  readonly operations: Readonly<Record<string, Progress>>;
}

export interface Progress {
  readonly good: string;
  readonly scrap: string;
  readonly rework: string;
}

export type Wish = (
  | { readonly kind: "change"; readonly changes: Changes }
  | { readonly kind: "cancel"; readonly reason: string | undefined }
) & {
  /** Work orders whose plants have not answered yet. */
  readonly awaiting: readonly string[];
};

export function withoutWish(state: Order): Order {
  const { wish: _, ...order } = state;
  return order;
}
