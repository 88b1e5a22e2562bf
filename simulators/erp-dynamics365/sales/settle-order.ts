import { findCustomer } from "../customer/customer.ts";
import { cents, exact, plain, sum } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { planSalesLine } from "../planning/planned-order.ts";
import { taxRateOf } from "../product/price.ts";
import { findProduct } from "../product/product.ts";
import { exposureOf, whyOnHold } from "./credit.ts";
import { amountOf, statusOf } from "./line-amount.ts";
import { promiseFor } from "./promise.ts";
import {
  linesOf,
  SALES_LINES,
  SALES_ORDERS,
  tellSalesOrder,
  type SalesLine,
  type SalesOrder,
} from "./sales-order.ts";

/**
 * What the ERP does with the orders a request has touched, before the request is done: totals, credit, promise dates,
 * planning, and one event for each order.
 */
export function settleTouchedOrders(erp: Erp, call: Call): void {
  for (const number of erp.touched) {
    const order = erp.get(SALES_ORDERS, { SalesOrderNumber: number });
    if (order) settle(erp, call, order);
  }
  erp.touched.clear();
}

function settle(erp: Erp, call: Call, touched: SalesOrder): void {
  const number = touched.SalesOrderNumber;
  const lines = linesOf(erp, number).map((line) => priceLine(erp, touched, line));
  let order = erp.change(SALES_ORDERS, touched, {
    OrderTotalAmount: plain(sum(lines.flatMap((line) => [line.LineAmount, line.ILKTaxAmount]))),
    OrderTotalTaxAmount: plain(sum(lines.map((line) => line.ILKTaxAmount))),
    SalesOrderStatus: statusOf(touched, lines),
  });
  if (lines.length === 0) return;
  if (order.SalesOrderStatus !== "Backorder") {
    if (touched.SalesOrderStatus === "Backorder" && order.SalesOrderStatus === "Canceled")
      tellSalesOrder(erp, call, number, "Canceled");
    return;
  }
  const exposure = exposureOf(erp, order.OrderingCustomerAccountNumber);
  const why = whyOnHold(erp, order, exposure);
  const heldNow = why !== undefined && order.ILKIsOnCreditHold === "No";
  order = erp.change(SALES_ORDERS, order, {
    ILKCreditExposure: plain(exposure),
    ILKIsOnCreditHold: why === undefined ? "No" : "Yes",
    ILKCreditHoldReason: why ?? "",
  });
  if (heldNow) erp.note(call, "salesOrder.creditHold", number, { exposure: plain(exposure) });
  const moved = why === undefined && promiseLines(erp, call, order);
  const current = linesOf(erp, number).filter((line) => line.SalesOrderLineStatus !== "Canceled");
  const latest =
    current
      .map((line) => line.ConfirmedShippingDate)
      .toSorted()
      .at(-1) ?? "";
  erp.change(SALES_ORDERS, order, { ConfirmedShippingDate: latest, ILKRevision: order.ILKRevision + 1 });
  const first = why === undefined && touched.ConfirmedShippingDate === "";
  tellSalesOrder(
    erp,
    call,
    number,
    heldNow ? "CreditHeld" : first ? "Confirmed" : moved ? "PromiseChanged" : "Changed",
  );
}

/** Promises lines that have no date, and plans all; true when a date that was given before has moved. */
function promiseLines(erp: Erp, call: Call, order: SalesOrder): boolean {
  let moved = false;
  for (const line of linesOf(erp, order.SalesOrderNumber)) {
    if (line.SalesOrderLineStatus !== "Backorder") continue;
    let current = line;
    if (line.ConfirmedShippingDate === "") {
      const product = findProduct(erp, line.ItemNumber);
      const open = exact(line.OrderedSalesQuantity).minus(line.ILKDeliveredQuantity);
      const { date, basis } = promiseFor(
        erp,
        product,
        open,
        line.ShippingSiteId,
        line.RequestedShippingDate,
        line.InventoryLotId,
      );
      current = erp.change(SALES_LINES, line, { ConfirmedShippingDate: date, ILKPromiseBasis: basis });
    }
    const { ILKToldShippingDate: told, ConfirmedShippingDate: date } = current;
    if (told !== "" && told !== date) moved = true;
    current = erp.change(SALES_LINES, current, {
      ILKFirstConfirmedShippingDate: current.ILKFirstConfirmedShippingDate || date,
      ILKToldShippingDate: date,
    });
    planSalesLine(erp, call, current);
  }
  return moved;
}

function priceLine(erp: Erp, order: SalesOrder, line: SalesLine): SalesLine {
  const customer = findCustomer(erp, order.OrderingCustomerAccountNumber, "SalesOrderNumber");
  const rate = taxRateOf(erp, findProduct(erp, line.ItemNumber), customer) ?? exact(0);
  const amount = amountOf(line, exact(line.OrderedSalesQuantity));
  return erp.change(SALES_LINES, line, {
    LineAmount: plain(amount),
    ILKTaxAmount: plain(cents(amount.times(rate).div(100))),
  });
}
