import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient, type Json } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

/** The story of one made-to-order line: scrap, a quality hold, a replacement, two deliveries. */
test("an order goes from promise to invoice, and every number is accounted for", async () => {
  const number = await erp.order("O-1", [
    { ItemNumber: "PUMP-200", OrderedSalesQuantity: 5, ProductConfigurationId: "M1", ILKReference: "O-1-10" },
  ]);
  await erp.tick();
  const [{ ProductionOrderNumber: production }] = await erp.read("ProductionOrderHeaders");
  const send = async (type: string, content: object) => {
    const row = await erp.process(type, { ProductionOrderNumber: production, ...content });
    expect(row).toMatchObject({ MessageState: "Processed", MessageInfolog: "" });
  };
  await send("ProdProductionOrderStart", { ILKReference: "S-1" });
  await send("ProdProductionOrderPickingList", {
    PickingListLines: [{ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 5, ItemBatchNumber: "H-1" }],
  });
  await send("ProdProductionOrderRouteCard", {
    RouteCardLines: [{ OperationNumber: 20, ErrorQuantity: 1, Hours: 5 }],
  });
  const receipt = { ReportedGoodQuantity: 4, ItemBatchNumber: "LOT-7", InventoryStatusId: "Inspection" };
  await send("ProdProductionOrderReportFinished", { ReportFinishedLines: [receipt], ILKReference: "R-1" });
  await send("ProdProductionOrderEnd", {});

  const ship = () => erp.service("PostPackingSlip", { SalesOrderNumber: number });
  expect(await ship()).toMatchObject({ ErrorCode: "NegativeStock" });
  const move = { ItemNumber: "PUMP-200", ItemBatchNumber: "LOT-7", FromInventoryStatusId: "Inspection" };
  await erp.service("SetInventoryStatus", { ...move, ToInventoryStatusId: "Available", Quantity: 3 });
  await erp.service("SetInventoryStatus", { ...move, ToInventoryStatusId: "Blocked", Quantity: 1 });
  await erp.service("ScrapInventory", { ...move, InventoryStatusId: "Blocked", Quantity: 1 });

  const { ProductionOrderNumber: replacement } = await erp.service("RequestProduction", {
    ReplacesProductionOrderNumber: production,
    Quantity: 2,
  });
  await erp.process("ProdProductionOrderStart", { ProductionOrderNumber: replacement });
  await erp.process("ProdProductionOrderReportFinished", {
    ProductionOrderNumber: replacement,
    ReportFinishedLines: [{ ReportedGoodQuantity: 2, ItemBatchNumber: "LOT-8" }],
  });
  expect(await ship()).toMatchObject({ Success: true });

  const { orders } = await erp.admin("GET", "orders");
  expect(orders[0]).toMatchObject({
    SalesOrderStatus: "Invoiced",
    lines: [
      {
        OrderedSalesQuantity: "5",
        ILKDeliveredQuantity: "5",
        ILKInvoicedQuantity: "5",
        productionOrders: [production, replacement],
        shippedLots: [
          { ItemBatchNumber: "LOT-7", DeliveredQuantity: "3" },
          { ItemBatchNumber: "LOT-8", DeliveredQuantity: "2" },
        ],
      },
    ],
  });
  const { productionOrders } = await erp.admin("GET", "production-orders");
  expect(productionOrders).toMatchObject([
    {
      ProductionOrderStatus: "Completed",
      ILKReportedGoodQuantity: "4",
      ILKScrappedQuantity: "1",
      receivedQuantity: "4",
      receivedLots: ["LOT-7"],
    },
    { ILKReplacesProductionOrderNumber: production, receivedQuantity: "2" },
  ]);
  const issued = Object.fromEntries(
    productionOrders[0].components.map((line: Json) => [line.ItemNumber, line.ILKConsumedQuantity]),
  );
  // Bill of materials times the five started: four good and one scrapped.
  expect(issued).toEqual({ HOUSING: "5", SCREW: "20", "MOTOR-1": "5" });
  expect(await erp.admin("GET", "ledger-balance")).toMatchObject({ total: "0", unbalanced: [] });
  for (const reference of ["O-1", "O-1-10", "S-1", "R-1"])
    expect(await erp.admin("GET", `references/${reference}`)).toMatchObject({ applied: 1, standing: 1 });
});
