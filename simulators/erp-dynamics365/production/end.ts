import { postVoucher, workInProcess } from "../costing/ledger.ts";
import { cents, exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import {
  changeProductionOrder,
  componentsOf,
  findProductionOrder,
  ORDER_COMPONENTS,
  refuseUnpostable,
} from "./production-order.ts";

/** `ProdProductionOrderEnd`: final. Scrap and variance are posted, and nothing of the order is left in process. */
export function endProduction(erp: Erp, call: Call, content: RequestReader): void {
  const order = findProductionOrder(erp, content.text("ProductionOrderNumber"));
  const number = order.ProductionOrderNumber;
  refuseUnpostable(order);
  const byItself = content.flag("AutoReportAsFinished", false) && order.ProductionOrderStatus === "StartedUp";
  if (order.ProductionOrderStatus !== "ReportedFinished" && !byItself)
    refuse(
      "NotReportedFinished",
      `Production order ${number} must be reported as finished before it is ended: its status is ${order.ProductionOrderStatus}`,
    );
  const date = content.date("EndedDate", erp.clock.today());
  erp.record(call, "productionOrder.end", number);
  closeWorkInProcess(erp, call, number, date);
  changeProductionOrder(
    erp,
    call,
    order,
    {
      ProductionOrderStatus: "Completed",
      ProductionOrderRemainderStatus: "Ended",
      RemainingReportAsFinishedQuantity: "0",
      EndedDate: date,
    },
    "Completed",
  );
}

/** Nothing more is needed of its components, and nothing of its cost is left: scrapped pieces at standard, the rest as variance. */
export function closeWorkInProcess(erp: Erp, call: Call, number: string, date: string): void {
  const order = findProductionOrder(erp, number);
  const scrap = cents(exact(order.ILKScrappedQuantity).times(findProduct(erp, order.ItemNumber).UnitCost));
  const left = workInProcess(erp, number);
  for (const component of componentsOf(erp, number))
    erp.change(ORDER_COMPONENTS, component, { RemainingBOMLineQuantity: "0", IsFullyConsumed: "Yes" });
  postVoucher(erp, call, { date, text: `End ${number}`, productionOrder: number }, [
    ["productionScrap", "wip", scrap],
    ["productionVariance", "wip", left.minus(scrap)],
  ]);
}
