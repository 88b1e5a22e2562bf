/** The company in the words of its ERP and its CRM: what stands in the tables, and nothing that does not. */
import { dayBefore, dayOf, groupBy, type Row, type Tables } from "./tables.ts";

const CURRENCY = "USD";
const SITES = { bothell: "1", renton: "2" } as const;
const WAREHOUSES = { "1": "11", "2": "21" } as const;
type Site = (typeof SITES)[keyof typeof SITES];

export class Company {
  readonly #tables: Tables;
  readonly #products: ReadonlyMap<string, Row>;
  readonly #sold: ReadonlySet<string>;
  readonly #routed: ReadonlySet<string>;
  readonly #units: ReadonlyMap<string, string>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#products = new Map(tables.products.map((row) => [row["ProductID"]!, row]));
    this.#sold = new Set(tables.salesLines.map((row) => row["ProductID"]!));
    this.#routed = new Set(tables.routing.map((row) => row["ProductID"]!));
    // A product has no unit of its own: it is counted as the bills of materials count it.
    this.#units = new Map(tables.billLines.map((row) => [row["ComponentID"]!, row["UnitMeasureCode"]!]));
  }

  itemOf(product: string): string {
    return this.#products.get(product)!["ProductNumber"]!;
  }

  isMade(product: string): boolean {
    return this.#products.get(product)!["MakeFlag"] === "1";
  }

  isSold(product: string): boolean {
    return this.#sold.has(product);
  }

  /** What leaves the house, and what is built up by operations, comes out of Bothell; its parts are made in Renton. */
  siteOf(product: string): Site {
    const parts = this.isMade(product) && !this.#sold.has(product) && !this.#routed.has(product);
    return parts ? SITES.renton : SITES.bothell;
  }

  /** The lines of a bill that hold on a day. */
  partsOf(lines: readonly Row[], day: string): Row[] {
    return lines.filter((row) => holdsOn(row, day));
  }

  unitOf(product: string): string {
    return this.#units.get(product) ?? "EA ";
  }

  items(): string[] {
    return this.#tables.products.map((row) => row["ProductNumber"]!);
  }

  /** Documents for the ERP's seed, each part with all its rows. */
  erpSeed(): Record<string, object[]> {
    const { products, locations } = this.#tables;
    return {
      sites: [
        { SiteId: SITES.bothell, SiteName: "Bothell" },
        { SiteId: SITES.renton, SiteName: "Renton" },
      ],
      warehouses: Object.entries(WAREHOUSES).map(([OperationalSiteId, WarehouseId]) => ({
        WarehouseId,
        WarehouseName: WarehouseId,
        OperationalSiteId,
        ILKDefaultLocationId: "BULK",
      })),
      locations: Object.values(WAREHOUSES).map((WarehouseId) => ({
        WarehouseId,
        WarehouseLocationId: "BULK",
      })),
      taxRates: [{ SalesTaxGroupCode: "DOM", SalesTaxItemGroupCode: "FULL", RatePercentage: "8" }],
      customers: this.#customers().map(({ number, name, group }) => ({
        CustomerAccount: number,
        OrganizationName: name,
        CustomerGroupId: group,
        SalesCurrencyCode: CURRENCY,
        CreditLimit: "0",
        SiteId: SITES.bothell,
        SalesTaxGroupCode: "DOM",
      })),
      resources: locations.map((row) => ({
        OperationsResourceId: row["LocationID"],
        ResourceName: row["Name"],
        ProductionSiteId: SITES.bothell,
        ILKHourlyRate: row["CostRate"],
      })),
      products: products.map((row) => this.#product(row)),
      priceRules: this.#priceRules(),
      boms: this.#bills(),
      routes: this.#routes(),
    };
  }

  /** `PUT /admin/customers` and `/admin/items` of the CRM. */
  crmCustomers(): object[] {
    return this.#customers().map(({ number, name }) => ({ number, name, currency: CURRENCY }));
  }

  crmItems(): object[] {
    return this.#tables.products.map((row) => ({
      number: row["ProductNumber"],
      name: row["Name"],
      unit: "Each",
      price: row["ListPrice"],
    }));
  }

  /** `adjust-stock` of the ERP, where the item lies. */
  stock(product: string, quantity: number): object {
    return {
      ItemNumber: this.itemOf(product),
      WarehouseId: WAREHOUSES[this.siteOf(product)],
      Quantity: String(quantity),
    };
  }

  #customers(): { number: string; name: string; group: string }[] {
    const stores = new Map(this.#tables.stores.map((row) => [row["BusinessEntityID"]!, row["Name"]!]));
    return this.#tables.customers.map((row) => {
      const store = stores.get(row["StoreID"]!);
      const number = row["AccountNumber"]!;
      return { number, name: store ?? number, group: groupOf(row) };
    });
  }

  #product(row: Row): object {
    const product = row["ProductID"]!;
    const unit = this.unitOf(product);
    return {
      ItemNumber: row["ProductNumber"],
      SearchName: row["Name"],
      ProductionType: this.isMade(product) ? "BOM" : "None",
      InventoryUnitSymbol: unit,
      SalesUnitSymbol: unit,
      SalesTaxItemGroupCode: "FULL",
      UnitCost: row["StandardCost"],
      SalesPrice: row["ListPrice"],
      FlushingPrinciple: "Finish",
      ILKLeadTimeDays: Number(row["DaysToManufacture"]),
    };
  }

  /** What stores and people pay: the dearest of the prices that the lines show; a discount stays within the tolerance. */
  #priceRules(): object[] {
    const { salesLines, salesOrders, customers } = this.#tables;
    const buyers = new Map(salesOrders.map((row) => [row["SalesOrderID"]!, row["CustomerID"]!]));
    const groups = new Map(customers.map((row) => [row["CustomerID"]!, groupOf(row)]));
    const prices = new Map<string, number>();
    for (const row of salesLines) {
      const group = groups.get(buyers.get(row["SalesOrderID"]!)!)!;
      const rule = `${this.itemOf(row["ProductID"]!)} ${group}`;
      prices.set(rule, Math.max(prices.get(rule) ?? 0, Number(row["UnitPrice"])));
    }
    return [...prices].map(([rule, price]) => {
      const [ItemNumber, CustomerGroupId] = rule.split(" ");
      return { RuleId: rule, ItemNumber, CustomerGroupId, Price: String(price) };
    });
  }

  /** A line holds from its start to its end: each day on which the lines of a bill change begins a revision. */
  #bills(): object[] {
    return [...groupBy(this.#tables.billLines, "ProductAssemblyID")]
      .filter(([product]) => product !== "" && this.isMade(product))
      .flatMap(([product, lines]) => this.#revisions(product, lines));
  }

  #revisions(product: string, lines: readonly Row[]): object[] {
    const begins = [...new Set(lines.flatMap(changeDays))].toSorted();
    const item = this.itemOf(product);
    return begins
      .map((from, n) => {
        const next = begins[n + 1];
        const held = lines.filter((row) => holdsOn(row, from));
        return {
          BOMId: `${item}/${n + 1}`,
          ILKItemNumber: item,
          ILKRevision: String(n + 1),
          ProductionSiteId: this.siteOf(product),
          ValidFromDate: from,
          ...(next !== undefined && { ValidToDate: dayBefore(next) }),
          lines: held.map((row) => this.#billLine(row)),
        };
      })
      .filter((revision) => revision.lines.length > 0);
  }

  #billLine(row: Row): object {
    const component = row["ComponentID"]!;
    const site = this.siteOf(component);
    return {
      ItemNumber: this.itemOf(component),
      Quantity: row["PerAssemblyQty"],
      ProductUnitSymbol: row["UnitMeasureCode"],
      FlushingPrinciple: "Finish",
      ConsumptionSiteId: site,
      ConsumptionWarehouseId: WAREHOUSES[site],
    };
  }

  /** All orders of a product go the same way; the hours are for an order, whatever its quantity. */
  #routes(): object[] {
    const names = new Map(this.#tables.locations.map((row) => [row["LocationID"]!, row["Name"]!]));
    return [...groupBy(this.#tables.routing, "ProductID")].map(([product, rows]) => {
      const steps = rows.filter((row) => row["WorkOrderID"] === rows[0]!["WorkOrderID"]);
      return {
        RouteId: `R-${this.itemOf(product)}`,
        RouteName: "1",
        ItemNumber: this.itemOf(product),
        ProductionSiteId: this.siteOf(product),
        operations: steps.map((row, n) => ({
          OperationNumber: Number(row["OperationSequence"]),
          OperationId: names.get(row["LocationID"]!),
          SetupTime: row["ActualResourceHrs"],
          CostingOperationResourceId: row["LocationID"],
          ILKIsReportingOperation: n === steps.length - 1 ? "Yes" : "No",
        })),
      };
    });
  }
}

function groupOf(customer: Row): string {
  return customer["StoreID"] === "" ? "PEOPLE" : "STORES";
}

function changeDays(row: Row): string[] {
  const end = row["EndDate"]!;
  const after = new Date(Date.parse(`${dayOf(end)}T00:00:00Z`) + 86_400_000);
  return [dayOf(row["StartDate"]!), ...(end === "" ? [] : [after.toISOString().slice(0, 10)])];
}

export function holdsOn(row: Row, day: string): boolean {
  return dayOf(row["StartDate"]!) <= day && (row["EndDate"] === "" || day <= dayOf(row["EndDate"]!));
}
