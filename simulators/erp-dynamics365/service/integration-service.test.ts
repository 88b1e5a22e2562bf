import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const PATH = "/api/services/ILKServices/ILKIntegrationService";

test("refuses with 200 and a reason, and does nothing", async () => {
  const answer = await erp.call("POST", `${PATH}/ScrapInventory`, {
    _companyId: "usmf",
    _request: { ItemNumber: "SCREW", Quantity: 501, ILKReference: "X1" },
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    Success: false,
    ErrorCode: "NegativeStock",
    Field: "Quantity",
    ErrorMessage: expect.stringContaining("only 500 of item SCREW"),
  });
  expect(await erp.admin("GET", "references/X1")).toMatchObject({ applied: 0 });
});

test.each([
  ["{", 400],
  [{ _companyId: "nope", _request: {} }, 400],
  [{ _companyId: "usmf" }, 400],
])("does not take %j for a request", async (body, status) => {
  const answer = await erp.call("POST", `${PATH}/ScrapInventory`, body);
  expect(answer.status).toBe(status);
  expect(typeof answer.body.Message).toBe("string");
});

test("knows only its own operations", async () => {
  expect((await erp.call("POST", `${PATH}/toString`, {})).status).toBe(404);
});

test("does a reference once", async () => {
  const scrap = { ItemNumber: "SCREW", Quantity: 1, ILKReference: "X1" };
  expect(await erp.service("ScrapInventory", scrap)).toMatchObject({ Success: true, Document: "SCR-000001" });
  expect(await erp.service("ScrapInventory", scrap)).toMatchObject({
    Success: false,
    ErrorCode: "AlreadyExists",
  });
  expect(await erp.admin("GET", "references/X1")).toMatchObject({ applied: 1, standing: 1 });
  expect(await erp.service("ScrapInventory", { ...scrap, ILKReference: "x".repeat(81) })).toMatchObject({
    ErrorCode: "InvalidReference",
  });
});

test("moves one lot between statuses and leaves the other", async () => {
  const move = {
    ItemNumber: "HOUSING",
    ItemBatchNumber: "H-2",
    FromInventoryStatusId: "Available",
    ToInventoryStatusId: "Blocked",
    Quantity: 5,
    ReasonCode: "porous",
  };
  await erp.service("SetInventoryStatus", move);
  const rows = await erp.read("ILKInventoryOnHand", "ItemNumber eq 'HOUSING'");
  expect(rows.map((row) => [row.ItemBatchNumber, row.InventoryStatusId, row.OnHandQuantity])).toEqual([
    ["H-1", "Available", 20],
    ["H-2", "Available", 15],
    ["H-2", "Blocked", 5],
  ]);
  expect(await erp.service("SetInventoryStatus", { ...move, Quantity: 16 })).toMatchObject({
    ErrorCode: "NegativeStock",
  });
  expect(await erp.admin("GET", "ledger-balance")).toMatchObject({ total: "0" });
});

test("buys on request, follows the supplier's date, and receives", async () => {
  await erp.admin("POST", "clock", { now: "2031-03-03T08:00:00Z", speed: 0 });
  const answer = await erp.service("RequestPurchase", {
    ItemNumber: "MOTOR-2",
    Quantity: 3,
    ILKReference: "B1",
  });
  const number = answer.PurchaseRequestNumber as string;
  const purchase = async () => (await erp.read("ILKPurchaseRequests"))[0];
  expect(await purchase()).toMatchObject({
    Status: "Open",
    ExpectedDate: "2031-03-07T12:00:00Z",
    ILKReference: "B1",
  });
  await erp.clerk("reschedule-purchase", { PurchaseRequestNumber: number, ExpectedDate: "2031-03-12" });
  await erp.admin("POST", "clock", { now: "2031-03-11T08:00:00Z" });
  await erp.tick();
  expect((await purchase()).Status).toBe("Open");
  await erp.admin("POST", "clock", { now: "2031-03-12T08:00:00Z" });
  await erp.tick();
  expect(await purchase()).toMatchObject({ Status: "Received", ReceivedQuantity: 3 });
});
