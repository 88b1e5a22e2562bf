import { exact, sum, type Exact } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { ORDER_COMPONENTS, PRODUCTION_ORDERS } from "../production/production-order.ts";
import { availableAt } from "../stock/stock.ts";
import { SALES_LINES } from "../sales/sales-order.ts";
import { PURCHASES } from "./purchase.ts";

/** What is still to come of an item at a site: purchases and free production that nobody's order waits for. */
export function incoming(erp: Erp, item: string, site: string): Exact {
  const purchases = erp.store.values(PURCHASES, "Quantity", {
    ItemNumber: item,
    Status: "Open",
    ReceivingSiteId: site,
  });
  // An ended or cancelled order has nothing remaining.
  const production = erp.store.values(PRODUCTION_ORDERS, "RemainingReportAsFinishedQuantity", {
    ItemNumber: item,
    ProductionSiteId: site,
    DemandSalesOrderLineInventoryLotId: "",
  });
  return sum([...purchases, ...production]);
}

/** What open production orders at a site still need of an item; an order that ends closes its components. */
export function neededByProduction(erp: Erp, item: string, site: string): Exact {
  return sum(
    erp.store.values(ORDER_COMPONENTS, "RemainingBOMLineQuantity", {
      ItemNumber: item,
      ConsumptionSiteId: site,
      IsFullyConsumed: "No",
    }),
  );
}

/** What open sales lines that the ERP has promised still need, without the line given. */
export function neededBySales(erp: Erp, item: string, site: string, without = ""): Exact {
  const open = { ItemNumber: item, ShippingSiteId: site, SalesOrderLineStatus: "Backorder" };
  return sum(
    erp.store
      .find(SALES_LINES, open)
      .filter((line) => line.ConfirmedShippingDate !== "" && line.InventoryLotId !== without)
      .map((line) => exact(line.OrderedSalesQuantity).minus(line.ILKDeliveredQuantity)),
  );
}

/** What could be promised from stock now. */
export function availableToPromise(erp: Erp, item: string, site: string, without = ""): Exact {
  return availableAt(erp, item, site)
    .minus(neededByProduction(erp, item, site))
    .minus(neededBySales(erp, item, site, without));
}
