import type { Action, KINDS } from "./action.ts";

const send = (kind: (typeof KINDS)[number], nth = 0): Action => ({ do: "send", hub: 0, order: 0, kind, nth });
const end = (how: "done" | "nothing", deaf = false): Action => ({ do: "end", call: 0, how, deaf });
const pass = (ms: number): Action => ({ do: "pass", ms });
/** Routed and sent by the first hub, decided on by the second. */
const through: readonly Action[] = [0, 1, 0].map((hub) => ({ do: "work", hub }));
/** The second hub has everything, and finds nothing to wait for. */
const afterStep: readonly Action[] = [
  { do: "step", of: "database", ms: 600_000 },
  { do: "look", hub: 1 },
  { do: "work", hub: 1 },
];

/**
 * Schedules that random ones come upon too seldom, by the rule that each of them plays: without that rule it fails. What follows
 * the last action is always the same: everything that is open ends, and all come to rest.
 */
export const EXAMPLES: Readonly<Record<string, readonly Action[]>> = {
  "D3 two changes wait for their order": [
    send("OrderChangeRequested", 1),
    send("OrderChangeRequested", 0),
    send("OrderRequested"),
    ...through,
    end("done"),
    ...through,
  ],
  "S3 the database's clock is set forward, and another hub takes over while a call is under way": [
    send("OrderRequested"),
    ...through,
    ...afterStep,
    ...afterStep,
    pass(1_500),
    { do: "work", hub: 1 },
    end("done"),
  ],
  "the answer to a settlement is lost while the next effect of the lane waits": [
    send("OrderRequested"),
    ...through,
    end("done"),
    ...through,
    send("OrderChangeRequested", 0),
    send("OrderChangeRequested", 1),
    ...through,
    end("done", true),
    pass(1_500),
    end("done", true),
    pass(1_500),
  ],
  "a hub takes a system over and does not hear that its lanes are its own": [
    { do: "give", hub: 0, kind: "system" },
    // behind taking the lease: what it says next is that the lanes are its own
    { do: "hold", hub: 1, at: "statement", gates: 9 },
    { do: "look", hub: 1 },
    { do: "lose", hub: 1, what: "answer" },
    { do: "wake", hub: 1 },
    send("OrderRequested"),
    ...through,
  ],
  "S13 a call of before the restore is still under way when its effect is decided again": [
    send("OrderRequested"),
    ...through,
    { do: "restore" },
    send("OrderRequested"),
    ...through,
    pass(1_500),
    ...through,
    pass(1_500),
    ...through,
    end("done"),
  ],
  "S13 an effect that was open when the backup was made is sent before the restore": [
    send("OrderRequested"),
    { do: "work", hub: 0 },
    { do: "decide", hub: 1 },
    { do: "backup" },
    { do: "work", hub: 0 },
    end("done"),
    ...through,
    { do: "restore" },
    pass(20_000),
    { do: "look", hub: 0 },
    { do: "look", hub: 1 },
    ...through,
  ],
  "S13 an order is taken back that was created before the restore": [
    send("OrderRequested"),
    ...through,
    end("done"),
    ...through,
    { do: "restore" },
    send("OrderRequested"),
    send("OrderCancelRequested"),
    ...through,
  ],
};
