import { Decimal, type DerivedEvent, type EventData } from "../../src/process/index.ts";
import type { Context, Order, Progress, Wish, Work } from "./state.ts";

type Released = EventData["interlock.WorkOrderReleased.v1"];
type Report = Pick<EventData["interlock.OperationCompleted.v1"], keyof Progress>;

export function learn(order: Order, salesOrder: string, released: Released): Order {
  const { workOrder, productionOrder, pegging = [], operations } = released;
  const work: Work = {
    productionOrder,
    lines: pegging.filter((peg) => peg.salesOrder === salesOrder).map(({ line }) => line),
    own: pegging.every((peg) => peg.salesOrder === salesOrder),
    stands: "released",
    noReturn: operations.filter(({ pointOfNoReturn }) => pointOfNoReturn).map(({ operation }) => operation),
    holdAsked: false,
    operations: {},
  };
  return withWork(order, workOrder, order.works[workOrder] ?? work);
}

/** What a plant told, in the order's own book. A work order that is not known was split off: its parent stands for it. */
export function noted(order: Order, { type, data }: Context["event"]): Order {
  const { workOrder, operation = "" } = data as { workOrder: string; operation?: string };
  const work = order.works[workOrder];
  if (!work) return order;
  switch (type) {
    case "interlock.WorkOrderStarted.v1":
      return withStand(order, workOrder, work.stands === "held" ? "held" : "running");
    case "interlock.OperationStarted.v1":
      return withWork(order, workOrder, progressed(work, operation, { good: "0", scrap: "0", rework: "0" }));
    case "interlock.OperationCompleted.v1":
    case "interlock.OperationCorrected.v1": {
      const { good, scrap, rework } = data as Report;
      const report = { good: good.value, scrap: scrap.value, rework: rework.value };
      return withWork(order, workOrder, progressed(work, operation, report));
    }
    case "interlock.WorkOrderHeld.v1":
      return withStand(order, workOrder, "held");
    case "interlock.WorkOrderResumed.v1":
      return withStand(order, workOrder, "running");
    case "interlock.WorkOrderCompleted.v1":
      return withStand(order, workOrder, "done");
    case "interlock.WorkOrderAborted.v1":
      return withStand(order, workOrder, "gone");
    default:
      return order;
  }
}

/** What has ended does not begin again by news that are read late. */
function withStand(order: Order, workOrder: string, stands: Work["stands"]): Order {
  const work = order.works[workOrder]!;
  return isOpen(work) ? withWork(order, workOrder, { ...work, stands }) : order;
}

function withWork(order: Order, workOrder: string, work: Work): Order {
  return { ...order, works: { ...order.works, [workOrder]: work } };
}

function progressed(work: Work, operation: string, report: Progress): Work {
  const { good, scrap, rework } = work.operations[operation] ?? { good: "0", scrap: "0", rework: "0" };
  const passed = work.passed ?? (work.noReturn.includes(operation) ? operation : undefined);
  return {
    ...work,
    ...(passed !== undefined && { passed }),
    operations: {
      ...work.operations,
      [operation]: {
        good: sum(good, report.good),
        scrap: sum(scrap, report.scrap),
        rework: sum(rework, report.rework),
      },
    },
  };
}

function sum(a: string, b: string): string {
  return new Decimal(a).plus(b).toString();
}

/** The ERP gave a production order up: what is left of its work orders is for nobody. */
export function givenUp(order: Order, productionOrder: string): Order {
  return Object.entries(order.works)
    .filter(([, work]) => work.productionOrder === productionOrder && isOpen(work))
    .reduce((so, [workOrder, work]) => withWork(so, workOrder, { ...work, stands: "gone" }), order);
}

export function isOpen({ stands }: Work): boolean {
  return stands === "released" || stands === "running" || stands === "held";
}

/** Open work that is made for this order alone, of some lines or of all. Shared work goes on: others wait for it. */
export function ownWork(order: Order, lines?: readonly number[]): [string, Work][] {
  return Object.entries(order.works).filter(
    ([, work]) => work.own && isOpen(work) && (!lines || work.lines.some((line) => lines.includes(line))),
  );
}

/** Own name of our hold: plan-to-produce counts holds by it. */
export function holdOf(salesOrder: string): string {
  return `salesOrder.${salesOrder}`;
}

/** The work stops before anything else is decided, so that nothing is spent on what may not be wanted. */
export function askHolds(
  order: Order,
  salesOrder: string,
  works: readonly [string, Work][],
  reason: string | undefined,
  cause: "customer-change" | "customer-cancel",
): { order: Order; awaiting: string[]; derive: DerivedEvent[] } {
  return {
    order: works.reduce((so, [name, work]) => withWork(so, name, { ...work, holdAsked: true }), order),
    awaiting: works.filter(([, { stands }]) => stands !== "held").map(([name]) => name),
    derive: works.map(([workOrder, { productionOrder }]) => ({
      name: "WorkOrderHoldRequested",
      subject: `workOrder/${workOrder}`,
      data: { workOrder, productionOrder, hold: holdOf(salesOrder), cause, reason },
    })),
  };
}

/** Lets go of every hold that this order asked for. */
export function endHolds(
  order: Order,
  salesOrder: string,
  reason: string,
): { order: Order; derive: DerivedEvent[] } {
  const asked = Object.entries(order.works).filter(([, { holdAsked }]) => holdAsked);
  return {
    order: asked.reduce((so, [name, work]) => withWork(so, name, { ...work, holdAsked: false }), order),
    derive: asked
      .filter(([, work]) => isOpen(work))
      .map(([workOrder, { productionOrder }]) => ({
        name: "WorkOrderHoldEnded",
        subject: `workOrder/${workOrder}`,
        data: { workOrder, productionOrder, hold: holdOf(salesOrder), reason },
      })),
  };
}

/** Which of the work orders that are waited for still have to answer. */
export function stillAwaited(order: Order, { awaiting }: Wish): string[] {
  return awaiting.filter((name) => {
    const work = order.works[name];
    return work !== undefined && (work.stands === "released" || work.stands === "running");
  });
}

/** What was spent so far, for the person who has to agree with the customer. */
export function costSoFar({ works }: Order): string {
  const spent = Object.entries(works)
    .filter(([, { operations }]) => Object.keys(operations).length > 0)
    .map(([workOrder, { operations }]) => {
      const parts = Object.entries(operations).map(
        ([operation, { good, scrap, rework }]) =>
          `operation ${operation}: ${good} good, ${scrap} scrapped, ${rework} to rework`,
      );
      return `${workOrder} (${parts.join("; ")})`;
    });
  return spent.length === 0 ? "nothing was made yet" : `made so far: ${spent.join(", ")}`;
}
