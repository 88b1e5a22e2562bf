import { defineEntitySet } from "../odata/entity-set.ts";
import { PACKING_SLIPS } from "./delivery.ts";
import { INVOICES } from "./invoice.ts";
import { RETURN_ORDERS } from "./return-order.ts";
import { SALES_LINES, SALES_ORDERS } from "./sales-order.ts";
import {
  changeHeader,
  changeLine,
  createHeader,
  createLine,
  deleteHeader,
  deleteLine,
} from "./write-order.ts";

const HEADER_FIELDS = [
  "SalesOrderName",
  "CustomersOrderReference",
  "CustomerRequisitionNumber",
  "RequestedShippingDate",
  "RequestedReceiptDate",
  "DefaultShippingSiteId",
  "DefaultShippingWarehouseId",
  "PaymentTermsName",
  "SalesOrderOriginCode",
  "SalesOrderPoolId",
  "QuotationNumber",
  "DeliveryModeCode",
  "DeliveryTermsCode",
  "ILKShippingPolicy",
] as const;

const LINE_FIELDS = [
  "OrderedSalesQuantity",
  "SalesUnitSymbol",
  "SalesPrice",
  "LineDiscountPercentage",
  "LineDescription",
  "RequestedShippingDate",
  "CustomersLineNumber",
  "ExternalItemNumber",
] as const;

export const SALES_SETS = [
  defineEntitySet({
    names: ["SalesOrderHeadersV3", "SalesOrderHeadersV2", "SalesOrderHeaders"],
    entity: "SalesOrderHeaderV3Entity",
    table: SALES_ORDERS,
    insert: {
      fields: [
        "SalesOrderNumber",
        "OrderingCustomerAccountNumber",
        "InvoiceCustomerAccountNumber",
        "CurrencyCode",
        ...HEADER_FIELDS,
      ],
      required: ["OrderingCustomerAccountNumber"],
      run: createHeader,
    },
    update: { fields: HEADER_FIELDS, run: changeHeader },
    remove: deleteHeader,
    expands: { SalesOrderLines: { set: "SalesOrderLines", by: "SalesOrderNumber" } },
  }),
  defineEntitySet({
    names: ["SalesOrderLines", "SalesOrderLinesV2", "SalesOrderLinesV3"],
    entity: "SalesOrderLineV2Entity",
    table: SALES_LINES,
    insert: {
      fields: [
        "SalesOrderNumber",
        "LineCreationSequenceNumber",
        "ItemNumber",
        "ProductConfigurationId",
        "ShippingSiteId",
        "ShippingWarehouseId",
        ...LINE_FIELDS,
      ],
      required: ["SalesOrderNumber", "ItemNumber", "OrderedSalesQuantity"],
      run: createLine,
    },
    update: { fields: ["ConfirmedShippingDate", ...LINE_FIELDS], run: changeLine },
    remove: deleteLine,
  }),
  defineEntitySet({
    names: ["ILKPackingSlipLines"],
    entity: "ILKPackingSlipLineEntity",
    table: PACKING_SLIPS,
  }),
  defineEntitySet({
    names: ["SalesInvoiceHeadersV2"],
    entity: "SalesInvoiceHeaderV2Entity",
    table: INVOICES,
  }),
  defineEntitySet({ names: ["ILKReturnOrders"], entity: "ILKReturnOrderEntity", table: RETURN_ORDERS }),
];
