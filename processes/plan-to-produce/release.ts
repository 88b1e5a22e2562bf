/** From the ERP's plan to the plant: the order is known, released, held back by gates, and goes out once. */
import type { IntendedCase } from "../../src/process/index.ts";
import { customersOf, standingGates, unmetGates } from "./gate.ts";
import { isNewer } from "./version.ts";
import { type Follow, proceed } from "./proceed.ts";
import type {
  Context,
  Gate,
  Handle,
  Next,
  Override,
  PlannedOrder,
  Production,
  ReleasedOrder,
} from "./state.ts";
import { aCase, reasonsOf, toPlant } from "./telling.ts";

/** The order as this word of the ERP has it, unless a newer one came before. */
export function knowing({ event, facts }: Context, state: Production): Production {
  const order = event.data as PlannedOrder;
  if (state.order && !isNewer(event.sourceVersion, state.version)) return state;
  return {
    ...state,
    order: contentOf(order),
    // credit is asked before the release alone
    ...(!state.sent && { customers: customersOf(order, facts) }),
    ...(event.sourceVersion !== undefined && { version: event.sourceVersion }),
    ...(event.plant !== undefined && { plant: event.plant }),
  };
}

function contentOf(order: PlannedOrder): PlannedOrder {
  const { reason: _, reference: __, ...content } = order;
  return content;
}

export const planned: Handle = (context) => proceed(context, knowing(context, context.state));

export const released: Handle = (context) => {
  const known = knowing(context, context.state);
  return tryRelease(context, { ...known, releasedAt: known.releasedAt ?? context.event.time });
};

/** Something that a gate asked for has changed, or may have. */
export const recheck: Handle = (context) => tryRelease(context, context.state);

/** Changed or released anew: whatever the plant had refused it for, it shall look at it again. */
export const changedBeforeRelease: Handle = (context) => {
  const { refusal: _, ...state } = knowing(context, context.state);
  return tryRelease(context, state);
};

export const overridden: Handle = (context) => {
  const { productionOrder: _, ...override } = context.event.data as Override & { productionOrder: string };
  const overrides = [...context.state.overrides, override];
  const state = { ...context.state, overrides };
  return state.releasedAt === undefined ? proceed(context, state) : tryRelease(context, state);
};

/** Before the plant has it, a hold is one more gate. */
export function holdBeforeRelease(context: Context, holds: readonly string[]): Next {
  const state = { ...context.state, holds };
  return state.releasedAt === undefined ? proceed(context, state) : tryRelease(context, state);
}

/** The plant does not want it: it waits until the ERP says something else. */
export const refusedByPlant: Handle = (context) => {
  const state: Production = {
    ...context.state,
    sent: false,
    accepted: false,
    delivered: false,
    stop: "no",
    works: {},
    refusal: reasonsOf(context.event).slice(0, 800),
  };
  // The other gates are asked again with the next word of the ERP.
  return waitAtGates(context, state, standingGates(state));
};

export function tryRelease(context: Context, state: Production): Next {
  const { facts } = context;
  const order = state.order!;
  const customers = customersOf(order, facts);
  // Facts are gathered by what was known before: a customer first heard of now is asked for with the next word, told at once.
  if (customers.some((customer) => !context.state.customers.includes(customer)))
    return proceed(context, { ...state, customers }, { timers: [{ name: "gates", afterMs: 0 }] });
  const at = { ...state, customers };
  const gates = unmetGates(at, order, facts);
  if (gates.length > 0) return waitAtGates(context, at, gates);
  return release(context, at);
}

function waitAtGates({ key, event }: Context, state: Production, gates: readonly Gate[]): Next {
  const passed = state.gates.filter(({ gate }) => gates.every((each) => each.gate !== gate));
  const same = JSON.stringify(gates) === JSON.stringify(state.gates);
  const follow: Follow = {
    closeCases: passed.map(({ gate }) => caseOfGate(gate)),
    ...(!same && {
      derive: [
        { name: "OrderReleaseDelayed", data: { productionOrder: key, since: state.releasedAt, gates } },
      ],
      cases: gatesToCases(key, gates),
    }),
  };
  return proceed({ key, event }, { ...state, gates }, follow);
}

function caseOfGate(gate: Gate["gate"]): string {
  return `GATE_${gate.toUpperCase()}`;
}

function gatesToCases(key: string, gates: readonly Gate[]): IntendedCase[] {
  const byKind = new Map<string, Gate[]>();
  for (const gate of gates) {
    const kind = caseOfGate(gate.gate);
    byKind.set(kind, [...(byKind.get(kind) ?? []), gate]);
  }
  return [...byKind].map(([kind, same]) =>
    aCase(
      kind,
      same[0]!.owner,
      `production order ${key} waits: ${same.map(({ message }) => message).join("; ")}`,
      "do what the title says where it is owned, and it goes on by itself; a person with the right to it may override a gate, with a reason",
    ),
  );
}

/**
 * The work order bears the number of its production order: people name both by the one number they have. Parts that a plant
 * splits off have names of its own.
 */
function release({ key, event }: Context, state: Production): Next {
  const order = state.order as ReleasedOrder;
  const workOrder = key;
  const payload = {
    workOrder,
    productionOrder: key,
    item: order.item,
    quantity: order.quantity,
    itemRevision: order.itemRevision,
    bomRevision: order.bomRevision,
    routingRevision: order.routingRevision,
    mode: order.mode,
    plannedStart: order.plannedStart,
    plannedEnd: order.plannedEnd,
    priority: order.priority,
    components: order.components,
    operations: order.operations,
    pegging: order.pegging,
  };
  const overrides = state.overrides.length === 0 ? {} : { overrides: state.overrides };
  return proceed(
    { key, event },
    { ...state, gates: [], sent: true, works: { [workOrder]: "open" } },
    {
      heard: true,
      effects: [toPlant("release", "ReleaseWorkOrder", payload)],
      derive: [
        { name: "WorkOrderReleased", subject: `workOrder/${workOrder}`, data: { ...payload, ...overrides } },
      ],
      closeCases: state.gates.map(({ gate }) => caseOfGate(gate)),
    },
  );
}
