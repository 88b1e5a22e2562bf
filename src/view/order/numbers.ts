/** Every number by which anyone may know an order. */
import type { Whole } from "./whole.ts";

export interface OrderNumber {
  /** What it is a number of: `quote`, `erpOrder`, `customerOrder`, or the kind of an object. */
  readonly kind: string;
  readonly number: string;
}

/** Kinds of objects that are found by their number; what serves only to link is not. */
const FOUND = new Set(["productionOrder", "workOrder", "lot", "serial", "shipment", "invoice"]);

export function numbersOf({ id, order, objects }: Whole): OrderNumber[] {
  const numbers = new Map<string, OrderNumber>();
  const add = (kind: string, number: string | undefined) => {
    if (number !== undefined && number !== "") numbers.set(`${kind}/${number}`, { kind, number });
  };
  add("salesOrder", id);
  add("quote", order.quote);
  add("erpOrder", order.document);
  add("customerOrder", order.reference);
  for (const [shipment, { packages = [] }] of Object.entries(order.shipments ?? {})) {
    add("shipment", shipment);
    for (const tracking of packages) add("tracking", tracking);
  }
  for (const invoice of Object.keys(order.invoices ?? {})) add("invoice", invoice);
  for (const { kind, id: number } of objects) if (FOUND.has(kind)) add(kind, number);
  return [...numbers.values()];
}

/** As it is compared with what a person types: capitals do not count. */
export function searchable(number: string): string {
  return number.toUpperCase();
}
