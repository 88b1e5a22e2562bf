import { afterAll, beforeAll, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
beforeAll(async () => {
  org = await TestOrg.start();
  await org.order();
  await org.order({ account: "C-200", poNumber: undefined });
});
afterAll(() => org.close());

test("selects fields, parents and children", async () => {
  const [order, ...others] = await org.records(
    "SELECT OrderNumber, Account.Name, QuoteId, (SELECT Line_Number__c, Product2.ProductCode FROM OrderItems ORDER BY Line_Number__c DESC) FROM Order WHERE Account.ERP_Customer_Number__c = 'C-100'",
  );
  expect(others).toEqual([]);
  expect(order).toMatchObject({
    attributes: { type: "Order", url: expect.stringMatching(/sobjects\/Order\/801/) },
    OrderNumber: "00000001",
    QuoteId: null,
    Account: { attributes: { type: "Account" }, Name: "Brauer Maschinenbau GmbH" },
    OrderItems: {
      totalSize: 2,
      records: [{ Line_Number__c: 20, Product2: { ProductCode: "COOLANT" } }, { Line_Number__c: 10 }],
    },
  });
});

test.each([
  ["PoNumber = '4500-1'", 1],
  ["PoNumber = null", 1],
  ["PoNumber != 'x'", 2],
  ["Account.Name = 'ATELIERS MOREL SA'", 1],
  ["OrderNumber IN ('00000001', '00000002')", 2],
  ["NOT OrderNumber IN ('00000001')", 1],
  ["OrderNumber NOT IN ('00000001')", 1],
  ["TotalAmount > 9765.62 AND TotalAmount <= 9765.63", 2],
  ["Requested_Date__c < 2031-05-09 OR (OrderNumber = '00000002' AND Status = 'Activated')", 1],
  ["SystemModstamp >= 2020-01-01T00:00:00Z AND SystemModstamp < 2020-01-01T00:00:00+01:00", 0],
  ["SystemModstamp >= 2020-01-01T00:00:00.000+0000", 2],
])("finds by %s", async (where, count) => {
  const reply = await org.query(`select Id from order where ${where}`);
  expect(reply.body).toMatchObject({ totalSize: count, done: true });
});

test("counts, limits, and sorts empty values first unless told otherwise", async () => {
  expect((await org.query("SELECT COUNT() FROM Order")).body).toEqual({
    totalSize: 2,
    done: true,
    records: [],
  });
  const first = async (order: string) =>
    (await org.records(`SELECT PoNumber FROM Order ORDER BY ${order} LIMIT 1`))[0].PoNumber;
  expect(await first("PoNumber")).toBeNull();
  expect(await first("PoNumber NULLS LAST")).toBe("4500-1");
  expect(await first("PoNumber DESC NULLS LAST")).toBe("4500-1");
});

test.each([
  ["SELECT Id FRM Order", "MALFORMED_QUERY", "Row:1:Column:11"],
  ["SELECT Id FROM Order WHERE Status LIKE 'A%'", "MALFORMED_QUERY", "Row:1:Column:35"],
  [
    "SELECT Id FROM Order WHERE Status = 'A' AND Status = 'B' OR Status = 'C'",
    "MALFORMED_QUERY",
    "Column:58",
  ],
  ["SELECT Id FROM Order GROUP BY Id", "MALFORMED_QUERY", "Row:1:Column:22"],
  ["SELECT Id\nFROM Order LIMIT ten", "MALFORMED_QUERY", "Row:2:Column:18"],
  ["SELECT Id FROM Order WHERE Status = 'open", "MALFORMED_QUERY", "Column:37"],
  ["SELECT Idx FROM Order", "INVALID_FIELD", "No such column 'Idx' on entity 'Order'"],
  ["SELECT Acount.Name FROM Order", "INVALID_FIELD", "Didn't understand relationship 'Acount'"],
  ["SELECT Id, (SELECT Id FROM Items) FROM Order", "INVALID_TYPE", "Didn't understand relationship 'Items'"],
  ["SELECT Id FROM Ordr", "INVALID_TYPE", "sObject type 'Ordr' is not supported"],
  ["SELECT Id FROM Order WHERE TotalAmount = '5'", "INVALID_FIELD", "must be of type currency"],
  ["SELECT Id FROM Order WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"],
  [`SELECT Id FROM Order WHERE ${"(".repeat(80)}Status = 'A'`, "MALFORMED_QUERY", "nested"],
  ["", "MALFORMED_QUERY", "specified"],
])("refuses %s with %s", async (soql, errorCode, said) => {
  const { status, body } = await org.query(soql);
  expect({ status, body }).toMatchObject({ status: 400, body: [{ errorCode }] });
  expect(body[0].message).toContain(said);
});

test("gives a result page by page, as it was when it was asked for", async () => {
  await org.admin("PATCH", "settings", { queryBatchSize: 3 });
  const first = (await org.query("SELECT Line_Number__c FROM OrderItem ORDER BY Id")).body;
  expect(first).toMatchObject({ totalSize: 4, done: false, records: { length: 3 } });
  expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/01g\w+-3$/);
  await org.order();
  const rest = (await org.call("GET", first.nextRecordsUrl)).body;
  expect(rest).toMatchObject({ totalSize: 4, done: true, records: { length: 1 } });
  expect(rest).not.toHaveProperty("nextRecordsUrl");
  await org.admin("PATCH", "settings", { queryBatchSize: 2000 });
  expect(await org.call("GET", "/query/01g000000000000000-3")).toMatchObject({
    status: 400,
    body: [{ errorCode: "INVALID_QUERY_LOCATOR" }],
  });
});

test("a page in order of stamps is full though deleted and other records stand between, and goes on where it ended", async () => {
  const at = (now: string) => org.admin("POST", "clock", { now, speed: 0 });
  const make = async (name: string): Promise<string> =>
    (await org.call("POST", "/sobjects/Account", { Name: name })).body.id;
  await at("2041-05-09T06:00:00Z");
  const changed = await make("page 1");
  const deleted = await make("page 1");
  const together = [await make("page 1"), await make("page 1"), await make("page 1")];
  await make("another");
  await at("2041-05-09T06:00:05Z");
  const second = await make("page 2");
  expect((await org.call("DELETE", `/sobjects/Account/${deleted}`)).status).toBe(204);
  await org.call("PATCH", `/sobjects/Account/${changed}`, { Name: "page 2" });

  const page = async (since: string, order: string, most: number) => {
    const soql = `SELECT Id FROM Account WHERE Name != 'another' AND ${since} ORDER BY ${order} LIMIT ${most}`;
    return (await org.records(soql)).map((row) => row.Id);
  };
  const all = [...together, ...[changed, second].toSorted()];
  const first = "SystemModstamp >= 2041-05-09T06:00:00Z";
  expect(await page(first, "SystemModstamp, Id", 3)).toEqual(all.slice(0, 3));
  expect(await page(first, "SystemModstamp", 4)).toEqual(all.slice(0, 4));
  expect(await page(first, "SystemModstamp, Id DESC", 2)).toEqual([together[2], together[1]]);
  expect(await page(first, "SystemModstamp DESC, Id", 3)).toEqual([...all.slice(3), together[0]]);
  const behind = `(SystemModstamp > 2041-05-09T06:00:05Z OR (SystemModstamp = 2041-05-09T06:00:05Z AND Id > '${all[3]}'))`;
  expect(await page(behind, "SystemModstamp, Id", 3)).toEqual(all.slice(4));
});
