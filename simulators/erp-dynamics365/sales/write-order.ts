import { CUSTOMERS, findCustomer, refuseOnHold } from "../customer/customer.ts";
import { exact, plain } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { whyNotConfigurable } from "../product/configuration.ts";
import { priceOf } from "../product/price.ts";
import { findProduct, refuseUnit, refuseUnusable, type Product } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { resolvePlace } from "../stock/place.ts";
import { planSalesLine } from "../planning/planned-order.ts";
import {
  findSalesOrder,
  linesOf,
  refuseOver,
  SALES_LINES,
  SALES_ORDERS,
  type SalesLine,
  type SalesOrder,
} from "./sales-order.ts";

const LINES_LIMIT = 200;
export const SHIPPING_POLICIES = ["Complete", "Partial", "Line"];

export function createHeader(erp: Erp, call: Call, given: Partial<SalesOrder>): SalesOrder {
  const account = given.OrderingCustomerAccountNumber ?? "";
  const customer = findCustomer(erp, account, "OrderingCustomerAccountNumber");
  refuseOnHold(customer, "OrderingCustomerAccountNumber");
  const number = given.SalesOrderNumber || nextFreeNumber(erp);
  if (!/^[\w./-]{1,20}$/.test(number))
    refuse(
      "InvalidNumber",
      `${number} is no sales order number: 1 to 20 letters, digits, . / _ -`,
      "SalesOrderNumber",
    );
  if (erp.get(SALES_ORDERS, { SalesOrderNumber: number }))
    refuse(
      "AlreadyExists",
      `Cannot create a record in Sales orders (SalesTable). Sales order: ${number}. The record already exists`,
      "SalesOrderNumber",
    );
  checkHeader(erp, { ...given, CurrencyCode: given.CurrencyCode || customer.SalesCurrencyCode }, account);
  const order = erp.create(SALES_ORDERS, {
    InvoiceCustomerAccountNumber: account,
    SalesOrderName: customer.OrganizationName,
    CurrencyCode: customer.SalesCurrencyCode,
    PaymentTermsName: customer.PaymentTerms,
    DefaultShippingSiteId: customer.SiteId,
    ILKShippingPolicy: "Partial",
    ...given,
    SalesOrderNumber: number,
    SalesOrderStatus: "Backorder",
    SalesOrderProcessingStatus: "Active",
    OrderCreationDateTime: erp.clock.iso(),
    ILKReference: call.reference,
  });
  erp.record(call, "salesOrder.create", number, {
    customer: account,
    customersReference: order.CustomersOrderReference,
  });
  erp.touched.add(number);
  return order;
}

/** Callers may have taken numbers of the ERP's own form before it came to them. */
function nextFreeNumber(erp: Erp): string {
  for (;;) {
    const number = erp.nextNumber("SO");
    if (!erp.get(SALES_ORDERS, { SalesOrderNumber: number })) return number;
  }
}

export function changeHeader(
  erp: Erp,
  call: Call,
  order: SalesOrder,
  given: Partial<SalesOrder>,
): SalesOrder {
  refuseOver(order);
  checkHeader(erp, given, order.OrderingCustomerAccountNumber);
  erp.record(call, "salesOrder.change", order.SalesOrderNumber, textsOf(given));
  erp.touched.add(order.SalesOrderNumber);
  return erp.change(SALES_ORDERS, order, { ...given, ...referenceOf(call) });
}

/** An order that nothing hangs on can go without a trace but the book's. */
export function deleteHeader(erp: Erp, call: Call, order: SalesOrder): void {
  if (linesOf(erp, order.SalesOrderNumber).length > 0)
    refuse(
      "HasLines",
      `Sales order ${order.SalesOrderNumber} has lines and cannot be deleted: cancel it`,
      "SalesOrderNumber",
    );
  erp.record(call, "salesOrder.delete", order.SalesOrderNumber);
  erp.store.remove(SALES_ORDERS, order);
}

export function createLine(erp: Erp, call: Call, given: Partial<SalesLine>): SalesLine {
  const order = findSalesOrder(erp, given.SalesOrderNumber ?? "");
  refuseOver(order);
  const lines = linesOf(erp, order.SalesOrderNumber);
  if (lines.length >= LINES_LIMIT)
    refuse("TooManyLines", `Sales order ${order.SalesOrderNumber} has ${LINES_LIMIT} lines already`);
  const product = findProduct(erp, given.ItemNumber ?? "");
  refuseUnusable(product);
  const quantity = exact(given.OrderedSalesQuantity ?? 0);
  if (quantity.lte(0))
    refuse("NotPositive", "OrderedSalesQuantity must be greater than zero", "OrderedSalesQuantity");
  checkLine(product, given);
  const configuration = given.ProductConfigurationId ?? "";
  const clash = whyNotConfigurable(erp, product.ItemNumber, configuration);
  if (clash !== undefined) refuse("InvalidConfiguration", clash, "ProductConfigurationId");
  const place = resolvePlace(erp, {
    site: given.ShippingSiteId || order.DefaultShippingSiteId,
    warehouse: given.ShippingWarehouseId || (given.ShippingSiteId ? "" : order.DefaultShippingWarehouseId),
  });
  const customer = findCustomer(erp, order.OrderingCustomerAccountNumber, "SalesOrderNumber");
  const own = () => priceOf(erp, product, customer, quantity, configuration, erp.clock.today());
  const next = Math.max(0, ...lines.map((line) => line.LineCreationSequenceNumber)) + 1;
  const wanted = given.LineCreationSequenceNumber || next;
  if (lines.some((line) => line.LineCreationSequenceNumber === wanted))
    refuse(
      "AlreadyExists",
      `Sales order ${order.SalesOrderNumber} has a line ${wanted} already. The record already exists`,
      "LineCreationSequenceNumber",
    );
  const line = erp.create(SALES_LINES, {
    LineDescription: product.SearchName,
    RequestedShippingDate: order.RequestedShippingDate || erp.clock.today(),
    ...given,
    InventoryLotId: erp.nextNumber("LOT"),
    LineCreationSequenceNumber: wanted,
    SalesUnitSymbol: product.SalesUnitSymbol || product.InventoryUnitSymbol,
    SalesPrice: given.SalesPrice ?? plain(own()),
    ShippingSiteId: place.site,
    ShippingWarehouseId: place.warehouse,
    ConfirmedShippingDate: "",
    SalesOrderLineStatus: "Backorder",
    ILKReference: call.reference,
  });
  erp.record(call, "salesLine.create", `${order.SalesOrderNumber}/${wanted}`, {
    item: line.ItemNumber,
    quantity: line.OrderedSalesQuantity,
  });
  erp.touched.add(order.SalesOrderNumber);
  return line;
}

export function changeLine(erp: Erp, call: Call, line: SalesLine, given: Partial<SalesLine>): SalesLine {
  const order = findSalesOrder(erp, line.SalesOrderNumber);
  refuseOver(order);
  if (line.SalesOrderLineStatus === "Canceled")
    refuse("LineEnded", `The line ${line.InventoryLotId} is cancelled`, "InventoryLotId");
  const product = findProduct(erp, line.ItemNumber);
  checkLine(product, given);
  const quantity = exact(given.OrderedSalesQuantity ?? line.OrderedSalesQuantity);
  if (quantity.isNegative() || quantity.lt(line.ILKDeliveredQuantity))
    refuse(
      "AlreadyDelivered",
      `The quantity cannot be ${plain(quantity)}: ${line.ILKDeliveredQuantity} have been delivered`,
      "OrderedSalesQuantity",
    );
  const proposed = given.ConfirmedShippingDate;
  const promiseAgain =
    proposed === undefined &&
    (given.RequestedShippingDate !== undefined || given.OrderedSalesQuantity !== undefined);
  erp.record(
    call,
    "salesLine.change",
    `${line.SalesOrderNumber}/${line.LineCreationSequenceNumber}`,
    textsOf(given),
  );
  erp.touched.add(line.SalesOrderNumber);
  const changed = erp.change(SALES_LINES, line, {
    ...given,
    ...referenceOf(call),
    ...(quantity.isZero() ? { SalesOrderLineStatus: "Canceled" } : {}),
    ...(proposed === undefined ? {} : { ILKPromiseBasis: "Proposed" }),
    ...(promiseAgain ? { ConfirmedShippingDate: "" } : {}),
  });
  // What is in production decides whether less, or nothing, can still be wanted.
  if (quantity.lt(line.OrderedSalesQuantity)) planSalesLine(erp, call, changed);
  return changed;
}

/** A line that is deleted is cancelled first, so that its production is; then it is gone. */
export function deleteLine(erp: Erp, call: Call, line: SalesLine): void {
  if (line.SalesOrderLineStatus !== "Canceled") changeLine(erp, call, line, { OrderedSalesQuantity: "0" });
  erp.record(call, "salesLine.delete", `${line.SalesOrderNumber}/${line.LineCreationSequenceNumber}`);
  erp.store.remove(SALES_LINES, line);
  erp.touched.add(line.SalesOrderNumber);
}

function checkHeader(erp: Erp, given: Partial<SalesOrder>, account: string): void {
  const customer = erp.get(CUSTOMERS, { CustomerAccount: account });
  const { CurrencyCode, DefaultShippingSiteId, DefaultShippingWarehouseId, ILKShippingPolicy } = given;
  if (CurrencyCode !== undefined && CurrencyCode !== customer?.SalesCurrencyCode)
    refuse(
      "WrongCurrency",
      `Customer ${account} buys in ${customer?.SalesCurrencyCode ?? ""}, not ${CurrencyCode}`,
      "CurrencyCode",
    );
  if (DefaultShippingSiteId || DefaultShippingWarehouseId)
    resolvePlace(erp, {
      site: DefaultShippingSiteId ?? "",
      warehouse: DefaultShippingWarehouseId ?? "",
    });
  if (ILKShippingPolicy !== undefined && !SHIPPING_POLICIES.includes(ILKShippingPolicy))
    refuse(
      "UnknownValue",
      `ILKShippingPolicy ${ILKShippingPolicy} is none of ${SHIPPING_POLICIES.join(", ")}`,
      "ILKShippingPolicy",
    );
}

function checkLine(product: Product, given: Partial<SalesLine>): void {
  if (given.SalesUnitSymbol !== undefined) refuseUnit(product, given.SalesUnitSymbol, "SalesUnitSymbol");
  if (given.SalesPrice !== undefined && exact(given.SalesPrice).isNegative())
    refuse("Negative", "SalesPrice must not be negative", "SalesPrice");
  const discount = exact(given.LineDiscountPercentage ?? 0);
  if (discount.isNegative() || discount.gt(100))
    refuse("OutOfRange", "LineDiscountPercentage must be 0 to 100", "LineDiscountPercentage");
}

function referenceOf(call: Call): { ILKReference?: string } {
  return call.reference === "" ? {} : { ILKReference: call.reference };
}

function textsOf(given: object): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}
