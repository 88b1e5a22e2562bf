import { defineEntitySet } from "../odata/entity-set.ts";
import { PLANNED_ORDERS } from "../planning/planned-order.ts";
import { PURCHASES } from "../planning/purchase.ts";
import { refuse } from "../refusal.ts";
import { FINISH_JOURNALS, nextJournal, PICKING_JOURNALS, ROUTE_JOURNALS } from "./journal.ts";
import {
  findProductionOrder,
  MARKINGS,
  ORDER_COMPONENTS,
  ORDER_OPERATIONS,
  PRODUCTION_ORDERS,
} from "./production-order.ts";

export const PRODUCTION_SETS = [
  defineEntitySet({
    names: ["ProductionOrderHeaders"],
    entity: "ProdProductionOrderHeaderEntity",
    table: PRODUCTION_ORDERS,
    expands: {
      ProductionOrderBillOfMaterialLines: {
        set: "ProductionOrderBillOfMaterialLines",
        by: "ProductionOrderNumber",
      },
      ProductionOrderRouteOperations: { set: "ProductionOrderRouteOperations", by: "ProductionOrderNumber" },
      ILKProductionMarkings: { set: "ILKProductionMarkings", by: "ProductionOrderNumber" },
    },
  }),
  defineEntitySet({
    names: ["ProductionOrderBillOfMaterialLines"],
    entity: "ProdProductionOrderBillOfMaterialsLineEntity",
    table: ORDER_COMPONENTS,
  }),
  defineEntitySet({
    names: ["ProductionOrderRouteOperations"],
    entity: "ProdProductionOrderRouteOperationEntity",
    table: ORDER_OPERATIONS,
  }),
  defineEntitySet({
    names: ["ILKProductionMarkings"],
    entity: "ILKProductionMarkingEntity",
    table: MARKINGS,
  }),
  defineEntitySet({
    names: ["PlannedProductionOrders"],
    entity: "ReqPlannedProductionOrderEntity",
    table: PLANNED_ORDERS,
  }),
  defineEntitySet({ names: ["ILKPurchaseRequests"], entity: "ILKPurchaseRequestEntity", table: PURCHASES }),
  defineEntitySet({
    names: ["ReportAsFinishedProductionJournalEntries"],
    entity: "ProdReportAsFinishedProductionJournalEntryEntity",
    table: FINISH_JOURNALS,
    insert: {
      fields: [
        "JournalName",
        "ProductionOrderNumber",
        "InventoryLotId",
        "ReportAsFinishedDate",
        "ReportedGoodInventoryQuantity",
        "ReportedErrorInventoryQuantity",
        "ErrorCause",
        "IsLastReportAsFinished",
        "ItemBatchNumber",
        "ItemSerialNumber",
        "ProductionWarehouseId",
        "InventoryStatusId",
      ],
      required: ["JournalName", "ProductionOrderNumber", "InventoryLotId", "ReportAsFinishedDate"],
      /** Makes a line that somebody must still post: nothing moves. */
      run(erp, call, given) {
        const number = given.ProductionOrderNumber ?? "";
        const order = findProductionOrder(erp, number);
        if (order.InventoryLotId !== given.InventoryLotId)
          refuse(
            "WrongLot",
            `Lot ID ${given.InventoryLotId ?? ""} is not the one of production order ${number}`,
            "InventoryLotId",
          );
        const journal = nextJournal(erp);
        erp.record(call, "productionOrder.unpostedJournal", journal, { order: number });
        return erp.create(FINISH_JOURNALS, {
          ...given,
          JournalNumber: journal,
          JournalLineNumber: 1,
          IsPosted: "No",
          ILKReference: call.reference,
        });
      },
    },
  }),
  defineEntitySet({
    names: ["PickingListProductionJournalEntries"],
    entity: "ProdPickingListProductionJournalEntryEntity",
    table: PICKING_JOURNALS,
  }),
  defineEntitySet({
    names: ["RouteCardProductionJournalEntries"],
    entity: "ProdRouteCardProductionJournalEntryEntity",
    table: ROUTE_JOURNALS,
  }),
];
