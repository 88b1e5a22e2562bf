import type { Evidence } from "../../src/connector/index.ts";
import { Decimal } from "decimal.js";

/** The order system's own words, as far as this connector reads them. */
export type NativeLine = {
  readonly line: number;
  readonly item: string;
  readonly quantity: string;
  readonly unit: string;
  readonly price: string;
  readonly requestedDate: string;
  readonly confirmedDate: string;
};

export type NativeOrder = {
  readonly number: string;
  readonly externalReference: string | null;
  readonly changeReferences: readonly string[];
  readonly sourceOrder: string | null;
  readonly customer: string;
  readonly customerPurchaseOrder: string | null;
  readonly currency: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly lines: readonly NativeLine[];
  readonly revision: number;
};

/** What an outcome shows for itself: small, and in the order system's own numbers. */
export function evidenceOf(order: NativeOrder): Evidence {
  return { document: order.number, status: order.status, revision: String(order.revision) };
}

/** An order as answered; undefined when the body is no order. */
export function asOrder(value: unknown): NativeOrder | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const order = value as Partial<NativeOrder>;
  const complete =
    typeof order.number === "string" && typeof order.status === "string" && Array.isArray(order.lines);
  return complete ? (order as NativeOrder) : undefined;
}

/** The orders of a list as answered; undefined when the body is no such list. */
export function asOrders(body: unknown): NativeOrder[] | undefined {
  const { orders } = (body ?? {}) as { orders?: unknown };
  if (!Array.isArray(orders)) return undefined;
  const read = orders.map(asOrder);
  return read.every((order) => order !== undefined) ? read : undefined;
}

/** Whether two decimal texts are the same number: 12, 12.0 and 12.000 are. */
export function sameNumber(one: string, other: string): boolean {
  return one === other || new Decimal(one).eq(other);
}
