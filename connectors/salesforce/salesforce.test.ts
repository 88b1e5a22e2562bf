import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestOrg } from "../../simulators/crm-salesforce/test-org.ts";
import type { NativeMessage, OutgoingEffect, ReadAnswer, Session } from "../../src/connector/index.ts";
import connector from "./index.ts";

let org: TestOrg;
let session: Session;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  org = await TestOrg.start();
  closing.push(() => org.close());
  session = await open();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(config: object = {}): Promise<Session> {
  const opened = await connector.open({
    system: "crm",
    config: {
      baseUrl: org.url,
      clientId: "3MVG9.interlock",
      clientSecret: "salesforce-secret",
      pageSize: 2,
      ...config,
    },
    timeoutMs: 30_000,
    // The payload of a test says by itself what to write.
    toNative: async (_effect, payload) => ({ ok: true, content: (payload as { fields: object }).fields }),
  });
  closing.push(() => opened.close());
  return opened;
}

let references = 0;
function effect(type: string, payload: object, fields: object): OutgoingEffect {
  const reference = `SF0C0NNECT0R${String(++references).padStart(4, "0")}`;
  return { reference, type: `${type}.v1`, payload: { ...payload, fields }, attempt: 1, beforeWrite() {} };
}
const signal = () => AbortSignal.timeout(60_000);
const status = (salesOrder: string, word = "Confirmed") =>
  effect("UpdateOrderStatus", { salesOrder }, { Fulfilment_Status__c: word });
const comment = (salesOrder: string) => effect("PostOrderComment", { salesOrder }, { Text__c: "hello" });
const asset = (key: string, fields: object = {}) =>
  effect("UpsertAsset", { asset: key }, { Name: key, SerialNumber: key, ...fields });
const calls = async () => (await org.admin("GET", "settings")).apiRequestsUsed;

type Page = Extract<ReadAnswer, { class: "page" }>;
const contentOf = ({ raw }: NativeMessage) => JSON.parse(Buffer.from(raw).toString("utf8"));

/** One sweep: pages until there is no more. */
async function sweep(stream: string, from?: string, using = session) {
  const messages: NativeMessage[] = [];
  let page: Page;
  let cursor = from;
  do {
    const answer = await using.read!(stream, cursor, signal());
    if (answer.class !== "page") throw new Error(answer.why);
    page = answer;
    cursor = page.cursor;
    messages.push(...page.messages);
  } while (page.more);
  return { ...page, messages, ids: messages.map((message) => using.identify(stream, message)?.id) };
}

describe("reading", () => {
  test("meets a row that commits later than its stamp, by reading the last minutes again", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    await org.arm({ kind: "late-commit", afterQueries: 2 });
    await org.order({ poNumber: "late" });
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:05Z", speed: 0 });
    await org.order({ poNumber: "in time" });
    const first = await sweep("orders");
    expect(first.messages.map((message) => contentOf(message).Po_Number__c)).toEqual(["in time"]);
    expect(first.caughtUpTo, "honest about what may still come").toBe("2031-05-09T05:55:05.000Z");
    await org.admin("POST", "commits");
    const second = await sweep("orders", first.cursor);
    expect(second.messages.map((message) => contentOf(message).Po_Number__c)).toEqual(["late", "in time"]);
    expect(second.ids).toContain(first.ids[0]);
  });

  test("does not take a gap in a page for an org that was set back", async () => {
    for (let n = 0; n < 3; n++) await org.order();
    const first = await sweep("orders");
    await org.arm({ kind: "poll-gap" });
    const second = await sweep("orders", first.cursor);
    expect(second).toMatchObject({ highWater: first.highWater, ids: first.ids.slice(1) });
    expect((await sweep("orders", second.cursor)).ids).toEqual(first.ids);
  });

  test("goes on behind stamp and id where many rows carry one stamp", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    for (let n = 0; n < 5; n++) await org.order({ poNumber: `P-${n}` });
    const { messages, ids } = await sweep("orders");
    expect(messages.map((message) => contentOf(message).Po_Number__c)).toEqual([
      "P-0",
      "P-1",
      "P-2",
      "P-3",
      "P-4",
    ]);
    expect(new Set(ids).size).toBe(5);
  });

  test("reads a row again word for word, whatever became of the order meanwhile", async () => {
    const { OrderNumber, Id } = await org.order();
    const first = await sweep("orders");
    await session.apply(status(OrderNumber), signal());
    await org.call("PATCH", `/sobjects/Order/${Id}`, { PoNumber: "another" });
    const [account] = await org.records("SELECT Id FROM Account WHERE ERP_Customer_Number__c = 'C-100'");
    await org.call("PATCH", `/sobjects/Account/${account.Id}`, { ERP_Customer_Number__c: "C-101" });
    const newer = await open({ apiVersion: "68.0" });
    expect((await sweep("orders", first.cursor, newer)).messages).toEqual(first.messages);
  });

  test("asks once when there is nothing new, and nothing late can come any more", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    await org.order();
    const first = await sweep("orders");
    await org.admin("POST", "clock", { now: "2031-05-09T07:00:00Z", speed: 0 });
    const second = await sweep("orders", first.cursor);
    const before = await calls();
    const third = await sweep("orders", second.cursor);
    expect(third).toMatchObject({ messages: [], caughtUpTo: "2031-05-09T06:55:00.000Z" });
    expect((await calls()) - before).toBe(1);
    const { OrderNumber } = await org.order();
    const fourth = await sweep("orders", third.cursor);
    expect(fourth.messages.map((message) => contentOf(message).Order_Number__c)).toEqual([OrderNumber]);
  });

  test("begins where it was told to", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    await org.order();
    const late = await open({ readFrom: "2031-05-09T06:00:01Z" });
    const first = await sweep("orders", undefined, late);
    expect(first.messages).toEqual([]);
    expect((await sweep("orders", first.cursor, late)).messages, "also in what is read again").toEqual([]);
  });

  test("misses nothing when the org's clock was set back", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    const first = await sweep("orders");
    await org.admin("POST", "clock", { now: "2031-05-09T03:00:00Z", speed: 0 });
    const second = await sweep("orders", first.cursor);
    await org.order();
    expect((await sweep("orders", second.cursor)).messages).toHaveLength(1);
  });

  test("gives an order request that got an id anew after a restore an identity of its own", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    await org.admin("PUT", "snapshots/start");
    await org.order({ poNumber: "lost" });
    const before = await sweep("orders");
    await org.admin("POST", "restore/start");
    const restored = await sweep("orders", before.cursor);
    expect(restored).toMatchObject({ messages: [], highWater: "0" });
    expect(restored).not.toHaveProperty("caughtUpTo");
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:09Z", speed: 0 });
    await org.order({ poNumber: "new" });
    const after = await sweep("orders", restored.cursor);
    expect(contentOf(after.messages[0]!).Id).toBe(contentOf(before.messages[0]!).Id);
    expect(after.ids).not.toEqual(before.ids);
  });

  test("tells two changes of an account in one second apart", async () => {
    await org.admin("POST", "clock", { now: "2031-05-09T06:00:00Z", speed: 0 });
    const edit = (Segment__c: string) =>
      org.admin("POST", "clerk", { action: "edit-account", account: "C-100", fields: { Segment__c } });
    await edit("pumps");
    const first = await sweep("customers");
    await edit("valves");
    const second = await sweep("customers", first.cursor);
    const changed = second.ids.filter((id) => !first.ids.includes(id));
    expect(changed).toHaveLength(1);
  });

  test("reads all lines of a request, however the org cuts them", async () => {
    const lines = Array.from({ length: 7 }, () => ({ item: "PUMP-200", quantity: "1" }));
    await org.order({ lines });
    await org.admin("PATCH", "settings", { queryBatchSize: 1 });
    const { messages } = await sweep("orders");
    expect(contentOf(messages[0]!).Lines__r).toHaveLength(7);
  });

  test("keeps the digits of amounts", async () => {
    await org.order({ lines: [{ item: "PUMP-200", quantity: "0.001", price: "9007199254740.99" }] });
    const [message] = (await sweep("orders")).messages;
    expect(Buffer.from(message!.raw).toString()).toContain('"Unit_Price__c":9007199254740.99,');
  });

  test("has no account without a customer number, and no case that only we wrote to", async () => {
    await org.call("POST", "/sobjects/Account", { Name: "A prospect" });
    expect((await sweep("customers")).messages).toHaveLength(4);
    const opened = { action: "open-case", account: "C-100", subject: "leaks", lot: "L-1" };
    const { CaseNumber } = await org.admin("POST", "clerk", opened);
    const told = effect(
      "UpdateServiceCase",
      { serviceCase: CaseNumber },
      { Investigation_Status__c: "Received" },
    );
    expect((await session.apply(told, signal())).class).toBe("applied");
    expect((await sweep("cases")).messages).toHaveLength(1);
  });

  test("names the field that the integration user does not see", async () => {
    const stranger = await startStranger((url) =>
      url.includes("query")
        ? [
            400,
            [
              {
                errorCode: "INVALID_FIELD",
                message: "No such column 'Type__c' on entity 'Order_Request__c'.",
              },
            ],
          ]
        : [404, []],
    );
    const blind = await open({ baseUrl: stranger });
    expect(await blind.read!("orders", undefined, signal())).toMatchObject({
      class: "auth",
      why: expect.stringContaining("'Type__c'"),
    });
  });
});

describe("writing", () => {
  test("shows where an order stands, by the reference of what was told last", async () => {
    const { OrderNumber } = await org.order();
    const [first, second] = [status(OrderNumber), status(OrderNumber, "Shipped")];
    expect(await session.apply(first, signal())).toMatchObject({
      class: "applied",
      evidence: { object: "Order" },
    });
    expect((await session.apply(second, signal())).class).toBe("applied");
    expect(
      await org.records("SELECT Fulfilment_Status__c, Interlock_Ref__c, LastModifiedBy.Name FROM Order"),
    ).toMatchObject([
      {
        Fulfilment_Status__c: "Shipped",
        Interlock_Ref__c: second.reference,
        LastModifiedBy: { Name: "Integration User" },
      },
    ]);
    expect(await session.probe!(second, signal())).toMatchObject({ class: "applied" });
    expect(await session.probe!(first, signal())).toEqual({ class: "absent" });
  });

  test("says which record is not there", async () => {
    expect(await session.apply(status("77777777"), signal())).toMatchObject({
      class: "reject",
      code: "SALESFORCE_RECORD_UNKNOWN",
      reason: "the org holds no Order with OrderNumber 77777777",
    });
    expect(await session.apply(status("'; DROP"), signal())).toMatchObject({
      code: "SALESFORCE_RECORD_UNKNOWN",
    });
  });

  test("writes an asset anew, whichever of the three ways the org says so", async () => {
    const first = asset("P-1");
    expect(await session.apply(first, signal())).toMatchObject({
      class: "applied",
      evidence: { key: "P-1" },
    });
    expect((await session.apply(asset("P-1", { Lot__c: "L-1" }), signal())).class).toBe("applied");
    await org.admin("PATCH", "settings", { upsertAnswersNoContent: true });
    expect((await session.apply(asset("p-1", { Lot__c: "L-2" }), signal())).class).toBe("applied");
    expect(await org.records("SELECT Asset_Key__c, Lot__c FROM Asset")).toMatchObject([
      { Asset_Key__c: "P-1", Lot__c: "L-2" },
    ]);
  });

  test("leaves it to a person when a key is on several records", async () => {
    await org.admin("PATCH", "settings", { uniqueReference: false });
    await org.arm({ kind: "upsert-race" });
    const raced = asset("P-1");
    await session.apply(raced, signal());
    expect(await session.probe!(raced, signal())).toMatchObject({ class: "different" });
    expect(await session.apply(asset("P-1"), signal())).toMatchObject({
      class: "reject",
      code: "SALESFORCE_RECORD_AMBIGUOUS",
      reason: expect.stringContaining("/sobjects/Asset/02i"),
    });
  });

  test("looks before it sends again when the org calls our own write a duplicate", async () => {
    const { OrderNumber } = await org.order();
    await org.arm({ kind: "upsert-race" });
    const told = comment(OrderNumber);
    expect(await session.apply(told, signal())).toMatchObject({
      class: "unknown",
      status: "400 DUPLICATE_VALUE",
    });
    expect((await session.probe!(told, signal())).class).toBe("applied");
  });

  test.each([
    ["lock-row", "retry", "400 UNABLE_TO_LOCK_ROW"],
    ["request-limit", "retry", "403 REQUEST_LIMIT_EXCEEDED"],
    ["outage", "retry", "503 SERVER_UNAVAILABLE"],
    ["error-after", "unknown", "500 UNKNOWN_EXCEPTION"],
  ])("takes %s for %s", async (kind, expected, said) => {
    const { OrderNumber } = await org.order();
    await org.arm({ kind, operations: ["update"] });
    expect(await session.apply(status(OrderNumber), signal())).toMatchObject({
      class: expected,
      status: said,
    });
  });

  test("opens another session once, and pauses when that is refused too", async () => {
    const { OrderNumber } = await org.order();
    await session.apply(status(OrderNumber), signal());
    await org.arm({ kind: "session-refused", count: 2, operations: ["query"] });
    expect((await session.apply(status(OrderNumber), signal())).class).toBe("retry");
    expect(await session.apply(status(OrderNumber), signal())).toMatchObject({
      class: "auth",
      why: expect.stringContaining("not valid for use with the REST API"),
    });
    expect((await session.apply(status(OrderNumber), signal())).class, "and is cured by a good one").toBe(
      "applied",
    );
  });

  test("does not tell what was said long ago in place of what is asked for now", async () => {
    const mapped = await connector.open({
      system: "crm",
      config: { baseUrl: org.url, clientId: "3MVG9.interlock", clientSecret: "salesforce-secret" },
      timeoutMs: 30_000,
      toNative: async () => ({ ok: false, code: "CROSSWALK_UNKNOWN", message: "no crosswalk row" }),
    });
    closing.push(() => mapped.close());
    const told = status("00000001");
    expect(await mapped.apply(told, signal())).toMatchObject({ class: "reject", code: "CROSSWALK_UNKNOWN" });
    expect(await mapped.probe!(told, signal())).toMatchObject({ class: "retry" });
    expect(await calls(), "nothing was sent").toBe(0);
  });
});

/** A server that is not the org, but opens sessions like it. */
async function startStranger(answer: (url: string) => [status: number, body: unknown]): Promise<string> {
  const server = createServer((request, response) => {
    const [code, body] = request.url!.endsWith("/oauth2/token")
      ? [200, { access_token: "00Dxx!token" }]
      : answer(request.url!);
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
