import { addDays } from "../clock.ts";
import { postVoucher } from "../costing/ledger.ts";
import { findCustomer } from "../customer/customer.ts";
import { cents, exact, plain, sum } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { taxRateOf } from "../product/price.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";
import { amountOf, statusOf } from "./line-amount.ts";
import { findSalesOrder, linesOf, SALES_LINES, SALES_ORDERS, tellSalesOrder } from "./sales-order.ts";

export const INVOICES = defineTable(
  "invoice",
  {
    dataAreaId: "text",
    InvoiceNumber: "text",
    SalesOrderNumber: "text",
    InvoiceCustomerAccountNumber: "text",
    InvoiceDate: "date",
    DueDate: "date",
    CurrencyCode: "text",
    InvoiceAmount: "decimal",
    TaxAmount: "decimal",
    ILKPackingSlipNumber: "text",
    ILKIsPaid: "yesno",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "InvoiceNumber"],
  ["InvoiceCustomerAccountNumber", "SalesOrderNumber"],
);
export type Invoice = RowOf<typeof INVOICES.fields>;

/** Invoices what was delivered and not invoiced yet. */
export function postInvoice(erp: Erp, call: Call, number: string, date: string, packingSlip = ""): Invoice {
  const order = findSalesOrder(erp, number);
  const customer = findCustomer(erp, order.OrderingCustomerAccountNumber, "SalesOrderNumber");
  const parts = linesOf(erp, number)
    .map((line) => ({ line, quantity: exact(line.ILKDeliveredQuantity).minus(line.ILKInvoicedQuantity) }))
    .filter(({ quantity }) => quantity.gt(0))
    .map(({ line, quantity }) => {
      const amount = amountOf(line, quantity);
      const rate = taxRateOf(erp, findProduct(erp, line.ItemNumber), customer) ?? exact(0);
      return { line, amount, tax: cents(amount.times(rate).div(100)) };
    });
  if (parts.length === 0)
    refuse(
      "NothingToInvoice",
      `Sales order ${number} has nothing delivered that is not invoiced`,
      "SalesOrderNumber",
    );
  const net = sum(parts.map(({ amount }) => amount));
  const tax = sum(parts.map(({ tax: each }) => each));
  const invoiceNumber = erp.nextNumber("INV");
  erp.record(call, "invoice.post", invoiceNumber, { salesOrder: number, amount: plain(net.plus(tax)) });
  const voucher = postVoucher(erp, call, { date, text: `Invoice ${invoiceNumber}` }, [
    ["receivables", "revenue", net],
    ["receivables", "salesTax", tax],
  ]);
  const invoice = erp.create(INVOICES, {
    InvoiceNumber: invoiceNumber,
    SalesOrderNumber: number,
    InvoiceCustomerAccountNumber: order.OrderingCustomerAccountNumber,
    InvoiceDate: date,
    DueDate: addDays(date, Number(/\d+/.exec(customer.PaymentTerms)?.[0] ?? 0)),
    CurrencyCode: order.CurrencyCode,
    InvoiceAmount: plain(net.plus(tax)),
    TaxAmount: plain(tax),
    ILKPackingSlipNumber: packingSlip,
    VoucherNumber: voucher,
    ILKReference: call.reference,
  });
  for (const { line } of parts)
    erp.change(SALES_LINES, line, {
      ILKInvoicedQuantity: line.ILKDeliveredQuantity,
      SalesOrderLineStatus:
        line.SalesOrderLineStatus === "Delivered" ? "Invoiced" : line.SalesOrderLineStatus,
    });
  erp.change(SALES_ORDERS, order, {
    SalesOrderStatus: statusOf(order, linesOf(erp, number)),
    ILKInvoicedAmount: plain(exact(order.ILKInvoicedAmount).plus(net).plus(tax)),
  });
  erp.tell(call, "SalesInvoicePostedBusinessEvent", {
    InvoiceAccount: invoice.InvoiceCustomerAccountNumber,
    InvoiceId: invoiceNumber,
    SalesId: number,
    InvoiceDate: `/Date(${Date.parse(`${date}T12:00:00Z`)})/`,
    InvoiceDueDate: `/Date(${Date.parse(`${invoice.DueDate}T12:00:00Z`)})/`,
    // The event's contract has a real: an amount of money fits one to the cent.
    InvoiceAmount: Number(invoice.InvoiceAmount),
    InvoiceTaxAmount: Number(invoice.TaxAmount),
  });
  tellSalesOrder(erp, call, number, "Invoiced");
  return invoice;
}

/** A customer's payment: the exposure goes down by it. */
export function payInvoice(erp: Erp, call: Call, number: string): Invoice {
  const invoice = erp.get(INVOICES, { InvoiceNumber: number });
  if (!invoice) refuse("UnknownInvoice", `Invoice ${number} does not exist`, "InvoiceNumber");
  if (invoice.ILKIsPaid === "Yes")
    refuse("AlreadyPaid", `Invoice ${number} is paid already`, "InvoiceNumber");
  erp.record(call, "invoice.pay", number, { amount: invoice.InvoiceAmount });
  postVoucher(erp, call, { date: erp.clock.today(), text: `Payment of ${number}` }, [
    ["cash", "receivables", exact(invoice.InvoiceAmount)],
  ]);
  return erp.change(INVOICES, invoice, { ILKIsPaid: "Yes" });
}
