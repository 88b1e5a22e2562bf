import { exact, plain, sum, type Exact } from "../decimal.ts";
import type { Call } from "../call.ts";
import type { Erp } from "../erp.ts";
import { hasLots, type Product } from "../product/product.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";
import type { Place } from "./place.ts";

export const STOCK = defineTable(
  "stock",
  {
    dataAreaId: "text",
    ItemNumber: "text",
    InventorySiteId: "text",
    InventoryWarehouseId: "text",
    WarehouseLocationId: "text",
    ItemBatchNumber: "text",
    InventoryStatusId: "text",
    OnHandQuantity: "decimal",
    InventoryUnitSymbol: "text",
    ILKChangedDateTime: "time",
  },
  [
    "dataAreaId",
    "ItemNumber",
    "InventorySiteId",
    "InventoryWarehouseId",
    "WarehouseLocationId",
    "ItemBatchNumber",
    "InventoryStatusId",
  ],
  ["ItemNumber"],
);
export type StockRow = RowOf<typeof STOCK.fields>;

export const BATCHES = defineTable(
  "batch",
  {
    dataAreaId: "text",
    ItemNumber: "text",
    BatchNumber: "text",
    ManufacturingDate: "date",
    VendorBatchNumber: "text",
    ILKProductionOrderNumber: "text",
  },
  ["dataAreaId", "ItemNumber", "BatchNumber"],
);

export type Spot = Place & { batch: string; status: string };
export type Pick = Spot & { quantity: Exact };

/** Changes the quantity of one spot. Stock is never negative, whoever asks. */
export function moveStock(
  erp: Erp,
  call: Call,
  product: Product,
  spot: Spot,
  quantity: Exact,
  document: string,
): void {
  const key = {
    ItemNumber: product.ItemNumber,
    InventorySiteId: spot.site,
    InventoryWarehouseId: spot.warehouse,
    WarehouseLocationId: spot.location,
    ItemBatchNumber: spot.batch,
    InventoryStatusId: spot.status,
  };
  const row = erp.get(STOCK, key);
  const before = exact(row?.OnHandQuantity ?? 0);
  const after = before.plus(quantity);
  if (after.isNegative())
    refuse(
      "NegativeStock",
      `${plain(quantity.neg())} cannot be picked because only ${plain(before)} of item ${product.ItemNumber} are physically available (warehouse ${spot.warehouse}, location ${spot.location}, batch ${spot.batch || "none"}, status ${spot.status})`,
      "Quantity",
    );
  const changes = { OnHandQuantity: plain(after), ILKChangedDateTime: erp.clock.iso() };
  if (row) erp.change(STOCK, row, changes);
  else erp.create(STOCK, { ...key, ...changes, InventoryUnitSymbol: product.InventoryUnitSymbol });
  erp.note(call, "stock", product.ItemNumber, {
    quantity: plain(quantity),
    site: spot.site,
    warehouse: spot.warehouse,
    location: spot.location,
    batch: spot.batch,
    status: spot.status,
    document,
  });
}

/** Takes a quantity out: from the lot and place that are named, else from the oldest lots of the warehouse. */
export function pickStock(
  erp: Erp,
  call: Call,
  product: Product,
  from: { site: string; warehouse: string; location?: string; batch?: string; status?: string },
  quantity: Exact,
  document: string,
): Pick[] {
  const { site, warehouse, location = "", batch = "", status = "Available" } = from;
  const spots = spotsOf(erp, product.ItemNumber).filter(
    (row) =>
      row.InventorySiteId === site &&
      row.InventoryWarehouseId === warehouse &&
      row.InventoryStatusId === status &&
      (location === "" || row.WarehouseLocationId === location) &&
      (batch === "" || row.ItemBatchNumber === batch),
  );
  const available = sum(spots.map((row) => row.OnHandQuantity));
  if (available.lt(quantity))
    refuse(
      "NegativeStock",
      `${plain(quantity)} cannot be picked because only ${plain(available)} of item ${product.ItemNumber} are physically available in warehouse ${warehouse}${batch === "" ? "" : `, batch ${batch}`} with status ${status}`,
      "Quantity",
    );
  const picks: Pick[] = [];
  let left = quantity;
  for (const row of spots) {
    const take = left.lt(row.OnHandQuantity) ? left : exact(row.OnHandQuantity);
    if (take.isZero()) continue;
    const spot = { site, warehouse, location: row.WarehouseLocationId, batch: row.ItemBatchNumber, status };
    moveStock(erp, call, product, spot, take.neg(), document);
    picks.push({ ...spot, quantity: take });
    left = left.minus(take);
  }
  return picks;
}

/** All spots of an item, the one first filled first. */
export function spotsOf(erp: Erp, item: string): StockRow[] {
  return erp.store.find(STOCK, { ItemNumber: item }).filter(({ dataAreaId }) => dataAreaId === erp.company);
}

/** How much of an item lies at a site with status Available. */
export function availableAt(erp: Erp, item: string, site: string): Exact {
  return sum(
    spotsOf(erp, item)
      .filter((row) => row.InventorySiteId === site && row.InventoryStatusId === "Available")
      .map((row) => row.OnHandQuantity),
  );
}

/** The lot of a receipt: the one given, or the next number where the item numbers its lots; none without tracking. */
export function lotFor(
  erp: Erp,
  product: Product,
  given: string,
  about: { productionOrder?: string; vendorLot?: string } = {},
): string {
  if (!hasLots(product)) {
    if (given !== "")
      refuse(
        "BatchNotTracked",
        `Item ${product.ItemNumber} is not tracked by batch number`,
        "ItemBatchNumber",
      );
    return "";
  }
  const number =
    given || (product.BatchNumberGroupCode === "" ? "" : erp.nextNumber(product.BatchNumberGroupCode));
  if (number === "")
    refuse(
      "BatchMandatory",
      `Inventory dimension Batch number is mandatory and must consequently be specified for item ${product.ItemNumber}`,
      "ItemBatchNumber",
    );
  if (!erp.get(BATCHES, { ItemNumber: product.ItemNumber, BatchNumber: number }))
    erp.create(BATCHES, {
      ItemNumber: product.ItemNumber,
      BatchNumber: number,
      ManufacturingDate: erp.clock.today(),
      VendorBatchNumber: about.vendorLot ?? "",
      ILKProductionOrderNumber: about.productionOrder ?? "",
    });
  return number;
}
