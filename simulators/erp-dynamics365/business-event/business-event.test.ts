import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient, type Json } from "../testing/erp-client.ts";

let erp: ErpClient;
let endpoint: Server;
let received: Json[];
let keys: (string | undefined)[];
let answers: number[];

beforeEach(async () => {
  received = [];
  keys = [];
  answers = [];
  endpoint = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const status = answers.shift() ?? 200;
      if (status === 200) received.push(JSON.parse(text));
      keys.push(request.headers["x-functions-key"]?.toString());
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    endpoint.listen(0, "127.0.0.1", resolve);
  });
  erp = await ErpClient.start();
  await erp.admin("PATCH", "settings", {
    businessEventUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/events`,
    businessEventKey: "key-1",
    pushRetryMs: 1,
  });
});
afterEach(async () => {
  await erp.close();
  endpoint.closeAllConnections();
  endpoint.close();
});

const block = (item: string) => erp.clerk("block-item", { ItemNumber: item });
const items = () => received.map(({ ItemNumber }) => ItemNumber as string);

test("pushes an event in the product's form, with the key of the endpoint", async () => {
  await block("SCREW");
  await expect.poll(items).toEqual(["SCREW"]);
  expect(received[0]).toMatchObject({
    BusinessEventId: "ILKItemChangedBusinessEvent",
    BusinessEventLegalEntity: "usmf",
    ControlNumber: expect.any(Number),
    EventTime: expect.stringMatching(/^\/Date\(\d+\)\/$/),
    EventTimeIso8601: expect.any(String),
    MajorVersion: 0,
  });
  expect(keys).toEqual(["key-1"]);
});

test("tries three times, then an event is only in the log, and can be sent again by a person", async () => {
  answers = [500, 500, 500];
  await block("SCREW");
  await block("HOUSING");
  await expect.poll(items).toEqual(["HOUSING"]);
  const [lost] = await erp.read("ILKBusinessEventLogs");
  expect(JSON.parse(lost.Payload).ItemNumber).toBe("SCREW");
  await erp.admin("POST", `resend/${lost.ControlNumber}`);
  await expect.poll(items).toEqual(["HOUSING", "SCREW"]);
  expect(await erp.admin("POST", "resend/1")).toMatchObject({ code: "UnknownEvent" });
});

test("sends an event twice, out of order, or not at all", async () => {
  await erp.arm({ kind: "event-duplicate" }, { kind: "event-reorder" });
  await block("SCREW");
  await block("HOUSING");
  await block("MOTOR-1");
  await expect.poll(items).toEqual(["SCREW", "SCREW", "MOTOR-1", "HOUSING"]);
  await erp.arm({ kind: "event-gap" });
  await block("MOTOR-2");
  await block("OLD-100");
  await expect.poll(() => items().at(-1)).toBe("OLD-100");
  expect(items()).not.toContain("MOTOR-2");
  const log = await erp.read("ILKBusinessEventLogs");
  expect(log.map(({ Payload }) => JSON.parse(Payload).ItemNumber)).toContain("MOTOR-2");
});

test("numbers events upwards, with gaps that mean nothing", async () => {
  for (let times = 0; times < 15; times++) await block("SCREW");
  const numbers = (await erp.read("ILKBusinessEventLogs")).map((row) => row.ControlNumber as number);
  expect(numbers).toHaveLength(15);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(numbers.at(-1)! - numbers[0]!).toBeGreaterThan(14);
  const after = await erp.read("ILKBusinessEventLogs", `ControlNumber gt ${numbers[9]}`);
  expect(after).toHaveLength(5);
});

test("tells nothing of a request that was refused", async () => {
  const made = await erp.order("R1", []);
  await erp.call("POST", "/data/SalesOrderLines", {
    SalesOrderNumber: made,
    ItemNumber: "PUMP-999",
    OrderedSalesQuantity: 1,
  });
  await block("SCREW");
  await expect.poll(items).toEqual(["SCREW"]);
});

test("tells of stock, shipment and invoice by their documents", async () => {
  const made = await erp.order("R1", [{ ItemNumber: "MOTOR-1", OrderedSalesQuantity: 2 }]);
  await erp.service("PostPackingSlip", { SalesOrderNumber: made, ILKReference: "S1" });
  await expect
    .poll(() => received.map(({ BusinessEventId, ILKChange }) => ILKChange ?? BusinessEventId))
    .toEqual([
      "Confirmed",
      "ILKPackingSlipPostedBusinessEvent",
      "Delivered",
      "SalesInvoicePostedBusinessEvent",
      "Invoiced",
    ]);
  expect(received.at(-2)).toMatchObject({ SalesId: made, InvoiceAmount: 504, InvoiceTaxAmount: 84 });
});

test("finds the next event of a kind in the log, however many others lie between", async () => {
  await erp.admin("PATCH", "settings", { businessEventUrl: "" });
  for (let n = 0; n < 60; n++)
    await erp.admin(
      "POST",
      "clerk",
      Array.from({ length: 200 }, () => ({ action: "block-item", ItemNumber: "SCREW" })),
    );
  const made = await erp.order("R1", [{ ItemNumber: "MOTOR-1", OrderedSalesQuantity: 2 }]);
  const kinds = ["ILKSalesOrderChangedBusinessEvent", "SalesInvoicePostedBusinessEvent"];
  const filter = `ControlNumber gt 0 and (${kinds.map((kind) => `BusinessEventId eq '${kind}'`).join(" or ")})`;
  const [found, ...others] = await erp.read("ILKBusinessEventLogs", filter);
  expect(others).toEqual([]);
  expect(found.ControlNumber - 5_637_000_000).toBeGreaterThan(12_000);
  expect(found.Payload).toContain(made);
});
