import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const pump = { ItemNumber: "PUMP-200", ProductConfigurationId: "M1" };

test("leaves planning to people, who make one order for lines of several customers", async () => {
  await erp.admin("PATCH", "settings", { autoPlan: false });
  const one = await erp.order("R1", [{ ...pump, OrderedSalesQuantity: 4 }]);
  const two = await erp.order("R2", [{ ...pump, OrderedSalesQuantity: 6 }]);
  await erp.tick();
  expect(await erp.read("PlannedProductionOrders")).toEqual([]);
  const Markings = [
    { SalesOrderNumber: one, LineNumber: 1, Quantity: 4 },
    { SalesOrderNumber: two, LineNumber: 1, Quantity: 5 },
  ];
  const wanted = { ItemNumber: "PUMP-200", Quantity: 10, ProductionOrderNumber: "W-1", Markings };
  expect(await erp.clerk("release-production", wanted)).toEqual({ ProductionOrderNumber: "W-1" });
  const path = "/data/ProductionOrderHeaders?$expand=ILKProductionMarkings";
  const [order] = (await erp.call("GET", path)).body.value;
  expect(order).toMatchObject({
    ProductionOrderStatus: "Released",
    ScheduledQuantity: 10,
    ILKProductionMode: "mto",
    ILKProductionMarkings: [
      { SalesOrderNumber: one, LineCreationSequenceNumber: 1, Quantity: 4 },
      { SalesOrderNumber: two, LineCreationSequenceNumber: 1, Quantity: 5 },
    ],
  });
  expect(await erp.clerk("release-production", wanted)).toMatchObject({ code: "AlreadyExists" });
  const elsewhere = {
    ...wanted,
    ProductionOrderNumber: "W-2",
    Markings: [{ ...Markings[0], LineNumber: 7 }],
  };
  expect(await erp.clerk("release-production", elsewhere)).toMatchObject({ code: "UnknownLine" });
});

test("does a list of a person's actions as one: all or none", async () => {
  const release = (ProductionOrderNumber: string, ItemNumber = "PUMP-200") => ({
    action: "release-production",
    ItemNumber,
    Quantity: 1,
    ProductionOrderNumber,
  });
  expect(await erp.admin("POST", "clerk", [release("W-1"), release("W-2", "NOTHING")])).toMatchObject({
    code: "UnknownItem",
  });
  expect(await erp.read("ProductionOrderHeaders")).toEqual([]);
  expect(await erp.admin("POST", "clerk", [release("W-1"), release("W-2")])).toEqual([
    { ProductionOrderNumber: "W-1" },
    { ProductionOrderNumber: "W-2" },
  ]);
  expect(await erp.admin("POST", "clerk", [1])).toMatchObject({ code: "InvalidActions" });
});
