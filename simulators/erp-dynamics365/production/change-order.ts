import { addWorkdays, later } from "../clock.ts";
import { costSoFar } from "../costing/ledger.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { BOM_VERSIONS } from "../product/bill-of-materials.ts";
import { findProduct } from "../product/product.ts";
import { Refusal, refuse } from "../refusal.ts";
import { copyComponents } from "./create-order.ts";
import { neededFor } from "./consume.ts";
import { closeWorkInProcess } from "./end.ts";
import {
  changeProductionOrder,
  componentsOf,
  findProductionOrder,
  operationsOf,
  ORDER_COMPONENTS,
  type ProductionOrder,
} from "./production-order.ts";

export function holdOrder(erp: Erp, call: Call, number: string, reason: string): ProductionOrder {
  const order = openOrder(erp, number);
  if (order.ILKIsOnHold === "Yes") refuse("OrderOnHold", `Production order ${number} is on hold already`);
  erp.record(call, "productionOrder.hold", number, { reason });
  return changeProductionOrder(erp, call, order, { ILKIsOnHold: "Yes", ILKHoldReason: reason }, "Held");
}

export function resumeOrder(erp: Erp, call: Call, number: string): ProductionOrder {
  const order = openOrder(erp, number);
  if (order.ILKIsOnHold === "No") refuse("OrderNotOnHold", `Production order ${number} is not on hold`);
  erp.record(call, "productionOrder.resume", number);
  return changeProductionOrder(erp, call, order, { ILKIsOnHold: "No", ILKHoldReason: "" }, "Resumed");
}

/** Another delivery date; the scheduled dates follow it, but never into the past. */
export function rescheduleOrder(erp: Erp, call: Call, number: string, deliveryDate: string): ProductionOrder {
  const order = openOrder(erp, number);
  const lead = findProduct(erp, order.ItemNumber).ILKLeadTimeDays;
  const start = later(erp.clock.today(), addWorkdays(deliveryDate, -lead));
  erp.record(call, "productionOrder.reschedule", number, { deliveryDate });
  return changeProductionOrder(
    erp,
    call,
    order,
    {
      DeliveryDate: deliveryDate,
      ...(order.StartedDate === "" ? { ScheduledStartDate: start } : {}),
      ScheduledEndDate: later(
        deliveryDate,
        order.StartedDate === "" ? addWorkdays(start, lead) : erp.clock.today(),
      ),
    },
    "Rescheduled",
  );
}

/** Another quantity: not less than what was started. */
export function resizeOrder(erp: Erp, call: Call, number: string, quantity: Exact): ProductionOrder {
  const order = openOrder(erp, number);
  if (quantity.lt(order.StartedQuantity))
    refuse(
      "AlreadyStarted",
      `Production order ${number} cannot be reduced to ${plain(quantity)}: ${order.StartedQuantity} have been started`,
      "ScheduledQuantity",
    );
  erp.record(call, "productionOrder.resize", number, { quantity: plain(quantity) });
  for (const component of componentsOf(erp, number)) {
    const estimated = neededFor(component, quantity);
    const remaining = estimated.minus(component.ILKConsumedQuantity);
    erp.change(ORDER_COMPONENTS, component, {
      EstimatedBOMLineQuantity: plain(estimated),
      RemainingBOMLineQuantity: plain(remaining.isNegative() ? exact(0) : remaining),
    });
  }
  const reported = exact(order.ILKReportedGoodQuantity).plus(order.ILKScrappedQuantity);
  const remaining = quantity.minus(reported);
  return changeProductionOrder(
    erp,
    call,
    order,
    {
      ScheduledQuantity: plain(quantity),
      EstimatedQuantity: plain(quantity),
      RemainingReportAsFinishedQuantity: plain(remaining.isNegative() ? exact(0) : remaining),
    },
    "QuantityChanged",
  );
}

/** Why an order can no longer be cancelled, with what it has cost; undefined when it can. */
export function pastReturn(erp: Erp, order: ProductionOrder): Refusal | undefined {
  const number = order.ProductionOrderNumber;
  const passed = operationsOf(erp, number).find(
    (operation) => operation.ILKIsPointOfNoReturn === "Yes" && operation.IsOperationStarted === "Yes",
  );
  if (!passed) return undefined;
  const cost = plain(costSoFar(erp, number));
  return new Refusal(
    "PointOfNoReturn",
    `Production order ${number} cannot be cancelled: operation ${passed.OperationNumber} is past its point of no return; cost so far ${cost}`,
    { field: "ProductionOrderNumber", facts: { ProductionOrderNumber: number, CostSoFar: cost } },
  );
}

/** Ends an order early. What was received stays in stock, what is in process is written off. */
export function cancelProduction(erp: Erp, call: Call, number: string, reason: string): ProductionOrder {
  const order = openOrder(erp, number);
  const refusal = pastReturn(erp, order);
  if (refusal) throw refusal;
  erp.record(call, "productionOrder.cancel", number, { reason });
  closeWorkInProcess(erp, call, number, erp.clock.today());
  return changeProductionOrder(
    erp,
    call,
    order,
    {
      ILKIsCanceled: "Yes",
      ILKIsOnHold: "No",
      ProductionOrderStatus: "Completed",
      ProductionOrderRemainderStatus: "Canceled",
      RemainingReportAsFinishedQuantity: "0",
      EndedDate: erp.clock.today(),
    },
    "Canceled",
  );
}

/** Moves an order to another revision of its bill of materials; what was issued by the old one stays issued. */
export function reviseOrder(erp: Erp, call: Call, number: string, bomId: string): ProductionOrder {
  const order = openOrder(erp, number);
  const version = erp.store
    .find(BOM_VERSIONS, { ManufacturedItemNumber: order.ItemNumber })
    .find((each) => each.BOMId === bomId && each.dataAreaId === erp.company);
  if (!version) refuse("NoBom", `${bomId} is not a bill of materials of item ${order.ItemNumber}`, "BOMId");
  const consumed = new Map<string, Exact>();
  for (const component of componentsOf(erp, number)) {
    const before = consumed.get(component.ItemNumber) ?? exact(0);
    consumed.set(component.ItemNumber, before.plus(component.ILKConsumedQuantity));
    erp.store.remove(ORDER_COMPONENTS, component);
  }
  erp.record(call, "productionOrder.revise", number, { bom: bomId, revision: version.VersionName });
  const revised = changeProductionOrder(
    erp,
    call,
    order,
    { SourceBOMId: bomId, ILKBOMRevision: version.VersionName },
    "Revised",
  );
  copyComponents(erp, revised);
  carryConsumption(erp, revised, consumed);
  return revised;
}

/** What was issued before a revision: on the new line of the same item, else on a line of its own that needs nothing. */
function carryConsumption(erp: Erp, order: ProductionOrder, consumed: Map<string, Exact>): void {
  const number = order.ProductionOrderNumber;
  let line = componentsOf(erp, number).length;
  for (const [item, quantity] of consumed) {
    if (quantity.isZero()) continue;
    const found = componentsOf(erp, number).find(({ ItemNumber }) => ItemNumber === item);
    const component =
      found ??
      erp.create(ORDER_COMPONENTS, {
        ProductionOrderNumber: number,
        LineNumber: String(++line),
        ItemNumber: item,
        BOMLineQuantityDenominator: "1",
        BOMLineUnitSymbol: findProduct(erp, item).InventoryUnitSymbol,
        FlushingPrinciple: "Manual",
        ConsumptionSiteId: order.ProductionSiteId,
        ConsumptionWarehouseId: order.ProductionWarehouseId,
      });
    const remaining = exact(component.EstimatedBOMLineQuantity).minus(quantity);
    erp.change(ORDER_COMPONENTS, component, {
      ILKConsumedQuantity: plain(quantity),
      StartedBOMLineQuantity: plain(quantity),
      RemainingBOMLineQuantity: plain(remaining.isNegative() ? exact(0) : remaining),
      IsFullyConsumed: remaining.lte(0) ? "Yes" : "No",
    });
  }
}

function openOrder(erp: Erp, number: string): ProductionOrder {
  const order = findProductionOrder(erp, number);
  if (order.ILKIsCanceled === "Yes") refuse("OrderCanceled", `Production order ${number} is cancelled`);
  if (order.ProductionOrderStatus === "Completed")
    refuse("OrderEnded", `Production order ${number} has been ended`);
  return order;
}
