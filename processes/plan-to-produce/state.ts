import type { Decision, EventData, Handler, IntendedCase, IntendedEffect } from "../../src/process/index.ts";
import type { Counters } from "./counter.ts";

export type PlannedOrder = EventData["interlock.ProductionOrderPlanned.v1"];
export type ReleasedOrder = EventData["interlock.ProductionOrderReleased.v1"];
export type Quantity = ReleasedOrder["quantity"];
export type GateName = EventData["interlock.OrderReleaseDelayed.v1"]["gates"][number]["gate"];
export type Override = Omit<EventData["interlock.GateOverridden.v1"], "productionOrder">;

export const PHASES = [
  "new",
  "planned",
  "blocked",
  "releasing",
  "accepted",
  "running",
  "held",
  "cancelling",
  "completing",
  "closing",
  "finished",
  "cancelled",
] as const;
export type Phase = (typeof PHASES)[number];

export type Handle = Handler<Production, Phase>;
export type Context = Parameters<Handle>[0];
export type Next = Decision<Production, Phase>;

/** What is known of one production order and of the work order that a plant makes of it. */
export interface Production {
  /** As the ERP has it now. The plant may have refused a change: then it works by an older state. */
  readonly order?: PlannedOrder;
  /** Of the newest word of the ERP on its content: older news that arrives later changes nothing. */
  readonly version?: string;
  readonly plant?: string;
  /** When the ERP released it. */
  readonly releasedAt?: string;
  /** Who waits for it, as far as its sales orders are known. */
  readonly customers: readonly string[];
  /** The gates that are not met, as they were told last. */
  readonly gates: readonly Gate[];
  readonly overrides: readonly Override[];
  /** Why the plant refused it. */
  readonly refusal?: string;
  /** It went to the plant. */
  readonly sent: boolean;
  /** The plant's system has it, as far as was heard. */
  readonly delivered: boolean;
  readonly accepted: boolean;
  readonly startedAt?: string;
  /** Who wants the work to stop, by the names of their requests; `erp` is the ERP itself. */
  readonly holds: readonly string[];
  /** Whether the plant works, as far as was heard. */
  readonly stop: "no" | "asked" | "held" | "resuming";
  /** The plant stopped by itself, and goes on by itself. */
  readonly plantStopped: boolean;
  /** The work order, or its parts when the plant has split it. */
  readonly works: Readonly<Record<string, "open" | "done" | "gone">>;
  readonly completedAt?: string;
  /** The ERP cancelled it: the release is being taken back, or the plant was asked to give it up. */
  readonly cancel?: "taking-back" | "asked";
  readonly finish?: "sent" | "taking-back";
  /** What the plant reported, summed, by operation; "" for the order as a whole. */
  readonly operations: Readonly<Record<string, Progress>>;
  /** Reports that were booked, by what they are about: the same one is not booked again. */
  readonly booked: Readonly<Record<string, Counters>>;
  /** Reports that cannot be booked yet. */
  readonly waiting: readonly Told[];
  /** By item: issued on the plant's word, and used of what the ERP issues by itself. */
  readonly issued: Readonly<Record<string, string>>;
  readonly used: Readonly<Record<string, string>>;
  /** What the ERP told that it has posted. */
  readonly posted: Posted;
  /** Since when postings have not come back. */
  readonly echoSince?: string;
  /** Holds of quality on the work order or on lots of it, by the goods. */
  readonly quality: Readonly<Record<string, readonly GoodsHold[]>>;
  /** Quality holds the item as such, or this revision of it. */
  readonly itemHeld: boolean;
  /** When the plant was last heard of. */
  readonly heardAt?: string;
  /** Kinds of cases that are open as far as this process knows, and that it closes by itself. */
  readonly raised: readonly string[];
  readonly ended?: "finished" | "cancelled";
}

export interface Gate {
  readonly gate: GateName;
  readonly message: string;
  readonly owner: IntendedCase["owner"];
}

export interface Progress {
  readonly good: string;
  readonly scrap: string;
  readonly rework: string;
}

export interface Posted {
  readonly operations: Readonly<Record<string, Omit<Progress, "rework">>>;
  readonly received: string;
  readonly issued: Readonly<Record<string, string>>;
  /** Issued by the ERP itself. */
  readonly backflushed: Readonly<Record<string, string>>;
  /** Its documents, by line: the same one does not count twice. */
  readonly documents: readonly string[];
}

export interface GoodsHold {
  readonly hold: string;
  /** How much is meant; absent: all of it. */
  readonly quantity?: string;
  /** How much of that is still to be received. */
  readonly rest?: string;
}

/** A report as it was told, to be booked when it can be. */
export interface Told {
  readonly name:
    | "OperationCompleted"
    | "OperationCorrected"
    | "MaterialConsumed"
    | "ConsumptionCorrected"
    | "WorkOrderCompleted";
  readonly at: string;
  readonly data: object;
}

/** What follows from booking a report. */
export interface Booking {
  readonly state: Production;
  readonly effects: readonly IntendedEffect[];
  readonly cases: readonly IntendedCase[];
}

export const initial: Production = {
  customers: [],
  gates: [],
  overrides: [],
  sent: false,
  delivered: false,
  accepted: false,
  holds: [],
  stop: "no",
  plantStopped: false,
  works: {},
  operations: {},
  booked: {},
  waiting: [],
  issued: {},
  used: {},
  posted: { operations: {}, received: "0", issued: {}, backflushed: {}, documents: [] },
  quality: {},
  itemHeld: false,
  raised: [],
};

/** The phase follows from what is known: it is never set by hand. */
export function phaseOf(state: Production): Phase {
  if (state.ended) return state.ended;
  if (!state.order) return "new";
  if (state.cancel) return "cancelling";
  if (!state.releasedAt) return "planned";
  if (!state.sent) return "blocked";
  if (state.finish) return state.finish === "sent" ? "closing" : "completing";
  if (isDone(state)) return "completing";
  if (state.stop !== "no") return "held";
  if (state.startedAt !== undefined) return "running";
  return state.accepted ? "accepted" : "releasing";
}

/** The plant works on no part of it any more. */
export function isDone({ works }: Production): boolean {
  const all = Object.values(works);
  return all.length > 0 && all.every((stands) => stands !== "open");
}

export function openWorks({ works }: Production): string[] {
  return Object.keys(works).filter((name) => works[name] === "open");
}

/** The operation whose good pieces the order delivers; none where the plant reports no operations. */
export function reportingOf({ order }: Production): string | undefined {
  return order?.operations?.find(({ reporting }) => reporting)?.operation;
}
