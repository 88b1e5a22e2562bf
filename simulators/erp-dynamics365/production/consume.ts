import { postVoucher } from "../costing/ledger.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { moveStock, pickStock, type Pick } from "../stock/stock.ts";
import { nextJournal, PICKING_JOURNALS, tellPosted } from "./journal.ts";
import { componentsOf, ORDER_COMPONENTS, type Component, type ProductionOrder } from "./production-order.ts";

export type Consumption = {
  component: Component;
  quantity: Exact;
  batch?: string;
  site?: string;
  warehouse?: string;
  location?: string;
  status?: string;
  operation?: number;
  ended?: boolean;
};

export type Journal = { name: string; date: string; backflush: boolean };

/** Issues components to an order, or takes them back where the quantity is negative: stock, WIP and journal. */
export function postConsumption(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  consumptions: readonly Consumption[],
  { name, date, backflush }: Journal,
): void {
  if (consumptions.length === 0) return;
  const journal = nextJournal(erp);
  let line = 0;
  for (const consumption of consumptions) {
    const { quantity } = consumption;
    const component = currentOf(erp, consumption.component);
    const product = findProduct(erp, component.ItemNumber);
    const picks = quantity.isNegative()
      ? takeBack(erp, call, order, component, consumption, journal)
      : pickStock(
          erp,
          call,
          product,
          {
            site: consumption.site || component.ConsumptionSiteId,
            warehouse: consumption.warehouse || component.ConsumptionWarehouseId,
            location: consumption.location ?? "",
            batch: consumption.batch ?? "",
            status: consumption.status || "Available",
          },
          quantity,
          journal,
        );
    const voucher = postVoucher(
      erp,
      call,
      {
        date,
        text: `Picking list ${journal} ${component.ItemNumber}`,
        productionOrder: order.ProductionOrderNumber,
      },
      [["wip", "inventory", quantity.times(product.UnitCost)]],
    );
    for (const pick of picks)
      erp.create(PICKING_JOURNALS, {
        JournalNumber: journal,
        JournalLineNumber: ++line,
        JournalName: name,
        ProductionOrderNumber: order.ProductionOrderNumber,
        ItemNumber: component.ItemNumber,
        ConsumptionBOMQuantity: plain(pick.quantity),
        BOMUnitSymbol: component.BOMLineUnitSymbol,
        OperationNumber: consumption.operation ?? component.RouteOperationNumber,
        ConsumptionDate: date,
        ItemBatchNumber: pick.batch,
        ProductionSiteId: pick.site,
        ProductionWarehouseId: pick.warehouse,
        ProductionWarehouseLocationId: pick.location,
        InventoryStatusId: pick.status,
        ILKIsBackflush: backflush ? "Yes" : "No",
        IsPosted: "Yes",
        VoucherNumber: voucher,
        ILKReference: call.reference,
      });
    const consumed = exact(component.ILKConsumedQuantity).plus(quantity);
    const remaining = exact(component.EstimatedBOMLineQuantity).minus(consumed);
    erp.change(ORDER_COMPONENTS, component, {
      ILKConsumedQuantity: plain(consumed),
      RemainingBOMLineQuantity: plain(remaining.isNegative() ? exact(0) : remaining),
      StartedBOMLineQuantity: plain(consumed),
      IsFullyConsumed: remaining.lte(0) || consumption.ended ? "Yes" : "No",
    });
    erp.note(call, "consumption", order.ProductionOrderNumber, {
      item: component.ItemNumber,
      quantity: plain(quantity),
      unit: component.BOMLineUnitSymbol,
      operation: String(consumption.operation ?? component.RouteOperationNumber),
      backflush: backflush ? "yes" : "no",
      batches: picks.map(({ batch }) => batch).join(" "),
      journal,
    });
  }
  tellPosted(erp, call, order.ProductionOrderNumber, "PickingList", journal);
}

/** What so many pieces need of a component. */
export function neededFor(component: Component, pieces: Exact): Exact {
  return pieces.times(component.BOMLineQuantity).div(component.BOMLineQuantityDenominator).toDecimalPlaces(6);
}

/** What the ERP issues by itself for so many pieces: components of one flushing principle, of operations up to one. */
export function flushFor(
  erp: Erp,
  order: ProductionOrder,
  principle: "Start" | "Finish" | "Always",
  pieces: Exact,
  upTo = Number.POSITIVE_INFINITY,
): Consumption[] {
  return componentsOf(erp, order.ProductionOrderNumber)
    .filter(
      (component) =>
        (principle === "Always" || component.FlushingPrinciple === principle) &&
        component.RouteOperationNumber <= upTo,
    )
    .map((component) => ({ component, quantity: neededFor(component, pieces) }))
    .filter(({ quantity }) => !quantity.isZero());
}

/** Gives components back to where they came from, last issue first; never more than was issued. */
function takeBack(
  erp: Erp,
  call: Call,
  order: ProductionOrder,
  component: Component,
  { quantity, batch = "", warehouse = "" }: Consumption,
  journal: string,
): Pick[] {
  const product = findProduct(erp, component.ItemNumber);
  const issues = erp.store
    .find(PICKING_JOURNALS, { ProductionOrderNumber: order.ProductionOrderNumber })
    .filter(
      (row) =>
        row.ItemNumber === component.ItemNumber &&
        (batch === "" || row.ItemBatchNumber === batch) &&
        (warehouse === "" || row.ProductionWarehouseId === warehouse),
    );
  const open = new Map<string, { spot: Omit<Pick, "quantity">; left: Exact }>();
  for (const row of issues) {
    const spot = {
      site: row.ProductionSiteId,
      warehouse: row.ProductionWarehouseId,
      location: row.ProductionWarehouseLocationId,
      batch: row.ItemBatchNumber,
      status: row.InventoryStatusId,
    };
    const key = JSON.stringify(spot);
    const left = (open.get(key)?.left ?? exact(0)).plus(row.ConsumptionBOMQuantity);
    open.set(key, { spot, left });
  }
  const picks: Pick[] = [];
  let left = quantity.neg();
  for (const { spot, left: issued } of [...open.values()].toReversed()) {
    const back = left.lt(issued) ? left : issued;
    if (back.lte(0)) continue;
    moveStock(erp, call, product, spot, back, journal);
    picks.push({ ...spot, quantity: back.neg() });
    left = left.minus(back);
  }
  if (left.gt(0))
    refuse(
      "ReversalTooLarge",
      `${plain(quantity.neg())} of item ${component.ItemNumber} cannot be returned: less was issued to production order ${order.ProductionOrderNumber}`,
      "ConsumptionBOMQuantity",
    );
  return picks;
}

/** An earlier consumption of the same message may have changed it. */
function currentOf(erp: Erp, component: Component): Component {
  return erp.store.get(ORDER_COMPONENTS, component) ?? component;
}
