/** How much of an order was ordered, made, received, shipped and billed. */
import { isLess, isPositive, larger, minus, plus, smaller, sumOf } from "./amount.ts";
import type { Line, OrderPart, Pieces, ProductionPart, WorkPart } from "./part.ts";
import type { Whole } from "./whole.ts";

/** Sums over all lines; null where lines are counted in several units. */
export interface Quantities {
  readonly unit: string | null;
  readonly ordered: string;
  /** Good and scrapped pieces, as the plants report; of what serves several orders at most what is pegged to this one. */
  readonly good: string;
  readonly scrap: string;
  /** Taken into stock by the ERP, made or bought. */
  readonly received: string;
  /** Of what was received: in inspection or blocked. */
  readonly blocked: string;
  readonly shipped: string;
  readonly invoiced: string;
}

/** The lines as the ERP holds them; before it does, as they were asked for. */
export function linesOf({ created, asked, promised = {} }: OrderPart): Line[] {
  return (created?.lines ?? asked?.lines ?? []).map((line) => ({
    ...line,
    ...(promised[line.line] !== undefined && { promisedDate: promised[line.line]! }),
  }));
}

export function quantitiesOf(whole: Whole): Quantities {
  const { order, productions } = whole;
  const lines = linesOf(order);
  const units = new Set(lines.map(({ unit }) => unit));
  const running = productions.filter(({ part }) => part.cancelled === undefined || part.receipts);
  const capped = (amount: string, share: string | undefined) =>
    share === undefined ? amount : smaller(amount, share);
  const made = running.map(({ part, works, share }) => {
    const pieces = piecesOf(
      part,
      works.map((work) => work.part),
    );
    return { good: capped(pieces.good, share), scrap: capped(pieces.scrap, share) };
  });
  const received = running.map(({ part, share }) => receivedOf(whole.id, part, share));
  const shipped = sumOf(lines.map(({ line }) => shippedOf(order, line)));
  return {
    unit: units.size === 1 ? [...units][0]! : null,
    ordered: sumOf(lines.map(({ quantity }) => quantity)),
    good: sumOf(made.map(({ good }) => good)),
    scrap: sumOf(made.map(({ scrap }) => scrap)),
    received: sumOf([...received, order.bought?.quantity ?? "0"]),
    blocked: sumOf(
      running.map(({ part, share }) => capped(larger(part.receipts?.stopped ?? "0", "0"), share)),
    ),
    shipped,
    invoiced: isInvoiced(order) ? shipped : invoicedOf(order),
  };
}

/** The good pieces of the operation that counts; of an order without operations those told with its end. */
export function piecesOf(production: ProductionPart, works: readonly WorkPart[]): Pieces {
  const each = works.map(({ operations = {}, whole, reporting = production.reporting ?? [] }) => ({
    good: sumOf(
      Object.entries(operations)
        .filter(([operation]) => reporting.includes(operation))
        .map(([, { good }]) => good)
        .concat(Object.keys(operations).length === 0 && whole ? [whole.good] : []),
    ),
    // Scrap counts where it is reported.
    scrap: sumOf(
      Object.values(operations)
        .map(({ scrap }) => scrap)
        .concat(Object.keys(operations).length === 0 && whole ? [whole.scrap] : []),
    ),
    rework: sumOf(Object.values(operations).map(({ rework }) => rework)),
  }));
  return {
    good: sumOf(each.map(({ good }) => good)),
    scrap: sumOf(each.map(({ scrap }) => scrap)),
    rework: sumOf(each.map(({ rework }) => rework)),
  };
}

/** What the ERP says of whom a receipt is for counts; what it says of nobody is divided as it is pegged. */
function receivedOf(id: string, { receipts }: ProductionPart, share: string | undefined): string {
  if (!receipts) return "0";
  const own = receipts.of[id] ?? "0";
  const open = receipts.of[""] ?? "0";
  return plus(own, share === undefined ? open : smaller(open, larger(minus(share, own), "0")));
}

/** What left of a line: the warehouse's word, or the ERP's where that is all there is. */
export function shippedOf({ shipments = {} }: OrderPart, line: number): string {
  return sumOf(
    Object.values(shipments).map(({ confirmed, issued }) => (confirmed ?? issued)?.lines[line] ?? "0"),
  );
}

export function isShipped(order: OrderPart): boolean {
  const lines = linesOf(order).filter(({ quantity }) => isPositive(quantity));
  return lines.length > 0 && lines.every(({ line, quantity }) => !isLess(shippedOf(order, line), quantity));
}

/** An invoice names its shipment, or is for all that has left. */
function invoicedOf({ shipments = {}, invoices = {} }: OrderPart): string {
  const billed = new Set(Object.values(invoices).map(({ shipment }) => shipment));
  return sumOf(
    Object.entries(shipments).flatMap(([shipment, { confirmed, issued }]) =>
      billed.has(undefined) || billed.has(shipment) ? Object.values((confirmed ?? issued)?.lines ?? {}) : [],
    ),
  );
}

export function isInvoiced(order: OrderPart): boolean {
  const { shipments = {}, invoices = {} } = order;
  const left = Object.entries(shipments).filter(([, { confirmed, issued }]) => confirmed ?? issued);
  const billed = Object.values(invoices);
  return (
    isShipped(order) &&
    billed.length > 0 &&
    (billed.length >= left.length ||
      left.every(([shipment]) => billed.some((invoice) => (invoice.shipment ?? shipment) === shipment)))
  );
}

/** What has to come into stock before the order can leave: all that does not lie there already. */
export function neededOf(order: OrderPart): string {
  return sumOf(
    linesOf(order)
      .filter(({ supply }) => supply !== "stock")
      .map(({ quantity }) => quantity),
  );
}
