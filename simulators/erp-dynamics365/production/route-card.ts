import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { flushFor, postConsumption } from "./consume.ts";
import { checkJournalName } from "./journal.ts";
import {
  findProductionOrder,
  operationsOf,
  refuseNotStarted,
  type Operation,
  type ProductionOrder,
} from "./production-order.ts";
import { addReported } from "./quantity.ts";
import { postReceipt } from "./report-finished.ts";
import { postWork, rateOf } from "./work.ts";

/** `ProdProductionOrderRouteCard`: time used and pieces done at an operation; scrapped ones come off the order here. */
export function postRouteCard(erp: Erp, call: Call, content: RequestReader): void {
  const number = content.text("ProductionOrderNumber");
  findProductionOrder(erp, number);
  const journalName = checkJournalName(erp, content.text("JournalNameId", ""));
  for (const line of content.list("RouteCardLines")) {
    const order = findProductionOrder(erp, number);
    refuseNotStarted(order);
    const operation = findOperation(erp, order, line);
    const scrapped = line.decimal("ErrorQuantity", "0");
    const good = line.decimal("GoodQuantity", "0");
    const date = line.date("ConsumptionDate", erp.clock.today());
    const cause = line.text("ErrorCause", "None");
    const resource = line.text("OperationsResourceId", operation.CostingOperationResourceId);
    erp.record(call, "productionOrder.routeCard", number, {
      operation: String(operation.OperationNumber),
      good: plain(good),
      scrapped: plain(scrapped),
      hours: plain(line.decimal("Hours", "0")),
    });
    postWork(erp, call, order, operation, {
      hours: line.decimal("Hours", "0"),
      rate: line.has("HourlyRate")
        ? line.decimal("HourlyRate")
        : rateOf(erp, resource, line.field("OperationsResourceId")),
      good,
      scrapped,
      cause,
      completed: line.flag("OperationCompleted", false),
      resource,
      date,
      journalName,
    });
    if (!scrapped.isZero()) {
      const changed = addReported(erp, call, order, {
        good: exact(0),
        scrapped,
        date,
        acceptMore: false,
        last: false,
      });
      if (line.flag("BOMConsumption", true))
        postConsumption(
          erp,
          call,
          changed,
          flushFor(erp, changed, "Finish", scrapped, operation.OperationNumber),
          { name: "", date, backflush: true },
        );
    }
    if (line.flag("ReportAsFinished", false)) receiveByCard(erp, call, operation, good, date);
  }
}

function receiveByCard(erp: Erp, call: Call, operation: Operation, good: Exact, date: string): void {
  const order = findProductionOrder(erp, operation.ProductionOrderNumber);
  if (operation.ILKIsReportingOperation !== "Yes")
    refuse(
      "NotReportingOperation",
      `Operation ${operation.OperationNumber} of production order ${order.ProductionOrderNumber} does not report as finished`,
      "ReportAsFinished",
    );
  postReceipt(erp, call, order, {
    good,
    scrapped: exact(0),
    cause: "None",
    date,
    batch: "",
    status: "Available",
    site: "",
    warehouse: "",
    location: "",
    acceptMore: false,
    last: false,
    bomRule: "FlushingPrincip",
    routeRule: "Never",
    journalName: "",
  });
}

function findOperation(erp: Erp, order: ProductionOrder, line: RequestReader): Operation {
  const number = line.int("OperationNumber");
  const priority = line.text("OperationPriority", "Primary");
  const operation = operationsOf(erp, order.ProductionOrderNumber).find(
    (each) => each.OperationNumber === number && each.OperationPriority === priority,
  );
  if (!operation)
    refuse(
      "UnknownOperation",
      `Operation ${number} is not on production order ${order.ProductionOrderNumber}`,
      line.field("OperationNumber"),
    );
  return operation;
}
