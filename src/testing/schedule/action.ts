import fc from "fast-check";
import { WORK_KINDS, type WorkKind } from "./hub.ts";
import type { Gate } from "./line.ts";
import { ENDINGS } from "./target.ts";

export const KINDS = ["OrderRequested", "OrderChangeRequested", "OrderCancelRequested"] as const;

export const CLOCKS = ["hubs", "database", "host"] as const;

/** What a schedule is made of. Numbers that point at something count modulo what there is. */
export type Action =
  /** A sender sends this event of this order, perhaps not for the first time. */
  | { do: "send"; hub: number; order: number; kind: (typeof KINDS)[number]; nth: number }
  /** The ERP tells of what it has, with our reference. */
  | { do: "tell"; hub: number; entry: number }
  | { do: "look" | "route" | "decide" | "dispatch"; hub: number }
  /** A kind of work is given up in order, for another hub to take. */
  | { do: "give"; hub: number; kind: WorkKind }
  /** Route, decide and dispatch, as a hub that nothing hinders does. */
  | { do: "work"; hub: number }
  /** A call ends. deaf: what the database answers to the hub that writes it down, is lost. */
  | { do: "end"; call: number; how: (typeof ENDINGS)[number]; deaf: boolean }
  | { do: "pass"; ms: number }
  /** Somebody sets a clock, forward or back: that of the hubs, of the database, or of the host on which all of them are. */
  | { do: "step"; of: (typeof CLOCKS)[number]; ms: number }
  /** The hub falls asleep after some more statements or calls. */
  | { do: "hold"; hub: number; at: Gate; gates: number }
  | { do: "wake"; hub: number }
  /** The hub dies, and another one is started in its place. */
  | { do: "crash"; hub: number }
  /** The next statement of the hub, or its answer, is lost. */
  | { do: "lose"; hub: number; what: "request" | "answer" }
  /** A backup of the database is made, in place of the one before. The first one is of when the schedule begins. */
  | { do: "backup" }
  /** All hubs die, the database goes back to its backup, other hubs are started on it. The targets keep what was done. */
  | { do: "restore" }
  /** A person ends the recovery. */
  | { do: "trust" };

export const HUBS = 2;
const ORDERS = 3;

/** Prints as what it is, so that a schedule can be copied from a report. */
const record = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(shape, { noNullPrototype: true });
const hub = fc.nat(HUBS - 1);
const small = fc.nat(7);

/** Weighted so that most schedules come far, and most of them meet trouble on the way. */
export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: record({
      do: fc.constant("send" as const),
      hub,
      order: fc.nat(ORDERS - 1),
      kind: fc.oneof(
        { weight: 3, arbitrary: fc.constant(KINDS[0]) },
        { weight: 2, arbitrary: fc.constant(KINDS[1]) },
        { weight: 1, arbitrary: fc.constant(KINDS[2]) },
      ),
      nth: fc.nat(1),
    }),
  },
  { weight: 1, arbitrary: record({ do: fc.constant("tell" as const), hub, entry: small }) },
  { weight: 3, arbitrary: record({ do: fc.constantFrom("look" as const, "route" as const), hub }) },
  { weight: 3, arbitrary: record({ do: fc.constantFrom("decide" as const, "dispatch" as const), hub }) },
  {
    weight: 1,
    arbitrary: record({ do: fc.constant("give" as const), hub, kind: fc.constantFrom(...WORK_KINDS) }),
  },
  { weight: 6, arbitrary: record({ do: fc.constant("work" as const), hub }) },
  {
    weight: 7,
    arbitrary: record({
      do: fc.constant("end" as const),
      call: small,
      how: fc.constantFrom(...ENDINGS),
      deaf: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: record({
      do: fc.constant("pass" as const),
      ms: fc.constantFrom(100, 1_500, 6_000, 20_000),
    }),
  },
  {
    weight: 1,
    arbitrary: record({
      do: fc.constant("step" as const),
      of: fc.constantFrom(...CLOCKS),
      ms: fc.constantFrom(-600_000, 600_000),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      do: fc.constant("hold" as const),
      hub,
      at: fc.constant("statement" as const),
      gates: fc.nat(12),
    }),
  },
  {
    weight: 2,
    arbitrary: record({
      do: fc.constant("hold" as const),
      hub,
      at: fc.constant("call" as const),
      gates: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: record({ do: fc.constant("wake" as const), hub }) },
  { weight: 1, arbitrary: record({ do: fc.constant("crash" as const), hub }) },
  {
    weight: 1,
    arbitrary: record({
      do: fc.constant("lose" as const),
      hub,
      what: fc.constantFrom("request" as const, "answer" as const),
    }),
  },
);

const LENGTH = { minLength: 10, maxLength: 60, size: "max" } as const;
const unrestored = fc.array(action, LENGTH);
/** Costs more than others, because the whole database is copied. */
const restored = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: action },
    { weight: 1, arbitrary: record({ do: fc.constant("backup" as const) }) },
    { weight: 2, arbitrary: record({ do: fc.constant("restore" as const) }) },
    { weight: 1, arbitrary: record({ do: fc.constant("trust" as const) }) },
  ),
  LENGTH,
);

export const schedule: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 3, arbitrary: unrestored },
  { weight: 1, arbitrary: restored },
);
