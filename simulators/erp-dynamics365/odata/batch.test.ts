import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient } from "../testing/erp-client.ts";

let erp: ErpClient;
beforeEach(async () => {
  erp = await ErpClient.start();
});
afterEach(() => erp.close());

type Part = [method: string, path: string, body?: object];

function printPart([method, path, body]: Part, id: number): string {
  return [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    `Content-ID: ${id}`,
    "",
    `${method} ${path} HTTP/1.1`,
    "Content-Type: application/json",
    "",
    body === undefined ? "" : JSON.stringify(body),
    "",
  ].join("\r\n");
}

function join(parts: string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}`).join("")}--${boundary}--\r\n`;
}

function changeset(...parts: Part[]): string {
  return `Content-Type: multipart/mixed; boundary=cs\r\n\r\n${join(parts.map(printPart), "cs")}`;
}

function batch(...items: string[]) {
  return erp.call("POST", "/data/$batch", join(items, "b1"), {
    "content-type": "multipart/mixed; boundary=b1",
  });
}

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
const order = (number: string, item = "PUMP-200"): Part[] => [
  [
    "POST",
    "/data/SalesOrderHeadersV3",
    { OrderingCustomerAccountNumber: "US-001", SalesOrderNumber: number, ILKReference: number },
  ],
  [
    "POST",
    "SalesOrderLines",
    {
      SalesOrderNumber: number,
      ItemNumber: item,
      OrderedSalesQuantity: 1,
      ProductConfigurationId: "M1",
      ILKReference: number,
    },
  ],
];

test("makes an order with its lines in one changeset, settled once", async () => {
  const { status, text, headers } = await batch(changeset(...order("SO-A")));
  expect(status).toBe(200);
  expect(headers.get("content-type")).toContain("multipart/mixed");
  expect(statuses(text)).toEqual([201, 201]);
  expect(text).toContain("Content-ID: 1");
  expect(await erp.admin("GET", "references/SO-A")).toMatchObject({ applied: 1 });
  const events = await erp.read(
    "ILKBusinessEventLogs",
    "BusinessEventId eq 'ILKSalesOrderChangedBusinessEvent'",
  );
  expect(events.map(({ Payload }) => JSON.parse(Payload))).toMatchObject([
    { ILKChange: "Confirmed", ILKReference: "SO-A" },
  ]);
});

test("does nothing of a changeset of which one part is refused, and the others all the same", async () => {
  const { text } = await batch(
    changeset(...order("SO-A", "PUMP-999")),
    changeset(...order("SO-B")),
    printPart(["GET", "/data/CustomersV3?$top=1"], 9),
    printPart(["PATCH", "/data/CustomersV3(dataAreaId='usmf',CustomerAccount='no')", { CreditLimit: 1 }], 10),
  );
  expect(statuses(text)).toEqual([400, 201, 201, 200, 404]);
  expect(text).toContain("Item PUMP-999 does not exist");
  const orders = await erp.read("SalesOrderHeadersV3");
  expect(orders.map(({ SalesOrderNumber }) => SalesOrderNumber)).toEqual(["SO-B"]);
});

test("refuses a changeset again whose reference was used", async () => {
  await batch(changeset(...order("SO-A")));
  const { text } = await batch(changeset(...order("SO-A")));
  expect(statuses(text)).toEqual([400]);
  expect(text).toContain("The record already exists");
});

test("can be cut off in its middle, and lose its token in its middle", async () => {
  await erp.arm({ kind: "half-batch" });
  await expect(batch(changeset(...order("SO-A")), changeset(...order("SO-B")))).rejects.toThrow(
    "fetch failed",
  );
  expect(await erp.read("SalesOrderHeadersV3")).toHaveLength(1);
  await erp.arm({ kind: "token-expired", operations: ["batch"], afterRows: 1 });
  const { text } = await batch(changeset(...order("SO-C")), changeset(...order("SO-D")));
  expect(statuses(text)).toEqual([201, 201, 401]);
  await erp.login();
  expect(await erp.read("SalesOrderHeadersV3")).toHaveLength(2);
});

test.each([
  ["no boundary", "x", "multipart/mixed", "has no boundary"],
  ["no end", "--b1\r\n", "multipart/mixed; boundary=b1", "is not closed by its boundary"],
  [
    "no request line",
    "--b1\r\nContent-Type: application/http\r\n\r\nHELLO\r\n--b1--",
    "multipart/mixed; boundary=b1",
    "is not a request line",
  ],
  [
    "another kind of part",
    "--b1\r\nContent-Type: text/plain\r\n\r\nx\r\n--b1--",
    "multipart/mixed; boundary=b1",
    "is not application/http",
  ],
])("refuses a batch with %s", async (_what, body, type, reason) => {
  const answer = await erp.call("POST", "/data/$batch", body, { "content-type": type });
  expect(answer.status).toBe(400);
  expect(answer.body.error.innererror.message).toContain(reason);
});
