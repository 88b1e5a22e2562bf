import { newCall } from "../call.ts";
import type { Erp } from "../erp.ts";
import { isObject } from "../exact-json.ts";
import { CUSTOMERS } from "../customer/customer.ts";
import { fromWire } from "../odata/wire-row.ts";
import { BOM_HEADERS, BOM_LINES, BOM_VERSIONS } from "../product/bill-of-materials.ts";
import { OPTIONS } from "../product/configuration.ts";
import { PRICE_RULES, TAX_RATES } from "../product/price.ts";
import { findProduct, PRODUCTS } from "../product/product.ts";
import { RESOURCES, ROUTE_HEADERS, ROUTE_OPERATIONS, ROUTE_VERSIONS } from "../product/route.ts";
import { refuse } from "../refusal.ts";
import { RequestReader } from "../request-reader.ts";
import { postAdjustment } from "../stock/change-stock.ts";
import { LOCATIONS, SITES, WAREHOUSES } from "../stock/place.ts";
import { newRow, type Fields, type RowOf, type Table } from "../store/table.ts";

const ROWS_LIMIT = 5000;
const PARTS = [
  "sites",
  "warehouses",
  "locations",
  "customers",
  "resources",
  "products",
  "options",
  "boms",
  "routes",
  "taxRates",
  "priceRules",
  "stock",
];

type Part = Record<string, unknown>;

/** Puts master data and opening stock in. A record that is there is replaced; stock is added. All or nothing. */
export function seedErp(erp: Erp, document: Part): Record<string, number> {
  const unknown = Object.keys(document).find((name) => !PARTS.includes(name));
  if (unknown !== undefined) refuse("UnknownPart", `${unknown} is none of ${PARTS.join(", ")}`, unknown);
  return erp.store.transact(() => {
    put(erp, SITES, document, "sites", {});
    put(erp, WAREHOUSES, document, "warehouses", {});
    put(erp, LOCATIONS, document, "locations", { ILKLocationClass: "storage" });
    put(erp, CUSTOMERS, document, "customers", { OnHoldStatus: "No", SalesCurrencyCode: "EUR" });
    put(erp, RESOURCES, document, "resources", {});
    putProducts(erp, document);
    put(erp, OPTIONS, document, "options", {});
    putBoms(erp, document);
    putRoutes(erp, document);
    put(erp, TAX_RATES, document, "taxRates", {});
    put(erp, PRICE_RULES, document, "priceRules", {});
    for (const row of rowsOf(document, "stock"))
      postAdjustment(erp, newCall("system", "opening stock"), new RequestReader(row));
    return Object.fromEntries(PARTS.map((name) => [name, rowsOf(document, name).length]));
  });
}

function putProducts(erp: Erp, document: Part): void {
  for (const row of rowsOf(document, "products")) {
    const unit = typeof row["InventoryUnitSymbol"] === "string" ? row["InventoryUnitSymbol"] : "ea";
    putRow(erp, PRODUCTS, row, {
      ProductType: "Item",
      ProductionType: "None",
      InventoryUnitSymbol: unit,
      SalesUnitSymbol: unit,
      PurchaseUnitSymbol: unit,
      BOMUnitSymbol: unit,
      TrackingDimensionGroupName: "None",
      ProductLifecycleStateId: "Approved",
      FlushingPrinciple: "Manual",
      ProductNumber: String(row["ItemNumber"]),
    });
  }
}

/** A bill of materials with its lines, in effect for its item: `{BOMId, ILKItemNumber, ILKRevision, ValidFromDate?, lines}`. */
function putBoms(erp: Erp, document: Part): void {
  for (const bom of rowsOf(document, "boms")) {
    const { lines, ValidFromDate, ValidToDate, ...header } = bom;
    const row = putRow(erp, BOM_HEADERS, header, { IsApproved: "Yes" });
    findProduct(erp, row.ILKItemNumber, "ILKItemNumber");
    const version = given({ ValidFromDate, ValidToDate });
    putRow(erp, BOM_VERSIONS, version, {
      BOMId: row.BOMId,
      ManufacturedItemNumber: row.ILKItemNumber,
      ProductionSiteId: row.ProductionSiteId,
      VersionName: row.ILKRevision,
      IsActive: "Yes",
      IsApproved: row.IsApproved,
      ValidFromDate: "2000-01-01",
    });
    for (const line of erp.store.find(BOM_LINES, { BOMId: row.BOMId })) erp.store.remove(BOM_LINES, line);
    rowsOf({ lines }, "lines").forEach((line, index) => {
      const product = findProduct(erp, String(line["ItemNumber"]));
      putRow(erp, BOM_LINES, line, {
        BOMId: row.BOMId,
        LineCreationSequenceNumber: index + 1,
        LineNumber: String(index + 1),
        QuantityDenominator: "1",
        LineType: "Item",
        ProductUnitSymbol: product.InventoryUnitSymbol,
        FlushingPrinciple: product.FlushingPrinciple,
      });
    });
  }
}

/** A route with its operations, for an item: `{RouteId, RouteName, ItemNumber, ProductionSiteId?, operations}`. */
function putRoutes(erp: Erp, document: Part): void {
  for (const route of rowsOf(document, "routes")) {
    const { operations, ItemNumber, ProductionSiteId, ...header } = route;
    const row = putRow(erp, ROUTE_HEADERS, header, { IsApproved: "Yes" });
    const version = given({ ItemNumber, ProductionSiteId });
    putRow(erp, ROUTE_VERSIONS, version, {
      RouteId: row.RouteId,
      VersionName: row.RouteName,
      IsActive: "Yes",
    });
    for (const each of erp.store.find(ROUTE_OPERATIONS, { RouteId: row.RouteId }))
      erp.store.remove(ROUTE_OPERATIONS, each);
    for (const operation of rowsOf({ operations }, "operations"))
      putRow(erp, ROUTE_OPERATIONS, operation, {
        RouteId: row.RouteId,
        OperationPriority: "Primary",
        ProcessQuantity: "1",
      });
  }
}

function put<F extends Fields>(
  erp: Erp,
  table: Table<F>,
  document: Part,
  name: string,
  defaults: Partial<RowOf<F>>,
): void {
  for (const row of rowsOf(document, name)) putRow(erp, table, row, defaults);
}

function putRow<F extends Fields>(
  erp: Erp,
  table: Table<F>,
  row: Part,
  defaults: Partial<RowOf<F>>,
): RowOf<F> {
  const reader = new RequestReader(row);
  const read = fromWire(table.fields, row, Object.keys(table.fields));
  const merged = newRow(table, {
    ...defaults,
    ...read,
    dataAreaId: reader.text("dataAreaId", erp.company),
  } as Partial<RowOf<F>>);
  const missing = table.key.find((field) => merged[field] === "" && !OPTIONAL_KEYS.has(field));
  if (missing !== undefined) refuse("Missing", `${missing} of a ${table.name} is missing`, missing);
  return erp.store.put(table, merged);
}

/** An empty site means every site; an empty tax group is one as well. */
const OPTIONAL_KEYS = new Set(["ProductionSiteId", "SalesTaxGroupCode", "SalesTaxItemGroupCode"]);

function given(row: Part): Part {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

function rowsOf(document: Part, name: string): Part[] {
  const rows = document[name] ?? [];
  if (!Array.isArray(rows) || rows.length > ROWS_LIMIT || !rows.every(isObject))
    return refuse("InvalidSeed", `${name} must be a list of at most ${ROWS_LIMIT} objects`, name);
  return rows;
}
