import { afterEach, beforeEach, expect, test } from "vitest";
import { ErpClient, type Json } from "../testing/erp-client.ts";

let erp: ErpClient;
let number: string;
beforeEach(async () => {
  erp = await ErpClient.start();
  number = await erp.production(10);
});
afterEach(() => erp.close());

const SEND = "/api/services/SysMessageServices/SysMessageService/SendMessage";
const states = async () => (await erp.read("ILKMessageProcessorMessages")).map((row) => row.MessageState);
const start = (reference: string, order = number) =>
  erp.send("ProdProductionOrderStart", {
    ProductionOrderNumber: order,
    StartedQuantity: 1,
    ILKReference: reference,
  });

test("says 200 and no more when a message is queued; what comes of it shows later", async () => {
  const answer = await start("S1");
  expect([answer.status, answer.text]).toEqual([200, ""]);
  const [queued] = await erp.read("ILKMessageProcessorMessages", "ILKReference eq 'S1'");
  expect(queued).toMatchObject({
    MessageState: "Queued",
    MessageType: "ProdProductionOrderStart",
    ILKProductionOrderNumber: number,
    AttemptCount: 0,
  });
  expect(await erp.admin("GET", "references/S1")).toMatchObject({ applied: 0 });
  await erp.tick();
  expect(await states()).toEqual(["Processed"]);
  expect(await erp.read("ILKReferenceLogs", "ILKReference eq 'S1'")).toMatchObject([
    { Operation: "productionOrder.start", RecordKey: number },
  ]);
});

test("accepts nonsense, tries it three times, and then says why it failed", async () => {
  const body = { _companyId: "usmf", _messageType: "ProdProductionOrderEnd", _messageContent: "{not json" };
  expect((await erp.call("POST", SEND, body)).status).toBe(200);
  await erp.tick();
  expect((await erp.read("ILKMessageProcessorMessages"))[0]).toMatchObject({
    MessageState: "Processing",
    AttemptCount: 1,
  });
  await erp.tick();
  await erp.tick();
  expect((await erp.read("ILKMessageProcessorMessages"))[0]).toMatchObject({
    MessageState: "Failed",
    AttemptCount: 3,
    MessageInfolog: "The body is not valid JSON.",
  });
  const [event] = await erp.read(
    "ILKBusinessEventLogs",
    "BusinessEventId eq 'SysMessageProcessorMessageProcessedBusinessEvent'",
  );
  expect(JSON.parse(event.Payload)).toMatchObject({
    MessageState: "Failed",
    MessageProcessingResult: "Failed",
  });
});

test.each([
  [{ _companyId: "nope" }, "Company nope does not exist"],
  [{ _messageQueue: "Other" }, "Message queue Other does not exist"],
  [{ _messageType: "ProdProductionOrderDream" }, "Message type ProdProductionOrderDream is not supported"],
  [{ _messageContent: { ProductionOrderNumber: "P" } }, "each as text"],
])("refuses to queue %j", async (changes, reason) => {
  const body = {
    _companyId: "usmf",
    _messageType: "ProdProductionOrderEnd",
    _messageContent: "{}",
    ...changes,
  };
  const answer = await erp.call("POST", SEND, body);
  expect(answer.status).toBe(400);
  expect(answer.body.Message).toContain(reason);
  expect(await states()).toEqual([]);
});

test("keeps the order of one production order while another overtakes it", async () => {
  const other = await erp.production(3);
  await erp.arm({ kind: "message-fails" });
  await start("S1");
  await start("S2");
  await start("S3", other);
  await erp.tick();
  expect(await states()).toEqual(["Processing", "Queued", "Processed"]);
  await erp.tick();
  expect(await states()).toEqual(["Processed", "Queued", "Processed"]);
  await erp.tick();
  const { entries }: Json = await erp.admin("GET", "book?after=0&limit=5000");
  const order = entries
    .filter(({ operation }: Json) => operation === "productionOrder.start")
    .map(({ reference }: Json) => reference);
  expect(order).toEqual(["S3", "S1", "S2"]);
});

test("goes on with the next message of an order after one has failed", async () => {
  await erp.send("ProdProductionOrderReportFinished", {
    ProductionOrderNumber: number,
    ReportFinishedLines: [],
  });
  await start("S1");
  for (let attempt = 0; attempt < 4; attempt++) await erp.tick();
  expect(await states()).toEqual(["Failed", "Processed"]);
});

test("an operator can cancel a message, and queue a failed one again", async () => {
  await start("S1");
  const [message] = await erp.read("ILKMessageProcessorMessages");
  await erp.clerk("cancel-message", { MessageId: message.MessageId });
  await erp.tick();
  expect(await states()).toEqual(["Canceled"]);
  await erp.clerk("requeue-message", { MessageId: message.MessageId });
  await erp.tick();
  expect(await states()).toEqual(["Processed"]);
  expect((await erp.clerk("cancel-message", { MessageId: message.MessageId })).code).toBe("MessageEnded");
});

test("fails a message with a journal name that the installation does not have", async () => {
  await erp.admin("PATCH", "settings", { journalNames: "RAF,PICK" });
  await start("S1");
  await erp.tick();
  const report = (JournalNameId: string) =>
    erp.process("ProdProductionOrderReportFinished", {
      ProductionOrderNumber: number,
      ReportFinishedLines: [{ ReportedGoodQuantity: 1, JournalNameId }],
    });
  expect(await report("OTHER")).toMatchObject({ MessageState: "Failed" });
  expect(await report("RAF")).toMatchObject({ MessageState: "Processed" });
});

test("processes by itself, without anyone's tick", async () => {
  await erp.admin("PATCH", "settings", { tickMs: 5, queueDelayMs: 0 });
  await start("S1");
  await expect.poll(states).toEqual(["Processed"]);
});

test("a stalled processor does nothing for its time, and the messages keep", async () => {
  await erp.admin("PATCH", "settings", { tickMs: 5, queueDelayMs: 0 });
  await erp.arm({ kind: "queue-stall", delayMs: 3_600_000 });
  await expect.poll(async () => (await erp.admin("GET", "faults")).length).toBe(0);
  await start("S1");
  expect(await states()).toEqual(["Queued"]);
  await erp.tick();
  expect(await states()).toEqual(["Processed"]);
});

test("a message that is picked up later is overtaken by those of other orders", async () => {
  const other = await erp.production(3);
  await erp.admin("PATCH", "settings", { tickMs: 5, queueDelayMs: 0 });
  await erp.arm({ kind: "queue-overtake", delayMs: 3_600_000 });
  await start("S1");
  await start("S2");
  await start("S3", other);
  await expect.poll(states).toEqual(["Queued", "Queued", "Processed"]);
});
