/** The tables as they are, each row an object of texts. Nothing is corrected here; ids lose the `.0` that some columns carry. */
import { parse } from "csv-parse/sync";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Row = Readonly<Record<string, string>>;

export interface Tables {
  readonly products: readonly Row[];
  readonly billLines: readonly Row[];
  readonly locations: readonly Row[];
  readonly inventory: readonly Row[];
  readonly customers: readonly Row[];
  readonly stores: readonly Row[];
  readonly workOrders: readonly Row[];
  readonly routing: readonly Row[];
  readonly salesOrders: readonly Row[];
  readonly salesLines: readonly Row[];
  readonly scrapReasons: readonly Row[];
}

export function readTables(data: string): Tables {
  const read = (name: string) => {
    const file = join(data, "adventureworks", `${name}.csv`);
    return parse(readFileSync(file), { columns: true, bom: true }) as Row[];
  };
  return {
    products: read("Product"),
    billLines: read("BillOfMaterials").map((row) => ({
      ...row,
      ProductAssemblyID: row["ProductAssemblyID"]!.replace(/\.0$/, ""),
    })),
    locations: read("Location"),
    inventory: read("ProductInventory"),
    customers: read("Customer").map((row) => ({ ...row, StoreID: row["StoreID"]!.replace(/\.0$/, "") })),
    stores: read("Store"),
    workOrders: read("WorkOrder"),
    routing: read("WorkOrderRouting"),
    salesOrders: read("SalesOrderHeader"),
    salesLines: read("SalesOrderDetail"),
    scrapReasons: read("ScrapReason"),
  };
}

/** `2011-06-03` of `2011-06-03 00:00:00`, 28 years later: the weekdays are the same, and no clock of today is past it. */
export function dayOf(text: string): string {
  return `${Number(text.slice(0, 4)) + 28}${text.slice(4, 10)}`;
}

export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The rows by one of their columns. */
export function groupBy(rows: readonly Row[], column: string): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row[column]!);
}
