import type { LedgerEvent } from "../../event/envelope.ts";

/** What a plant reported once, and when the ERP had it. */
export interface ReportRow {
  readonly work_order: string;
  readonly operation: string;
  readonly confirmation: number;
  readonly seq: number;
  readonly production_order: string;
  readonly plant: string | null;
  readonly business_unit: string | null;
  readonly work_center: string | null;
  readonly unit: string;
  /** Decimal text. */
  readonly good: string;
  readonly scrap: string;
  readonly rework: string;
  readonly corrects: number | null;
  readonly reported_at: string;
  readonly recorded_at: string;
  readonly posted_at: string | null;
}

interface Quantity {
  readonly value: string;
  readonly unit: string;
}
interface Data {
  readonly workOrder: string;
  readonly productionOrder?: string;
  readonly operation?: string;
  readonly workCenter?: string;
  readonly confirmation?: number;
  readonly corrects?: number;
  readonly good?: Quantity;
  readonly scrap?: Quantity;
  readonly rework?: Quantity;
}

export const REPORTS = ["OperationCompleted", "OperationCorrected", "WorkOrderCompleted"];

/** Undefined for the end of a work order that reports nothing. */
export function reportOf(event: LedgerEvent): ReportRow | undefined {
  const data = event.data as Data;
  const unit = (data.good ?? data.scrap)?.unit;
  if (unit === undefined) return undefined;
  return {
    work_order: data.workOrder,
    operation: data.operation ?? "",
    confirmation: data.confirmation ?? 1,
    seq: event.seq,
    production_order: data.productionOrder ?? data.workOrder,
    plant: event.plant ?? null,
    business_unit: event.businessUnit ?? null,
    work_center: data.workCenter ?? null,
    unit,
    good: data.good?.value ?? "0",
    scrap: data.scrap?.value ?? "0",
    rework: data.rework?.value ?? "0",
    corrects: data.corrects ?? null,
    reported_at: event.time,
    recorded_at: event.recordedTime,
    posted_at: null,
  };
}

/** What says that the ERP has a report: its echo names order and counter, an applied effect the report it follows from. */
export type Posting =
  | { readonly order: string; readonly operation?: string; readonly confirmation: number }
  | { readonly seq: number };

export const POSTINGS = ["ProductionConfirmed", "EffectApplied", "EffectMarkedApplied"];

export function postingOf(name: string, { data, causeSeq }: LedgerEvent): Posting | undefined {
  if (name === "ProductionConfirmed") {
    const { productionOrder, operation, confirmation } = data as {
      productionOrder: string;
      operation?: string;
      confirmation?: number;
    };
    if (confirmation === undefined) return undefined;
    return { order: productionOrder, confirmation, ...(operation !== undefined && { operation }) };
  }
  const { effect } = data as { effect?: string };
  return effect?.startsWith("ConfirmOperation.") && causeSeq !== undefined ? { seq: causeSeq } : undefined;
}

export function isPosted(row: ReportRow, posting: Posting): boolean {
  if (row.posted_at !== null || row.corrects !== null) return false;
  if ("seq" in posting) return row.seq === posting.seq;
  return (
    row.production_order === posting.order &&
    row.confirmation === posting.confirmation &&
    (posting.operation === undefined || row.operation === posting.operation)
  );
}
