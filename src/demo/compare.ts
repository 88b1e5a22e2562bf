import { Decimal } from "decimal.js";
import type { Book, Case, HeldOrder, Shown, Told } from "./book.ts";
import type { Line } from "./order.ts";
import type { Asked, End } from "./portal.ts";

/** One order, told from three sides. */
export interface Row {
  readonly salesOrder: string;
  readonly remark: string;
  readonly asked: string;
  /** How often it was created in the ERP. */
  readonly created: number;
  readonly inErp: string | null;
  readonly confirmedDate: string | null;
  readonly atPortal: string | null;
  readonly agrees: boolean;
  /** What does not agree, in words. */
  readonly differences: readonly string[];
}

export interface Report {
  readonly agrees: boolean;
  readonly rows: readonly Row[];
  readonly sums: {
    readonly asked: number;
    readonly createdOnce: number;
    /** Not in the ERP, as it should be: refused, or cancelled before. */
    readonly rightlyNever: number;
    readonly missing: number;
    readonly doubled: number;
    /** In the ERP, and nobody asked for it. */
    readonly unasked: number;
    /** Calls by their reference that had their effect more than once, in either system. */
    readonly repeated: number;
  };
  readonly cases: readonly Case[];
}

interface Expected {
  readonly created: readonly number[];
  readonly inErp: string | null;
  readonly atPortal: readonly (string | null)[];
  readonly requested: number;
}

const EXPECTED: Record<End, Expected> = {
  // After a change the portal may show either: the promise that follows a change says confirmed again.
  confirmed: { created: [1], inErp: "confirmed", atPortal: ["confirmed", "changed"], requested: 1 },
  cancelled: { created: [0, 1], inErp: "cancelled", atPortal: ["cancelled"], requested: 1 },
  "refused by the ERP": { created: [0], inErp: null, atPortal: ["rejected"], requested: 1 },
  "cancelled in the ERP": { created: [1], inErp: "cancelled", atPortal: ["rejected"], requested: 1 },
  "refused at the door": { created: [0], inErp: null, atPortal: [null], requested: 0 },
};

/** Holds what was asked for against what the two systems hold and what the hub wrote down. Knows nothing of how it came about. */
export function compare(asked: readonly Asked[], erp: Book, portal: Book, hub: Told): Report {
  const rows = asked.map((each) => {
    const held = erp.orders.get(each.salesOrder) ?? [];
    return compareOrder(
      each,
      held,
      portal.shown.get(each.salesOrder),
      hub.requested.get(each.salesOrder) ?? 0,
    );
  });
  const known = new Set(asked.map(({ salesOrder }) => salesOrder));
  const least = new Map(asked.map(({ salesOrder, end }) => [salesOrder, EXPECTED[end].created[0]!]));
  const sums = {
    asked: rows.length,
    createdOnce: rows.filter(({ created }) => created === 1).length,
    rightlyNever: rows.filter(({ created, agrees }) => created === 0 && agrees).length,
    missing: rows.filter(({ salesOrder, created }) => created < least.get(salesOrder)!).length,
    doubled: rows.filter(({ created }) => created > 1).length,
    unasked: [...erp.orders.keys()].filter((order) => !known.has(order)).length,
    repeated: erp.repeated.length + portal.repeated.length,
  };
  const agrees = rows.every((row) => row.agrees) && sums.unasked === 0 && sums.repeated === 0;
  return { agrees, rows, sums, cases: hub.cases };
}

function compareOrder(
  asked: Asked,
  held: readonly HeldOrder[],
  shown: Shown | undefined,
  requested: number,
): Row {
  const { created, inErp, atPortal, requested: wanted } = EXPECTED[asked.end];
  const [order] = held;
  const confirmedDate = order ? dateOf(order) : null;
  const differences = [
    ...(created.includes(held.length) ? [] : [`created ${held.length} times in the ERP`]),
    ...(order && order.status !== inErp ? [`${order.status} in the ERP, not ${inErp ?? "refused"}`] : []),
    ...(atPortal.includes(shown?.status ?? null) ? [] : [`the portal shows ${shown?.status ?? "nothing"}`]),
    ...(requested === wanted ? [] : [`${requested} times in the ledger`]),
    ...(order && asked.end === "confirmed" ? contentDifferences(asked, order, shown) : []),
  ];
  return {
    salesOrder: asked.salesOrder,
    remark: asked.remark,
    asked: asked.lines.map(({ quantity, item }) => `${quantity} ${item}`).join(", "),
    created: held.length,
    inErp: order?.status ?? null,
    confirmedDate: order?.status === "confirmed" ? confirmedDate : null,
    atPortal: shown?.status ?? null,
    agrees: differences.length === 0,
    differences,
  };
}

/** The day the whole order is promised for. */
function dateOf({ lines }: HeldOrder): string | null {
  return (
    lines
      .map(({ confirmedDate }) => confirmedDate)
      .toSorted()
      .at(-1) ?? null
  );
}

function contentDifferences(asked: Asked, order: HeldOrder, shown: Shown | undefined): string[] {
  const [promised, told] = [dateOf(order), shown?.details.confirmedDate];
  return [
    ...(order.customer === asked.customer
      ? []
      : [`the ERP has it for ${order.customer}, not ${asked.customer}`]),
    ...asked.lines.flatMap((line) =>
      lineDifferences(
        line,
        order.lines.find((has) => has.line === line.line),
      ),
    ),
    ...order.lines
      .filter(({ line }) => !asked.lines.some((want) => want.line === line))
      .map(({ line }) => `line ${line} is in the ERP, and was not asked for`),
    ...(promised === told ? [] : [`the ERP promises ${promised}, the portal shows ${told ?? "no day"}`]),
    ...(shown?.details.document === order.number
      ? []
      : [`the portal shows another number than ${order.number}`]),
  ];
}

function lineDifferences(want: Line, has: Line | undefined): string[] {
  if (!has) return [`line ${want.line} is not in the ERP`];
  return (["item", "quantity", "unit", "price", "requestedDate"] as const)
    .filter((field) => !same(want[field], has[field]))
    .map((field) => `line ${want.line}: ${field} ${has[field]} in the ERP, ${want[field]} was asked for`);
}

/** Decimals by their value, all else as text. */
function same(one: string, other: string): boolean {
  const decimal = /^\d+(\.\d+)?$/;
  return one === other || (decimal.test(one) && decimal.test(other) && new Decimal(one).equals(other));
}
