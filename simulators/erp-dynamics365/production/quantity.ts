import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { changeProductionOrder, type ProductionOrder } from "./production-order.ts";

/** What may be reported in all: what was started, and the item's tolerance on top. */
export function reportable(erp: Erp, order: ProductionOrder): Exact {
  const tolerance = exact(findProduct(erp, order.ItemNumber).ILKOverdeliveryPercentage);
  return exact(order.StartedQuantity).times(tolerance.plus(100)).div(100);
}

/**
 * Adds good and scrapped pieces to an order, less where they are negative, and moves its status: all reported, or told
 * to be the last, is ReportedFinished; a reversal opens it again.
 */
export function addReported(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  reported: { good: Exact; scrapped: Exact; date: string; acceptMore: boolean; last: boolean },
): ProductionOrder {
  const { ProductionOrderNumber: number } = order;
  const good = exact(order.ILKReportedGoodQuantity).plus(reported.good);
  const scrapped = exact(order.ILKScrappedQuantity).plus(reported.scrapped);
  if (good.isNegative() || scrapped.isNegative())
    refuse(
      "ReversalTooLarge",
      `More cannot be reversed on production order ${number} than was reported: ${order.ILKReportedGoodQuantity} good, ${order.ILKScrappedQuantity} scrapped`,
    );
  const total = good.plus(scrapped);
  const grows = reported.good.plus(reported.scrapped).gt(0);
  if (grows && total.gt(reportable(erp, order)) && !reported.acceptMore)
    refuse(
      "OverReport",
      `Production order ${number} would have ${plain(total)} reported, more than the ${order.StartedQuantity} started with tolerance; set AcceptError to Yes to accept it`,
    );
  const remaining = exact(order.ScheduledQuantity).minus(total);
  const finished = reported.last || remaining.lte(0);
  const status = finished ? "ReportedFinished" : grows ? order.ProductionOrderStatus : "StartedUp";
  return changeProductionOrder(
    erp,
    call,
    order,
    {
      ILKReportedGoodQuantity: plain(good),
      ILKScrappedQuantity: plain(scrapped),
      RemainingReportAsFinishedQuantity: plain(remaining.isNegative() ? exact(0) : remaining),
      ProductionOrderStatus: status,
      ReportedAsFinishedDate: status === "ReportedFinished" ? reported.date : "",
    },
    status !== order.ProductionOrderStatus && status === "ReportedFinished" ? "ReportedFinished" : undefined,
  );
}
