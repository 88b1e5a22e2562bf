/**
 * The ERP's master data for the log. The log names parts by a word and no routings: parts of one word that go through other
 * operations are other items, and each routing ends with packing, which is the operation that counts.
 */
import type { LogRow } from "./log-file.ts";
import { nameAll, type Names, PACKING } from "./names.ts";

/** In percent: what the works may deliver beyond what was ordered. */
export const TOLERANCE = 10;
const SITE = "1";
const BLANK = "BLANK";

interface Item {
  readonly number: string;
  readonly part: string;
  /** By their numbers. */
  readonly operations: ReadonlyMap<string, { readonly activity: string; readonly workCenter: string }>;
}

export interface Ordered {
  /** As the log calls the order. */
  readonly name: string;
  readonly item: string;
  readonly quantity: string;
}

export class Company {
  readonly items: readonly Item[];
  readonly orders: readonly Ordered[];
  /** The operation that counts pieces into stock. */
  readonly counting: string;
  readonly names: Names;

  constructor(rows: readonly LogRow[]) {
    this.names = nameAll(rows);
    this.counting = this.operationOf(PACKING);
    const items = new Map<string, Item>();
    const orders: Ordered[] = [];
    for (const [name, own] of Map.groupBy(rows, ({ workOrder }) => workOrder)) {
      const { part, ordered } = own[0]!;
      const places = new Map(own.map(({ activity, resource }) => [activity, resource]));
      places.set(PACKING, PACKING);
      const operations = new Map(
        [...places]
          .map(([activity, resource]) => {
            const planned = { activity, workCenter: this.names.workCenters.get(resource)! };
            return [this.operationOf(activity), planned] as const;
          })
          .toSorted(([a], [b]) => Number(a) - Number(b)),
      );
      const way = `${part}:${[...operations.keys()].join(",")}`;
      const count = [...items.values()].filter((item) => item.part === part).length;
      const item = items.get(way) ?? { number: `${slug(part)}-${count + 1}`, part, operations };
      items.set(way, item);
      orders.push({ name, item: item.number, quantity: ordered });
    }
    this.items = [...items.values()];
    this.orders = orders;
  }

  operationOf(activity: string): string {
    const operation = this.names.operations.get(activity);
    if (operation === undefined) throw new Error(`the log has no activity "${activity}"`);
    return operation;
  }

  /** `POST /admin/seed` of the ERP. @param times so often everything is made */
  seed(times: number): object {
    const pieces = this.orders.reduce((sum, { quantity }) => sum + Number(quantity), 0);
    return {
      replace: true,
      sites: [{ SiteId: SITE, SiteName: "Works" }],
      warehouses: [
        { WarehouseId: "11", WarehouseName: "Works", OperationalSiteId: SITE, ILKDefaultLocationId: "BULK" },
      ],
      locations: [{ WarehouseId: "11", WarehouseLocationId: "BULK" }],
      resources: [...this.names.workCenters.values()].map((id) => ({
        OperationsResourceId: id,
        ResourceName: id,
        ProductionSiteId: SITE,
        ILKHourlyRate: "50",
      })),
      products: [
        { ItemNumber: BLANK, SearchName: "Blank", InventoryUnitSymbol: "ea", UnitCost: "2" },
        ...this.items.map(({ number, part }) => ({
          ItemNumber: number,
          SearchName: part,
          InventoryUnitSymbol: "ea",
          ProductionType: "BOM",
          UnitCost: "40",
          ILKLeadTimeDays: 5,
          ILKOverdeliveryPercentage: String(TOLERANCE),
        })),
      ],
      boms: this.items.map(({ number, operations }) => ({
        BOMId: `${number}-A`,
        ILKItemNumber: number,
        ILKRevision: "A",
        ProductionSiteId: SITE,
        lines: [
          {
            ItemNumber: BLANK,
            Quantity: "1",
            RouteOperationNumber: Number([...operations.keys()][0]),
            FlushingPrinciple: "Finish",
          },
        ],
      })),
      routes: this.items.map(({ number, operations }) => ({
        RouteId: `R-${number}`,
        RouteName: "1",
        ItemNumber: number,
        ProductionSiteId: SITE,
        operations: [...operations].map(([operation, { activity, workCenter }]) => ({
          OperationNumber: Number(operation),
          OperationId: activity,
          ProcessTime: "0.1",
          CostingOperationResourceId: workCenter,
          ILKIsReportingOperation: operation === this.counting ? "Yes" : "No",
        })),
      })),
      stock: [{ ItemNumber: BLANK, WarehouseId: "11", Quantity: String(pieces * times * 4) }],
    };
  }
}

function slug(part: string): string {
  return part.toUpperCase().replaceAll(" ", "-");
}
