import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const clerk = (action: string, given: object) => org.admin("POST", "clerk", { action, ...given });
const requests = () =>
  org.records(
    "SELECT Type__c, Revision__c, Order_Number__c, Quote_Number__c, Customer_Number__c, Po_Number__c, Reason__c, (SELECT Line_Number__c, Item_Number__c, Quantity__c FROM Lines__r ORDER BY Line_Number__c) FROM Order_Request__c ORDER BY Name",
  );
const events = () => org.records("SELECT Type__c, Revision__c, Symptom__c FROM Case_Event__c ORDER BY Name");

test("turns an accepted quote into an activated order, and tells what was asked", async () => {
  const quote = await clerk("create-quote", {
    account: "C-100",
    poNumber: "4500-1",
    lines: [{ item: "PUMP-200", quantity: "2", price: "1900.00", options: "seal-material=viton" }],
  });
  expect(quote).toMatchObject({ Status: "Presented", TotalPrice: "3800.00" });
  const order = await clerk("accept-quote", { quote: quote.QuoteNumber });
  expect(order).toMatchObject({ Status: "Activated", PoNumber: "4500-1", TotalAmount: "3800.00" });
  const [accepted] = await org.records("SELECT Status, (SELECT OrderNumber FROM Orders) FROM Quote");
  expect(accepted).toMatchObject({
    Status: "Accepted",
    Orders: { records: [{ OrderNumber: order.OrderNumber }] },
  });
  expect(await requests()).toMatchObject([
    {
      Type__c: "New",
      Revision__c: 1,
      Order_Number__c: order.OrderNumber,
      Quote_Number__c: quote.QuoteNumber,
      Customer_Number__c: "C-100",
      Po_Number__c: "4500-1",
      Lines__r: { records: [{ Line_Number__c: 10, Item_Number__c: "PUMP-200", Quantity__c: 2 }] },
    },
  ]);
  expect(await clerk("accept-quote", { quote: quote.QuoteNumber })).toMatchObject([
    { errorCode: "FIELD_INTEGRITY_EXCEPTION" },
  ]);
});

test("tells each change and the cancellation of an order as a row of its own, with what is other than before", async () => {
  const { OrderNumber: order } = await org.order();
  const lines = [
    { line: 10, quantity: "3" },
    { line: 20, quantity: 0 },
    { item: "SEAL-KIT", quantity: "4" },
  ];
  await clerk("change-order", { order, reason: "smaller tank", lines });
  await clerk("change-order", { order, poNumber: "4500-2" });
  await clerk("cancel-order", { order, reason: "project stopped" });
  const [, changed, renamed, cancelled] = await requests();
  expect(changed).toMatchObject({
    Type__c: "Change",
    Revision__c: 2,
    Reason__c: "smaller tank",
    Lines__r: {
      records: [
        { Line_Number__c: 10, Quantity__c: 3 },
        { Line_Number__c: 20, Item_Number__c: "COOLANT", Quantity__c: 0 },
        { Line_Number__c: 30, Item_Number__c: "SEAL-KIT", Quantity__c: 4 },
      ],
    },
  });
  expect(renamed).toMatchObject({
    Type__c: "Change",
    Revision__c: 3,
    Po_Number__c: "4500-2",
    Lines__r: null,
  });
  expect(cancelled).toMatchObject({ Type__c: "Cancel", Reason__c: "project stopped", Lines__r: null });
});

test("tells nothing of what an integration writes to its own fields", async () => {
  const { Id } = await org.order();
  const opened = await clerk("open-case", { account: "C-100", subject: "leaks", serial: "P-1" });
  await org.call("PATCH", `/sobjects/Order/${Id}`, { Fulfilment_Status__c: "Confirmed" });
  await org.call("PATCH", `/sobjects/Case/${opened.Id}`, { Investigation_Status__c: "Received" });
  expect(await requests()).toHaveLength(1);
  expect(await events()).toHaveLength(1);
});

test("tells each thing people say of a case", async () => {
  const { CaseNumber } = await clerk("open-case", { account: "C-100", subject: "leaks", serial: "P-1" });
  await clerk("update-case", { case: CaseNumber, fields: { Subject: "leaks at the shaft" } });
  await clerk("close-case", { case: CaseNumber, reason: "Leakage" });
  expect(await events()).toMatchObject([
    { Type__c: "Opened", Revision__c: 1, Symptom__c: "leaks" },
    { Type__c: "Updated", Revision__c: 2, Symptom__c: "leaks at the shaft" },
    { Type__c: "Closed", Revision__c: 3 },
  ]);
  expect(await org.records("SELECT IsClosed, ClosedDate FROM Case")).toMatchObject([{ IsClosed: true }]);
});

test("keeps the lines of an activated order, and a cancelled one as it is", async () => {
  const { Id } = await org.order();
  const [item] = await org.records("SELECT Id FROM OrderItem LIMIT 1");
  for (const [method, path, body] of [
    ["PATCH", `/sobjects/OrderItem/${item.Id}`, { Quantity: 9 }],
    ["DELETE", `/sobjects/OrderItem/${item.Id}`, undefined],
    ["PATCH", `/sobjects/Order/${Id}`, { EffectiveDate: "2031-01-01" }],
  ] as const)
    expect(await org.call(method, path, body)).toMatchObject({
      status: 400,
      body: [{ errorCode: "FIELD_INTEGRITY_EXCEPTION" }],
    });
  await org.call("PATCH", `/sobjects/Order/${Id}`, { Status: "Cancelled" });
  expect((await org.call("PATCH", `/sobjects/Order/${Id}`, { Status: "Draft" })).status).toBe(400);
});

test("activates no order without a product, and tells of none that never was", async () => {
  const [account] = await org.records("SELECT Id FROM Account LIMIT 1");
  const draft = { AccountId: account.Id, EffectiveDate: "2031-01-01" };
  expect(await org.call("POST", "/sobjects/Order", { ...draft, Status: "Activated" })).toMatchObject({
    body: [{ errorCode: "FAILED_ACTIVATION" }],
  });
  const { id } = (await org.call("POST", "/sobjects/Order", draft)).body;
  expect(await org.call("PATCH", `/sobjects/Order/${id}`, { Status: "Activated" })).toMatchObject({
    body: [{ errorCode: "FAILED_ACTIVATION", message: "An order must have at least one product." }],
  });
  await org.call("PATCH", `/sobjects/Order/${id}`, { Status: "Cancelled" });
  expect(await requests()).toEqual([]);
});

test("takes lines only from the order's own price book, and more than nothing of them", async () => {
  const { id: book } = (await org.call("POST", "/sobjects/Pricebook2", { Name: "Export" })).body;
  const [account] = await org.records("SELECT Id FROM Account LIMIT 1");
  const [entry] = await org.records("SELECT Id, Pricebook2Id FROM PricebookEntry LIMIT 1");
  const order = async (Pricebook2Id: string) =>
    (
      await org.call("POST", "/sobjects/Order", {
        AccountId: account.Id,
        EffectiveDate: "2031-01-01",
        Pricebook2Id,
      })
    ).body.id;
  const line = { PricebookEntryId: entry.Id, Quantity: 1, UnitPrice: 5 };
  expect(
    await org.call("POST", "/sobjects/OrderItem", { ...line, OrderId: await order(book) }),
  ).toMatchObject({
    body: [{ errorCode: "FIELD_INTEGRITY_EXCEPTION", fields: ["PricebookEntryId"] }],
  });
  const OrderId = await order(entry.Pricebook2Id);
  expect(await org.call("POST", "/sobjects/OrderItem", { ...line, OrderId, Quantity: -1 })).toMatchObject({
    body: [{ errorCode: "FIELD_INTEGRITY_EXCEPTION", fields: ["Quantity"] }],
  });
  expect((await org.call("POST", "/sobjects/OrderItem", { ...line, OrderId })).status).toBe(201);
});

test("refuses by a rule of its administrators", async () => {
  const { Id } = await org.order();
  expect(await org.call("PATCH", `/sobjects/Order/${Id}`, { Promised_Date__c: "2001-01-01" })).toMatchObject({
    status: 400,
    body: [{ errorCode: "FIELD_CUSTOM_VALIDATION_EXCEPTION", fields: ["Promised_Date__c"] }],
  });
});

test("does what it does by a clock that can be set, and sped up", async () => {
  await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
  const { EffectiveDate, SystemModstamp } = await org.order();
  expect({ EffectiveDate, SystemModstamp }).toEqual({
    EffectiveDate: "2031-05-09",
    SystemModstamp: "2031-05-09T06:00:00.000Z",
  });
  const { headers } = await org.call("GET", "/limits");
  expect(headers.get("date")).toBe("Fri, 09 May 2031 06:00:00 GMT");
  await org.stop();
  await org.open();
  expect(await org.admin("GET", "clock")).toEqual({ now: "2031-05-09T06:00:00.000Z", speed: 0 });
  expect(await org.admin("POST", "clock", { speed: -1 })).toMatchObject([{ errorCode: "INVALID_CLOCK" }]);
});

test("takes customers and items by the list, all or none", async () => {
  const customers = [
    { number: "AW-1", name: "Next-Door Bike Store", currency: "USD" },
    { number: "AW-2", name: "Riders Company" },
  ];
  expect(await org.admin("PUT", "customers", customers)).toEqual({ records: 2 });
  const [store] = await org.admin("GET", "records/Account?ERP_Customer_Number__c=AW-1");
  expect(store).toMatchObject({ Name: "Next-Door Bike Store", CurrencyIsoCode: "USD" });
  expect(
    await org.admin("PUT", "items", [{ number: "BK-1", price: "9.50" }, { name: "nothing" }]),
  ).toMatchObject([{ errorCode: "MISSING_NUMBER" }]);
  expect(await org.admin("GET", "records/Product2?Item_Number__c=BK-1")).toEqual([]);
});
