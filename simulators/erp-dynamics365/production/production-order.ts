import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const PRODUCTION_ORDERS = defineTable(
  "productionOrder",
  {
    dataAreaId: "text",
    ProductionOrderNumber: "text",
    ItemNumber: "text",
    ProductConfigurationId: "text",
    ProductionOrderName: "text",
    /** Created, CostEstimated, Scheduled, Released, StartedUp, ReportedFinished, Completed: what screens show as Ended. */
    ProductionOrderStatus: "text",
    ProductionOrderRemainderStatus: "text",
    ScheduledQuantity: "decimal",
    EstimatedQuantity: "decimal",
    StartedQuantity: "decimal",
    RemainingReportAsFinishedQuantity: "decimal",
    ScheduledStartDate: "date",
    ScheduledStartTime: "int",
    ScheduledEndDate: "date",
    ScheduledEndTime: "int",
    DeliveryDate: "date",
    ReleasedDate: "date",
    StartedDate: "date",
    ReportedAsFinishedDate: "date",
    EndedDate: "date",
    SourceBOMId: "text",
    SourceRouteId: "text",
    ProductionSiteId: "text",
    ProductionWarehouseId: "text",
    ProductionWarehouseLocationId: "text",
    ProductionPoolId: "text",
    ProductionOrderPriority: "int",
    ItemBatchNumber: "text",
    InventoryLotId: "text",
    ParentProductionOrderNumber: "text",
    DemandSalesOrderNumber: "text",
    DemandSalesOrderLineInventoryLotId: "text",
    SourcePlannedOrderNumber: "text",
    ILKBOMRevision: "text",
    ILKProductionMode: "text",
    ILKReportedGoodQuantity: "decimal",
    ILKScrappedQuantity: "decimal",
    ILKIsOnHold: "yesno",
    ILKHoldReason: "text",
    ILKIsCanceled: "yesno",
    ILKReplacesProductionOrderNumber: "text",
    ILKRevision: "int",
    ILKReference: "text",
  },
  ["dataAreaId", "ProductionOrderNumber"],
  [
    "DemandSalesOrderLineInventoryLotId",
    "DemandSalesOrderNumber",
    "ItemNumber",
    "ParentProductionOrderNumber",
  ],
);
export type ProductionOrder = RowOf<typeof PRODUCTION_ORDERS.fields>;

export const ORDER_COMPONENTS = defineTable(
  "orderComponent",
  {
    dataAreaId: "text",
    ProductionOrderNumber: "text",
    LineNumber: "decimal",
    ItemNumber: "text",
    /** Per piece: BOMLineQuantity / BOMLineQuantityDenominator. */
    BOMLineQuantity: "decimal",
    BOMLineQuantityDenominator: "decimal",
    BOMLineUnitSymbol: "text",
    EstimatedBOMLineQuantity: "decimal",
    RemainingBOMLineQuantity: "decimal",
    StartedBOMLineQuantity: "decimal",
    ReleasedBOMLineQuantity: "decimal",
    RouteOperationNumber: "int",
    FlushingPrinciple: "text",
    ConsumptionSiteId: "text",
    ConsumptionWarehouseId: "text",
    IsFullyConsumed: "yesno",
    ILKConsumedQuantity: "decimal",
  },
  ["dataAreaId", "ProductionOrderNumber", "LineNumber"],
  ["ProductionOrderNumber", "ItemNumber"],
);
export type Component = RowOf<typeof ORDER_COMPONENTS.fields>;

export const ORDER_OPERATIONS = defineTable(
  "orderOperation",
  {
    dataAreaId: "text",
    ProductionOrderNumber: "text",
    OperationNumber: "int",
    OperationPriority: "text",
    OperationId: "text",
    NextOperationNumber: "int",
    SetupTime: "decimal",
    ProcessTime: "decimal",
    ProcessQuantity: "decimal",
    EstimatedOperationQuantity: "decimal",
    ScheduledFromDate: "date",
    ScheduledEndDate: "date",
    CostingOperationResourceId: "text",
    IsOperationStarted: "yesno",
    IsOperationCompleted: "yesno",
    RouteGroupId: "text",
    ILKIsReportingOperation: "yesno",
    ILKIsPointOfNoReturn: "yesno",
    ILKGoodQuantity: "decimal",
    ILKErrorQuantity: "decimal",
    ILKHours: "decimal",
  },
  ["dataAreaId", "ProductionOrderNumber", "OperationNumber", "OperationPriority"],
  ["ProductionOrderNumber"],
);
export type Operation = RowOf<typeof ORDER_OPERATIONS.fields>;

/** Inventory marking: for which sales lines so much of an order is made. One order may serve many, one line be served by many. */
export const MARKINGS = defineTable(
  "productionMarking",
  {
    dataAreaId: "text",
    ProductionOrderNumber: "text",
    InventoryLotId: "text",
    SalesOrderNumber: "text",
    LineCreationSequenceNumber: "int",
    Quantity: "decimal",
  },
  ["dataAreaId", "ProductionOrderNumber", "InventoryLotId"],
  ["ProductionOrderNumber", "InventoryLotId"],
);

export function findProductionOrder(erp: Erp, number: string): ProductionOrder {
  const order = erp.get(PRODUCTION_ORDERS, { ProductionOrderNumber: number });
  if (!order)
    refuse("UnknownProductionOrder", `Production order ${number} does not exist`, "ProductionOrderNumber");
  return order;
}

export function componentsOf(erp: Erp, number: string): Component[] {
  return erp.store
    .find(ORDER_COMPONENTS, { ProductionOrderNumber: number })
    .filter(({ dataAreaId }) => dataAreaId === erp.company);
}

export function operationsOf(erp: Erp, number: string): Operation[] {
  return erp.store
    .find(ORDER_OPERATIONS, { ProductionOrderNumber: number })
    .filter(({ dataAreaId }) => dataAreaId === erp.company)
    .toSorted((a, b) => a.OperationNumber - b.OperationNumber);
}

/** An order that takes postings: neither ended, nor cancelled, nor on hold. */
export function refuseUnpostable(order: ProductionOrder): void {
  const { ProductionOrderNumber: number } = order;
  if (order.ILKIsCanceled === "Yes") refuse("OrderCanceled", `Production order ${number} is cancelled`);
  if (order.ProductionOrderStatus === "Completed")
    refuse("OrderEnded", `Production order ${number} has been ended: no further quantities can be posted`);
  if (order.ILKIsOnHold === "Yes")
    refuse("OrderOnHold", `Production order ${number} is on hold: ${order.ILKHoldReason}`);
}

export function refuseNotStarted(order: ProductionOrder): void {
  refuseUnpostable(order);
  if (order.ProductionOrderStatus !== "StartedUp" && order.ProductionOrderStatus !== "ReportedFinished")
    refuse(
      "NotStarted",
      `Production order ${order.ProductionOrderNumber} must be started first: its status is ${order.ProductionOrderStatus}`,
    );
}

/** Changes an order and tells of it. */
export function changeProductionOrder(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  changes: Partial<ProductionOrder>,
  change?: string,
): ProductionOrder {
  const changed = erp.change(PRODUCTION_ORDERS, order, {
    ...changes,
    ...(call.reference === "" ? {} : { ILKReference: call.reference }),
    ILKRevision: order.ILKRevision + 1,
  });
  if (change !== undefined)
    erp.tell(call, "ProductionOrderStatusChangedBusinessEvent", {
      ProductionOrderNumber: order.ProductionOrderNumber,
      ProductionOrderStatus: changed.ProductionOrderStatus,
      ILKChange: change,
      ILKReference: call.reference,
    });
  return changed;
}
