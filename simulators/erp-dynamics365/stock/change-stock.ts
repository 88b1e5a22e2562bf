import { postVoucher } from "../costing/ledger.ts";
import { plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, hasLots, refuseUnit, type Product } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { checkStatus, resolvePlace, type Place } from "./place.ts";
import { lotFor, moveStock, pickStock } from "./stock.ts";

type Target = { product: Product; place: Place; batch: string };

/** Moves a quantity from one status to another where it lies. */
export function setStatus(erp: Erp, call: Call, request: RequestReader): string {
  const { product, place, batch } = readTarget(erp, request);
  const from = checkStatus(request.text("FromInventoryStatusId"));
  const to = checkStatus(request.text("ToInventoryStatusId"));
  if (from === to) refuse("SameStatus", `The status is ${from} already`, "ToInventoryStatusId");
  const quantity = request.positive("Quantity");
  const document = erp.nextNumber("STA");
  erp.record(call, "stock.setStatus", document, {
    item: product.ItemNumber,
    quantity: plain(quantity),
    from,
    to,
    reason: request.text("ReasonCode", ""),
  });
  const named = { ...place, location: request.text("WarehouseLocationId", ""), batch, status: from };
  for (const pick of pickStock(erp, call, product, named, quantity, document))
    moveStock(erp, call, product, { ...pick, status: to }, pick.quantity, document);
  tell(erp, call, product, "StatusChanged");
  return document;
}

export function scrapStock(
  erp: Erp,
  call: Call,
  request: RequestReader,
): { document: string; voucher: string } {
  const { product, place, batch } = readTarget(erp, request);
  const status = checkStatus(request.text("InventoryStatusId", "Available"));
  const quantity = request.positive("Quantity");
  const date = request.date("PostingDate", erp.clock.today());
  const document = erp.nextNumber("SCR");
  erp.record(call, "stock.scrap", document, {
    item: product.ItemNumber,
    quantity: plain(quantity),
    batch,
    reason: request.text("ReasonCode", ""),
  });
  const named = { ...place, location: request.text("WarehouseLocationId", ""), batch, status };
  pickStock(erp, call, product, named, quantity, document);
  const voucher = postVoucher(erp, call, { date, text: `Scrap ${document} ${product.ItemNumber}` }, [
    ["inventoryScrap", "inventory", quantity.times(product.UnitCost)],
  ]);
  tell(erp, call, product, "Scrapped");
  return { document, voucher };
}

/** A counting difference: more, or less where the quantity is negative. */
export function adjustStock(
  erp: Erp,
  call: Call,
  request: RequestReader,
): { document: string; voucher: string } {
  const { product, place, batch } = readTarget(erp, request);
  const quantity: Exact = request.decimal("Quantity");
  if (quantity.isZero()) refuse("NoQuantity", "Quantity is zero", "Quantity");
  const status = checkStatus(request.text("InventoryStatusId", "Available"));
  const date = request.date("PostingDate", erp.clock.today());
  const lot = hasLots(product) && quantity.gt(0) ? lotFor(erp, product, batch) : batch;
  const document = erp.nextNumber("ADJ");
  erp.record(call, "stock.adjust", document, {
    item: product.ItemNumber,
    quantity: plain(quantity),
    batch: lot,
  });
  moveStock(erp, call, product, { ...place, batch: lot, status }, quantity, document);
  const voucher = postVoucher(erp, call, { date, text: `Adjustment ${document} ${product.ItemNumber}` }, [
    ["inventory", "inventoryAdjustment", quantity.times(product.UnitCost)],
  ]);
  tell(erp, call, product, "Adjusted");
  return { document, voucher };
}

function readTarget(erp: Erp, request: RequestReader): Target {
  const product = findProduct(erp, request.text("ItemNumber"));
  refuseUnit(product, request.text("UnitSymbol", ""), "UnitSymbol");
  const place = resolvePlace(erp, {
    site: request.text("SiteId", ""),
    warehouse: request.text("WarehouseId", ""),
    location: request.text("WarehouseLocationId", ""),
  });
  const batch = request.text("ItemBatchNumber", "");
  return { product, place, batch };
}

function tell(erp: Erp, call: Call, product: Product, change: string): void {
  erp.tell(call, "ILKInventoryChangedBusinessEvent", {
    ItemNumber: product.ItemNumber,
    ILKChange: change,
    ILKReference: call.reference,
  });
}
