import { exact, plain, sum } from "../decimal.ts";
import type { Erp } from "../erp.ts";
import { defineEntitySet } from "../odata/entity-set.ts";
import { alternatives, conjuncts } from "../odata/filter.ts";
import { incoming, neededByProduction, neededBySales } from "../planning/supply.ts";
import { defineTable, newRow, type RowOf } from "../store/table.ts";
import { INVENTORY_CHANGES } from "./inventory-change.ts";
import { LOCATIONS, SITES, WAREHOUSES } from "./place.ts";
import { BATCHES, STOCK, type StockRow } from "./stock.ts";

const ON_HAND = defineTable(
  "onHand",
  {
    dataAreaId: "text",
    ItemNumber: "text",
    InventorySiteId: "text",
    InventoryWarehouseId: "text",
    OnHandQuantity: "decimal",
    ReservedOnHandQuantity: "decimal",
    AvailableOnHandQuantity: "decimal",
    OrderedQuantity: "decimal",
    OnOrderQuantity: "decimal",
    TotalAvailableQuantity: "decimal",
  },
  ["dataAreaId", "ItemNumber", "InventorySiteId", "InventoryWarehouseId"],
);

export const STOCK_SETS = [
  defineEntitySet({ names: ["OperationalSitesV2"], entity: "InventOperationalSiteV2Entity", table: SITES }),
  defineEntitySet({ names: ["Warehouses"], entity: "InventWarehouseEntity", table: WAREHOUSES }),
  defineEntitySet({ names: ["WarehouseLocations"], entity: "WMSWarehouseLocationEntity", table: LOCATIONS }),
  defineEntitySet({ names: ["ItemBatches"], entity: "InventItemBatchEntity", table: BATCHES }),
  defineEntitySet({ names: ["ILKInventoryOnHand"], entity: "ILKInventoryOnHandEntity", table: STOCK }),
  defineEntitySet({
    names: ["ILKInventoryChanges"],
    entity: "ILKInventoryChangeEntity",
    table: INVENTORY_CHANGES,
  }),
  defineEntitySet({
    names: ["WarehousesOnHandV2"],
    entity: "InventWarehouseOnHandV2Entity",
    table: ON_HAND,
    read: (erp, query) => {
      const [item] = conjuncts(query?.filter).flatMap((part) => alternatives(part, "ItemNumber") ?? []);
      return readOnHand(erp, item);
    },
  }),
];

/** Stock by warehouse. What is needed and what is to come is known by site only, and shown at each of its warehouses. */
function readOnHand(erp: Erp, item: string | undefined): RowOf<typeof ON_HAND.fields>[] {
  const groups = new Map<string, StockRow[]>();
  for (const row of erp.store.find(STOCK, item === undefined ? {} : { ItemNumber: item })) {
    const key = [row.dataAreaId, row.ItemNumber, row.InventorySiteId, row.InventoryWarehouseId].join(
      "\u001f",
    );
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const { dataAreaId, ItemNumber, InventorySiteId, InventoryWarehouseId } = first;
    const onHand = sum(rows.map(({ OnHandQuantity }) => OnHandQuantity));
    const available = sum(
      rows.filter((row) => row.InventoryStatusId === "Available").map(({ OnHandQuantity }) => OnHandQuantity),
    );
    const wanted = neededByProduction(erp, ItemNumber, InventorySiteId).plus(
      neededBySales(erp, ItemNumber, InventorySiteId),
    );
    const reserved = wanted.lt(available) ? wanted : available;
    const ordered = incoming(erp, ItemNumber, InventorySiteId);
    return newRow(ON_HAND, {
      dataAreaId,
      ItemNumber,
      InventorySiteId,
      InventoryWarehouseId,
      OnHandQuantity: plain(onHand),
      ReservedOnHandQuantity: plain(reserved),
      AvailableOnHandQuantity: plain(available),
      OrderedQuantity: plain(ordered),
      OnOrderQuantity: plain(wanted),
      TotalAvailableQuantity: plain(exact(available).plus(ordered).minus(wanted)),
    });
  });
}
