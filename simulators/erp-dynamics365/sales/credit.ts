import { findCustomer } from "../customer/customer.ts";
import { exact, plain, sum, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { INVOICES } from "./invoice.ts";
import { findSalesOrder, SALES_ORDERS, tellSalesOrder, type SalesOrder } from "./sales-order.ts";

/** What a customer owes or will owe: orders not yet invoiced, and invoices not yet paid. */
export function exposureOf(erp: Erp, account: string): Exact {
  const open = ["Backorder", "Delivered"].map((status) => {
    const where = { OrderingCustomerAccountNumber: account, SalesOrderStatus: status };
    const total = sum(erp.store.values(SALES_ORDERS, "OrderTotalAmount", where));
    return total.minus(sum(erp.store.values(SALES_ORDERS, "ILKInvoicedAmount", where)));
  });
  const unpaid = erp.store.values(INVOICES, "InvoiceAmount", {
    InvoiceCustomerAccountNumber: account,
    ILKIsPaid: "No",
  });
  return sum([...open, ...unpaid]);
}

/** Why an order must wait for finance; undefined when it need not. A limit of zero is none. */
export function whyOnHold(erp: Erp, order: SalesOrder, exposure: Exact): string | undefined {
  const limit = exact(findCustomer(erp, order.OrderingCustomerAccountNumber, "SalesOrderNumber").CreditLimit);
  if (limit.isZero() || exposure.lte(limit)) return undefined;
  if (exact(order.OrderTotalAmount).lte(order.ILKCreditReleasedAmount)) return undefined;
  return `Credit exposure ${plain(exposure)} exceeds the credit limit ${plain(limit)} of customer ${order.OrderingCustomerAccountNumber}`;
}

/** Finance lets an order pass, up to the total it has now. */
export function releaseCredit(erp: Erp, call: Call, number: string): SalesOrder {
  const order = findSalesOrder(erp, number);
  if (order.ILKIsOnCreditHold === "No")
    refuse("NotOnHold", `Sales order ${number} is not on credit hold`, "SalesOrderNumber");
  erp.record(call, "salesOrder.releaseCredit", number, { total: order.OrderTotalAmount });
  const released = erp.change(SALES_ORDERS, order, {
    ILKIsOnCreditHold: "No",
    ILKCreditHoldReason: "",
    ILKCreditReleasedAmount: order.OrderTotalAmount,
  });
  erp.touched.add(number);
  tellSalesOrder(erp, call, number, "CreditReleased");
  return released;
}
