import {
  defineProcess,
  endsOf,
  ignoring,
  type EffectPayload,
  type EventData,
} from "../../../src/process/index.ts";

type Phase = "new" | "told";

/** The shortest way through the line: one event, one effect, one outcome. */
export default defineProcess<Record<string, never>, Phase>({
  name: "one-effect",
  version: 1,
  purpose: "The portal is told once that an order was received.",
  subjectKind: "salesOrder",
  initialPhase: "new",
  finalPhases: ["told"],
  initialState: () => ({}),
  events: {
    OrderRequested: ({ data }) => [{ key: (data as EventData["interlock.OrderRequested.v1"]).salesOrder }],
  },
  effects: { tell: {} },
  timers: [],
  phases: {
    new: {
      OrderRequested: {
        to: ["told"],
        handle: ({ state, event }) => {
          const { salesOrder } = event.data as EventData["interlock.OrderRequested.v1"];
          const payload: EffectPayload["UpdateOrderStatus.v1"] = { salesOrder, status: "received" };
          return {
            phase: "told",
            state,
            effects: [{ name: "tell", target: "crm", type: "UpdateOrderStatus", payload }],
          };
        },
      },
      ...ignoring("nothing was told yet", ...endsOf("tell")),
    },
    told: {
      ...ignoring("nothing follows from it", "OrderRequested", ...endsOf("tell")),
    },
  },
});
