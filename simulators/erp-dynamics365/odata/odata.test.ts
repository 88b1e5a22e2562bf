import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient, type Json } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  erp.call("GET", `/data/${path}`, undefined, headers);
const items = async (query: string) =>
  (await get(`ReleasedProductsV2?${query}`)).body.value.map((row: Json) => row.ItemNumber);

test.each([
  ["$filter=ItemNumber eq 'SCREW'", ["SCREW"]],
  ["$filter=ItemNumber eq '*OUS*'", ["HOUSING"]],
  ["$filter=ItemNumber ne 'MOTOR*' and UnitCost lt 100", ["HOUSING", "SCREW"]],
  [
    "$filter=(UnitCost ge 0.25 and UnitCost le 80) or ItemNumber eq 'MOTOR-2'",
    ["HOUSING", "MOTOR-2", "SCREW"],
  ],
  [
    "$filter=not(ILKIsMakeToOrder eq Microsoft.Dynamics.DataEntities.NoYes'Yes') and ILKLeadTimeDays gt 3",
    ["MOTOR-1", "MOTOR-2"],
  ],
  ["$orderby=UnitCost desc&$top=2", ["PUMP-200", "OLD-100"]],
  ["$orderby=ItemNumber&$skip=4", ["PUMP-200", "SCREW"]],
])("answers %s", async (query, expected) => {
  expect(await items(query)).toEqual(expected);
});

test.each([
  ["$filter=contains(ItemNumber,'S')", "the function 'contains' is not served"],
  ["$filter=ItemNumber in ('S')", "'in' is not an operator"],
  ["$filter=ItemNumber has 'S'", "'has' is not an operator"],
  ["$filter=Colour eq 'red'", "Could not find a property named 'Colour'"],
  ["$filter=UnitCost eq 'much'", "is not a value that UnitCost can be compared with"],
  ["$filter=ILKIsBlocked gt 'No'", "can only be compared with eq and ne"],
  ["$filter=(ItemNumber eq 'S'", "a closing parenthesis is missing"],
  ["$filter=ItemNumber eq", "is missing"],
  ["$filter=ItemNumber eq 'S' and", "a field name is missing"],
  ["$filter=ItemNumber eq 'S", "is not understood"],
  [`$filter=${"not ".repeat(60)}ItemNumber eq 'S'`, "nested too deeply"],
  ["$select=Colour", "Could not find a property named 'Colour'"],
  ["$expand=Colours", "Could not find a navigation named 'Colours'"],
  ["$top=many", "$top must be a whole number"],
  ["$apply=x", "'$apply' is not served"],
])("refuses %s by its name", async (query, reason) => {
  const answer = await get(`ReleasedProductsV2?${query}`);
  expect(answer.status).toBe(400);
  expect(answer.body.error.innererror.message).toContain(reason);
});

test("selects, counts, expands and reads one record by its whole key", async () => {
  const number = await erp.order("R1", [{ ItemNumber: "SCREW", OrderedSalesQuantity: 2.5 }]);
  const list = await get("SalesOrderHeadersV3?$select=SalesOrderNumber&$expand=SalesOrderLines&$count=true");
  expect(list.body).toMatchObject({ "@odata.count": 1, value: [{ SalesOrderNumber: number }] });
  expect(Object.keys(list.body.value[0])).toEqual(["@odata.etag", "SalesOrderNumber", "SalesOrderLines"]);
  expect(list.body.value[0].SalesOrderLines[0]).toMatchObject({
    ItemNumber: "SCREW",
    OrderedSalesQuantity: 2.5,
  });
  const one = await get(`SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='${number}')`);
  expect(one.body.SalesOrderNumber).toBe(number);
  expect(
    (await get(`SalesOrderHeadersV3(SalesOrderNumber='${number}')`)).body.error.innererror.message,
  ).toContain("dataAreaId is missing");
  expect((await get("SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='no')")).status).toBe(404);
  expect((await get("NoSuchSet")).status).toBe(404);
});

test("takes and finds keys with doubled apostrophes", async () => {
  await erp.call("POST", "/data/CustomersV3", {
    CustomerAccount: "O'NEIL",
    OrganizationName: "O'Neil",
    SalesCurrencyCode: "EUR",
  });
  expect(await erp.read("CustomersV3", "OrganizationName eq 'O''Neil'")).toHaveLength(1);
  const one = await get("CustomersV3(dataAreaId='usmf',CustomerAccount='O%27%27NEIL')");
  expect(one.body.OrganizationName).toBe("O'Neil");
});

test("writes numbers exactly and shows empty dates as the product does", async () => {
  await erp.order("R1", [{ ItemNumber: "SCREW", OrderedSalesQuantity: 1, SalesPrice: 0.1 }]);
  const { text } = await get("SalesOrderLines");
  expect(text).toContain('"SalesPrice":0.1,');
  expect(text).toContain('"LineAmount":0.1,');
  const { text: production } = await get("ReleasedProductsV2?$filter=ItemNumber eq 'SCREW'");
  expect(production).toContain('"UnitCost":0.25,');
  const version = await get("BillOfMaterialsVersionsV3");
  expect(version.body.value[0]).toMatchObject({
    ValidFromDate: "2000-01-01T12:00:00Z",
    ValidToDate: "1900-01-01T00:00:00Z",
  });
});

test("pages by the size the caller prefers, and links to the rest", async () => {
  const seen: string[] = [];
  let path: string | undefined = "ReleasedProductsV2?$orderby=ItemNumber";
  while (path !== undefined) {
    const { body }: Json = await get(path, { prefer: "odata.maxpagesize=2" });
    seen.push(...body.value.map((row: Json) => row.ItemNumber));
    path = body["@odata.nextLink"]?.replace(`${erp.url}/data/`, "");
  }
  expect(seen).toEqual(["HOUSING", "MOTOR-1", "MOTOR-2", "OLD-100", "PUMP-200", "SCREW"]);
  expect((await get("ReleasedProductsV2?$top=3", { prefer: "odata.maxpagesize=2" })).body.value).toHaveLength(
    2,
  );
});

test("refuses a change whose ETag does not match; without one the last write wins", async () => {
  const path = "CustomersV3(dataAreaId='usmf',CustomerAccount='US-001')";
  const { "@odata.etag": etag } = (await get(path)).body;
  expect(Buffer.from(etag.slice(3, -1), "base64").toString()).toMatch(/^'\d+,\d+'$/);
  const patch = (headers: Record<string, string>, limit: number) =>
    erp.call("PATCH", `/data/${path}`, { CreditLimit: limit }, headers);
  expect((await patch({ "if-match": etag }, 1)).status).toBe(204);
  expect((await patch({ "if-match": etag }, 2)).status).toBe(412);
  expect((await get(path)).body.CreditLimit).toBe(1);
  expect((await patch({}, 3)).status).toBe(204);
  expect((await patch({ "if-match": "*" }, 4)).status).toBe(204);
  expect((await get(path)).body.CreditLimit).toBe(4);
});

test("shows only the default company unless asked across companies", async () => {
  await erp.admin("POST", "seed", {
    customers: [{ dataAreaId: "usrt", CustomerAccount: "RT-1", OrganizationName: "Other" }],
  });
  expect(await erp.read("CustomersV3", "CustomerAccount eq 'RT-1'")).toEqual([]);
  const key = "CustomersV3(dataAreaId='usrt',CustomerAccount='RT-1')";
  expect((await get(key)).status).toBe(404);
  expect((await get(`${key}?cross-company=true`)).body.OrganizationName).toBe("Other");
  const across = await get("CustomersV3?cross-company=true&$filter=dataAreaId eq 'usrt'");
  expect(across.body.value).toHaveLength(1);
  expect((await erp.call("PATCH", `/data/${key}`, { CreditLimit: 1 })).status).toBe(404);
  const refused = await erp.call("PATCH", `/data/${key}?cross-company=true`, { CreditLimit: 1 });
  expect(refused.body.error.innererror.message).toContain("no write access to company usrt");
});

test("refuses what a set does not allow", async () => {
  expect((await erp.call("POST", "/data/ProductionOrderHeaders", {})).status).toBe(405);
  expect(
    (await erp.call("DELETE", "/data/CustomersV3(dataAreaId='usmf',CustomerAccount='US-001')")).status,
  ).toBe(405);
  const readOnly = await erp.call("POST", "/data/SalesOrderHeadersV3", {
    OrderingCustomerAccountNumber: "US-001",
    OrderTotalAmount: 1,
  });
  expect(readOnly.body.error.innererror.message).toContain("Field OrderTotalAmount cannot be changed");
  expect((await erp.call("POST", "/data/SalesOrderHeadersV3", "{")).status).toBe(400);
  expect((await erp.call("POST", "/data/SalesOrderHeadersV3", `{"a":${"[".repeat(50_000)}`)).status).toBe(
    400,
  );
  expect((await erp.call("POST", "/data/SalesOrderHeadersV3", " ".repeat(1_048_577))).status).toBe(413);
  expect((await erp.call("GET", "/nowhere")).body.Message).toContain("No HTTP resource was found");
});

test("refuses a reference that was used, and a number that is taken", async () => {
  const header = { OrderingCustomerAccountNumber: "US-001", SalesOrderNumber: "SO-X", ILKReference: "R1" };
  expect((await erp.call("POST", "/data/SalesOrderHeadersV3", header)).body.SalesOrderNumber).toBe("SO-X");
  const again = await erp.call("POST", "/data/SalesOrderHeadersV3", { ...header, SalesOrderNumber: "SO-Y" });
  expect(again.body.error.innererror.message).toContain("External reference: R1. The record already exists");
  const taken = await erp.call("POST", "/data/SalesOrderHeadersV3", { ...header, ILKReference: "R2" });
  expect(taken.body.error.innererror.message).toContain("Sales order: SO-X. The record already exists");
  expect(await erp.read("ILKReferenceLogs", "ILKReference eq 'R1'")).toMatchObject([
    { Operation: "salesOrder.create", RecordKey: "SO-X" },
  ]);
  await erp.admin("PATCH", "settings", { uniqueReference: false });
  expect(
    (await erp.call("POST", "/data/SalesOrderHeadersV3", { ...header, SalesOrderNumber: "SO-Y" })).status,
  ).toBe(201);
  expect(await erp.admin("GET", "references/R1")).toMatchObject({ applied: 2, standing: 2 });
});

test("hides by reference what is too young, for as many looks as it is told", async () => {
  await erp.admin("PATCH", "settings", { readLagReads: 2 });
  await erp.order("R1", []);
  const look = () => erp.read("SalesOrderHeadersV3", "ILKReference eq 'R1'");
  expect([(await look()).length, (await look()).length, (await look()).length]).toEqual([0, 0, 1]);
});

test("issues tokens as the identity platform does, and asks for one", async () => {
  const ask = async (fields: Record<string, string>) => {
    const answer = await fetch(`${erp.url}/t/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams(fields),
    });
    return { status: answer.status, body: (await answer.json()) as Json };
  };
  const good = {
    grant_type: "client_credentials",
    client_id: "interlock",
    client_secret: "dynamics-secret",
    scope: "x/.default",
  };
  expect((await ask(good)).body).toMatchObject({
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
  });
  expect(await ask({ ...good, client_secret: "x" })).toMatchObject({
    status: 401,
    body: { error: "invalid_client" },
  });
  expect((await ask({ ...good, client_id: "x" })).body.error).toBe("unauthorized_client");
  expect((await ask({ ...good, scope: "x" })).body.error).toBe("invalid_scope");
  erp.token = "none";
  expect((await get("CustomersV3")).status).toBe(401);
});

test("lists its sets and fields", async () => {
  expect((await get("")).body.value.map((row: Json) => row.name)).toContain("SalesOrderHeadersV3");
  expect((await get("$metadata")).text).toContain('<EntitySet Name="ProductionOrderHeaders"');
});
