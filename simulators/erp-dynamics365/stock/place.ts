import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable } from "../store/table.ts";

export const SITES = defineTable("site", { dataAreaId: "text", SiteId: "text", SiteName: "text" }, [
  "dataAreaId",
  "SiteId",
]);

export const WAREHOUSES = defineTable(
  "warehouse",
  {
    dataAreaId: "text",
    WarehouseId: "text",
    WarehouseName: "text",
    OperationalSiteId: "text",
    ILKDefaultLocationId: "text",
  },
  ["dataAreaId", "WarehouseId"],
  ["OperationalSiteId"],
);

export const LOCATIONS = defineTable(
  "location",
  { dataAreaId: "text", WarehouseId: "text", WarehouseLocationId: "text", ILKLocationClass: "text" },
  ["dataAreaId", "WarehouseId", "WarehouseLocationId"],
);

export const STATUSES = ["Available", "Inspection", "Blocked"] as const;

export type Place = { site: string; warehouse: string; location: string };

/** Completes a place from what is given of it; refuses what does not exist or does not fit together. */
export function resolvePlace(erp: Erp, given: Partial<Place>): Place {
  const site = given.site || (given.warehouse ? siteOf(erp, given.warehouse) : firstSite(erp));
  if (!erp.get(SITES, { SiteId: site })) refuse("UnknownSite", `Site ${site} does not exist`, "SiteId");
  const warehouse = given.warehouse || firstWarehouse(erp, site);
  const row = erp.get(WAREHOUSES, { WarehouseId: warehouse });
  if (!row) refuse("UnknownWarehouse", `Warehouse ${warehouse} does not exist`, "WarehouseId");
  if (row.OperationalSiteId !== site)
    refuse(
      "WrongSite",
      `Warehouse ${warehouse} belongs to site ${row.OperationalSiteId}, not ${site}`,
      "SiteId",
    );
  const location = given.location || row.ILKDefaultLocationId;
  if (!erp.get(LOCATIONS, { WarehouseId: warehouse, WarehouseLocationId: location }))
    refuse(
      "UnknownLocation",
      `Location ${location} does not exist in warehouse ${warehouse}`,
      "WarehouseLocationId",
    );
  return { site, warehouse, location };
}

export function checkStatus(status: string): string {
  if (!(STATUSES as readonly string[]).includes(status))
    refuse("UnknownStatus", `Inventory status ${status} does not exist`, "InventoryStatusId");
  return status;
}

function siteOf(erp: Erp, warehouse: string): string {
  return (
    erp.get(WAREHOUSES, { WarehouseId: warehouse })?.OperationalSiteId ??
    refuse("UnknownWarehouse", `Warehouse ${warehouse} does not exist`, "WarehouseId")
  );
}

export function firstSite(erp: Erp): string {
  const site = erp.store.find(SITES, { dataAreaId: erp.company })[0]?.SiteId;
  return (
    site ??
    refuse("NoSite", "Inventory dimension Site is mandatory and must consequently be specified", "SiteId")
  );
}

function firstWarehouse(erp: Erp, site: string): string {
  return (
    erp.store.find(WAREHOUSES, { OperationalSiteId: site, dataAreaId: erp.company })[0]?.WarehouseId ??
    refuse("NoWarehouse", `Site ${site} has no warehouse`, "WarehouseId")
  );
}
