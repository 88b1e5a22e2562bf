import { afterEach, beforeEach, expect, test } from "vitest";
import { TestOrg } from "./test-org.ts";

let org: TestOrg;
beforeEach(async () => {
  org = await TestOrg.start();
});
afterEach(() => org.close());

const account = (Name: string | undefined, n: number) => ({
  attributes: { type: "Account" },
  Name,
  ERP_Customer_Number__c: `K-${n}`,
});
const PATH = "/composite/sobjects";
const made = async () => (await org.query("SELECT COUNT() FROM Account")).body.totalSize - 4;

test("does the rows it can, answers 200, and calls the code of a row's error statusCode", async () => {
  const records = [account("a", 1), account(undefined, 2), account("c", 3)];
  const { status, body } = await org.call("POST", PATH, { records });
  expect(status).toBe(200);
  expect(body).toMatchObject([
    { success: true, errors: [] },
    { success: false, errors: [{ statusCode: "REQUIRED_FIELD_MISSING", fields: ["Name"] }] },
    { success: true },
  ]);
  expect(await made()).toBe(2);
});

test("does all or none where that is asked for", async () => {
  const records = [account("a", 1), account(undefined, 2)];
  const { status, body } = await org.call("POST", PATH, { allOrNone: true, records });
  expect(status).toBe(200);
  expect(body[0].errors[0].statusCode).toBe("ALL_OR_NONE_OPERATION_ROLLED_BACK");
  expect(await made()).toBe(0);
});

test("changes, upserts and deletes in one request", async () => {
  const first = await org.call("PATCH", `${PATH}/Account/ERP_Customer_Number__c`, {
    records: [account("a", 1), account("b", 2)],
  });
  expect(first.body).toMatchObject([{ created: true }, { created: true }]);
  const ids = first.body.map(({ id }: { id: string }) => id);
  const again = await org.call("PATCH", `${PATH}/Account/ERP_Customer_Number__c`, {
    records: [account("a2", 1)],
  });
  expect(again.body).toMatchObject([{ id: ids[0], created: false }]);
  const records = ids.map((id: string) => ({ attributes: { type: "Account" }, id, Phone: "1" }));
  expect((await org.call("PATCH", PATH, { records })).body).toMatchObject([
    { success: true },
    { success: true },
  ]);
  expect((await org.call("DELETE", `${PATH}?ids=${ids.join(",")}`)).body).toHaveLength(2);
  expect(await made()).toBe(0);
});

test.each([
  [{ records: [] }, "EXCEEDED_ID_LIMIT"],
  [{ records: Array.from({ length: 201 }, (_, n) => account("a", n)) }, "EXCEEDED_ID_LIMIT"],
  [{ records: [{ Name: "a" }] }, "INVALID_TYPE"],
  [
    {
      records: Array.from({ length: 12 }, (_, n) => ({
        attributes: { type: n % 2 ? "Account" : "Contact" },
        Name: "a",
      })),
    },
    "INVALID_OPERATION",
  ],
])("refuses a request that cannot be read: %.60j", async (body, errorCode) => {
  expect(await org.call("POST", PATH, body)).toMatchObject({ status: 400, body: [{ errorCode }] });
});

test("half-batch does the first half and tells nobody", async () => {
  await org.arm({ kind: "half-batch" });
  const records = [1, 2, 3, 4].map((n) => account("a", n));
  await expect(org.call("POST", PATH, { records })).rejects.toThrow("fetch failed");
  expect(await made()).toBe(2);
});

test("lock-row rolls back every second row of a collection", async () => {
  await org.arm({ kind: "lock-row" });
  const { body } = await org.call("POST", PATH, { records: [account("a", 1), account("b", 2)] });
  expect(body).toMatchObject([
    { success: true },
    { success: false, errors: [{ statusCode: "UNABLE_TO_LOCK_ROW" }] },
  ]);
});

test("a composite uses what earlier requests answered, and counts as one call", async () => {
  const compositeRequest = [
    { method: "POST", url: "/services/data/v66.0/sobjects/Account", referenceId: "a", body: { Name: "a" } },
    {
      method: "POST",
      url: "/services/data/v66.0/sobjects/Contact",
      referenceId: "c",
      body: { LastName: "b", AccountId: "@{a.id}" },
    },
  ];
  const reply = await org.call("POST", "/composite", { compositeRequest });
  expect(reply.body.compositeResponse).toMatchObject([
    { referenceId: "a", httpStatusCode: 201 },
    { referenceId: "c", httpStatusCode: 201 },
  ]);
  expect(reply.headers.get("sforce-limit-info")).toMatch(/^api-usage=1\//);
  expect(await org.records("SELECT Account.Name FROM Contact WHERE Name = 'b'")).toMatchObject([
    { Account: { Name: "a" } },
  ]);
});

test("a composite that is all or none takes back what was done, and blames the guilty one", async () => {
  const sub = (referenceId: string, body: object) => ({
    method: "POST",
    url: "/services/data/v66.0/sobjects/Account",
    referenceId,
    body,
  });
  const compositeRequest = [sub("a", { Name: "a" }), sub("b", {}), sub("c", { Name: "c" })];
  const { status, body } = await org.call("POST", "/composite", { allOrNone: true, compositeRequest });
  expect(status).toBe(200);
  expect(
    body.compositeResponse.map((sub: { body: { errorCode: string }[] }) => sub.body[0]?.errorCode),
  ).toEqual(["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING", "PROCESSING_HALTED"]);
  expect(await made()).toBe(0);
});
