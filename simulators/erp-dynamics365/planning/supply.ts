import { exact, sum, type Exact } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { findProductionOrder, ORDER_COMPONENTS, PRODUCTION_ORDERS } from "../production/production-order.ts";
import { availableAt } from "../stock/stock.ts";
import { SALES_LINES } from "../sales/sales-order.ts";
import { PURCHASES } from "./purchase.ts";

/** What is still to come of an item at a site: purchases and free production that nobody's order waits for. */
export function incoming(erp: Erp, item: string, site: string): Exact {
  const purchases = erp.store
    .find(PURCHASES, { ItemNumber: item, Status: "Open" })
    .filter(({ ReceivingSiteId }) => ReceivingSiteId === site)
    .map(({ Quantity }) => Quantity);
  const production = erp.store
    .find(PRODUCTION_ORDERS, { ItemNumber: item })
    .filter(
      (order) =>
        order.ProductionSiteId === site &&
        order.ILKIsCanceled === "No" &&
        order.ProductionOrderStatus !== "Completed" &&
        order.DemandSalesOrderLineInventoryLotId === "",
    )
    .map(({ RemainingReportAsFinishedQuantity }) => RemainingReportAsFinishedQuantity);
  return sum([...purchases, ...production]);
}

/** What open production orders at a site still need of an item. */
export function neededByProduction(erp: Erp, item: string, site: string): Exact {
  return sum(
    erp.store
      .find(ORDER_COMPONENTS, { ItemNumber: item })
      .filter((component) => component.ConsumptionSiteId === site && component.IsFullyConsumed === "No")
      .filter((component) => {
        const order = findProductionOrder(erp, component.ProductionOrderNumber);
        return order.ProductionOrderStatus !== "Completed";
      })
      .map(({ RemainingBOMLineQuantity }) => RemainingBOMLineQuantity),
  );
}

/** What open sales lines that the ERP has promised still need, without the line given. */
export function neededBySales(erp: Erp, item: string, site: string, without = ""): Exact {
  return sum(
    erp.store
      .find(SALES_LINES, { ItemNumber: item })
      .filter(
        (line) =>
          line.ShippingSiteId === site &&
          line.SalesOrderLineStatus === "Backorder" &&
          line.ConfirmedShippingDate !== "" &&
          line.InventoryLotId !== without,
      )
      .map((line) => exact(line.OrderedSalesQuantity).minus(line.ILKDeliveredQuantity)),
  );
}

/** What could be promised from stock now. */
export function availableToPromise(erp: Erp, item: string, site: string, without = ""): Exact {
  return availableAt(erp, item, site)
    .minus(neededByProduction(erp, item, site))
    .minus(neededBySales(erp, item, site, without));
}
