import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { addWorkdays, later } from "../clock.ts";
import { findBomOrRefuse, readBomLines } from "../product/bill-of-materials.ts";
import { chosenOptions } from "../product/configuration.ts";
import { findProduct, isMade, refuseUnusable } from "../product/product.ts";
import { findRoute, readRouteOperations } from "../product/route.ts";
import { refuse } from "../refusal.ts";
import { resolvePlace } from "../stock/place.ts";
import { neededFor } from "./consume.ts";
import {
  ORDER_COMPONENTS,
  ORDER_OPERATIONS,
  PRODUCTION_ORDERS,
  type Component,
  type ProductionOrder,
} from "./production-order.ts";

export type NewOrder = {
  item: string;
  quantity: Exact;
  site: string;
  deliveryDate: string;
  mode: "mto" | "mts";
  configuration?: string;
  salesOrder?: string;
  salesLine?: string;
  parent?: string;
  replaces?: string;
  planned?: string;
  /** Numbers of the caller, as with a manual number sequence. */
  number?: string;
  /** When work begins, where a planner says so. */
  start?: string;
};

/** Makes an order with its own copy of the bill of materials and the route that are in effect now. */
export function createProductionOrder(erp: Erp, call: Call, wanted: NewOrder): ProductionOrder {
  const product = findProduct(erp, wanted.item);
  refuseUnusable(product);
  if (!isMade(product)) refuse("NotMade", `Item ${wanted.item} is not produced here`, "ItemNumber");
  const today = erp.clock.today();
  const place = resolvePlace(erp, { site: wanted.site });
  const bom = findBomOrRefuse(erp, wanted.item, place.site, today);
  const number = wanted.number ?? erp.nextNumber("P");
  if (wanted.number !== undefined && erp.get(PRODUCTION_ORDERS, { ProductionOrderNumber: number }))
    refuse(
      "AlreadyExists",
      `Production order ${number} is there. The record already exists`,
      "ProductionOrderNumber",
    );
  const start = wanted.start ?? later(today, addWorkdays(wanted.deliveryDate, -product.ILKLeadTimeDays));
  const end = later(wanted.deliveryDate, addWorkdays(start, product.ILKLeadTimeDays));
  const order = erp.create(PRODUCTION_ORDERS, {
    ProductionOrderNumber: number,
    ItemNumber: wanted.item,
    ProductConfigurationId: wanted.configuration ?? "",
    ProductionOrderName: product.SearchName,
    ProductionOrderStatus: "Scheduled",
    ProductionOrderRemainderStatus: "None",
    ScheduledQuantity: plain(wanted.quantity),
    EstimatedQuantity: plain(wanted.quantity),
    RemainingReportAsFinishedQuantity: plain(wanted.quantity),
    ScheduledStartDate: start,
    ScheduledStartTime: 28_800,
    ScheduledEndDate: end,
    ScheduledEndTime: 57_600,
    DeliveryDate: wanted.deliveryDate,
    SourceBOMId: bom.BOMId,
    SourceRouteId: findRoute(erp, wanted.item, place.site),
    ProductionSiteId: place.site,
    ProductionWarehouseId: place.warehouse,
    ProductionWarehouseLocationId: place.location,
    ProductionOrderPriority: 50,
    InventoryLotId: erp.nextNumber("LOT"),
    ParentProductionOrderNumber: wanted.parent ?? "",
    DemandSalesOrderNumber: wanted.salesOrder ?? "",
    DemandSalesOrderLineInventoryLotId: wanted.salesLine ?? "",
    SourcePlannedOrderNumber: wanted.planned ?? "",
    ILKBOMRevision: bom.VersionName,
    ILKProductionMode: wanted.mode,
    ILKReplacesProductionOrderNumber: wanted.replaces ?? "",
    ILKReference: call.reference,
  });
  copyComponents(erp, order);
  copyOperations(erp, order);
  erp.record(call, "productionOrder.create", number, {
    item: wanted.item,
    quantity: plain(wanted.quantity),
    revision: bom.VersionName,
    salesOrder: wanted.salesOrder ?? "",
    mode: wanted.mode,
  });
  return order;
}

/** The components an order takes from its bill of materials and from the options chosen. */
export function copyComponents(erp: Erp, order: ProductionOrder): void {
  const quantity = exact(order.ScheduledQuantity);
  const lines = readBomLines(erp, order.SourceBOMId).map((line) => ({
    item: line.ItemNumber,
    quantity: line.Quantity,
    denominator: line.QuantityDenominator,
    operation: line.RouteOperationNumber,
    principle: line.FlushingPrinciple,
    site: line.ConsumptionSiteId,
    warehouse: line.ConsumptionWarehouseId,
  }));
  const options = chosenOptions(erp, order.ItemNumber, order.ProductConfigurationId)
    .filter(({ ComponentItemNumber }) => ComponentItemNumber !== "")
    .map((option) => ({
      item: option.ComponentItemNumber,
      quantity: option.ComponentQuantity,
      denominator: "1",
      operation: option.RouteOperationNumber,
      principle: option.FlushingPrinciple,
      site: "",
      warehouse: "",
    }));
  [...lines, ...options].forEach((line, index) => {
    const product = findProduct(erp, line.item);
    const place = resolvePlace(erp, {
      site: line.site || order.ProductionSiteId,
      warehouse: line.warehouse,
    });
    const component: Partial<Component> = {
      ProductionOrderNumber: order.ProductionOrderNumber,
      LineNumber: String(index + 1),
      ItemNumber: line.item,
      BOMLineQuantity: line.quantity,
      BOMLineQuantityDenominator: exact(line.denominator).gt(0) ? line.denominator : "1",
      BOMLineUnitSymbol: product.InventoryUnitSymbol,
      RouteOperationNumber: line.operation,
      FlushingPrinciple: line.principle || product.FlushingPrinciple || "Manual",
      ConsumptionSiteId: place.site,
      ConsumptionWarehouseId: place.warehouse,
    };
    const created = erp.create(ORDER_COMPONENTS, component);
    const estimated = plain(neededFor(created, quantity));
    erp.change(ORDER_COMPONENTS, created, {
      EstimatedBOMLineQuantity: estimated,
      RemainingBOMLineQuantity: estimated,
    });
  });
}

function copyOperations(erp: Erp, order: ProductionOrder): void {
  const operations = readRouteOperations(erp, order.SourceRouteId);
  operations.forEach((operation, index) =>
    erp.create(ORDER_OPERATIONS, {
      ProductionOrderNumber: order.ProductionOrderNumber,
      OperationNumber: operation.OperationNumber,
      OperationPriority: operation.OperationPriority,
      OperationId: operation.OperationId,
      NextOperationNumber: operations[index + 1]?.OperationNumber ?? 0,
      SetupTime: operation.SetupTime,
      ProcessTime: operation.ProcessTime,
      ProcessQuantity: operation.ProcessQuantity,
      EstimatedOperationQuantity: order.ScheduledQuantity,
      ScheduledFromDate: order.ScheduledStartDate,
      ScheduledEndDate: order.ScheduledEndDate,
      CostingOperationResourceId: operation.CostingOperationResourceId,
      RouteGroupId: operation.RouteGroupId,
      ILKIsReportingOperation: operation.ILKIsReportingOperation,
      ILKIsPointOfNoReturn: operation.ILKIsPointOfNoReturn,
    }),
  );
}
