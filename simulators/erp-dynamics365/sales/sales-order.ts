import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const SALES_ORDERS = defineTable(
  "salesOrder",
  {
    dataAreaId: "text",
    SalesOrderNumber: "text",
    OrderingCustomerAccountNumber: "text",
    InvoiceCustomerAccountNumber: "text",
    SalesOrderName: "text",
    CustomersOrderReference: "text",
    CustomerRequisitionNumber: "text",
    CurrencyCode: "text",
    RequestedShippingDate: "date",
    RequestedReceiptDate: "date",
    ConfirmedShippingDate: "date",
    DefaultShippingSiteId: "text",
    DefaultShippingWarehouseId: "text",
    PaymentTermsName: "text",
    SalesOrderOriginCode: "text",
    SalesOrderPoolId: "text",
    QuotationNumber: "text",
    DeliveryModeCode: "text",
    DeliveryTermsCode: "text",
    SalesOrderStatus: "text",
    SalesOrderProcessingStatus: "text",
    OrderTotalAmount: "decimal",
    OrderTotalTaxAmount: "decimal",
    ILKInvoicedAmount: "decimal",
    OrderCreationDateTime: "time",
    ILKIsOnCreditHold: "yesno",
    ILKCreditHoldReason: "text",
    ILKCreditExposure: "decimal",
    /** Up to this total finance has released the order. */
    ILKCreditReleasedAmount: "decimal",
    ILKShippingPolicy: "text",
    ILKRevision: "int",
    ILKReference: "text",
  },
  ["dataAreaId", "SalesOrderNumber"],
  ["OrderingCustomerAccountNumber", "ILKReference"],
);
export type SalesOrder = RowOf<typeof SALES_ORDERS.fields>;

export const SALES_LINES = defineTable(
  "salesLine",
  {
    dataAreaId: "text",
    InventoryLotId: "text",
    SalesOrderNumber: "text",
    LineCreationSequenceNumber: "int",
    CustomersLineNumber: "int",
    ItemNumber: "text",
    ProductConfigurationId: "text",
    LineDescription: "text",
    OrderedSalesQuantity: "decimal",
    SalesUnitSymbol: "text",
    SalesPrice: "decimal",
    LineDiscountPercentage: "decimal",
    LineAmount: "decimal",
    RequestedShippingDate: "date",
    ConfirmedShippingDate: "date",
    ILKFirstConfirmedShippingDate: "date",
    /** The date that others were last told of. */
    ILKToldShippingDate: "date",
    ILKPromiseBasis: "text",
    ShippingSiteId: "text",
    ShippingWarehouseId: "text",
    SalesOrderLineStatus: "text",
    BOMId: "text",
    RouteId: "text",
    ExternalItemNumber: "text",
    ItemBatchNumber: "text",
    ILKTaxAmount: "decimal",
    ILKDeliveredQuantity: "decimal",
    ILKInvoicedQuantity: "decimal",
    ILKReference: "text",
  },
  ["dataAreaId", "InventoryLotId"],
  ["SalesOrderNumber", "ItemNumber", "ILKReference"],
);
export type SalesLine = RowOf<typeof SALES_LINES.fields>;

export function findSalesOrder(erp: Erp, number: string): SalesOrder {
  const order = erp.get(SALES_ORDERS, { SalesOrderNumber: number });
  if (!order) refuse("UnknownSalesOrder", `Sales order ${number} does not exist`, "SalesOrderNumber");
  return order;
}

export function linesOf(erp: Erp, number: string): SalesLine[] {
  return erp.store
    .find(SALES_LINES, { SalesOrderNumber: number })
    .filter(({ dataAreaId }) => dataAreaId === erp.company);
}

/** An order that can still be changed. */
export function refuseOver(order: SalesOrder): void {
  if (order.SalesOrderStatus !== "Backorder")
    refuse(
      "OrderEnded",
      `Sales order ${order.SalesOrderNumber} cannot be changed: it is ${order.SalesOrderStatus}`,
      "SalesOrderNumber",
    );
}

export function tellSalesOrder(erp: Erp, call: Call, number: string, change: string): void {
  const order = findSalesOrder(erp, number);
  erp.tell(call, "ILKSalesOrderChangedBusinessEvent", {
    SalesOrderNumber: number,
    ILKChange: change,
    ILKReference: call.reference,
    SalesOrderStatus: order.SalesOrderStatus,
  });
}
