import { postVoucher } from "../costing/ledger.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { RESOURCES } from "../product/route.ts";
import { refuse } from "../refusal.ts";
import { nextJournal, ROUTE_JOURNALS, tellPosted } from "./journal.ts";
import { operationsOf, ORDER_OPERATIONS, type Operation, type ProductionOrder } from "./production-order.ts";
import { reportable } from "./quantity.ts";

export type RouteRule = "RouteDependent" | "Always" | "Never";

type Work = {
  hours: Exact;
  rate: Exact;
  good: Exact;
  scrapped: Exact;
  cause: string;
  completed: boolean;
  resource: string;
  date: string;
  journalName: string;
};

/** The time that the ERP itself posts when pieces are reported as finished. */
export function postRouteByRule(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  rule: RouteRule,
  pieces: Exact,
  date: string,
): void {
  if (rule === "Never" || pieces.isZero()) return;
  for (const operation of operationsOf(erp, order.ProductionOrderNumber)) {
    if (rule === "RouteDependent" && operation.RouteGroupId !== "AUTO") continue;
    const per = exact(operation.ProcessQuantity).gt(0) ? exact(operation.ProcessQuantity) : exact(1);
    postWork(erp, call, order, operation, {
      hours: pieces.times(operation.ProcessTime).div(per).toDecimalPlaces(6),
      rate: rateOf(erp, operation.CostingOperationResourceId),
      good: exact(0),
      scrapped: exact(0),
      cause: "None",
      completed: false,
      resource: operation.CostingOperationResourceId,
      date,
      journalName: "",
    });
  }
}

/** Time and quantities of one operation: WIP, the operation and a journal. */
export function postWork(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  operation: Operation,
  work: Work,
): void {
  const number = order.ProductionOrderNumber;
  const good = exact(operation.ILKGoodQuantity).plus(work.good);
  const scrapped = exact(operation.ILKErrorQuantity).plus(work.scrapped);
  const hours = exact(operation.ILKHours).plus(work.hours);
  if (good.isNegative() || scrapped.isNegative() || hours.isNegative())
    refuse(
      "ReversalTooLarge",
      `More cannot be reversed on operation ${operation.OperationNumber} of production order ${number} than was posted: ${operation.ILKGoodQuantity} good, ${operation.ILKErrorQuantity} scrapped, ${operation.ILKHours} hours`,
    );
  if (work.good.plus(work.scrapped).gt(0) && good.plus(scrapped).gt(reportable(erp, order)))
    refuse(
      "OverReport",
      `Operation ${operation.OperationNumber} of production order ${number} would have ${plain(good.plus(scrapped))} reported, more than the ${order.StartedQuantity} started with tolerance`,
      "GoodQuantity",
    );
  const journal = nextJournal(erp);
  const voucher = postVoucher(
    erp,
    call,
    {
      date: work.date,
      text: `Route card ${journal} operation ${operation.OperationNumber}`,
      productionOrder: number,
    },
    [["wip", "labourAbsorbed", work.hours.times(work.rate)]],
  );
  erp.create(ROUTE_JOURNALS, {
    JournalNumber: journal,
    JournalLineNumber: 1,
    JournalName: work.journalName,
    ProductionOrderNumber: number,
    OperationNumber: operation.OperationNumber,
    OperationsResourceId: work.resource,
    Hours: plain(work.hours),
    GoodQuantity: plain(work.good),
    ErrorQuantity: plain(work.scrapped),
    ErrorCause: work.cause,
    IsOperationCompleted: work.completed ? "Yes" : "No",
    ConsumptionDate: work.date,
    IsPosted: "Yes",
    VoucherNumber: voucher,
    ILKReference: call.reference,
  });
  erp.change(ORDER_OPERATIONS, operation, {
    ILKGoodQuantity: plain(good),
    ILKErrorQuantity: plain(scrapped),
    ILKHours: plain(hours),
    IsOperationStarted: "Yes",
    IsOperationCompleted: work.completed ? "Yes" : operation.IsOperationCompleted,
  });
  tellPosted(erp, call, number, "RouteCard", journal);
}

/** What an hour of a resource costs; none where no resource is named. */
export function rateOf(erp: Erp, resource: string, field = "OperationsResourceId"): Exact {
  if (resource === "") return exact(0);
  const row = erp.get(RESOURCES, { OperationsResourceId: resource });
  if (!row) refuse("UnknownResource", `Resource ${resource} does not exist`, field);
  return exact(row.ILKHourlyRate);
}
