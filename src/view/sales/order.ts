import type { LedgerEvent } from "../../event/envelope.ts";
import { Decimal } from "../../quantity/decimal.ts";

export interface SalesLine {
  readonly line: number;
  readonly item: string;
  readonly unit: string;
  /** Decimal text. */
  readonly ordered: string;
  readonly shipped: string;
  /** What the customer was told first; later promises do not move it. */
  readonly first_promise: string | null;
  readonly promise: string | null;
  readonly completed_on: string | null;
}

/** One sales order with its lines, as the figures about dates need it. */
export interface SalesRow {
  readonly sales_order: string;
  readonly customer: string | null;
  readonly plant: string | null;
  readonly business_unit: string | null;
  readonly wanted_at: string | null;
  readonly created_at: string | null;
  readonly shipped_at: string | null;
  readonly cancelled_at: string | null;
  readonly shipments: readonly string[];
  readonly lines: readonly SalesLine[];
}

export function newSales(sales_order: string): SalesRow {
  return {
    sales_order,
    customer: null,
    plant: null,
    business_unit: null,
    wanted_at: null,
    created_at: null,
    shipped_at: null,
    cancelled_at: null,
    shipments: [],
    lines: [],
  };
}

interface Line {
  readonly line: number;
  readonly item: string;
  readonly quantity: { readonly value: string; readonly unit: string };
  readonly schedule?: readonly { readonly confirmedDate: string }[];
}
interface Data {
  readonly salesOrder: string;
  readonly customer?: string;
  readonly lines?: readonly Line[];
}

export function salesOrderOf({ data }: LedgerEvent): string {
  return (data as Data).salesOrder;
}

type Tell = (row: SalesRow, event: LedgerEvent) => Partial<SalesRow>;

const wanted: Tell = (row, { time, data }) => ({
  wanted_at: row.wanted_at ?? time,
  // What the ERP holds counts from when it holds it.
  ...(row.created_at === null && { lines: linesOf(row, data as Data) }),
});
const held: Tell = (row, { time, data }) => ({
  created_at: row.created_at ?? time,
  lines: linesOf(row, data as Data),
});

export const TELLS: Readonly<Record<string, Tell>> = {
  QuoteAccepted: wanted,
  OrderRequested: wanted,
  OrderCreated: held,
  OrderChanged: held,
  OrderConfirmed: (row, { time, data }) => {
    const { confirmedDate, lines = [] } = data as {
      confirmedDate: string;
      lines?: { line: number; confirmedDate: string }[];
    };
    const dateOf = (line: number) => lines.find((each) => each.line === line)?.confirmedDate ?? confirmedDate;
    return {
      created_at: row.created_at ?? time,
      lines: row.lines.map((line) => promised(line, dateOf(line.line))),
    };
  },
  PromiseDateChanged: (row, { data }) => {
    const { line: n, newDate } = data as { line: number; newDate: string };
    return { lines: row.lines.map((line) => (line.line === n ? promised(line, newDate) : line)) };
  },
  ShipmentConfirmed: (row, event) => {
    const { shipment, shippedOn } = event.data as { shipment: string; shippedOn: string };
    return shipped(row, event, shipment, shippedOn);
  },
  // The warehouse's word comes first; where there is none, or it was posted by hand, the ERP's counts.
  GoodsIssued: (row, event) => {
    const { shipment, document, postedOn } = event.data as {
      shipment?: string;
      document: string;
      postedOn?: string;
    };
    return shipped(row, event, shipment ?? `document ${document}`, postedOn ?? event.time.slice(0, 10));
  },
  OrderCancelled: (row, { time }) => ({ cancelled_at: row.cancelled_at ?? time }),
};

export function tell(row: SalesRow, name: string, event: LedgerEvent): SalesRow {
  const { customer } = event.data as Data;
  return {
    ...row,
    customer: row.customer ?? customer ?? null,
    plant: row.plant ?? event.plant ?? null,
    business_unit: row.business_unit ?? event.businessUnit ?? null,
    ...TELLS[name]?.(row, event),
  };
}

/** As they stand now: a line that is not named any more is not due any more, unless something of it has left. */
function linesOf(row: SalesRow, { lines = [] }: Data): SalesLine[] {
  const gone = row.lines.filter(
    ({ line, shipped }) => !lines.some((each) => each.line === line) && shipped !== "0",
  );
  const now = lines.map(({ line, item, quantity, schedule = [] }) => {
    const before = row.lines.find((each) => each.line === line);
    const last = schedule
      .map(({ confirmedDate }) => confirmedDate)
      .toSorted()
      .at(-1);
    const next: SalesLine = {
      line,
      item,
      unit: quantity.unit,
      ordered: plain(quantity.value),
      shipped: before?.shipped ?? "0",
      first_promise: before?.first_promise ?? null,
      promise: before?.promise ?? null,
      completed_on: before?.completed_on ?? null,
    };
    return last === undefined ? next : promised(next, last);
  });
  return [...now, ...gone].toSorted((a, b) => a.line - b.line);
}

function promised(line: SalesLine, day: string): SalesLine {
  return { ...line, first_promise: line.first_promise ?? day, promise: day };
}

function shipped(row: SalesRow, event: LedgerEvent, shipment: string, day: string): Partial<SalesRow> {
  if (row.shipments.includes(shipment)) return {};
  const left = (event.data as Data).lines ?? [];
  const lines = row.lines.map((line) => {
    const mine = left.filter((each) => each.line === line.line && each.quantity.unit === line.unit);
    if (mine.length === 0) return line;
    const sum = mine.reduce((total, { quantity }) => total.plus(quantity.value), new Decimal(line.shipped));
    const complete = sum.greaterThanOrEqualTo(line.ordered);
    return {
      ...line,
      shipped: sum.toString(),
      completed_on: line.completed_on ?? (complete ? day : null),
    };
  });
  const whole = lines.length > 0 && lines.every(({ completed_on }) => completed_on !== null);
  return {
    shipments: [...row.shipments, shipment],
    lines,
    shipped_at: row.shipped_at ?? (whole ? event.time : null),
  };
}

/** Zeros that only say how exactly was measured make no other amount. */
function plain(value: string): string {
  return new Decimal(value).toString();
}
