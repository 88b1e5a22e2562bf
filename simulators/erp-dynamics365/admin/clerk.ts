import { CUSTOMERS, findCustomer, type Customer } from "../customer/customer.ts";
import { PERIODS } from "../costing/ledger.ts";
import { newCall, type Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isObject } from "../exact-json.ts";
import type { MessageProcessor } from "../message-queue/message-processor.ts";
import { MESSAGE_TYPES } from "../message-queue/message-types.ts";
import { firmAndRelease, plan, PLANNED_ORDERS } from "../planning/planned-order.ts";
import { receivePurchase, reschedulePurchase } from "../planning/purchase.ts";
import { findProduct, PRODUCTS, type Product } from "../product/product.ts";
import {
  cancelProduction,
  holdOrder,
  rescheduleOrder,
  resizeOrder,
  resumeOrder,
  reviseOrder,
} from "../production/change-order.ts";
import { referenceIn } from "../reference.ts";
import { refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import { cancelSalesOrder } from "../sales/cancel-order.ts";
import { releaseCredit } from "../sales/credit.ts";
import { postPackingSlip } from "../sales/delivery.ts";
import { payInvoice, postInvoice } from "../sales/invoice.ts";
import { reviseBom } from "../seed/revise-bom.ts";
import { adjustStock, scrapStock, setStatus } from "../stock/change-stock.ts";
import { firstSite } from "../stock/place.ts";
import { performUnit } from "../unit.ts";
import { postJournal } from "./clerk-journal.ts";
import { changeOrderLine, createOrder } from "./clerk-order.ts";
import { releaseByHand } from "./clerk-production.ts";

const ACTIONS_LIMIT = 1000;

type Body = Record<string, unknown>;
type Action = (erp: Erp, call: Call, request: RequestReader, body: Body) => unknown;

const production = (request: RequestReader) => request.text("ProductionOrderNumber");
const reason = (request: RequestReader) => request.text("Reason", "by hand");
const message =
  (type: string): Action =>
  (erp, call, request) => {
    MESSAGE_TYPES[type]?.(erp, call, request);
    return {};
  };

/** What a person does at a screen of the ERP. The same rules as for everybody, and no reference unless one is typed in. */
const ACTIONS: Readonly<Record<string, Action>> = {
  "create-order": createOrder,
  "change-line": changeOrderLine,
  "cancel-order": (erp, call, request) =>
    cancelSalesOrder(erp, call, request.text("SalesOrderNumber"), reason(request)),
  "release-credit": (erp, call, request) => releaseCredit(erp, call, request.text("SalesOrderNumber")),
  "block-customer": (erp, call, request) =>
    changeCustomer(erp, call, request, { OnHoldStatus: "All", ILKHoldReason: reason(request) }),
  "unblock-customer": (erp, call, request) =>
    changeCustomer(erp, call, request, { OnHoldStatus: "No", ILKHoldReason: "" }),
  "set-credit-limit": (erp, call, request) =>
    changeCustomer(erp, call, request, { CreditLimit: request.decimal("CreditLimit").toFixed() }),
  "block-item": (erp, call, request) =>
    changeItem(erp, call, request, { ILKIsBlocked: "Yes", ILKBlockReason: reason(request) }),
  "unblock-item": (erp, call, request) =>
    changeItem(erp, call, request, { ILKIsBlocked: "No", ILKBlockReason: "" }),
  "set-overdelivery": (erp, call, request) =>
    changeItem(erp, call, request, {
      ILKOverdeliveryPercentage: request.decimal("ILKOverdeliveryPercentage").toFixed(),
    }),
  "revise-bom": (erp, call, request, body) => ({ BOMId: reviseBom(erp, call, request, body["lines"]) }),
  "revise-production": (erp, call, request) =>
    reviseOrder(erp, call, production(request), request.text("BOMId")),
  reschedule: (erp, call, request) =>
    rescheduleOrder(erp, call, production(request), request.date("DeliveryDate")),
  "resize-production": (erp, call, request) =>
    resizeOrder(erp, call, production(request), request.positive("Quantity")),
  "hold-production": (erp, call, request) => holdOrder(erp, call, production(request), reason(request)),
  "resume-production": (erp, call, request) => resumeOrder(erp, call, production(request)),
  "cancel-production": (erp, call, request) =>
    cancelProduction(erp, call, production(request), reason(request)),
  "make-to-stock": (erp, call, request) =>
    plan(erp, call, {
      item: findProduct(erp, request.text("ItemNumber")).ItemNumber,
      quantity: request.positive("Quantity"),
      site: request.text("SiteId", firstSite(erp)),
      deliveryDate: request.date("RequiredDate", erp.clock.today()),
      mode: "mts",
      configuration: request.text("ProductConfigurationId", ""),
    }),
  "release-planned"(erp, call, request) {
    const number = request.text("PlannedOrderNumber");
    const planned = erp.get(PLANNED_ORDERS, { PlannedOrderNumber: number });
    if (planned?.PlannedOrderStatus !== "Planned")
      return refuse("UnknownPlannedOrder", `There is no open planned order ${number}`, "PlannedOrderNumber");
    return firmAndRelease(erp, call, planned);
  },
  "release-production": releaseByHand,
  "receive-purchase": (erp, call, request) =>
    receivePurchase(erp, call, request.text("PurchaseRequestNumber")),
  "reschedule-purchase": (erp, call, request) =>
    reschedulePurchase(erp, call, request.text("PurchaseRequestNumber"), request.date("ExpectedDate")),
  "close-period": (erp, call, request) => setPeriod(erp, call, request, "Closed"),
  "open-period": (erp, call, request) => setPeriod(erp, call, request, "Open"),
  "adjust-stock": adjustStock,
  "set-status": (erp, call, request) => ({ Document: setStatus(erp, call, request) }),
  "scrap-stock": scrapStock,
  "post-packing-slip": postPackingSlip,
  "post-invoice": (erp, call, request) =>
    postInvoice(erp, call, request.text("SalesOrderNumber"), request.date("InvoiceDate", erp.clock.today())),
  "pay-invoice": (erp, call, request) => payInvoice(erp, call, request.text("InvoiceNumber")),
  "start-production": message("ProdProductionOrderStart"),
  "post-route-card": message("ProdProductionOrderRouteCard"),
  "report-finished": message("ProdProductionOrderReportFinished"),
  "post-picking-list": message("ProdProductionOrderPickingList"),
  "end-production": message("ProdProductionOrderEnd"),
  "post-journal": (erp, call, request) => postJournal(erp, call, request.text("JournalNumber")),
};

/** One action, or several as one transaction; of several none has a reference. */
export function performClerks(erp: Erp, processor: MessageProcessor, given: unknown, text: string): unknown {
  if (!Array.isArray(given)) return performClerk(erp, processor, isObject(given) ? given : {}, text);
  if (given.length > ACTIONS_LIMIT || !given.every(isObject))
    return refuse("InvalidActions", `send one action, or a list of at most ${ACTIONS_LIMIT}`);
  return erp.store.transact(() => given.map((each) => performClerk(erp, processor, each, "")));
}

function performClerk(erp: Erp, processor: MessageProcessor, body: Body, text: string): unknown {
  const request = new RequestReader(body);
  const name = request.text("action");
  if (name === "cancel-message" || name === "requeue-message")
    return processor.operate(request.text("MessageId"), name === "cancel-message" ? "cancel" : "requeue");
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action)
    return refuse("UnknownAction", `${name} is none of ${Object.keys(ACTIONS).join(", ")}`, "action");
  const call = newCall("clerk", request.text("who", "clerk"), referenceIn(text));
  return performUnit(erp, call, () => action(erp, call, request, body)) ?? {};
}

function changeCustomer(erp: Erp, call: Call, request: RequestReader, changes: Partial<Customer>): Customer {
  const customer = findCustomer(erp, request.text("CustomerAccount"), "CustomerAccount");
  erp.record(call, "customer.change", customer.CustomerAccount, { ...changes });
  erp.tell(call, "ILKCustomerChangedBusinessEvent", { CustomerAccount: customer.CustomerAccount });
  return erp.change(CUSTOMERS, customer, changes);
}

function changeItem(erp: Erp, call: Call, request: RequestReader, changes: Partial<Product>): Product {
  const product = findProduct(erp, request.text("ItemNumber"));
  erp.record(call, "item.change", product.ItemNumber, {
    blocked: changes.ILKIsBlocked ?? "",
    reason: changes.ILKBlockReason ?? "",
    overdelivery: changes.ILKOverdeliveryPercentage ?? "",
  });
  erp.tell(call, "ILKItemChangedBusinessEvent", { ItemNumber: product.ItemNumber });
  return erp.change(PRODUCTS, product, changes);
}

function setPeriod(erp: Erp, call: Call, request: RequestReader, status: "Open" | "Closed"): unknown {
  const name = request.text("PeriodName");
  if (!/^\d{4}-\d\d$/.test(name))
    refuse("InvalidPeriod", `${name} is no period such as 2026-03`, "PeriodName");
  erp.record(call, "period.set", name, { status });
  return erp.create(PERIODS, { PeriodName: name, PeriodStatus: status });
}
