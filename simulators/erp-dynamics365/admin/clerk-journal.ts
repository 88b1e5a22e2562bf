import { exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { FINISH_JOURNALS } from "../production/journal.ts";
import { findProductionOrder, refuseNotStarted } from "../production/production-order.ts";
import { postReceipt } from "../production/report-finished.ts";
import { refuse } from "../refusal.ts";

/** Posts a journal line that somebody entered over OData and nobody has posted: it becomes a posted one. */
export function postJournal(erp: Erp, call: Call, number: string): object {
  const journal = erp.get(FINISH_JOURNALS, { JournalNumber: number, JournalLineNumber: 1 });
  if (journal?.IsPosted !== "No") return refuse("NothingToPost", `There is no unposted journal ${number}`);
  const order = findProductionOrder(erp, journal.ProductionOrderNumber);
  refuseNotStarted(order);
  erp.store.remove(FINISH_JOURNALS, journal);
  postReceipt(erp, { ...call, reference: call.reference || journal.ILKReference }, order, {
    good: exact(journal.ReportedGoodInventoryQuantity),
    scrapped: exact(journal.ReportedErrorInventoryQuantity),
    cause: journal.ErrorCause,
    date: journal.ReportAsFinishedDate,
    batch: journal.ItemBatchNumber,
    status: journal.InventoryStatusId || "Available",
    site: "",
    warehouse: journal.ProductionWarehouseId,
    location: "",
    acceptMore: false,
    last: journal.IsLastReportAsFinished === "Yes",
    bomRule: "FlushingPrincip",
    routeRule: "RouteDependent",
    journalName: journal.JournalName,
  });
  return {};
}
