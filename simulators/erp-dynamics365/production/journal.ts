import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable } from "../store/table.ts";

export const FINISH_JOURNALS = defineTable(
  "finishJournal",
  {
    dataAreaId: "text",
    JournalNumber: "text",
    JournalLineNumber: "int",
    JournalName: "text",
    ProductionOrderNumber: "text",
    InventoryLotId: "text",
    ReportAsFinishedDate: "date",
    ReportedGoodInventoryQuantity: "decimal",
    ReportedErrorInventoryQuantity: "decimal",
    ErrorCause: "text",
    IsLastReportAsFinished: "yesno",
    ItemBatchNumber: "text",
    ItemSerialNumber: "text",
    ProductionWarehouseId: "text",
    ProductionWarehouseLocationId: "text",
    InventoryStatusId: "text",
    IsPosted: "yesno",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "JournalNumber", "JournalLineNumber"],
  ["ProductionOrderNumber", "ILKReference"],
);

export const PICKING_JOURNALS = defineTable(
  "pickingJournal",
  {
    dataAreaId: "text",
    JournalNumber: "text",
    JournalLineNumber: "int",
    JournalName: "text",
    ProductionOrderNumber: "text",
    ItemNumber: "text",
    ConsumptionBOMQuantity: "decimal",
    BOMUnitSymbol: "text",
    OperationNumber: "int",
    ConsumptionDate: "date",
    ItemBatchNumber: "text",
    ProductionSiteId: "text",
    ProductionWarehouseId: "text",
    ProductionWarehouseLocationId: "text",
    InventoryStatusId: "text",
    ILKIsBackflush: "yesno",
    IsPosted: "yesno",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "JournalNumber", "JournalLineNumber"],
  ["ProductionOrderNumber", "ILKReference"],
);

export const ROUTE_JOURNALS = defineTable(
  "routeJournal",
  {
    dataAreaId: "text",
    JournalNumber: "text",
    JournalLineNumber: "int",
    JournalName: "text",
    ProductionOrderNumber: "text",
    OperationNumber: "int",
    OperationsResourceId: "text",
    Hours: "decimal",
    GoodQuantity: "decimal",
    ErrorQuantity: "decimal",
    ErrorCause: "text",
    IsOperationCompleted: "yesno",
    ConsumptionDate: "date",
    IsPosted: "yesno",
    VoucherNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "JournalNumber", "JournalLineNumber"],
  ["ProductionOrderNumber", "ILKReference"],
);

export type JournalType = "RouteCard" | "PickingList" | "ReportAsFinished";

export function nextJournal(erp: Erp): string {
  return erp.nextNumber("JRN");
}

/** Installations have their own journal names; one that does not exist fails the message. */
export function checkJournalName(erp: Erp, name: string): string {
  const known = erp.settings.journalNames;
  if (known !== "" && name !== "" && !known.split(",").includes(name))
    refuse("UnknownJournalName", `Production journal name ${name} does not exist`, "JournalNameId");
  return name;
}

/** The financial echo of a journal. */
export function tellPosted(
  erp: Erp,
  call: Call,
  productionOrder: string,
  journalType: JournalType,
  journal: string,
): void {
  erp.tell(call, "ILKProductionPostedBusinessEvent", {
    ProductionOrderNumber: productionOrder,
    JournalType: journalType,
    JournalNumber: journal,
    ILKReference: call.reference,
  });
}
