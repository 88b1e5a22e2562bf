import type { Erp } from "../erp.ts";
import { because } from "../customer/customer.ts";
import { refuse } from "../refusal.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const PRODUCTS = defineTable(
  "product",
  {
    dataAreaId: "text",
    ItemNumber: "text",
    ProductNumber: "text",
    SearchName: "text",
    ProductType: "text",
    ProductionType: "text",
    InventoryUnitSymbol: "text",
    SalesUnitSymbol: "text",
    PurchaseUnitSymbol: "text",
    BOMUnitSymbol: "text",
    UnitCost: "decimal",
    SalesPrice: "decimal",
    SalesTaxItemGroupCode: "text",
    TrackingDimensionGroupName: "text",
    BatchNumberGroupCode: "text",
    ProductLifecycleStateId: "text",
    FlushingPrinciple: "text",
    DefaultOrderType: "text",
    ILKIsMakeToOrder: "yesno",
    ILKIsBlocked: "yesno",
    ILKBlockReason: "text",
    ILKLeadTimeDays: "int",
    ILKOverdeliveryPercentage: "decimal",
    ILKReference: "text",
  },
  ["dataAreaId", "ItemNumber"],
);
export type Product = RowOf<typeof PRODUCTS.fields>;

export function findProduct(erp: Erp, item: string, field = "ItemNumber"): Product {
  const product = erp.get(PRODUCTS, { ItemNumber: item });
  if (!product) refuse("UnknownItem", `Item ${item} does not exist`, field);
  return product;
}

/** Why an item cannot be ordered or made now; undefined when it can. */
export function whyUnusable(product: Product): string | undefined {
  if (product.ILKIsBlocked === "Yes")
    return `Item ${product.ItemNumber} is blocked${because(product.ILKBlockReason)}`;
  if (product.ProductLifecycleStateId !== "Approved")
    return `Item ${product.ItemNumber} is not approved: its lifecycle state is ${product.ProductLifecycleStateId}`;
  return undefined;
}

export function refuseUnusable(product: Product, field = "ItemNumber"): void {
  const why = whyUnusable(product);
  if (why !== undefined) refuse("ItemBlocked", why, field);
}

/** The ERP converts no units: an item has one, and another one is a mistake. */
export function refuseUnit(product: Product, unit: string, field: string): void {
  if (unit !== "" && unit !== product.InventoryUnitSymbol)
    refuse(
      "WrongUnit",
      `Unit ${unit} is not a unit of item ${product.ItemNumber}, which is kept in ${product.InventoryUnitSymbol}`,
      field,
    );
}

export function isMade(product: Product): boolean {
  return product.ProductionType === "BOM";
}

export function hasLots(product: Product): boolean {
  return product.TrackingDimensionGroupName === "Batch";
}
