import type { Course } from "./course.ts";
import type { Reason } from "./reason.ts";

/** A part of an operation that is reported at once. `rework`: pieces that were put aside before and are done now. */
export type Portion = {
  quantity: string;
  good: string;
  scrap: string;
  rework: string;
  reasons: (Reason & { quantity: string })[];
  minutes: number;
};

export type OperationRequest = {
  operation: string;
  name: string | null;
  workCenter: string;
  /** Its good pieces are what the order delivers. */
  reporting: boolean;
  pointOfNoReturn: boolean;
  setupMinutes: string | null;
  /** For the whole quantity. */
  runMinutes: string | null;
};

export type Operation = OperationRequest & {
  /** Of an order without operations: nothing of it is told but the end. */
  silent: boolean;
  startedAt: number | null;
  done: boolean;
  good: string;
  scrap: string;
  rework: string;
  /** What is still to be made, as far as it is planned. */
  portions: Portion[];
  /** Minutes left of the first portion when work on it was interrupted. */
  remaining: number | null;
};

export type ComponentRequest = {
  line: number;
  item: string;
  quantity: string;
  unit: string;
  operation: string | null;
  issueMethod: "manual" | "backflush";
  tracking: "none" | "lot" | "serial";
  revision: string | null;
};

export type Component = ComponentRequest & {
  /** What the work done so far needed. */
  needed: string;
  /** What was reported as used, corrections included. */
  used: string;
};

export type Checkpoint = {
  checkpoint: string;
  operation: string;
  characteristic: string;
  lower: string | null;
  upper: string | null;
  unit: string | null;
};

export type Peg = { salesOrder: string; line: number; quantity: string | null };

export type OrderRequest = {
  workOrder: string;
  productionOrder: string;
  item: string;
  itemRevision: string | null;
  quantity: string;
  unit: string;
  bomRevision: string | null;
  routingRevision: string | null;
  mode: string;
  plannedStart: number;
  plannedEnd: number;
  priority: number;
  components: ComponentRequest[];
  operations: OperationRequest[];
  checkpoints: Checkpoint[];
  pegging: Peg[];
};

export type OrderChanges = Partial<Omit<OrderRequest, "workOrder">>;

export const STATUSES = [
  "requested",
  "waiting",
  "running",
  "held",
  "completed",
  "aborted",
  "refused",
] as const;
export type Status = (typeof STATUSES)[number];

/** What was reported, by its counter: corrections point to it. */
export type Confirmation = {
  confirmation: number;
  operation: string;
  good: string;
  scrap: string;
  rework: string;
};
export type Consumption = {
  confirmation: number;
  operation: string | null;
  item: string;
  quantity: string;
  line: number | null;
  lot: string | null;
  unit: string;
};

export type Lot = { lot: string | null; serial: string | null; quantity: string };

export type Order = Omit<OrderRequest, "operations" | "components"> & {
  /** The plant's own number. */
  document: string;
  /** Of the message that brought it. */
  reference: string | null;
  status: Status;
  /** Where it goes on when it is resumed. */
  heldFrom: "waiting" | "running" | null;
  statusReason: Reason | null;
  operations: Operation[];
  components: Component[];
  course: Course;
  /** Grows with everything told of it. */
  version: number;
  confirmations: number;
  reports: Confirmation[];
  consumptions: Consumption[];
  lots: Lot[];
  /** Pieces under a quality hold of the plant. */
  blocked: string;
  takenAt: number;
  startedAt: number | null;
  endedAt: number | null;
};

export function newOperation(request: OperationRequest, silent = false): Operation {
  return {
    ...request,
    silent,
    startedAt: null,
    done: false,
    good: "0",
    scrap: "0",
    rework: "0",
    portions: [],
    remaining: null,
  };
}

export function newComponent(request: ComponentRequest): Component {
  return { ...request, needed: "0", used: "0" };
}

/** An order without operations is made in one step that nothing is told of but its end. */
export function newOperations(requests: readonly OperationRequest[]): Operation[] {
  if (requests.length > 0) return requests.map((request) => newOperation(request));
  const step = {
    operation: "",
    name: null,
    workCenter: "",
    reporting: true,
    pointOfNoReturn: false,
    setupMinutes: null,
    runMinutes: null,
  };
  return [newOperation(step, true)];
}

export function currentOperation(order: Order): Operation | undefined {
  return order.operations.find(({ done }) => !done);
}

/** What the order has delivered so far. */
export function reportingOperation(order: Order): Operation {
  return order.operations.find(({ reporting }) => reporting) ?? order.operations.at(-1)!;
}
