import { defineProcess, endsOf, ignoring, type ProcessDefinition } from "../../process/contract.ts";
import type { LedgerEvent } from "../../event/envelope.ts";

type Phase = "new" | "creating" | "open" | "taking-back" | "closed";

const byOrder = (event: LedgerEvent) => [{ key: (event.data as { salesOrder: string }).salesOrder }];
/** `because`: the event it follows from, so that two changes of one order can be told apart. */
const intend = (name: string, target: string, type: string) => (salesOrder: string, because?: string) => ({
  name,
  target,
  type,
  payload: { salesOrder, because },
});
const create = intend("create", "erp", "CreateSalesOrder");
const change = intend("change", "erp", "ChangeSalesOrder");
const cancel = intend("cancel", "erp", "CancelSalesOrder");
const tell = intend("tell", "crm", "UpdateOrderStatus");
const DEFER = { deferMs: 86_400_000, because: "the order is not in the ERP yet" };

const CREATE = endsOf("create", { withdrawn: true });
const others = (...handled: readonly string[]) =>
  ignoring(
    "nothing follows",
    ...["OrderRequested", "OrderChangeRequested", "OrderCancelRequested", "OrderConfirmed"].filter(
      (name) => !handled.includes(name),
    ),
    ...[...CREATE, ...endsOf("change"), ...endsOf("cancel"), ...endsOf("tell")].filter(
      (name) => !handled.includes(name),
    ),
  );

/** Small, and with everything in it that can go wrong: waiting events, withdrawals, answers that lead to further effects. */
export const orders = defineProcess<null, Phase>({
  name: "orders",
  version: 1,
  purpose: "Keeps an order and its changes in the ERP, and tells the CRM.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["closed"],
  initialState: () => null,
  events: {
    OrderRequested: byOrder,
    OrderChangeRequested: byOrder,
    OrderCancelRequested: byOrder,
    OrderConfirmed: byOrder,
  },
  effects: { create: { withdrawn: true }, change: {}, cancel: {}, tell: {} },
  timers: [],
  phases: {
    new: {
      OrderRequested: {
        handle: ({ key }) => ({ phase: "creating", state: null, effects: [create(key)] }),
        to: ["creating"],
      },
      OrderChangeRequested: DEFER,
      OrderCancelRequested: DEFER,
      ...others("OrderRequested", "OrderChangeRequested", "OrderCancelRequested"),
    },
    creating: {
      "EffectApplied:create": {
        handle: ({ key }) => ({ phase: "open", state: null, effects: [tell(key)] }),
        to: ["open"],
      },
      OrderCancelRequested: {
        handle: () => ({ phase: "taking-back", state: null, withdraw: ["create"] }),
        to: ["taking-back"],
      },
      OrderChangeRequested: DEFER,
      ...others("EffectApplied:create", "OrderCancelRequested", "OrderChangeRequested"),
    },
    open: {
      OrderChangeRequested: {
        handle: ({ key, event }) => ({
          phase: "open",
          state: null,
          effects: [change(key, event.id), tell(key)],
        }),
        to: ["open"],
      },
      OrderCancelRequested: {
        handle: ({ key }) => ({ phase: "closed", state: null, effects: [cancel(key), tell(key)] }),
        to: ["closed"],
      },
      ...others("OrderChangeRequested", "OrderCancelRequested"),
    },
    "taking-back": {
      "EffectWithdrawn:create": {
        handle: ({ key }) => ({ phase: "closed", state: null, effects: [tell(key)] }),
        to: ["closed"],
      },
      "EffectApplied:create": {
        handle: ({ key }) => ({ phase: "closed", state: null, effects: [cancel(key), tell(key)] }),
        to: ["closed"],
      },
      ...others("EffectWithdrawn:create", "EffectApplied:create"),
    },
    closed: others(),
  },
}) as unknown as ProcessDefinition;
