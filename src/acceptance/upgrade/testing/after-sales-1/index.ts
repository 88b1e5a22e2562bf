/* Version 1 of a project's own process; `installAfterSales` puts it into a project. It stands alone: types only are imported. */
import type { Decision, LedgerEvent, ProcessDefinition } from "../../../../process/index.ts";

interface Reported {
  readonly serviceCase: string;
  readonly salesOrder?: string;
  readonly customer?: string;
}
interface Order {
  readonly salesOrder: string;
  readonly customer?: string;
  readonly updates: number;
}
type Phase = "new" | "open" | "closed";

const DAY_MS = 86_400_000;
const ENDS = ["EffectApplied:tell", "EffectRejected:tell", "EffectCancelled:tell"];
const ignored = (because: string, ...rows: string[]) =>
  Object.fromEntries(rows.map((row) => [row, { ignore: because }]));

const reported = ({ data }: LedgerEvent) => data as Reported;
/** Who does not name the order waits until it is known which one the service case is about. */
const byCase = (event: LedgerEvent) => {
  const { serviceCase, salesOrder } = reported(event);
  if (salesOrder !== undefined) return [{ key: salesOrder }];
  return [{ via: { kind: "serviceCase", id: serviceCase }, waitMs: DAY_MS }];
};

function told(phase: Phase, state: Order, message: string): Decision<Order, Phase> {
  const payload = { salesOrder: state.salesOrder, status: "at-risk", message };
  return { phase, state, effects: [{ name: "tell", target: "crm", type: "UpdateOrderStatus", payload }] };
}

const definition: ProcessDefinition<Order, Phase> = {
  name: "after-sales",
  version: 1,
  purpose: "The portal shows what customers report of an order.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["closed"],
  initialState: (salesOrder) => ({ salesOrder, updates: 0 }),
  events: {
    ServiceCaseOpened: (event) => {
      const { salesOrder } = reported(event);
      return salesOrder === undefined ? [] : [{ key: salesOrder }];
    },
    ServiceCaseUpdated: byCase,
    ServiceCaseClosed: byCase,
  },
  effects: { tell: {} },
  timers: [],
  links: {
    ServiceCaseOpened: (event) => {
      const { serviceCase, salesOrder } = reported(event);
      if (salesOrder === undefined) return [];
      return [
        { child: { kind: "serviceCase", id: serviceCase }, parent: { kind: "salesOrder", id: salesOrder } },
      ];
    },
  },
  phases: {
    new: {
      ServiceCaseOpened: {
        to: ["open"],
        handle: ({ state, event }) => {
          const { customer } = reported(event);
          return told("open", { ...state, ...(customer !== undefined && { customer }) }, "opened");
        },
      },
      ServiceCaseUpdated: { deferMs: DAY_MS, because: "it was not opened yet" },
      ServiceCaseClosed: { deferMs: DAY_MS, because: "it was not opened yet" },
      ...ignored("nothing was told yet", ...ENDS),
    },
    open: {
      ServiceCaseUpdated: {
        to: ["open"],
        handle: ({ state }) =>
          told("open", { ...state, updates: state.updates + 1 }, `update ${state.updates + 1}`),
      },
      ServiceCaseClosed: { to: ["closed"], handle: ({ state }) => told("closed", state, "closed") },
      ...ignored("it is open", "ServiceCaseOpened", ...ENDS),
    },
    closed: ignored("it has ended", "ServiceCaseOpened", "ServiceCaseUpdated", "ServiceCaseClosed", ...ENDS),
  },
};
export default definition;
