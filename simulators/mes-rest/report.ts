import type { Lot } from "./order.ts";
import type { Reason } from "./reason.ts";

export const REPORT_TYPES = [
  "order-accepted",
  "order-rejected",
  "order-started",
  "order-held",
  "order-resumed",
  "order-completed",
  "order-aborted",
  "operation-started",
  "operation-reported",
  "operation-corrected",
  "material-consumed",
  "consumption-corrected",
  "lot-produced",
  "downtime-started",
  "downtime-ended",
  "inspection-recorded",
  "quality-held",
] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

export const REQUESTS = ["release", "update", "hold", "resume", "cancel"] as const;
export type RequestKind = (typeof REQUESTS)[number];

/** One thing the plant tells, in no vendor's words: a dialect writes it. Amounts are decimal text, times epoch milliseconds. */
export type Report = {
  type: ReportType;
  workOrder?: string;
  productionOrder?: string;
  document?: string;
  /** Grows per order, or per work centre for downtimes. */
  version: number;
  /** Of the message this answers. */
  reference?: string | null;
  request?: RequestKind;
  reason?: Reason | null;
  plannedStart?: number;
  plannedEnd?: number;
  operation?: string | null;
  workCenter?: string;
  confirmation?: number;
  corrects?: number;
  unit?: string;
  good?: string;
  scrap?: string;
  rework?: string;
  scrapReasons?: (Reason & { quantity: string })[];
  laborMinutes?: string;
  machineMinutes?: string;
  lots?: Lot[];
  last?: boolean;
  startedAt?: number | null;
  item?: string;
  quantity?: string | null;
  lot?: string | null;
  serial?: string | null;
  componentLine?: number | null;
  outputLot?: string | null;
  outputSerial?: string | null;
  precision?: "piece" | "lot" | "order";
  downtime?: string;
  inspection?: string | null;
  checkpoint?: string | null;
  characteristic?: string;
  value?: string | null;
  lower?: string | null;
  upper?: string | null;
  limitUnit?: string | null;
  verdict?: "pass" | "fail" | "conditional";
  hold?: string;
};

/** A report in the feed. `sequence` has no holes; `id` is never given twice. */
export type Change = { sequence: number; id: string; at: number; report: Report };
