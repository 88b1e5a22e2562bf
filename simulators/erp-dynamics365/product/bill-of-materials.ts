import type { Erp } from "../erp.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const BOM_HEADERS = defineTable(
  "bom",
  {
    dataAreaId: "text",
    BOMId: "text",
    BOMName: "text",
    ProductionSiteId: "text",
    IsApproved: "yesno",
    ILKItemNumber: "text",
    ILKRevision: "text",
  },
  ["dataAreaId", "BOMId"],
);

export const BOM_VERSIONS = defineTable(
  "bomVersion",
  {
    dataAreaId: "text",
    BOMId: "text",
    ManufacturedItemNumber: "text",
    ProductionSiteId: "text",
    VersionName: "text",
    IsActive: "yesno",
    IsApproved: "yesno",
    FromQuantity: "decimal",
    ValidFromDate: "date",
    ValidToDate: "date",
  },
  ["dataAreaId", "BOMId", "ManufacturedItemNumber", "ProductionSiteId"],
  ["ManufacturedItemNumber"],
);
export type BomVersion = RowOf<typeof BOM_VERSIONS.fields>;

export const BOM_LINES = defineTable(
  "bomLine",
  {
    dataAreaId: "text",
    BOMId: "text",
    LineCreationSequenceNumber: "int",
    LineNumber: "decimal",
    ItemNumber: "text",
    Quantity: "decimal",
    QuantityDenominator: "decimal",
    ProductUnitSymbol: "text",
    LineType: "text",
    RouteOperationNumber: "int",
    FlushingPrinciple: "text",
    ConsumptionSiteId: "text",
    ConsumptionWarehouseId: "text",
  },
  ["dataAreaId", "BOMId", "LineCreationSequenceNumber"],
  ["BOMId"],
);
export type BomLine = RowOf<typeof BOM_LINES.fields>;

/** The approved, active revision of an item's bill of materials that is in effect on a day; the youngest if several are. */
export function findBom(erp: Erp, item: string, site: string, date: string): BomVersion | undefined {
  return erp.store
    .find(BOM_VERSIONS, { ManufacturedItemNumber: item })
    .filter(
      (version) =>
        version.dataAreaId === erp.company &&
        version.IsActive === "Yes" &&
        version.IsApproved === "Yes" &&
        (version.ProductionSiteId === "" || version.ProductionSiteId === site) &&
        version.ValidFromDate <= date &&
        (version.ValidToDate === "" || version.ValidToDate >= date),
    )
    .toSorted((a, b) => (a.ValidFromDate < b.ValidFromDate ? -1 : 1))
    .at(-1);
}

export function readBomLines(erp: Erp, bomId: string): BomLine[] {
  return erp.store.find(BOM_LINES, { BOMId: bomId }).filter(({ dataAreaId }) => dataAreaId === erp.company);
}

export function findBomOrRefuse(erp: Erp, item: string, site: string, date: string): BomVersion {
  const version = findBom(erp, item, site, date);
  if (!version)
    refuse("NoBom", `Item ${item} has no approved and active bill of materials at site ${site} on ${date}`);
  return version;
}
