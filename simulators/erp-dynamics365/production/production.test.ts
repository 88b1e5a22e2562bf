import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
let number: string;
beforeEach(async () => {
  erp = await ErpClient.start();
  number = await erp.production(10);
});
afterEach(() => erp.close());

const order = async () =>
  (await erp.read("ProductionOrderHeaders", `ProductionOrderNumber eq '${number}'`))[0];
const start = (fields: object = {}) =>
  erp.process("ProdProductionOrderStart", { ProductionOrderNumber: number, ...fields });
const report = (...lines: object[]) =>
  erp.process("ProdProductionOrderReportFinished", {
    ProductionOrderNumber: number,
    ReportFinishedLines: lines,
  });
const card = (...lines: object[]) =>
  erp.process("ProdProductionOrderRouteCard", { ProductionOrderNumber: number, RouteCardLines: lines });
const pick = (...lines: object[]) =>
  erp.process("ProdProductionOrderPickingList", { ProductionOrderNumber: number, PickingListLines: lines });
const end = (fields: object = {}) =>
  erp.process("ProdProductionOrderEnd", { ProductionOrderNumber: number, ...fields });
const onHand = async (item: string) => {
  const rows = await erp.read("ILKInventoryOnHand", `ItemNumber eq '${item}'`);
  return Object.fromEntries(
    rows
      .filter((row) => row.OnHandQuantity !== 0)
      .map((row) => [`${row.ItemBatchNumber}/${row.InventoryStatusId}`, row.OnHandQuantity]),
  );
};
const refused = (reason: string) => ({
  MessageState: "Failed",
  AttemptCount: 3,
  MessageInfolog: expect.stringContaining(reason),
});
const balance = async () =>
  (await erp.admin("GET", "ledger-balance")) as { total: string; accounts: Record<string, string> };

test("one piece reported is one in stock, one scrapped is one scrapped, and nothing is left in process", async () => {
  await start();
  await pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 10, BOMUnitSymbol: "ea", OperationNumber: 10 });
  await card({ OperationNumber: 10, GoodQuantity: 10, Hours: 5, OperationCompleted: "Yes" });
  await card({ OperationNumber: 20, GoodQuantity: 9, ErrorQuantity: 1, Hours: 10 });
  await card({ OperationNumber: 30, GoodQuantity: 9, Hours: 2.25 });
  await report({ ReportedGoodQuantity: 4 });
  await report({ ReportedGoodQuantity: 5, InventoryStatusId: "Inspection" });
  expect(await order()).toMatchObject({
    ProductionOrderStatus: "ReportedFinished",
    ILKReportedGoodQuantity: 9,
    ILKScrappedQuantity: 1,
    RemainingReportAsFinishedQuantity: 0,
  });
  expect(await onHand("PUMP-200")).toEqual({ "PMP-000001/Available": 4, "PMP-000002/Inspection": 5 });
  expect(await onHand("HOUSING")).toEqual({ "H-1/Available": 10, "H-2/Available": 20 });
  // Flushed for nine good ones at finish and for the scrapped one at its operation.
  expect(await onHand("SCREW")).toEqual({ "/Available": 460 });
  expect(await onHand("MOTOR-1")).toEqual({ "/Available": 20 });

  await end();
  expect(await order()).toMatchObject({ ProductionOrderStatus: "Completed" });
  const { total, accounts } = await balance();
  expect(total).toBe("0");
  expect(accounts["140200 Work in process"]).toBe("0");
  expect(accounts["510400 Production scrap"]).toBe("310");
});

test("receives by the card of the reporting operation when told so, once", async () => {
  await start();
  expect(await card({ OperationNumber: 20, GoodQuantity: 1, ReportAsFinished: "Yes" })).toMatchObject(
    refused("does not report as finished"),
  );
  await card({ OperationNumber: 30, GoodQuantity: 2, ReportAsFinished: "Yes" });
  expect(await onHand("PUMP-200")).toEqual({ "PMP-000001/Available": 2 });
});

test.each([
  ["finish before start", () => report({ ReportedGoodQuantity: 1 }), "must be started first"],
  [
    "consumption before start",
    () => pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 1 }),
    "must be started first",
  ],
  ["end before start", () => end(), "must be reported as finished before it is ended"],
  ["more started than ordered", () => start({ StartedQuantity: 11 }), "only 10 are left"],
  [
    "an order that does not exist",
    () => erp.process("ProdProductionOrderStart", { ProductionOrderNumber: "P-X" }),
    "Production order P-X does not exist",
  ],
  [
    "no order number",
    () => erp.process("ProdProductionOrderStart", {}),
    "ProductionOrderNumber is mandatory",
  ],
])("refuses %s", async (_what, act, reason) => {
  expect(await act()).toMatchObject(refused(reason));
  expect((await order()).ProductionOrderStatus).toBe("Released");
});

test.each([
  [
    "more than was started with tolerance",
    () => report({ ReportedGoodQuantity: 12 }),
    "set AcceptError to Yes",
  ],
  [
    "more than was started at an operation",
    () => card({ OperationNumber: 10, GoodQuantity: 12 }),
    "more than the 10 started",
  ],
  [
    "an operation that is not on the order",
    () => card({ OperationNumber: 15, Hours: 1 }),
    "Operation 15 is not on production order",
  ],
  [
    "a resource that does not exist",
    () => card({ OperationNumber: 10, OperationsResourceId: "X", Hours: 1 }),
    "Resource X does not exist",
  ],
  [
    "an item that is unknown",
    () => pick({ ItemNumber: "NUT", ConsumptionBOMQuantity: 1 }),
    "Item NUT does not exist",
  ],
  [
    "an item that is not on the order",
    () => pick({ ItemNumber: "MOTOR-2", ConsumptionBOMQuantity: 1 }),
    "is not on the bill of materials",
  ],
  [
    "a wrong unit",
    () => pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 1, BOMUnitSymbol: "kg" }),
    "Unit kg is not the unit",
  ],
  [
    "stock that is not there",
    () => pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 41 }),
    "only 40 of item HOUSING are physically available",
  ],
  [
    "a lot with less than that",
    () => pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 21, ItemBatchNumber: "H-1" }),
    "only 20 of item HOUSING",
  ],
  [
    "stock for what the ERP flushes itself",
    () => report({ ReportedGoodQuantity: 1, ReportedErrorQuantity: 200, AcceptError: "Yes" }),
    "are physically available",
  ],
  [
    "to take back more than was reported",
    () => report({ ReportedGoodQuantity: -1 }),
    "More cannot be reversed",
  ],
  [
    "to take back more than was issued",
    () => pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: -1 }),
    "less was issued",
  ],
  [
    "a location that does not exist",
    () => report({ ReportedGoodQuantity: 1, ProductionWarehouseLocationId: "X" }),
    "Location X does not exist",
  ],
  [
    "an unknown status",
    () => report({ ReportedGoodQuantity: 1, InventoryStatusId: "Lost" }),
    "Inventory status Lost does not exist",
  ],
  [
    "another item than the order's",
    () => report({ ReportedGoodQuantity: 1, ItemNumber: "SCREW" }),
    "makes item PUMP-200, not SCREW",
  ],
  ["a quantity that is none", () => report({ ReportedGoodQuantity: "one" }), "must be a number"],
  ["no lines", () => report(), "must be a list of 1 to 200"],
])("refuses %s, and posts nothing of the message", async (_what, act, reason) => {
  await start();
  const before = await erp.admin("GET", "book/summary");
  expect(await act()).toMatchObject(refused(reason));
  const { sequence } = await erp.admin("GET", "book/summary");
  // The message was queued; that is all that happened.
  expect(sequence).toBe(before.sequence + 1);
});

test("accepts more than was started when told to", async () => {
  await start();
  expect(await report({ ReportedGoodQuantity: 12, AcceptError: "Yes" })).toMatchObject({
    MessageState: "Processed",
  });
  expect(await order()).toMatchObject({
    ILKReportedGoodQuantity: 12,
    ProductionOrderStatus: "ReportedFinished",
  });
});

test("posts all lines of a message or none", async () => {
  await start();
  expect(await report({ ReportedGoodQuantity: 2 }, { ReportedGoodQuantity: 20 })).toMatchObject(
    refused("AcceptError"),
  );
  expect(await onHand("PUMP-200")).toEqual({});
});

test("reverses with negative quantities, also once all is reported, and never after the end", async () => {
  await start();
  await pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 10 });
  await report({ ReportedGoodQuantity: 10 });
  expect((await order()).ProductionOrderStatus).toBe("ReportedFinished");
  await report({ ReportedGoodQuantity: -3 });
  expect(await order()).toMatchObject({ ProductionOrderStatus: "StartedUp", ILKReportedGoodQuantity: 7 });
  await pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: -3 });
  expect(await onHand("HOUSING")).toEqual({ "H-1/Available": 13, "H-2/Available": 20 });
  expect(await onHand("SCREW")).toEqual({ "/Available": 472 });
  await report({ ReportedGoodQuantity: 3 });
  await end();
  expect(await report({ ReportedGoodQuantity: -1 })).toMatchObject(refused("has been ended"));
  expect(await end()).toMatchObject(refused("has been ended"));
  expect(await start()).toMatchObject(refused("has been ended"));
  expect(await balance()).toMatchObject({ total: "0" });
});

test("posts nothing into a closed period", async () => {
  await start();
  await erp.clerk("close-period", { PeriodName: "2031-05" });
  const late = { ReportedGoodQuantity: 1, ReportAsFinishedDate: "2031-05-31" };
  const message = await report(late);
  expect(message).toMatchObject(refused("Fiscal period 2031-05 is closed"));
  await erp.clerk("open-period", { PeriodName: "2031-05" });
  await erp.clerk("requeue-message", { MessageId: message.MessageId });
  await erp.tick();
  expect(await onHand("PUMP-200")).toEqual({ "PMP-000001/Available": 1 });
});

test("takes no postings while it is on hold, and tells of it", async () => {
  await start();
  await erp.clerk("hold-production", { ProductionOrderNumber: number, Reason: "drawing is wrong" });
  expect(await report({ ReportedGoodQuantity: 1 })).toMatchObject(refused("is on hold: drawing is wrong"));
  await erp.clerk("resume-production", { ProductionOrderNumber: number });
  expect(await report({ ReportedGoodQuantity: 1 })).toMatchObject({ MessageState: "Processed" });
  const events = await erp.read(
    "ILKBusinessEventLogs",
    "BusinessEventId eq 'ProductionOrderStatusChangedBusinessEvent'",
  );
  expect(events.map(({ Payload }) => JSON.parse(Payload).ILKChange)).toEqual(["Started", "Held", "Resumed"]);
});

test("keeps what was issued when the bill of materials is revised in operation", async () => {
  await start();
  await pick({ ItemNumber: "HOUSING", ConsumptionBOMQuantity: 10 });
  const { BOMId } = await erp.clerk("revise-bom", {
    ItemNumber: "PUMP-200",
    ILKRevision: "B",
    lines: [
      { ItemNumber: "HOUSING", Quantity: "1", RouteOperationNumber: 10, FlushingPrinciple: "Manual" },
      { ItemNumber: "SCREW", Quantity: "6", RouteOperationNumber: 20, FlushingPrinciple: "Finish" },
    ],
  });
  expect((await order()).ILKBOMRevision).toBe("A");
  await erp.clerk("revise-production", { ProductionOrderNumber: number, BOMId });
  expect((await order()).ILKBOMRevision).toBe("B");
  const lines = await erp.read("ProductionOrderBillOfMaterialLines");
  expect(
    lines.map((line) => [line.ItemNumber, line.EstimatedBOMLineQuantity, line.ILKConsumedQuantity]),
  ).toEqual([
    ["HOUSING", 10, 10],
    ["SCREW", 60, 0],
    ["MOTOR-1", 10, 0],
  ]);
  await report({ ReportedGoodQuantity: 10 });
  expect(await onHand("SCREW")).toEqual({ "/Available": 440 });
  expect((await erp.production(1)).startsWith("P-")).toBe(true);
  expect((await erp.read("ProductionOrderHeaders")).at(-1).ILKBOMRevision).toBe("B");
});

test("makes what scrap has cost once more, for the same sales line", async () => {
  await start();
  await card({ OperationNumber: 10, ErrorQuantity: 2 });
  const request = { ReplacesProductionOrderNumber: number, Quantity: 2, ILKReference: "REQ-1" };
  const answer = await erp.service("RequestProduction", request);
  expect(answer.Success).toBe(true);
  const orders = await erp.read("ProductionOrderHeaders");
  expect(orders[1]).toMatchObject({
    ProductionOrderNumber: answer.ProductionOrderNumber,
    ProductionOrderStatus: "Released",
    ILKReplacesProductionOrderNumber: number,
    DemandSalesOrderNumber: orders[0].DemandSalesOrderNumber,
    ScheduledQuantity: 2,
  });
  expect(await erp.service("RequestProduction", request)).toMatchObject({
    Success: false,
    ErrorCode: "AlreadyExists",
  });
});

test("buys what stock does not cover, once, and receives it on its day", async () => {
  await erp.admin("POST", "clock", { now: "2031-03-03T08:00:00Z", speed: 0 });
  await erp.production(35);
  const requests = await erp.read("ILKPurchaseRequests");
  expect(requests.map((row) => [row.ItemNumber, row.Quantity, row.Status])).toEqual([
    ["HOUSING", 5, "Open"],
    ["MOTOR-1", 15, "Open"],
  ]);
  await erp.admin("POST", "clock", { now: "2031-03-20T08:00:00Z" });
  await erp.tick();
  expect(await onHand("MOTOR-1")).toEqual({ "/Available": 45 });
  expect(await onHand("HOUSING")).toMatchObject({ "V-PR-000001/Available": 5 });
  expect(await erp.read("ILKPurchaseRequests", "Status eq 'Open'")).toEqual([]);
});

test("an entered journal line posts nothing until a person posts it", async () => {
  await start();
  const { InventoryLotId } = await order();
  const entry = {
    JournalName: "RAF",
    ProductionOrderNumber: number,
    InventoryLotId,
    ReportAsFinishedDate: "2031-05-09T12:00:00Z",
    ReportedGoodInventoryQuantity: 5,
  };
  const made = await erp.call("POST", "/data/ReportAsFinishedProductionJournalEntries", entry);
  expect([made.status, made.body.IsPosted]).toEqual([201, "No"]);
  expect(await onHand("PUMP-200")).toEqual({});
  await erp.clerk("post-journal", { JournalNumber: made.body.JournalNumber });
  expect(await onHand("PUMP-200")).toEqual({ "PMP-000001/Available": 5 });
});

test("a person may report by hand meanwhile: no reference, the same rules", async () => {
  await start();
  const lines = [{ ReportedGoodQuantity: 5 }];
  await erp.clerk("report-finished", { ProductionOrderNumber: number, ReportFinishedLines: lines });
  expect(await onHand("PUMP-200")).toEqual({ "PMP-000001/Available": 5 });
  const { entries } = await erp.admin("GET", "book?after=0");
  expect(entries.at(-1)).toMatchObject({ actor: "clerk", reference: "" });
  const tooMuch = await erp.clerk("report-finished", {
    ProductionOrderNumber: number,
    ReportFinishedLines: [{ ReportedGoodQuantity: 7 }],
  });
  expect(tooMuch.code).toBe("OverReport");
});

test("a planner raises the tolerance of an item, and what was refused is taken", async () => {
  await start();
  const lines = [{ OperationNumber: 10, GoodQuantity: 15 }];
  const card = { ProductionOrderNumber: number, RouteCardLines: lines };
  expect((await erp.clerk("post-route-card", card)).code).toBe("OverReport");
  await erp.clerk("set-overdelivery", { ItemNumber: "PUMP-200", ILKOverdeliveryPercentage: "50" });
  expect((await erp.clerk("post-route-card", card)).code).toBeUndefined();
});
