import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const screw = { ItemNumber: "SCREW", OrderedSalesQuantity: 10 };

test("goes back to a snapshot as a restore does: numbers come again, the book remembers", async () => {
  await erp.order("R1", [screw]);
  await erp.admin("PUT", "snapshots/monday");
  expect(await erp.order("R2", [screw])).toBe("SO-000002");
  await erp.admin("PUT", "snapshots/tuesday");
  await erp.admin("POST", "restore/monday");
  expect((await erp.read("SalesOrderHeadersV3")).map((row) => row.SalesOrderNumber)).toEqual(["SO-000001"]);
  expect(await erp.read("ILKReferenceLogs", "ILKReference eq 'R2'")).toEqual([]);
  expect(await erp.admin("GET", "references/R2")).toMatchObject({ applied: 1, standing: 0 });
  expect(await erp.order("R2", [screw])).toBe("SO-000002");
  expect(await erp.admin("GET", "references/R2")).toMatchObject({ applied: 2, standing: 1 });
  expect(await erp.admin("POST", "restore/tuesday")).toMatchObject({ code: "UnknownSnapshot" });
});

test("processes a message again that was still queued when the snapshot was taken", async () => {
  const number = await erp.production(5);
  await erp.send("ProdProductionOrderStart", { ProductionOrderNumber: number, ILKReference: "S1" });
  await erp.admin("PUT", "snapshots/s");
  await erp.tick();
  await erp.admin("POST", "restore/s");
  await erp.tick();
  expect(await erp.admin("GET", "references/S1")).toMatchObject({ applied: 2, standing: 1 });
});

test("changes one number by hand, and the comparison shows it", async () => {
  await erp.order("R1", [screw]);
  expect(await erp.admin("GET", "book/times?operation=salesOrder.create")).toEqual({ times: 1 });
  expect(await erp.admin("GET", "book/times?operation=edit")).toEqual({ times: 0 });
  const [line] = await erp.read("SalesOrderLines");
  const key = { InventoryLotId: line.InventoryLotId };
  await erp.admin("POST", "edit", { set: "SalesOrderLines", key, field: "OrderedSalesQuantity", value: 11 });
  const { orders } = await erp.admin("GET", "orders");
  expect(orders[0].lines[0].OrderedSalesQuantity).toBe("11");
  const { entries } = await erp.admin("GET", "book?after=0&limit=5000");
  expect(entries.at(-1)).toMatchObject({
    actor: "hand",
    operation: "edit",
    facts: { field: "OrderedSalesQuantity", before: "10", after: "11" },
  });
  expect(
    await erp.admin("POST", "edit", { set: "SalesOrderLines", key, field: "Colour", value: 1 }),
  ).toMatchObject({
    code: "UnknownField",
  });
});

test("runs by a clock that can be set and sped up, and keeps it", async () => {
  expect(await erp.admin("POST", "clock", { now: "2031-03-07T08:00:00Z", speed: 0 })).toEqual({
    now: "2031-03-07T08:00:00.000Z",
    speed: 0,
  });
  // A Friday: two working days of lead time end on Tuesday.
  await erp.order("R1", [{ ...screw, OrderedSalesQuantity: 9999 }]);
  expect((await erp.read("SalesOrderLines"))[0].ConfirmedShippingDate).toBe("2031-03-11T12:00:00Z");
  await erp.close();
  erp = await ErpClient.restart(erp.dataDir);
  expect((await erp.admin("GET", "clock")).now).toBe("2031-03-07T08:00:00.000Z");
  expect((await erp.admin("POST", "clock", { now: "soon" })).field).toBe("now");
});

test("releases planned orders so many minutes of its clock later", async () => {
  await erp.admin("PATCH", "settings", { releaseAfterMinutes: 60 });
  await erp.admin("POST", "clock", { now: "2031-03-03T08:00:00Z", speed: 0 });
  await erp.order("R1", [{ ItemNumber: "PUMP-200", OrderedSalesQuantity: 1, ProductConfigurationId: "M1" }]);
  await erp.tick();
  expect(await erp.read("ProductionOrderHeaders")).toEqual([]);
  expect(await erp.read("PlannedProductionOrders")).toMatchObject([
    { PlannedOrderStatus: "Planned", Quantity: 1 },
  ]);
  await erp.admin("POST", "clock", { now: "2031-03-03T09:00:00Z" });
  await erp.tick();
  expect(await erp.read("ProductionOrderHeaders")).toHaveLength(1);
});

test("makes to stock when a person plans it, and sub-assemblies for what needs them", async () => {
  await erp.admin("POST", "seed", {
    products: [
      {
        ItemNumber: "SKID",
        ProductionType: "BOM",
        InventoryUnitSymbol: "ea",
        UnitCost: 900,
        ILKLeadTimeDays: 5,
      },
    ],
    boms: [
      {
        BOMId: "SKID-A",
        ILKItemNumber: "SKID",
        ILKRevision: "A",
        lines: [{ ItemNumber: "GEAR", Quantity: 2 }],
      },
    ],
  });
  expect(await erp.read("ReleasedProductsV2", "ItemNumber eq 'SKID'")).toEqual([]);
  await erp.admin("POST", "seed", {
    products: [
      {
        ItemNumber: "SKID",
        ProductionType: "BOM",
        InventoryUnitSymbol: "ea",
        UnitCost: 900,
        ILKLeadTimeDays: 5,
      },
      {
        ItemNumber: "GEAR",
        ProductionType: "BOM",
        InventoryUnitSymbol: "ea",
        UnitCost: 200,
        ILKLeadTimeDays: 2,
      },
    ],
    boms: [
      {
        BOMId: "SKID-A",
        ILKItemNumber: "SKID",
        ILKRevision: "A",
        lines: [{ ItemNumber: "GEAR", Quantity: 2 }],
      },
      {
        BOMId: "GEAR-A",
        ILKItemNumber: "GEAR",
        ILKRevision: "A",
        lines: [{ ItemNumber: "SCREW", Quantity: 3 }],
      },
    ],
  });
  await erp.clerk("make-to-stock", { ItemNumber: "SKID", Quantity: 4 });
  await erp.tick();
  await erp.tick();
  const orders = await erp.read("ProductionOrderHeaders");
  expect(
    orders.map((row) => [
      row.ItemNumber,
      row.ScheduledQuantity,
      row.ILKProductionMode,
      row.ParentProductionOrderNumber,
    ]),
  ).toEqual([
    ["SKID", 4, "mts", ""],
    ["GEAR", 8, "mts", orders[0].ProductionOrderNumber],
  ]);
});

test("moves another company in, and refuses a seed that is not whole", async () => {
  await erp.order("R1", [screw]);
  const sites = [{ SiteId: "9", SiteName: "Turin" }];
  expect(await erp.admin("POST", "seed", { sites, warehouse: [] })).toMatchObject({ code: "UnknownPart" });
  expect(await erp.admin("POST", "seed", { customers: [{ OrganizationName: "Nobody" }] })).toMatchObject({
    code: "Missing",
    message: "CustomerAccount of a customer is missing",
  });
  expect(
    await erp.admin("POST", "seed", { customers: [{ CustomerAccount: "X", Mood: "good" }] }),
  ).toMatchObject({
    field: "Mood",
  });
  expect(await erp.admin("POST", "seed", { replace: true, sites })).toMatchObject({ sites: 1 });
  expect(await erp.read("SalesOrderHeadersV3")).toEqual([]);
  expect(await erp.read("OperationalSitesV2")).toMatchObject([{ SiteId: "9" }]);
});

test("counts stock by hand, scraps it and moves it between statuses, with the ledger behind it", async () => {
  await erp.clerk("adjust-stock", { ItemNumber: "MOTOR-1", Quantity: -2 });
  expect(await erp.clerk("adjust-stock", { ItemNumber: "MOTOR-1", Quantity: -29 })).toMatchObject({
    code: "NegativeStock",
  });
  expect(
    await erp.service("ScrapInventory", { ItemNumber: "MOTOR-1", Quantity: 3, ILKReference: "X1" }),
  ).toMatchObject({
    Success: true,
  });
  const [row] = await erp.read("WarehousesOnHandV2", "ItemNumber eq 'MOTOR-1'");
  expect(row).toMatchObject({ OnHandQuantity: 25, AvailableOnHandQuantity: 25 });
  const { accounts, total } = await erp.admin("GET", "ledger-balance");
  expect(accounts).toMatchObject({
    "510600 Inventory scrap": "360",
    "510700 Inventory adjustment": "-6685",
  });
  expect(total).toBe("0");
  const lot = { ItemNumber: "HOUSING", Quantity: 1 };
  expect(await erp.clerk("adjust-stock", lot)).toMatchObject({ code: "BatchMandatory" });
  expect(
    await erp.clerk("adjust-stock", { ...lot, ItemNumber: "SCREW", ItemBatchNumber: "B" }),
  ).toMatchObject({
    code: "BatchNotTracked",
  });
});

test("refuses what it does not know, with the field", async () => {
  expect(await erp.clerk("dance")).toMatchObject({ code: "UnknownAction", field: "action" });
  expect(await erp.admin("PATCH", "settings", { colour: 1 })).toMatchObject({
    code: "InvalidSetting",
    field: "colour",
  });
  expect((await erp.call("GET", "/admin/nothing")).status).toBe(404);
  expect(await erp.admin("GET", "book?limit=0")).toMatchObject({ code: "InvalidLimit" });
  expect(await erp.admin("GET", "health")).toEqual({ status: "up" });
});
