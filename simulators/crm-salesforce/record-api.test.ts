import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

test("gives a session for client credentials, and says nothing of when it ends", async () => {
  const { status, body } = await org.login();
  expect(status).toBe(200);
  expect(body).toMatchObject({ instance_url: org.url, token_type: "Bearer", token_format: "opaque" });
  expect(body.access_token).toMatch(/^00D\w{12}!/);
  expect(body).not.toHaveProperty("expires_in");
});

test.each([
  [{ client_secret: "wrong" }, "invalid_client"],
  [{ client_id: "wrong" }, "invalid_client_id"],
  [{ grant_type: "password" }, "unsupported_grant_type"],
])("refuses the token request %j with %s", async (changes, error) => {
  expect(await org.login(changes)).toMatchObject({ status: 400, body: { error } });
});

test("answers a session it does not know 401, and shows the API's versions without one", async () => {
  const stranger = { authorization: "Bearer 00Dxx!no" };
  expect(await org.call("GET", "/limits", undefined, stranger)).toMatchObject({
    status: 401,
    body: [{ errorCode: "INVALID_SESSION_ID" }],
  });
  const versions = await org.call("GET", "/services/data", undefined, stranger);
  expect(versions.body.at(-1)).toMatchObject({ version: "68.0" });
  expect(versions.headers.get("sforce-limit-info")).toBeNull();
});

test("creates, reads, changes and deletes a record, and says who did", async () => {
  const made = await org.call("POST", "/sobjects/Account", {
    Name: "Weber AG",
    ERP_Customer_Number__c: "C-7",
  });
  expect(made).toMatchObject({ status: 201, body: { success: true, errors: [] } });
  const { id } = made.body;
  expect(id).toMatch(/^001\w{12}[A-Z0-5]{3}$/);
  expect((await org.call("PATCH", `/sobjects/Account/${id}`, { Phone: "+49 821 1" })).text).toBe("");
  const [account] = await org.records(
    `SELECT Name, Phone, LastModifiedBy.Name FROM Account WHERE Id = '${id.slice(0, 15)}'`,
  );
  expect(account).toMatchObject({
    Name: "Weber AG",
    Phone: "+49 821 1",
    LastModifiedBy: { Name: "Integration User" },
  });
  expect((await org.call("DELETE", `/sobjects/Account/${id}`)).status).toBe(204);
  expect(await org.call("PATCH", `/sobjects/Account/${id}`, {})).toMatchObject({
    status: 404,
    body: [{ errorCode: "ENTITY_IS_DELETED" }],
  });
  const all = `/queryAll?q=${encodeURIComponent(`SELECT IsDeleted FROM Account WHERE Id = '${id}'`)}`;
  expect((await org.call("GET", all)).body.records).toMatchObject([{ IsDeleted: true }]);
  expect(await org.records(`SELECT Id FROM Account WHERE Id = '${id}'`)).toEqual([]);
});

test("upserts by an external id: 201, then 200 or by setting 204, upper and lower case alike", async () => {
  const path = "/sobjects/Account/ERP_Customer_Number__c/C-8";
  const made = await org.call("PATCH", path, { Name: "Weber AG" });
  expect(made).toMatchObject({ status: 201, body: { success: true, created: true } });
  const again = await org.call("PATCH", path.replace("C-8", "c-8"), { Name: "Weber SE" });
  expect(again).toMatchObject({ status: 200, body: { id: made.body.id, created: false } });
  await org.admin("PATCH", "settings", { upsertAnswersNoContent: true });
  expect(await org.call("PATCH", path, { Name: "Weber SE" })).toMatchObject({ status: 204, text: "" });
  expect((await org.call("PATCH", `${path}9?updateOnly=true`, { Name: "x" })).status).toBe(404);
});

test("answers 300 and writes nothing when an external id is on two records", async () => {
  await org.admin("PATCH", "settings", { uniqueReference: false });
  await org.arm({ kind: "upsert-race" });
  const { Id: order } = await org.order();
  const path = "/sobjects/Order_Comment__c/Interlock_Ref__c/R1";
  expect((await org.call("PATCH", path, { Order__c: order, Text__c: "hello" })).status).toBe(201);
  const second = await org.call("PATCH", path, { Text__c: "again" });
  expect(second.status).toBe(300);
  expect(second.body).toHaveLength(2);
  expect(second.body[0]).toMatch(/^\/services\/data\/v66\.0\/sobjects\/Order_Comment__c\/a03/);
  expect(await org.admin("GET", "references/R1")).toMatchObject({ applied: 2 });
});

test("calls the second of two records with the same unique value a duplicate", async () => {
  const body = { Name: "Weber AG", ERP_Customer_Number__c: "C-9" };
  const { id } = (await org.call("POST", "/sobjects/Account", body)).body;
  expect(await org.call("POST", "/sobjects/Account", body)).toMatchObject({
    status: 400,
    body: [
      {
        errorCode: "DUPLICATE_VALUE",
        message: `duplicate value found: ERP_Customer_Number__c duplicates value on record with id: ${id}`,
      },
    ],
  });
});

test.each([
  [{}, "REQUIRED_FIELD_MISSING", ["Name"]],
  [{ Name: "x", Nme: "y" }, "INVALID_FIELD", ["Nme"]],
  [{ Name: "x", CreatedDate: "2031-01-01T00:00:00Z" }, "INVALID_FIELD_FOR_INSERT_UPDATE", ["CreatedDate"]],
  [{ Name: "x".repeat(256) }, "STRING_TOO_LONG", ["Name"]],
  [{ Name: 5 }, "JSON_PARSER_ERROR", ["Name"]],
  [{ Name: "x", Service_Level__c: "Gold" }, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["Service_Level__c"]],
  [{ Name: "x", OwnerId: "12" }, "MALFORMED_ID", ["OwnerId"]],
  [{ Name: "x", OwnerId: "005Hs00000000zz" }, "INVALID_CROSS_REFERENCE_KEY", ["OwnerId"]],
])("refuses the account %j with %s", async (body, errorCode, fields) => {
  expect(await org.call("POST", "/sobjects/Account", body)).toMatchObject({
    status: 400,
    body: [{ errorCode, fields }],
  });
});

test.each([
  ["GET", "/sobjects/Nothing/1", undefined, 404, "NOT_FOUND"],
  ["GET", "/nothing", undefined, 404, "NOT_FOUND"],
  ["GET", "/services/data/v12.0/limits", undefined, 404, "NOT_FOUND"],
  ["PUT", "/sobjects/Account", {}, 405, "METHOD_NOT_ALLOWED"],
  ["POST", "/sobjects/Account", "{", 400, "JSON_PARSER_ERROR"],
  ["POST", "/sobjects/User", { Name: "me" }, 403, "INSUFFICIENT_ACCESS_OR_READONLY"],
  ["POST", "/sobjects/Account", `"${"x".repeat(1_100_000)}"`, 413, "REQUEST_ENTITY_TOO_LARGE"],
])("answers %s %s %.20j in the product's form", async (method, path, body, status, errorCode) => {
  const reply = await org.call(method, path, body);
  expect(reply).toMatchObject({ status, body: [{ errorCode, message: expect.stringMatching(/\w/) }] });
  expect(reply.text).not.toContain(".ts:");
});

test("keeps amounts exact, and rounds what goes beyond the field's digits", async () => {
  const { Id } = await org.order();
  const body = `{"Name":"P1","SerialNumber":"P1","Quantity":9007199254740.99,"Asset_Key__c":"P1"}`;
  expect((await org.call("POST", "/sobjects/Asset", body)).status).toBe(201);
  const { text } = await org.query("SELECT Quantity FROM Asset");
  expect(text).toContain('"Quantity":9007199254740.99');
  expect((await org.query(`SELECT TotalAmount FROM Order WHERE Id = '${Id}'`)).text).toContain(
    '"TotalAmount":9765.63',
  );
});

test("finds a parent by its external id, and says when there is none", async () => {
  const asset = (customer: string) => ({
    Name: "P1",
    SerialNumber: "P1",
    Account: { ERP_Customer_Number__c: customer },
  });
  expect((await org.call("PATCH", "/sobjects/Asset/Asset_Key__c/P1", asset("C-100"))).status).toBe(201);
  expect(await org.records("SELECT Account.Name FROM Asset")).toMatchObject([
    { Account: { Name: "Brauer Maschinenbau GmbH" } },
  ]);
  expect(await org.call("PATCH", "/sobjects/Asset/Asset_Key__c/P1", asset("C-1"))).toMatchObject({
    status: 400,
    body: [{ errorCode: "INVALID_FIELD", message: expect.stringContaining("Foreign key external ID: c-1") }],
  });
});

test("describes its objects with what an integration must know of a field", async () => {
  const { body } = await org.call("GET", "/sobjects/Order/describe");
  const byName = Object.fromEntries(body.fields.map((field: { name: string }) => [field.name, field]));
  expect(byName.Interlock_Ref__c).toMatchObject({ externalId: true, unique: true, custom: true });
  expect(byName.OrderNumber).toMatchObject({ autoNumber: true, createable: false });
  expect(body.childRelationships).toContainEqual({
    childSObject: "OrderItem",
    field: "OrderId",
    relationshipName: "OrderItems",
  });
  expect((await org.call("GET", "/sobjects")).body.sobjects.length).toBeGreaterThan(10);
});

test("counts every call against the org's limit, and refuses all of them when it is used up", async () => {
  await org.admin("PATCH", "settings", { dailyApiRequests: 2, apiRequestsUsed: 0 });
  expect((await org.call("GET", "/limits")).headers.get("sforce-limit-info")).toBe("api-usage=1/2");
  expect((await org.call("GET", "/limits")).body).toEqual({ DailyApiRequests: { Max: 2, Remaining: 0 } });
  const refused = await org.call("GET", "/limits");
  expect(refused).toMatchObject({ status: 403, body: [{ errorCode: "REQUEST_LIMIT_EXCEEDED" }] });
  expect(refused.headers.get("retry-after")).toBeNull();
});
