/** Whose move it is. */
import { isLess, isPositive } from "./amount.ts";
import { earliest } from "./moment.ts";
import type { Moment } from "./part.ts";
import { linesOf, neededOf, type Quantities } from "./quantities.ts";
import { isOpen, type Stage } from "./stage.ts";
import type { Whole } from "./whole.ts";

/** Teams as they own cases; and systems, where one of them has the next word. */
export const WAITED_FOR = [
  "customer-service",
  "finance",
  "quality",
  "plant-operations",
  "it",
  "erp",
  "plant",
  "warehouse",
] as const;
export type WaitedFor = (typeof WAITED_FOR)[number];

export interface Waiting {
  readonly for: WaitedFor;
  readonly since: string;
  readonly why: string;
}

type Found = Waiting | undefined;

function on(whom: WaitedFor, since: string | Moment | undefined, why: string): Found {
  const at = typeof since === "object" ? since.at : since;
  return at === undefined ? undefined : { for: whom, since: at, why };
}

/** The first that keeps the order, from what stops all of it to what is merely next. */
export function waitingOf(whole: Whole, stage: Stage, quantities: Quantities): Found {
  if (!isOpen(stage)) return undefined;
  return untilEntered(whole) ?? held(whole) ?? untilMade(whole) ?? untilLeft(whole, stage, quantities);
}

function untilEntered({ order, customer }: Whole): Found {
  const { asked, created, check } = order;
  if (created || !asked) return undefined;
  if (!check) return on("erp", asked, "the order is being checked");
  if (check.failed.includes("credit")) return on("finance", check, "credit does not cover the order");
  if (check.failed.length > 0)
    return on("customer-service", check, `the check failed on ${check.failed.join(", ")}`);
  if (check.unavailable) return on("erp", check, "a system could not say whether the order passes");
  return (
    on("finance", customer.creditHold, "the customer is on credit hold") ??
    on("erp", check, "the order is being entered")
  );
}

function held({ order, customer, goods, productions }: Whole): Found {
  const creditHold = order.creditHold ?? customer.creditHold;
  if (creditHold) return on("finance", creditHold, "credit hold");
  const [hold] = goods.toSorted((a, b) => (a.part.held!.at < b.part.held!.at ? -1 : 1));
  if (hold) return on("quality", hold.part.held, `${hold.kind} ${hold.id} is held: ${hold.part.held!.hold}`);
  if (order.change)
    return on(
      "erp",
      order.change,
      order.change.kind === "change" ? "a change is asked for" : "a cancellation is asked for",
    );
  for (const { id, part } of productions) {
    if (part.cancelled) continue;
    if (part.held) return on("plant-operations", part.held, `production order ${id} is held`);
  }
  return undefined;
}

const TEAMS: ReadonlySet<string> = new Set(WAITED_FOR);

function untilMade({ order, productions }: Whole): Found {
  const open = productions.filter(({ part }) => !part.cancelled && !part.closed);
  for (const { id, part, works } of open) {
    const [gate] = part.delayed?.gates ?? [];
    if (!gate || works.length > 0) continue;
    const whom =
      gate.owner !== undefined && TEAMS.has(gate.owner) ? (gate.owner as WaitedFor) : "plant-operations";
    return on(whom, part.delayed, `production order ${id} waits at the gate ${gate.gate}`);
  }
  if (productions.length === 0)
    return linesOf(order).some(({ supply }) => supply === "make")
      ? on("erp", order.created, "nothing is planned for it yet")
      : undefined;
  for (const { id, part, works } of open) {
    if (works.length > 0) continue;
    return part.released
      ? on("plant-operations", part.released, `production order ${id} is about to be released to its plant`)
      : on("erp", part.planned, `production order ${id} is planned`);
  }
  for (const { works } of open)
    for (const { id, part } of works)
      if (part.held && !part.completed && !part.aborted)
        return on("plant-operations", part.held, `work order ${id} is held`);
  const working = open
    .flatMap(({ works }) => works)
    .filter(({ part }) => !part.completed && !part.aborted)
    .map(({ id, part }) => ({
      id,
      since: earliest([part.started]) ?? earliest([part.accepted, part.released]),
    }))
    .toSorted((a, b) => ((a.since ?? "") < (b.since ?? "") ? -1 : 1));
  const [first] = working;
  return first && on("plant", first.since, `work order ${first.id} is with its plant`);
}

function untilLeft({ order, productions }: Whole, stage: Stage, { received, blocked }: Quantities): Found {
  const shipments = Object.entries(order.shipments ?? {});
  const waiting = shipments.find(
    ([, { confirmed, issued, ready, picked }]) => (ready ?? picked) && !confirmed && !issued,
  );
  if (waiting)
    return on("warehouse", waiting[1].ready ?? waiting[1].picked, `shipment ${waiting[0]} is ready`);
  const unposted = shipments.find(([, { confirmed, issued }]) => confirmed && !issued);
  if (unposted) return on("erp", unposted[1].confirmed, `shipment ${unposted[0]} has left and is not issued`);
  if (stage === "shipped") {
    const last = shipments.map(([, { confirmed, issued }]) => confirmed ?? issued);
    return on(
      "finance",
      last.findLast((left) => left !== undefined),
      "what has left is not billed",
    );
  }
  const ended = earliest(productions.flatMap(({ works }) => works.map(({ part }) => part.completed)));
  if (isLess(received, neededOf(order)))
    return on("erp", ended ?? order.created, "goods have not been received into stock");
  const receipts = productions.map(({ part }) => part.receipts).find((each) => each !== undefined);
  const since = receipts ?? order.bought ?? order.created;
  return isPositive(blocked)
    ? on("quality", since, "received goods are not free")
    : on("warehouse", since, "goods are there and nothing has been let go");
}
