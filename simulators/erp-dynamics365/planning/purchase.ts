import { addWorkdays, later } from "../clock.ts";
import { postVoucher } from "../costing/ledger.ts";
import { exact, plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, hasLots, refuseUnusable } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { resolvePlace } from "../stock/place.ts";
import { lotFor, moveStock } from "../stock/stock.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const PURCHASES = defineTable(
  "purchase",
  {
    dataAreaId: "text",
    PurchaseRequestNumber: "text",
    ItemNumber: "text",
    Quantity: "decimal",
    UnitSymbol: "text",
    NeededByDate: "date",
    ExpectedDate: "date",
    ReceivedQuantity: "decimal",
    Status: "text",
    ProductionOrderNumber: "text",
    ReceivingSiteId: "text",
    ReceivingWarehouseId: "text",
    /** Of what came: the ERP's lot and the supplier's. */
    ItemBatchNumber: "text",
    VendorBatchNumber: "text",
    ILKReference: "text",
  },
  ["dataAreaId", "PurchaseRequestNumber"],
  ["ItemNumber", "Status"],
);
export type Purchase = RowOf<typeof PURCHASES.fields>;

export function requestPurchase(
  erp: Erp,
  call: Call,
  wanted: {
    item: string;
    quantity: Exact;
    neededBy: string;
    site: string;
    warehouse?: string;
    productionOrder: string;
  },
): Purchase {
  const product = findProduct(erp, wanted.item);
  refuseUnusable(product);
  const place = resolvePlace(erp, { site: wanted.site, warehouse: wanted.warehouse ?? "" });
  const purchase = erp.create(PURCHASES, {
    PurchaseRequestNumber: erp.nextNumber("PR"),
    ItemNumber: wanted.item,
    Quantity: plain(wanted.quantity),
    UnitSymbol: product.InventoryUnitSymbol,
    NeededByDate: wanted.neededBy,
    ExpectedDate: later(wanted.neededBy, addWorkdays(erp.clock.today(), product.ILKLeadTimeDays)),
    Status: "Open",
    ProductionOrderNumber: wanted.productionOrder,
    ReceivingSiteId: place.site,
    ReceivingWarehouseId: place.warehouse,
    ILKReference: call.reference,
  });
  erp.record(call, "purchase.request", purchase.PurchaseRequestNumber, {
    item: wanted.item,
    quantity: purchase.Quantity,
  });
  tell(erp, call, purchase, "Created");
  return purchase;
}

/** The supplier will deliver on another day. */
export function reschedulePurchase(erp: Erp, call: Call, number: string, expected: string): Purchase {
  const purchase = findOpen(erp, number);
  erp.record(call, "purchase.reschedule", number, { before: purchase.ExpectedDate, after: expected });
  const changed = erp.change(PURCHASES, purchase, { ExpectedDate: expected });
  tell(erp, call, changed, "Rescheduled");
  return changed;
}

export function receivePurchase(erp: Erp, call: Call, number: string): Purchase {
  const purchase = findOpen(erp, number);
  const product = findProduct(erp, purchase.ItemNumber);
  const place = resolvePlace(erp, {
    site: purchase.ReceivingSiteId,
    warehouse: purchase.ReceivingWarehouseId,
  });
  // Suppliers number their lots themselves; where the item has no numbering of its own, theirs is taken.
  const vendorLot = `V-${number}`;
  const given = hasLots(product) && product.BatchNumberGroupCode === "" ? vendorLot : "";
  const batch = lotFor(erp, product, given, { vendorLot });
  erp.record(call, "purchase.receive", number, { item: purchase.ItemNumber, quantity: purchase.Quantity });
  moveStock(erp, call, product, { ...place, batch, status: "Available" }, exact(purchase.Quantity), number);
  postVoucher(erp, call, { date: erp.clock.today(), text: `Product receipt ${number}` }, [
    ["inventory", "purchaseAccrual", exact(purchase.Quantity).times(product.UnitCost)],
  ]);
  const received = erp.change(PURCHASES, purchase, {
    Status: "Received",
    ReceivedQuantity: purchase.Quantity,
    ItemBatchNumber: batch,
    VendorBatchNumber: batch === "" ? "" : vendorLot,
  });
  tell(erp, call, received, "Received");
  return received;
}

function tell(erp: Erp, call: Call, purchase: Purchase, change: string): void {
  erp.tell(call, "ILKPurchaseRequestBusinessEvent", {
    PurchaseRequestNumber: purchase.PurchaseRequestNumber,
    ItemNumber: purchase.ItemNumber,
    ILKChange: change,
    ILKReference: call.reference,
  });
}

function findOpen(erp: Erp, number: string): Purchase {
  const purchase = erp.get(PURCHASES, { PurchaseRequestNumber: number });
  if (!purchase) refuse("UnknownPurchase", `Purchase request ${number} does not exist`);
  if (purchase.Status !== "Open")
    refuse("PurchaseClosed", `Purchase request ${number} is ${purchase.Status} already`);
  return purchase;
}
