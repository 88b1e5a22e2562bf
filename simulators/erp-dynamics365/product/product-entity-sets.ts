import { defineEntitySet } from "../odata/entity-set.ts";
import { refuse } from "../refusal.ts";
import { BOM_HEADERS, BOM_LINES, BOM_VERSIONS } from "./bill-of-materials.ts";
import { OPTIONS } from "./configuration.ts";
import { PRICE_RULES, TAX_RATES } from "./price.ts";
import { PRODUCTS, type Product } from "./product.ts";
import { RESOURCES, ROUTE_HEADERS, ROUTE_OPERATIONS, ROUTE_VERSIONS } from "./route.ts";

const WRITABLE = [
  "ProductNumber",
  "SearchName",
  "SalesPrice",
  "SalesTaxItemGroupCode",
  "ProductLifecycleStateId",
  "ILKIsBlocked",
  "ILKBlockReason",
  "ILKLeadTimeDays",
  "ILKOverdeliveryPercentage",
] as const;

export const PRODUCT_SETS = [
  defineEntitySet({
    names: ["ReleasedProductsV2"],
    entity: "EcoResReleasedProductV2Entity",
    table: PRODUCTS,
    insert: {
      fields: [
        "ItemNumber",
        "ProductType",
        "ProductionType",
        "InventoryUnitSymbol",
        "SalesUnitSymbol",
        "BOMUnitSymbol",
        "UnitCost",
        "TrackingDimensionGroupName",
        "BatchNumberGroupCode",
        "FlushingPrinciple",
        "ILKIsMakeToOrder",
        ...WRITABLE,
      ],
      required: ["ItemNumber", "InventoryUnitSymbol"],
      run(erp, call, given) {
        const item = given.ItemNumber ?? "";
        if (erp.get(PRODUCTS, { ItemNumber: item }))
          refuse(
            "AlreadyExists",
            `Cannot create a record in Items (InventTable). Item number: ${item}. The record already exists`,
            "ItemNumber",
          );
        check(given);
        erp.record(call, "item.create", item);
        erp.tell(call, "ILKItemChangedBusinessEvent", { ItemNumber: item });
        return erp.create(PRODUCTS, {
          ProductLifecycleStateId: "New",
          ProductionType: "None",
          TrackingDimensionGroupName: "None",
          ...given,
          ILKReference: call.reference,
        });
      },
    },
    update: {
      fields: WRITABLE,
      run(erp, call, row, given) {
        check(given);
        erp.record(call, "item.change", row.ItemNumber);
        erp.tell(call, "ILKItemChangedBusinessEvent", { ItemNumber: row.ItemNumber });
        erp.change(PRODUCTS, row, { ...given, ILKReference: call.reference || row.ILKReference });
      },
    },
  }),
  defineEntitySet({
    names: ["BillOfMaterialsHeaders"],
    entity: "BOMBillOfMaterialsHeaderEntity",
    table: BOM_HEADERS,
  }),
  defineEntitySet({
    names: ["BillOfMaterialsVersionsV3", "BillOfMaterialsVersionsV2"],
    entity: "BOMBillOfMaterialsVersionV3Entity",
    table: BOM_VERSIONS,
  }),
  defineEntitySet({
    names: ["BillOfMaterialsLinesV3", "BillOfMaterialsLinesV2"],
    entity: "BOMBillOfMaterialsLineV3Entity",
    table: BOM_LINES,
  }),
  defineEntitySet({ names: ["RouteHeaders"], entity: "RouteHeaderEntity", table: ROUTE_HEADERS }),
  defineEntitySet({ names: ["RouteVersionsV2"], entity: "RouteVersionV2Entity", table: ROUTE_VERSIONS }),
  defineEntitySet({
    names: ["RouteOperationsV2"],
    entity: "RouteRouteOperationEntityV2",
    table: ROUTE_OPERATIONS,
  }),
  defineEntitySet({
    names: ["OperationsResources"],
    entity: "OpResOperationsResourceEntity",
    table: RESOURCES,
  }),
  defineEntitySet({ names: ["ILKProductOptions"], entity: "ILKProductOptionEntity", table: OPTIONS }),
  defineEntitySet({ names: ["ILKPriceRules"], entity: "ILKPriceRuleEntity", table: PRICE_RULES }),
  defineEntitySet({ names: ["ILKTaxRates"], entity: "ILKTaxRateEntity", table: TAX_RATES }),
];

function check(given: Partial<Product>): void {
  for (const name of ["SalesPrice", "UnitCost", "ILKOverdeliveryPercentage"] as const)
    if (given[name]?.startsWith("-")) refuse("Negative", `${name} must not be negative`, name);
  const { ILKLeadTimeDays: days } = given;
  if (days !== undefined && (days < 0 || days > 1000))
    refuse("OutOfRange", "ILKLeadTimeDays must be 0 to 1000", "ILKLeadTimeDays");
}
