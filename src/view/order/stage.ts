/** How far an order has come. */
import { isLess, isPositive } from "./amount.ts";
import { earliest, latest } from "./moment.ts";
import type { Moment } from "./part.ts";
import { isInvoiced, isShipped, neededOf, type Quantities } from "./quantities.ts";
import type { Whole } from "./whole.ts";

/** The way of an order, in its order. */
export const STEPS = [
  "quote",
  "order",
  "released",
  "in-production",
  "quality",
  "received",
  "shipped",
  "invoiced",
] as const;
export type StageStep = (typeof STEPS)[number];

/** Where an order is: at a step, or at an end that is none of them. */
export const STAGES = [...STEPS, "cancelled", "rejected"] as const;
export type Stage = (typeof STAGES)[number];

/** When the first of an order came to a step, and when the last of it had passed; null: not yet. */
export interface Track {
  readonly step: StageStep;
  readonly reachedAt: string | null;
  readonly doneAt: string | null;
}

export function trackOf(whole: Whole, quantities: Quantities): Track[] {
  const { order } = whole;
  const productions = whole.productions.filter(({ part }) => part.cancelled === undefined);
  const works = productions.flatMap((production) => production.works.map(({ part }) => part));
  const ended = works.map(({ completed, aborted }) => completed ?? aborted);
  const needed = neededOf(order);
  const everyReleased = productions.length > 0 && productions.every(({ works: own }) => own.length > 0);
  const made = everyReleased && ended.every((end) => end !== undefined);
  const received = isPositive(needed) && !isLess(quantities.received, needed);
  const receipts = [...productions.map(({ part }) => part.receipts), order.bought];
  const left = Object.values(order.shipments ?? {}).map(({ confirmed, issued }) => confirmed ?? issued);
  const invoices = Object.values(order.invoices ?? {});

  const track = (step: StageStep, reached: string | undefined, done: string | false | undefined): Track => ({
    step,
    reachedAt: reached ?? null,
    doneAt: done === false ? null : (done ?? null),
  });
  const lastOf = (moments: readonly (Moment | undefined)[]) => latest(moments);
  return [
    track("quote", order.asked?.at, order.asked?.at),
    track("order", order.created?.at, order.created?.at),
    track(
      "released",
      earliest(works.map((work) => work.released)),
      everyReleased && lastOf(works.map((work) => work.released)),
    ),
    track("in-production", earliest(works.map(({ started }) => started)), made && lastOf(ended)),
    track(
      "quality",
      made ? lastOf(ended) : undefined,
      received && isFree(whole, quantities) && lastOf(receipts),
    ),
    track(
      "received",
      receipts
        .flatMap((receipt) => receipt?.first ?? [])
        .reduce<string | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined),
      received && lastOf(receipts),
    ),
    track("shipped", earliest(left), isShipped(order) && lastOf(left)),
    track("invoiced", earliest(invoices), isInvoiced(order) && lastOf(invoices)),
  ];
}

/** Nothing keeps what was made; what has left was free. */
function isFree({ order, goods }: Whole, { blocked }: Quantities): boolean {
  return isShipped(order) || (!isPositive(blocked) && goods.length === 0);
}

/**
 * Where the slowest of an order is. What has begun counts from the first piece until production; from there on all of it has to
 * be there: an order that has shipped half is still in production.
 */
export function stageOf({ order }: Whole, track: readonly Track[]): Stage {
  if (order.cancelled) return "cancelled";
  if (!order.created && order.rejected) return "rejected";
  if (!order.created && order.change?.kind === "cancel") return "cancelled";
  const at = new Map(track.map((each) => [each.step, each]));
  for (const step of ["invoiced", "shipped", "received"] as const)
    if (at.get(step)!.doneAt !== null) return step;
  for (const step of ["quality", "in-production", "released", "order"] as const)
    if (at.get(step)!.reachedAt !== null) return step;
  return "quote";
}

export function isOpen(stage: Stage): boolean {
  return stage !== "invoiced" && stage !== "cancelled" && stage !== "rejected";
}
