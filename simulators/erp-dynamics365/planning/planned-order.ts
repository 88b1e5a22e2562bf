import { exact, plain, sum, type Exact } from "../decimal.ts";
import { newCall, type Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, isMade, type Product } from "../product/product.ts";
import { cancelProduction, rescheduleOrder, resizeOrder } from "../production/change-order.ts";
import { createProductionOrder, type NewOrder } from "../production/create-order.ts";
import {
  changeProductionOrder,
  componentsOf,
  PRODUCTION_ORDERS,
  type ProductionOrder,
} from "../production/production-order.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { SalesLine } from "../sales/sales-order.ts";
import { availableAt } from "../stock/stock.ts";
import { defineTable, type RowOf } from "../store/table.ts";
import { requestPurchase } from "./purchase.ts";
import { incoming, neededByProduction, neededBySales } from "./supply.ts";

export const PLANNED_ORDERS = defineTable(
  "plannedOrder",
  {
    dataAreaId: "text",
    PlannedOrderNumber: "text",
    ItemNumber: "text",
    Quantity: "decimal",
    ProductConfigurationId: "text",
    RequirementDate: "date",
    ProductionSiteId: "text",
    DemandSalesOrderNumber: "text",
    DemandSalesOrderLineInventoryLotId: "text",
    ParentProductionOrderNumber: "text",
    PlannedOrderStatus: "text",
    ProductionOrderNumber: "text",
    ILKPlannedDateTime: "time",
    ILKMessage: "text",
  },
  ["dataAreaId", "PlannedOrderNumber"],
  ["DemandSalesOrderLineInventoryLotId", "PlannedOrderStatus", "ItemNumber"],
);
export type PlannedOrder = RowOf<typeof PLANNED_ORDERS.fields>;

/** Brings the production of a sales line in line with it: more, less, earlier or later. */
export function planSalesLine(erp: Erp, call: Call, line: SalesLine): void {
  if (!erp.settings.autoPlan) return;
  const product = findProduct(erp, line.ItemNumber);
  if (!isMade(product) || product.ILKIsMakeToOrder === "No") {
    planShortage(erp, call, product, line.ShippingSiteId, line.ConfirmedShippingDate);
    return;
  }
  const wanted = line.SalesOrderLineStatus === "Canceled" ? exact(0) : exact(line.OrderedSalesQuantity);
  const planned = plannedFor(erp, line.InventoryLotId);
  const orders = productionFor(erp, line.InventoryLotId).filter(
    ({ ILKReplacesProductionOrderNumber }) => ILKReplacesProductionOrderNumber === "",
  );
  const covered = sum([
    ...planned.map(({ Quantity }) => Quantity),
    ...orders.map(({ ScheduledQuantity }) => ScheduledQuantity),
  ]);
  const missing = wanted.minus(covered);
  if (missing.gt(0))
    plan(erp, call, {
      item: line.ItemNumber,
      quantity: missing,
      site: line.ShippingSiteId,
      deliveryDate: line.ConfirmedShippingDate,
      mode: "mto",
      configuration: line.ProductConfigurationId,
      salesOrder: line.SalesOrderNumber,
      salesLine: line.InventoryLotId,
    });
  if (missing.lt(0)) reduce(erp, call, planned, orders, missing.neg());
  for (const order of productionFor(erp, line.InventoryLotId))
    if (
      order.ProductionOrderStatus !== "Completed" &&
      line.ConfirmedShippingDate !== "" &&
      order.DeliveryDate !== line.ConfirmedShippingDate
    )
      rescheduleOrder(erp, call, order.ProductionOrderNumber, line.ConfirmedShippingDate);
}

/** Orders what stock and what is on its way do not cover of an item: made here, or bought. */
export function planShortage(
  erp: Erp,
  call: Call,
  product: Product,
  site: string,
  neededBy: string,
  parent = "",
): void {
  const item = product.ItemNumber;
  const planned = erp.store
    .find(PLANNED_ORDERS, { ItemNumber: item, PlannedOrderStatus: "Planned" })
    .filter((order) => order.ProductionSiteId === site && order.DemandSalesOrderLineInventoryLotId === "");
  const supply = availableAt(erp, item, site)
    .plus(incoming(erp, item, site))
    .plus(sum(planned.map(({ Quantity }) => Quantity)));
  const demand = neededByProduction(erp, item, site).plus(neededBySales(erp, item, site));
  const missing = demand.minus(supply);
  if (missing.lte(0)) return;
  if (isMade(product))
    plan(erp, call, { item, quantity: missing, site, deliveryDate: neededBy, mode: "mts", parent });
  else requestPurchase(erp, call, { item, quantity: missing, neededBy, site, productionOrder: parent });
}

export function plan(erp: Erp, call: Call, wanted: NewOrder): PlannedOrder {
  const planned = erp.create(PLANNED_ORDERS, {
    PlannedOrderNumber: erp.nextNumber("PL"),
    ItemNumber: wanted.item,
    Quantity: plain(wanted.quantity),
    ProductConfigurationId: wanted.configuration ?? "",
    RequirementDate: wanted.deliveryDate,
    ProductionSiteId: wanted.site,
    DemandSalesOrderNumber: wanted.salesOrder ?? "",
    DemandSalesOrderLineInventoryLotId: wanted.salesLine ?? "",
    ParentProductionOrderNumber: wanted.parent ?? "",
    PlannedOrderStatus: "Planned",
    ILKPlannedDateTime: erp.clock.iso(),
  });
  erp.note(call, "plannedOrder.create", planned.PlannedOrderNumber, {
    item: wanted.item,
    quantity: plain(wanted.quantity),
  });
  return planned;
}

/** Makes a production order of a planned one and releases it. */
export function firmAndRelease(erp: Erp, call: Call, planned: PlannedOrder): ProductionOrder {
  const order = createProductionOrder(erp, call, {
    item: planned.ItemNumber,
    quantity: exact(planned.Quantity),
    site: planned.ProductionSiteId,
    deliveryDate: planned.RequirementDate,
    mode: planned.DemandSalesOrderLineInventoryLotId === "" ? "mts" : "mto",
    configuration: planned.ProductConfigurationId,
    salesOrder: planned.DemandSalesOrderNumber,
    salesLine: planned.DemandSalesOrderLineInventoryLotId,
    parent: planned.ParentProductionOrderNumber,
    planned: planned.PlannedOrderNumber,
  });
  erp.change(PLANNED_ORDERS, planned, {
    PlannedOrderStatus: "Firmed",
    ProductionOrderNumber: order.ProductionOrderNumber,
    ILKMessage: "",
  });
  return releaseProduction(erp, call, order);
}

export function releaseProduction(erp: Erp, call: Call, order: ProductionOrder): ProductionOrder {
  if (order.ProductionOrderStatus !== "Scheduled" && order.ProductionOrderStatus !== "Created")
    refuse(
      "NotReleasable",
      `Production order ${order.ProductionOrderNumber} cannot be released: its status is ${order.ProductionOrderStatus}`,
    );
  const released = changeProductionOrder(erp, call, order, {
    ProductionOrderStatus: "Released",
    ReleasedDate: erp.clock.today(),
  });
  erp.note(call, "productionOrder.release", order.ProductionOrderNumber, {});
  erp.tell(call, "ProductionOrderReleasedBusinessEvent", {
    ProductionOrderNumber: order.ProductionOrderNumber,
    ProductionOrderType: "Standard",
    Resource: "",
  });
  if (!erp.settings.autoPlan) return released;
  const items = new Map(
    componentsOf(erp, order.ProductionOrderNumber).map(({ ItemNumber, ConsumptionSiteId }) => [
      ItemNumber,
      ConsumptionSiteId,
    ]),
  );
  for (const [item, site] of items)
    planShortage(
      erp,
      call,
      findProduct(erp, item),
      site,
      released.ScheduledStartDate,
      order.ProductionOrderNumber,
    );
  return released;
}

/** Releases what is due by the clock, in one go. One that cannot be made says why and stays planned. */
export function releaseDue(erp: Erp, now: number): void {
  const { autoRelease, releaseAfterMinutes } = erp.settings;
  if (!autoRelease) return;
  const due = erp.store
    .find(PLANNED_ORDERS, { PlannedOrderStatus: "Planned" })
    .filter((planned) => Date.parse(planned.ILKPlannedDateTime) + releaseAfterMinutes * 60_000 <= now);
  if (due.length === 0) return;
  erp.store.transact(() => {
    for (const planned of due) {
      try {
        erp.store.transact(() => firmAndRelease(erp, newCall("system", "planning"), planned));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (planned.ILKMessage !== error.message)
          erp.change(PLANNED_ORDERS, planned, { ILKMessage: error.message });
      }
    }
  });
}

export function plannedFor(erp: Erp, salesLine: string): PlannedOrder[] {
  return erp.store
    .find(PLANNED_ORDERS, { DemandSalesOrderLineInventoryLotId: salesLine })
    .filter(({ PlannedOrderStatus }) => PlannedOrderStatus === "Planned");
}

export function productionFor(erp: Erp, salesLine: string): ProductionOrder[] {
  return erp.store
    .find(PRODUCTION_ORDERS, { DemandSalesOrderLineInventoryLotId: salesLine })
    .filter(({ ILKIsCanceled }) => ILKIsCanceled === "No");
}

/** Takes quantity off again: planned orders first, then the youngest production orders, as far as they have not begun. */
function reduce(
  erp: Erp,
  call: Call,
  planned: PlannedOrder[],
  orders: ProductionOrder[],
  surplus: Exact,
): void {
  let left = surplus;
  for (const each of planned.toReversed()) {
    const rest = exact(each.Quantity).minus(left);
    const cancelled = rest.lte(0);
    erp.change(
      PLANNED_ORDERS,
      each,
      cancelled ? { PlannedOrderStatus: "Canceled" } : { Quantity: plain(rest) },
    );
    left = cancelled ? rest.neg() : exact(0);
    if (left.isZero()) return;
  }
  for (const order of orders.toReversed()) {
    if (order.ProductionOrderStatus === "Completed") continue;
    const number = order.ProductionOrderNumber;
    const startable = exact(order.ScheduledQuantity).minus(order.StartedQuantity);
    const off = left.lt(startable) ? left : startable;
    if (off.isZero()) continue;
    if (off.eq(order.ScheduledQuantity)) cancelProduction(erp, call, number, "demand was taken back");
    else resizeOrder(erp, call, number, exact(order.ScheduledQuantity).minus(off));
    left = left.minus(off);
    if (left.isZero()) return;
  }
  const numbers = orders.map(({ ProductionOrderNumber }) => ProductionOrderNumber).join(", ");
  refuse(
    "AlreadyStarted",
    `The quantity cannot be reduced: ${plain(left)} of it have been started on production order ${numbers}`,
    "OrderedSalesQuantity",
  );
}
