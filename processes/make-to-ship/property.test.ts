import fc from "fast-check";
import { expect, test } from "vitest";
import { eventType, type LedgerEvent } from "../../src/event/envelope.ts";
import process from "./index.ts";
import type { Order, Phase, Policy } from "./state.ts";
import { held, KEY, lots as lotsOf, pumps, q, supply } from "./testing/story.ts";

const LOTS = ["L-1", "L-2", "L-3"] as const;
const STATUSES = ["unrestricted", "inspection", "blocked"] as const;
/** Small, so that many shipments get ready and something happens to them. */
const DELIVERIES = [2, 2, 1];
const ORDERED = 5;
type Lot = (typeof LOTS)[number];
type Status = (typeof STATUSES)[number];

/** What the world looks like, told apart from how the process remembers it. */
class World {
  readonly stock = new Map<string, number>();
  readonly holds = new Map<string, Lot>();
  credit = true;

  amount(lot: Lot, status: Status): number {
    return this.stock.get(`${lot} ${status}`) ?? 0;
  }

  add(lot: Lot, status: Status, quantity: number): void {
    this.stock.set(`${lot} ${status}`, this.amount(lot, status) + quantity);
  }

  isHeld(lot: string): boolean {
    return [...this.holds.values()].some((held) => held === lot);
  }
}

/** One order, moved by its own table. */
class Instance {
  phase: Phase = "new";
  state: Order = process.initialState(KEY, {} as LedgerEvent);
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  tell(name: string, data: object): void {
    const row = process.phases[this.phase][name];
    if (!row || !("handle" in row)) return;
    const event = { type: eventType(name), time: "2026-03-20T08:00:00.000000Z", data } as LedgerEvent;
    const facts = (kind: string) => (kind === "creditHold" ? !this.#world.credit : undefined);
    const decision = row.handle({ key: KEY, state: this.state, event, facts });
    if (!row.to.includes(decision.phase)) throw new Error(`${name} leads to ${decision.phase}`);
    this.phase = decision.phase;
    this.state = decision.state;
  }

  shipments(stands: string) {
    return Object.entries(this.state.shipments).filter(([, shipment]) => shipment.stands === stands);
  }
}

type Step = (world: World, instance: Instance) => void;
const lot = fc.constantFrom(...LOTS);
const status = fc.constantFrom(...STATUSES);
const few = fc.integer({ min: 1, max: 4 });
const name = fc.constantFrom("H-1", "H-2", "H-3");

/** Most receipts are free at once. */
const arriving = fc.constantFrom<Status>(
  "unrestricted",
  "unrestricted",
  "unrestricted",
  "inspection",
  "blocked",
);
const receive = fc.tuple(lot, arriving, few).map(([of, as, quantity]): Step => (world, instance) => {
  world.add(of, as, quantity);
  instance.tell("ProductionReceiptPosted", {
    productionOrder: "PO-1",
    document: "RF",
    item: "PUMP-200",
    quantity: q(quantity),
    lots: lotsOf([of, quantity]),
    status: as,
  });
});
const moveStock = fc
  .tuple(lot, status, status, few)
  .map(([of, from, to, wanted]): Step => (world, instance) => {
    const quantity = Math.min(wanted, world.amount(of, from));
    if (quantity === 0 || from === to) return;
    world.add(of, from, -quantity);
    world.add(of, to, quantity);
    instance.tell("StockStatusChanged", { item: "PUMP-200", lot: of, quantity: q(quantity), from, to });
  });
const raise = fc.tuple(name, lot).map(([hold, of]): Step => (world, instance) => {
  if (world.holds.has(hold)) return;
  world.holds.set(hold, of);
  instance.tell("QualityHoldRaised", { hold, lot: of, reason: { message: "porous" } });
});
const release = name.map((hold): Step => (world, instance) => {
  if (world.holds.delete(hold)) instance.tell("QualityHoldReleased", { hold });
});
const credit = fc.boolean().map((good): Step => (world, instance) => {
  world.credit = good;
  instance.tell(good ? "CreditHoldReleased" : "CreditHoldPlaced", { customer: "C-77" });
});
const ship: fc.Arbitrary<Step> = fc.constant((world, instance) => {
  const [next] = instance.shipments("ready");
  if (!next) return;
  const [shipment, { lines }] = next;
  for (const each of lines.flatMap((line) => line.lots ?? []))
    world.add(each.lot as Lot, "unrestricted", -Number(each.quantity.value));
  instance.tell("ShipmentConfirmed", { shipment, salesOrder: KEY, lines, shippedOn: "2026-03-20" });
});

function check(world: World, instance: Instance): void {
  const ready = instance.shipments("ready").flatMap(([, { lines }]) => lines);
  // A filled-up shipment keeps its first list of lots: what it holds now is on the pieces.
  const meant = instance.state.pieces.filter(({ shipment }) =>
    instance.shipments("ready").some(([each]) => each === shipment),
  );
  if (ready.length > 0) expect(world.credit).toBe(true);
  for (const of of LOTS) {
    const outgoing = meant
      .filter((piece) => piece.lot === of)
      .reduce((sum, { quantity }) => sum + Number(quantity), 0);
    if (outgoing > 0) expect(world.isHeld(of), `${of} is held and ready`).toBe(false);
    expect(outgoing, `${of} is ready`).toBeLessThanOrEqual(world.amount(of, "unrestricted"));
  }
  const [line] = instance.state.lines;
  const planned = instance.state.pieces.filter(({ shipment }) => shipment !== undefined);
  const total = planned.reduce((sum, { quantity }) => sum + Number(quantity), Number(line!.shipped));
  expect(total, "shipped or meant to be").toBeLessThanOrEqual(ORDERED);
}

test.each(["partial", "line", "complete"] as const)(
  "%s: whatever happens in whatever order, only free goods are let go, and never more than is ordered",
  (policy: Policy) => {
    const story = fc.array(fc.oneof(receive, moveStock, moveStock, raise, release, release, credit, ship), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(story, (steps) => {
        const world = new World();
        const instance = new Instance(world);
        instance.tell("OrderCreated", held([pumps(DELIVERIES)], { shippingPolicy: policy }));
        instance.tell("ProductionOrderReleased", supply().data);
        for (const step of steps) {
          step(world, instance);
          check(world, instance);
        }
        expect(instance.phase).not.toBe("new");
        expectNothingForgotten(world, instance, policy);
      }),
      { numRuns: 400 },
    );
  },
);

/** With every hold gone, good credit and everything released by inspection, what is there in full is on its way out. */
function expectNothingForgotten(world: World, instance: Instance, policy: Policy): void {
  for (const hold of world.holds.keys()) instance.tell("QualityHoldReleased", { hold });
  world.holds.clear();
  world.credit = true;
  instance.tell("CreditHoldReleased", { customer: "C-77" });
  for (const of of LOTS)
    for (const from of ["inspection", "blocked"] as const) {
      const quantity = world.amount(of, from);
      if (quantity === 0) continue;
      const to = "unrestricted";
      instance.tell("StockStatusChanged", { item: "PUMP-200", lot: of, quantity: q(quantity), from, to });
    }
  const free = instance.state.pieces
    .filter(({ shipment }) => shipment === undefined)
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const [line] = instance.state.lines;
  const meant = instance.state.pieces.filter(({ shipment }) => shipment !== undefined);
  const gone = meant.reduce((sum, { quantity }) => sum + Number(quantity), Number(line!.shipped));
  expect(instance.shipments("held")).toEqual([]);
  const open = [2, 4, 5].filter((end) => end > gone);
  const next = policy === "partial" ? open[0] : open.at(-1);
  if (next !== undefined) expect(free, "free goods that could have left").toBeLessThan(next - gone);
}
