import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const bookOf = async (after = 0) => (await org.admin("GET", `book?after=${after}`)).entries;

test("tells who did what, by which reference, and what the org did because of it", async () => {
  const { Id } = await org.order();
  const seen = (await bookOf()).at(-1).seq;
  await org.call("PATCH", `/sobjects/Order/${Id}`, { Interlock_Ref__c: "R1", Status: "Cancelled" });
  const entries = await bookOf(seen);
  expect(entries).toMatchObject([
    { actor: "api", operation: "update", type: "Order", number: "00000001", reference: "R1", cause: null },
    { actor: "system", operation: "create", type: "Order_Request__c", reference: null, cause: "R1" },
  ]);
  expect(entries[0].changes).toEqual({ Interlock_Ref__c: "R1", Status: "Cancelled" });
  expect((await bookOf()).filter(({ actor }: { actor: string }) => actor === "clerk").length).toBeGreaterThan(
    2,
  );
});

test("gives numbers and ids a second time after a restore, and keeps in the book what was", async () => {
  await org.order();
  await org.admin("PUT", "snapshots/noon");
  const lost = await org.order();
  await org.call("PATCH", `/sobjects/Order/${lost.Id}`, { Interlock_Ref__c: "R1" });
  await org.admin("POST", "restore/noon");
  expect(await org.admin("GET", "references/R1")).toMatchObject({ applied: 1, standing: 0 });
  expect(await org.records("SELECT OrderNumber FROM Order")).toHaveLength(1);
  const again = await org.order();
  expect({ id: again.Id, number: again.OrderNumber }).toEqual({ id: lost.Id, number: lost.OrderNumber });
  expect((await org.admin("GET", "book/summary")).undone).toBeGreaterThan(0);
  expect(await org.admin("POST", "restore/never")).toMatchObject([{ errorCode: "UNKNOWN_SNAPSHOT" }]);
});

test("can be edited behind its back: no stamp, no flow, but the book says whose hand it was", async () => {
  const { Id, SystemModstamp } = await org.order();
  const edit = { object: "Order", id: Id, field: "TotalAmount", value: "1.00" };
  expect(await org.admin("POST", "edit", edit)).toMatchObject({ TotalAmount: "1", SystemModstamp });
  expect((await bookOf()).at(-1)).toMatchObject({ actor: "hand", changes: { TotalAmount: "1" } });
  expect(await org.admin("POST", "edit", { ...edit, field: "Nothing" })).toMatchObject([
    { errorCode: "INVALID_FIELD" },
  ]);
});

test("names the references that were applied more than once", async () => {
  await org.admin("PATCH", "settings", { uniqueReference: false });
  const orders = [await org.order(), await org.order()];
  for (const { Id } of orders) await org.call("PATCH", `/sobjects/Order/${Id}`, { Interlock_Ref__c: "R1" });
  expect(await org.admin("GET", "book/summary")).toMatchObject({
    references: 1,
    appliedMoreThanOnce: ["R1"],
    standingMoreThanOnce: ["R1"],
  });
});

test("keeps customers and items by the numbers other systems know them by", async () => {
  await org.admin("PUT", "items/MOTOR-5", { name: "Motor 5", price: "410.00", unit: "Each" });
  await org.admin("PUT", "items/MOTOR-5", { price: "420.00" });
  await org.admin("PUT", "customers/C-77", { name: "Weber AG", lastName: "Weber" });
  const order = await org.order({ account: "C-77", lines: [{ item: "MOTOR-5", quantity: "2" }] });
  expect(order).toMatchObject({ TotalAmount: "840.00" });
  expect(await org.records("SELECT Contact_Name__c FROM Order_Request__c")).toMatchObject([
    { Contact_Name__c: "Weber" },
  ]);
});

test("shows records as they are kept", async () => {
  const { OrderNumber, Id } = await org.order();
  await org.order();
  expect(await org.admin("GET", `records/Order?OrderNumber=${OrderNumber}`)).toMatchObject([
    { Id, TotalAmount: "9765.63" },
  ]);
  expect(await org.admin("GET", `records/OrderItem?OrderId=${Id}`)).toHaveLength(2);
  expect(await org.admin("GET", "records/Order")).toHaveLength(2);
  expect(await org.admin("GET", "records/Nothing")).toMatchObject([{ errorCode: "NOT_FOUND" }]);
});

test("does several things at a screen as one transaction", async () => {
  const good = { action: "create-order", account: "C-100", lines: [{ item: "PUMP-200", quantity: "1" }] };
  const bad = { ...good, account: "C-0" };
  expect(await org.admin("POST", "clerk", [good, bad])).toMatchObject([{ errorCode: "UNKNOWN_RECORD" }]);
  expect(await org.records("SELECT Id FROM Order")).toEqual([]);
  expect(await org.admin("POST", "clerk", [good, good])).toHaveLength(2);
});

test.each([
  ["PATCH", "settings", { speed: 1 }, "INVALID_SETTING"],
  ["PATCH", "settings", { uniqueReference: "no" }, "INVALID_SETTING"],
  ["POST", "clerk", { action: "ship" }, "UNKNOWN_ACTION"],
  ["POST", "clerk", { action: "create-order", account: "C-100", lines: [{ item: "X" }] }, "UNKNOWN_RECORD"],
  ["GET", "nothing", undefined, "NOT_FOUND"],
])("%s /admin/%s refuses %j with %s", async (method, path, body, errorCode) => {
  expect(await org.admin(method, path, body)).toMatchObject([{ errorCode }]);
});
