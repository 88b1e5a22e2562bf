import { postVoucher } from "../costing/ledger.ts";
import { plain, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { findProduct, refuseUnit, type Product } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import type { RequestReader } from "../request-reader.ts";
import { keepInventoryChange, type InventoryChange } from "./inventory-change.ts";
import { checkStatus, resolvePlace, type Place } from "./place.ts";
import { lotFor, moveStock, pickStock, type Pick } from "./stock.ts";

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
  const spots = pickStock(erp, call, product, named, quantity, document);
  for (const pick of spots) moveStock(erp, call, product, { ...pick, status: to }, pick.quantity, document);
  keep(erp, call, product, request, { document, change: "StatusChanged", spots, to });
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
  const spots = pickStock(erp, call, product, named, quantity, document);
  const voucher = postVoucher(erp, call, { date, text: `Scrap ${document} ${product.ItemNumber}` }, [
    ["inventoryScrap", "inventory", quantity.times(product.UnitCost)],
  ]);
  keep(erp, call, product, request, { document, change: "Scrapped", spots, date, voucher });
  return { document, voucher };
}

/** A counting difference: more, or less where the quantity is negative. */
export function adjustStock(
  erp: Erp,
  call: Call,
  request: RequestReader,
): { document: string; voucher: string } {
  const { spot, date, document, voucher } = postAdjustment(erp, call, request);
  const product = findProduct(erp, request.text("ItemNumber"));
  keep(erp, call, product, request, { document, change: "Adjusted", spots: [spot], date, voucher });
  return { document, voucher };
}

/** The same without telling anyone, as when a company's opening stock is entered. */
export function postAdjustment(
  erp: Erp,
  call: Call,
  request: RequestReader,
): { document: string; voucher: string; spot: Pick; date: string } {
  const { product, place, batch } = readTarget(erp, request);
  const quantity: Exact = request.decimal("Quantity");
  if (quantity.isZero()) refuse("NoQuantity", "Quantity is zero", "Quantity");
  const status = checkStatus(request.text("InventoryStatusId", "Available"));
  const date = request.date("PostingDate", erp.clock.today());
  const lot = quantity.gt(0) ? lotFor(erp, product, batch) : batch;
  const document = erp.nextNumber("ADJ");
  erp.record(call, "stock.adjust", document, {
    item: product.ItemNumber,
    quantity: plain(quantity),
    batch: lot,
  });
  const spot = { ...place, batch: lot, status };
  moveStock(erp, call, product, spot, quantity, document);
  const voucher = postVoucher(erp, call, { date, text: `Adjustment ${document} ${product.ItemNumber}` }, [
    ["inventory", "inventoryAdjustment", quantity.times(product.UnitCost)],
  ]);
  return { document, voucher, spot: { ...spot, quantity }, date };
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

type Made = Partial<InventoryChange> & {
  document: string;
  change: InventoryChange["change"];
  spots: readonly Pick[];
};

/** What a change of stock leaves to be read, and told. */
function keep(erp: Erp, call: Call, product: Product, request: RequestReader, made: Made): void {
  keepInventoryChange(erp, call, {
    item: product.ItemNumber,
    unit: product.InventoryUnitSymbol,
    to: "",
    reason: request.text("ReasonCode", ""),
    date: erp.clock.today(),
    voucher: "",
    ...made,
  });
}
