import type { Erp } from "../erp.ts";
import { defineTable, type RowOf } from "../store/table.ts";

export const ROUTE_HEADERS = defineTable(
  "route",
  { dataAreaId: "text", RouteId: "text", RouteName: "text", IsApproved: "yesno" },
  ["dataAreaId", "RouteId"],
);

export const ROUTE_VERSIONS = defineTable(
  "routeVersion",
  {
    dataAreaId: "text",
    RouteId: "text",
    ItemNumber: "text",
    ProductionSiteId: "text",
    VersionName: "text",
    IsActive: "yesno",
  },
  ["dataAreaId", "RouteId", "ItemNumber", "ProductionSiteId"],
  ["ItemNumber"],
);

export const ROUTE_OPERATIONS = defineTable(
  "routeOperation",
  {
    dataAreaId: "text",
    RouteId: "text",
    OperationNumber: "int",
    OperationPriority: "text",
    OperationId: "text",
    NextRouteOperationNumber: "int",
    SetupTime: "decimal",
    ProcessTime: "decimal",
    ProcessQuantity: "decimal",
    CostingOperationResourceId: "text",
    RouteGroupId: "text",
    ILKIsReportingOperation: "yesno",
    ILKIsPointOfNoReturn: "yesno",
  },
  ["dataAreaId", "RouteId", "OperationNumber", "OperationPriority"],
  ["RouteId"],
);
export type RouteOperation = RowOf<typeof ROUTE_OPERATIONS.fields>;

export const RESOURCES = defineTable(
  "resource",
  {
    dataAreaId: "text",
    OperationsResourceId: "text",
    ResourceName: "text",
    ProductionSiteId: "text",
    ILKHourlyRate: "decimal",
  },
  ["dataAreaId", "OperationsResourceId"],
);

export function findRoute(erp: Erp, item: string, site: string): string {
  return (
    erp.store
      .find(ROUTE_VERSIONS, { ItemNumber: item })
      .findLast(
        (version) =>
          version.dataAreaId === erp.company &&
          version.IsActive === "Yes" &&
          (version.ProductionSiteId === "" || version.ProductionSiteId === site),
      )?.RouteId ?? ""
  );
}

export function readRouteOperations(erp: Erp, routeId: string): RouteOperation[] {
  return erp.store
    .find(ROUTE_OPERATIONS, { RouteId: routeId })
    .filter(({ dataAreaId }) => dataAreaId === erp.company)
    .toSorted((a, b) => a.OperationNumber - b.OperationNumber);
}
