import { cents, exact, type Exact } from "../decimal.ts";
import type { SalesLine, SalesOrder } from "./sales-order.ts";

export function amountOf(
  line: { SalesPrice: string; LineDiscountPercentage: string },
  quantity: Exact,
): Exact {
  const discount = exact(100).minus(line.LineDiscountPercentage).div(100);
  return cents(quantity.times(line.SalesPrice).times(discount));
}

/** An order is as far as the line that is least far; cancelled lines do not count unless all are. */
export function statusOf(order: SalesOrder, lines: readonly SalesLine[]): string {
  const statuses = lines.map((line) => line.SalesOrderLineStatus);
  if (statuses.length === 0) return order.SalesOrderStatus;
  const counting = statuses.filter((status) => status !== "Canceled");
  if (counting.length === 0) return "Canceled";
  for (const status of ["Backorder", "Delivered"]) if (counting.includes(status)) return status;
  return "Invoiced";
}
