import { jsonAnswer, type Answer } from "../answer.ts";
import { addWorkdays } from "../clock.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isObject, parseObject } from "../exact-json.ts";
import { createProductionOrder } from "../production/create-order.ts";
import { findProductionOrder } from "../production/production-order.ts";
import { releaseProduction } from "../planning/planned-order.ts";
import { requestPurchase } from "../planning/purchase.ts";
import { findProduct } from "../product/product.ts";
import { Refusal, refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import { cancelSalesOrder } from "../sales/cancel-order.ts";
import { checkOrder } from "../sales/check-order.ts";
import { postPackingSlip } from "../sales/delivery.ts";
import { postInvoice } from "../sales/invoice.ts";
import { createReturn } from "../sales/return-order.ts";
import { SALES_LINES } from "../sales/sales-order.ts";
import { firstSite } from "../stock/place.ts";
import { scrapStock, setStatus } from "../stock/change-stock.ts";
import { performUnit, refuseUsedReferences } from "../unit.ts";

type Operation = (erp: Erp, call: Call, request: RequestReader) => Record<string, unknown>;

/** The operations of the customer's own service, by the name in its address. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CheckOrder: (erp, _call, request) => checkOrder(erp, request),
  CancelSalesOrder(erp, call, request) {
    const order = cancelSalesOrder(
      erp,
      call,
      request.text("SalesOrderNumber"),
      request.text("ReasonCode", ""),
    );
    return { SalesOrderNumber: order.SalesOrderNumber, SalesOrderStatus: order.SalesOrderStatus };
  },
  PostPackingSlip(erp, call, request) {
    const { packingSlip, invoice } = postPackingSlip(erp, call, request);
    return { PackingSlipNumber: packingSlip, InvoiceNumber: invoice };
  },
  PostInvoice(erp, call, request) {
    const date = request.date("InvoiceDate", erp.clock.today());
    return { InvoiceNumber: postInvoice(erp, call, request.text("SalesOrderNumber"), date).InvoiceNumber };
  },
  SetInventoryStatus: (erp, call, request) => ({ Document: setStatus(erp, call, request) }),
  ScrapInventory(erp, call, request) {
    const { document, voucher } = scrapStock(erp, call, request);
    return { Document: document, VoucherNumber: voucher };
  },
  RequestProduction: (erp, call, request) => ({
    ProductionOrderNumber: requestProduction(erp, call, request),
  }),
  RequestPurchase(erp, call, request) {
    const purchase = requestPurchase(erp, call, {
      item: request.text("ItemNumber"),
      quantity: request.positive("Quantity"),
      neededBy: request.date("NeededByDate", erp.clock.today()),
      site: request.text("SiteId", firstSite(erp)),
      productionOrder: request.text("ProductionOrderNumber", ""),
    });
    return { PurchaseRequestNumber: purchase.PurchaseRequestNumber };
  },
  CreateReturn: (erp, call, request) => ({
    ReturnOrderNumber: createReturn(erp, call, request).ReturnOrderNumber,
  }),
};

/** Refusals come with HTTP 200: what a customer's own code does with its reasons. */
export function performOperation(erp: Erp, call: Call, name: string, body: string): Answer {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!operation) return jsonAnswer(404, { Message: `Operation ${name.slice(0, 60)} is not found` });
  let request: RequestReader;
  try {
    const { _companyId, _request } = parseObject(body);
    if (_companyId !== erp.company || !isObject(_request))
      refuse("InvalidRequest", `_companyId must be ${erp.company} and _request an object`);
    request = new RequestReader(_request);
  } catch (error) {
    if (error instanceof Refusal) return jsonAnswer(400, { Message: error.message });
    throw error;
  }
  try {
    if (request.text("ILKReference", "") !== call.reference)
      refuse("InvalidReference", "ILKReference must be 1 to 80 plain characters", "ILKReference");
    const answer = performUnit(erp, call, () => {
      if (name !== "CheckOrder") refuseUsedReferences(erp, [call.reference]);
      return operation(erp, call, request);
    });
    return jsonAnswer(200, {
      $id: "1",
      Success: true,
      ErrorCode: "",
      ErrorMessage: "",
      Field: "",
      ...answer,
    });
  } catch (error) {
    if (error instanceof Refusal) return refusedAnswer(error);
    throw error;
  }
}

export function refusedAnswer({ code, message, field, facts }: Refusal): Answer {
  return jsonAnswer(200, {
    $id: "1",
    Success: false,
    ErrorCode: code,
    ErrorMessage: message,
    Field: field,
    ...facts,
  });
}

/** More of what an order lost to scrap, or an order to stock; released at once. */
function requestProduction(erp: Erp, call: Call, request: RequestReader): string {
  const replaced = request.has("ReplacesProductionOrderNumber")
    ? findProductionOrder(erp, request.text("ReplacesProductionOrderNumber"))
    : undefined;
  const item = request.text("ItemNumber", replaced?.ItemNumber);
  if (replaced && item !== replaced.ItemNumber)
    refuse(
      "WrongItem",
      `Production order ${replaced.ProductionOrderNumber} makes item ${replaced.ItemNumber}`,
      "ItemNumber",
    );
  const lot = request.text(
    "DemandSalesOrderLineInventoryLotId",
    replaced?.DemandSalesOrderLineInventoryLotId ?? "",
  );
  const line = lot === "" ? undefined : erp.get(SALES_LINES, { InventoryLotId: lot });
  if (lot !== "" && !line)
    refuse("UnknownLine", `There is no sales order line ${lot}`, "DemandSalesOrderLineInventoryLotId");
  const lead = addWorkdays(erp.clock.today(), findProduct(erp, item).ILKLeadTimeDays);
  const order = createProductionOrder(erp, call, {
    item,
    quantity: request.positive("Quantity"),
    site: request.text("SiteId", replaced?.ProductionSiteId ?? firstSite(erp)),
    deliveryDate: request.date("RequiredDate", lead),
    mode: line ? "mto" : "mts",
    configuration: request.text("ProductConfigurationId", replaced?.ProductConfigurationId ?? ""),
    salesOrder: line?.SalesOrderNumber ?? "",
    salesLine: lot,
    replaces: replaced?.ProductionOrderNumber ?? "",
  });
  return releaseProduction(erp, call, order).ProductionOrderNumber;
}
