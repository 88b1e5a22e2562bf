/* Version 2: who was answered is a phase of its own, and the answers are kept in place of their number. */
import type { Decision, LedgerEvent, ProcessDefinition } from "../../../../process/index.ts";

interface Reported {
  readonly serviceCase: string;
  readonly salesOrder?: string;
  readonly customer?: string;
}
interface Order {
  readonly salesOrder: string;
  readonly customer: string;
  readonly answers: readonly string[];
}
type Phase = "new" | "open" | "answered" | "closed";

const DAY_MS = 86_400_000;
const ENDS = ["EffectApplied:tell", "EffectRejected:tell", "EffectCancelled:tell"];
const ignored = (because: string, ...rows: string[]) =>
  Object.fromEntries(rows.map((row) => [row, { ignore: because }]));

const reported = ({ data }: LedgerEvent) => data as Reported;
const byCase = (event: LedgerEvent) => {
  const { serviceCase, salesOrder } = reported(event);
  if (salesOrder !== undefined) return [{ key: salesOrder }];
  return [{ via: { kind: "serviceCase", id: serviceCase }, waitMs: DAY_MS }];
};

function told(phase: Phase, state: Order, message: string): Decision<Order, Phase> {
  const payload = { salesOrder: state.salesOrder, status: "at-risk", message };
  return { phase, state, effects: [{ name: "tell", target: "crm", type: "UpdateOrderStatus", payload }] };
}

const answer = (state: Order, how: string) =>
  told(
    "answered",
    { ...state, answers: [...state.answers, how] },
    `answer ${state.answers.length + 1} to ${state.customer}`,
  );

const inProgress = {
  ServiceCaseUpdated: {
    to: ["answered" as const],
    handle: ({ state, event }: { state: Order; event: LedgerEvent }) => answer(state, event.id),
  },
  ServiceCaseClosed: {
    to: ["closed" as const],
    handle: ({ state }: { state: Order }) => told("closed", state, "closed"),
  },
  ...ignored("it is known", "ServiceCaseOpened", ...ENDS),
};

const definition: ProcessDefinition<Order, Phase> = {
  name: "after-sales",
  version: 2,
  purpose: "The portal shows what customers report of an order, and what they were answered.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["closed"],
  initialState: (salesOrder) => ({ salesOrder, customer: "unknown", answers: [] }),
  migrate: (_version, phase, state) => {
    const { salesOrder, customer, updates } = state as {
      salesOrder: string;
      customer?: string;
      updates: number;
    };
    if (customer === undefined) throw new Error(`nobody knows whose order ${salesOrder} is`);
    const answers = Array.from({ length: updates }, (_, i) => `update ${i + 1}`);
    const answered = phase === "open" && updates > 0;
    return { phase: answered ? "answered" : (phase as Phase), state: { salesOrder, customer, answers } };
  },
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
        handle: ({ state, event }) =>
          told("open", { ...state, customer: reported(event).customer ?? "unknown" }, "opened"),
      },
      ServiceCaseUpdated: { deferMs: DAY_MS, because: "it was not opened yet" },
      ServiceCaseClosed: { deferMs: DAY_MS, because: "it was not opened yet" },
      ...ignored("nothing was told yet", ...ENDS),
    },
    open: inProgress,
    answered: inProgress,
    closed: ignored("it has ended", "ServiceCaseOpened", "ServiceCaseUpdated", "ServiceCaseClosed", ...ENDS),
  },
};
export default definition;
