import type { LedgerEvent } from "../../event/envelope.ts";
import { toUtc } from "../../event/time.ts";

/** One production order, as the figures about releasing and keeping dates need it. */
export interface ProductionRow {
  readonly production_order: string;
  readonly item: string | null;
  readonly plant: string | null;
  readonly business_unit: string | null;
  readonly released_at: string | null;
  readonly delayed_since: string | null;
  readonly delayed_for: string | null;
  readonly sent_at: string | null;
  readonly due_at: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly ended_at: string | null;
  readonly cancelled: boolean;
}

export function newOrder(production_order: string): ProductionRow {
  return {
    production_order,
    item: null,
    plant: null,
    business_unit: null,
    released_at: null,
    delayed_since: null,
    delayed_for: null,
    sent_at: null,
    due_at: null,
    started_at: null,
    completed_at: null,
    ended_at: null,
    cancelled: false,
  };
}

interface Data {
  readonly productionOrder?: string;
  readonly workOrder?: string;
  readonly item?: string;
  readonly plannedEnd?: string;
  readonly since?: string;
  readonly gates?: readonly { readonly gate: string }[];
  readonly pegging?: readonly { readonly salesOrder: string }[];
}

/** The work order of a production order bears its number; parts that a plant splits off say whose they are. */
export function orderOf({ data }: LedgerEvent): string | undefined {
  const { productionOrder, workOrder } = data as Data;
  return productionOrder ?? workOrder;
}

/** The sales orders it is made for, as far as the event says. */
export function peggedTo({ data }: LedgerEvent): readonly string[] {
  return ((data as Data).pegging ?? []).map(({ salesOrder }) => salesOrder);
}

type Tell = (row: ProductionRow, event: LedgerEvent, data: Data) => Partial<ProductionRow>;

const started: Tell = ({ started_at }, { time }) => ({ started_at: earlier(started_at, time) });

/** What each event says of its order. Times are those at which it happened, so that a plant's late word counts where it belongs. */
export const TELLS: Readonly<Record<string, Tell>> = {
  ProductionOrderPlanned: () => ({}),
  ProductionOrderChanged: () => ({}),
  ProductionOrderReleased: ({ released_at }, { time }) => ({ released_at: released_at ?? time }),
  OrderReleaseDelayed: ({ delayed_since }, { time }, { since, gates = [] }) => ({
    delayed_since: delayed_since ?? since ?? time,
    delayed_for: gates.map(({ gate }) => gate).join(", ") || null,
  }),
  WorkOrderReleased: ({ sent_at, due_at }, { time }, { plannedEnd }) => ({
    sent_at: sent_at ?? time,
    due_at: due_at ?? plannedEnd ?? null,
  }),
  WorkOrderStarted: started,
  OperationStarted: started,
  OperationCompleted: started,
  WorkOrderCompleted: ({ completed_at, started_at }, { time }) => ({
    started_at: earlier(started_at, time),
    completed_at: later(completed_at, time),
  }),
  ProductionOrderClosed: ({ ended_at }, { time }) => ({ ended_at: ended_at ?? time }),
  ProductionOrderCancelled: ({ ended_at }, { time }) => ({ ended_at: ended_at ?? time, cancelled: true }),
};

export function tell(row: ProductionRow, name: string, event: LedgerEvent): ProductionRow {
  const data = event.data as Data;
  return {
    ...row,
    item: data.item ?? row.item,
    plant: row.plant ?? event.plant ?? null,
    business_unit: row.business_unit ?? event.businessUnit ?? null,
    ...TELLS[name]?.(row, event, data),
  };
}

function earlier(known: string | null, time: string): string {
  return known === null || isBefore(time, known) ? time : known;
}

function later(known: string | null, time: string): string {
  return known === null || isBefore(known, time) ? time : known;
}

/** As texts they compare only with as many digits each. */
function isBefore(a: string, b: string): boolean {
  return toUtc(a)! < toUtc(b)!;
}
