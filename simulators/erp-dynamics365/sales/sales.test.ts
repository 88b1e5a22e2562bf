import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const pump = { ItemNumber: "PUMP-200", OrderedSalesQuantity: 2, ProductConfigurationId: "M1" };

test("takes an order with its own price, tax, a promised date and production for it", async () => {
  await erp.admin("POST", "clock", { now: "2026-03-02T08:00:00Z", speed: 0 });
  const number = await erp.order("R1", [pump], { CustomersOrderReference: "PO-7" });
  const [order] = await erp.read("SalesOrderHeadersV3", `SalesOrderNumber eq '${number}'`);
  expect(order).toMatchObject({
    SalesOrderStatus: "Backorder",
    CustomersOrderReference: "PO-7",
    ILKReference: "R1",
    ILKIsOnCreditHold: "No",
    OrderTotalAmount: 1199.76,
    OrderTotalTaxAmount: 199.96,
    ConfirmedShippingDate: "2026-03-09T12:00:00Z",
  });
  await erp.tick();
  const [production] = await erp.read("ProductionOrderHeaders");
  expect(production).toMatchObject({
    ProductionOrderStatus: "Released",
    ScheduledQuantity: 2,
    DemandSalesOrderNumber: number,
    ILKBOMRevision: "A",
  });
  const components = await erp.read("ProductionOrderBillOfMaterialLines");
  expect(components.map((line) => [line.ItemNumber, line.EstimatedBOMLineQuantity])).toEqual([
    ["HOUSING", 2],
    ["SCREW", 8],
    ["MOTOR-1", 2],
  ]);
});

test("holds an order above the credit limit until finance releases it, and plans nothing before", async () => {
  const number = await erp.order("R1", [{ ...pump, OrderedSalesQuantity: 20 }], {
    OrderingCustomerAccountNumber: "US-002",
  });
  const [held] = await erp.read("SalesOrderHeadersV3");
  expect(held).toMatchObject({ ILKIsOnCreditHold: "Yes", ConfirmedShippingDate: "1900-01-01T00:00:00Z" });
  expect(held.ILKCreditHoldReason).toContain("exceeds the credit limit 5000");
  await erp.tick();
  expect(await erp.read("ProductionOrderHeaders")).toEqual([]);
  expect(await erp.service("PostPackingSlip", { SalesOrderNumber: number })).toMatchObject({
    Success: false,
    ErrorCode: "CreditHold",
  });

  await erp.clerk("release-credit", { SalesOrderNumber: number });
  await erp.tick();
  expect((await erp.read("SalesOrderHeadersV3"))[0].ILKIsOnCreditHold).toBe("No");
  expect(await erp.read("ProductionOrderHeaders")).toHaveLength(1);
  const events = await erp.read(
    "ILKBusinessEventLogs",
    "BusinessEventId eq 'ILKSalesOrderChangedBusinessEvent'",
  );
  expect(events.map(({ Payload }) => JSON.parse(Payload).ILKChange)).toEqual([
    "CreditHeld",
    "CreditReleased",
    "Confirmed",
  ]);
});

test.each([
  [{ ItemNumber: "PUMP-999" }, "Item PUMP-999 does not exist"],
  [{ ItemNumber: "OLD-100", ProductConfigurationId: "" }, "lifecycle state is Obsolete"],
  [{ SalesUnitSymbol: "kg" }, "Unit kg is not a unit of item PUMP-200"],
  [{ OrderedSalesQuantity: 0 }, "must be greater than zero"],
  [{ ProductConfigurationId: "" }, "needs an option of MOTOR"],
  [{ ProductConfigurationId: "M2+SILENT" }, "does not go with option M2"],
  [{ ShippingSiteId: "9" }, "Site 9 does not exist"],
  [{ NoSuchField: 1 }, "The property 'NoSuchField' does not exist"],
  [{ OrderedSalesQuantity: "many" }, "OrderedSalesQuantity must be a number"],
])("refuses a line with %j in the product's own form", async (changes, reason) => {
  const number = await erp.order("R1", []);
  const answer = await erp.call("POST", "/data/SalesOrderLines", {
    SalesOrderNumber: number,
    ...pump,
    ...changes,
  });
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatchObject({ code: "", message: "An error has occurred." });
  expect(answer.body.error.innererror.message).toContain(
    "Write failed for table row of type 'SalesOrderLineV2Entity'. Infolog: Error: ",
  );
  expect(answer.body.error.innererror.message).toContain(reason);
  expect(await erp.read("SalesOrderLines")).toEqual([]);
});

test("refuses orders of a customer that is blocked", async () => {
  await erp.clerk("block-customer", { CustomerAccount: "US-001", Reason: "payments are due" });
  const answer = await erp.call("POST", "/data/SalesOrderHeadersV3", {
    OrderingCustomerAccountNumber: "US-001",
  });
  expect(answer.body.error.innererror.message).toContain("is on hold: payments are due");
});

test("follows a change of quantity and date into production", async () => {
  const number = await erp.order("R1", [pump]);
  await erp.tick();
  const [line] = await erp.read("SalesOrderLines");
  const path = `/data/SalesOrderLines(dataAreaId='usmf',InventoryLotId='${line.InventoryLotId}')`;
  expect((await erp.call("PATCH", path, { OrderedSalesQuantity: 3 })).status).toBe(204);
  await erp.tick();
  const orders = await erp.read("ProductionOrderHeaders", `DemandSalesOrderNumber eq '${number}'`);
  expect(orders.map(({ ScheduledQuantity }) => ScheduledQuantity)).toEqual([2, 1]);
  expect((await erp.call("PATCH", path, { OrderedSalesQuantity: 1 })).status).toBe(204);
  const [first, second] = await erp.read("ProductionOrderHeaders");
  expect([first.ScheduledQuantity, second.ILKIsCanceled]).toEqual([1, "Yes"]);
  await erp.call("PATCH", path, { ConfirmedShippingDate: "2031-05-12", ILKReference: "D1" });
  const [moved] = await erp.read("ProductionOrderHeaders", "ILKIsCanceled eq 'No'");
  expect(moved.DeliveryDate).toBe("2031-05-12T12:00:00Z");
  expect((await erp.read("SalesOrderLines"))[0]).toMatchObject({
    ILKPromiseBasis: "Proposed",
    ILKFirstConfirmedShippingDate: line.ILKFirstConfirmedShippingDate,
  });
});

test("refuses to take back what has been started", async () => {
  const production = await erp.production(2);
  await erp.process("ProdProductionOrderStart", { ProductionOrderNumber: production });
  const [line] = await erp.read("SalesOrderLines");
  const path = `/data/SalesOrderLines(dataAreaId='usmf',InventoryLotId='${line.InventoryLotId}')`;
  const answer = await erp.call("PATCH", path, { OrderedSalesQuantity: 1 });
  expect(answer.body.error.innererror.message).toContain("have been started on production order");
  expect((await erp.read("SalesOrderLines"))[0].OrderedSalesQuantity).toBe(2);
});

test("cancels an order with its production, but not past a point of no return", async () => {
  const first = await erp.production(2);
  await erp.process("ProdProductionOrderStart", { ProductionOrderNumber: first });
  await erp.process("ProdProductionOrderRouteCard", {
    ProductionOrderNumber: first,
    RouteCardLines: [{ OperationNumber: 10, GoodQuantity: 2, Hours: 1 }],
  });
  const [order] = await erp.read("SalesOrderHeadersV3");
  const cancelled = await erp.service("CancelSalesOrder", {
    SalesOrderNumber: order.SalesOrderNumber,
    ILKReference: "C1",
  });
  expect(cancelled).toMatchObject({ Success: true, SalesOrderStatus: "Canceled" });
  expect((await erp.read("ProductionOrderHeaders"))[0]).toMatchObject({ ILKIsCanceled: "Yes" });
  expect(await erp.admin("GET", "ledger-balance")).toMatchObject({ total: "0", unbalanced: [] });
  expect((await erp.admin("GET", "ledger-balance")).accounts["140200 Work in process"]).toBe("0");

  const second = await erp.production(3);
  await erp.process("ProdProductionOrderStart", { ProductionOrderNumber: second });
  await erp.process("ProdProductionOrderRouteCard", {
    ProductionOrderNumber: second,
    RouteCardLines: [{ OperationNumber: 20, GoodQuantity: 1, Hours: 2 }],
  });
  const [later] = await erp.read("SalesOrderHeadersV3", "SalesOrderStatus eq 'Backorder'");
  const refused = await erp.service("CancelSalesOrder", { SalesOrderNumber: later.SalesOrderNumber });
  expect(refused).toMatchObject({ Success: false, ErrorCode: "PointOfNoReturn", CostSoFar: "90" });
});

test("delivers from stock, invoices, takes returns and refuses too much", async () => {
  const number = await erp.order("R1", [{ ItemNumber: "MOTOR-1", OrderedSalesQuantity: 5 }]);
  const [line] = await erp.read("SalesOrderLines");
  expect(line.ILKPromiseBasis).toBe("ATP");
  const part = { InventoryLotId: line.InventoryLotId, Quantity: 3 };
  const slip = await erp.service("PostPackingSlip", {
    SalesOrderNumber: number,
    Lines: [part],
    ILKReference: "S1",
  });
  expect(slip).toMatchObject({ Success: true, PackingSlipNumber: "PS-000001", InvoiceNumber: "INV-000001" });
  expect(
    await erp.service("PostPackingSlip", { SalesOrderNumber: number, Lines: [part], ILKReference: "S2" }),
  ).toMatchObject({
    Success: false,
    ErrorCode: "OverDelivery",
  });
  await erp.service("PostPackingSlip", { SalesOrderNumber: number, ILKReference: "S3" });
  expect((await erp.read("SalesOrderHeadersV3"))[0].SalesOrderStatus).toBe("Invoiced");
  const back = { SalesOrderNumber: number, InventoryLotId: line.InventoryLotId, Quantity: 5 };
  expect(await erp.service("CreateReturn", back)).toMatchObject({ Success: true });
  expect(await erp.service("CreateReturn", back)).toMatchObject({ Success: false, ErrorCode: "OverReturn" });
  expect(await erp.service("CancelSalesOrder", { SalesOrderNumber: number })).toMatchObject({
    ErrorCode: "AlreadyDelivered",
  });
  expect(await erp.admin("GET", "ledger-balance")).toMatchObject({ total: "0", unbalanced: [] });
});

test("does not deliver blocked stock, nor part of an order that goes complete", async () => {
  const number = await erp.order("R1", [{ ItemNumber: "MOTOR-1", OrderedSalesQuantity: 5 }], {
    ILKShippingPolicy: "Complete",
  });
  const [line] = await erp.read("SalesOrderLines");
  const part = { SalesOrderNumber: number, Lines: [{ InventoryLotId: line.InventoryLotId, Quantity: 3 }] };
  expect(await erp.service("PostPackingSlip", part)).toMatchObject({ ErrorCode: "NotComplete" });
  await erp.service("SetInventoryStatus", {
    ItemNumber: "MOTOR-1",
    FromInventoryStatusId: "Available",
    ToInventoryStatusId: "Blocked",
    Quantity: 30,
  });
  expect(await erp.service("PostPackingSlip", { SalesOrderNumber: number })).toMatchObject({
    ErrorCode: "NegativeStock",
  });
});

test("checks an order: each question with its own verdict, and writes nothing", async () => {
  await erp.admin("POST", "clock", { now: "2026-03-02T08:00:00Z", speed: 0 });
  const before = await erp.admin("GET", "book/summary");
  const answer = await erp.service("CheckOrder", {
    CustomerAccount: "US-002",
    Lines: [
      {
        LineNumber: 1,
        ItemNumber: "PUMP-200",
        Quantity: 10,
        SalesPrice: 300,
        ProductConfigurationId: "M2+SILENT",
        RequestedShippingDate: "2026-03-04",
      },
      { LineNumber: 2, ItemNumber: "OLD-100", Quantity: 1, SalesPrice: 300 },
    ],
  });
  expect(answer).toMatchObject({
    Success: true,
    Credit: { Verdict: "Pass", CreditLimit: 5000 },
    Items: { Verdict: "Fail", Lines: [{ Verdict: "Pass" }, { Verdict: "Fail" }] },
    Configuration: { Verdict: "Fail" },
    Price: { Verdict: "Fail", Lines: [{ Verdict: "Fail", SalesPrice: 574.66 }, { Verdict: "Pass" }] },
    Tax: { Verdict: "Pass" },
    Availability: {
      Verdict: "Fail",
      Lines: [{ Verdict: "Fail", PromisedDate: "2026-03-09", Basis: "LeadTime" }, { Verdict: "Pass" }],
    },
  });
  expect(await erp.admin("GET", "book/summary")).toEqual(before);
});

test("counts open orders and unpaid invoices into the exposure, each once", async () => {
  const exposure = async () =>
    (
      await erp.service("CheckOrder", {
        CustomerAccount: "US-001",
        Lines: [{ ItemNumber: "SCREW", Quantity: 1 }],
      })
    ).Credit.Exposure as number;
  const number = await erp.order("R1", [{ ItemNumber: "MOTOR-1", OrderedSalesQuantity: 2 }]);
  expect(await exposure()).toBe(504);
  const [line] = await erp.read("SalesOrderLines");
  const half = [{ InventoryLotId: line.InventoryLotId, Quantity: 1 }];
  await erp.service("PostPackingSlip", { SalesOrderNumber: number, Lines: half });
  expect(await exposure()).toBe(504);
  await erp.clerk("pay-invoice", { InvoiceNumber: "INV-000001" });
  expect(await exposure()).toBe(252);
  await erp.service("PostPackingSlip", { SalesOrderNumber: number });
  expect(await exposure()).toBe(252);
  await erp.clerk("pay-invoice", { InvoiceNumber: "INV-000002" });
  expect(await exposure()).toBe(0);
});

test("tells of a promise that moved, and only then", async () => {
  const number = await erp.order("R1", [
    { ItemNumber: "MOTOR-1", OrderedSalesQuantity: 1, RequestedShippingDate: "2031-05-09" },
    { ItemNumber: "SCREW", OrderedSalesQuantity: 1, RequestedShippingDate: "2031-06-10" },
  ]);
  const [line] = await erp.read("SalesOrderLines");
  const path = `/data/SalesOrderLines(dataAreaId='usmf',InventoryLotId='${line.InventoryLotId}')`;
  await erp.call("PATCH", path, { OrderedSalesQuantity: 2 });
  await erp.call("PATCH", path, { RequestedShippingDate: "2031-05-13" });
  await erp.call("PATCH", path, { ConfirmedShippingDate: "2031-05-14" });
  const events = await erp.read("ILKBusinessEventLogs");
  const changes = events
    .map(({ Payload }) => JSON.parse(Payload))
    .filter(({ SalesOrderNumber }) => SalesOrderNumber === number);
  expect(changes.map(({ ILKChange }) => ILKChange)).toEqual([
    "Confirmed",
    "Changed",
    "Changed",
    "PromiseChanged",
    "PromiseChanged",
  ]);
});

test("draws the next number that no caller has taken", async () => {
  await erp.order("R1", [], { SalesOrderNumber: "SO-000001" });
  expect(await erp.order("R2", [])).toBe("SO-000002");
});
