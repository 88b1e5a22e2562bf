import { createHmac } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { NativeContent, OutgoingEffect, Session, ToNative } from "../../src/connector/index.ts";
import { Stage } from "../../simulators/mes-rest/testing/stage.ts";
import connector from "./index.ts";
import type { MesConfig } from "./config.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const credentials = { clientId: "interlock", clientSecret: "lyon-plant-secret" };
const give =
  (content: NativeContent): ToNative =>
  () =>
    Promise.resolve(content);
const body = (changes: object = {}) => ({
  ok: true as const,
  content: {
    method: "POST",
    path: "/api/v2/quality-notifications",
    body: { id: "QN-1", text: "leaks", ...changes },
  },
});

async function open(
  baseUrl: string,
  toNative: ToNative = give(body()),
  config: Partial<MesConfig> = {},
  timeoutMs = 30_000,
): Promise<Session> {
  const session = await connector.open({
    system: "mes-lyon",
    config: { baseUrl, ...credentials, ...config },
    timeoutMs,
    toNative,
  });
  closing.push(() => session.close());
  return session;
}

async function startPlant(): Promise<Stage> {
  const stage = await Stage.open("lyon");
  closing.push(() => stage.close());
  return stage;
}

/** A server that is no MES, but issues tokens. */
async function startStranger(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url !== "/prefix/oauth/token") return listener(request, response);
    response.end(JSON.stringify({ access_token: "a-token-value", expires_in: 60 }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
}

const effect = (reference = "MESREST000000001"): OutgoingEffect => ({
  reference,
  type: "RaiseQualityNotification.v1",
  payload: { notification: "QN-1", reason: "leaks" },
  attempt: 1,
  beforeWrite() {},
});
const signal = () => AbortSignal.timeout(60_000);

test("rejects what no mapping can put into the MES's words, and sends nothing", async () => {
  const seen: string[] = [];
  const url = await startStranger((request, response) => {
    seen.push(request.url!);
    response.end("{}");
  });
  const withoutMapping = await connector.open({
    system: "mes",
    config: { baseUrl: url, ...credentials },
    timeoutMs: 1000,
  });
  closing.push(() => withoutMapping.close());
  const cases: [Session, string][] = [
    [withoutMapping, "MES_MAPPING_INVALID"],
    [await open(url, give({ ok: false, code: "CROSSWALK_UNKNOWN", message: "no row" })), "CROSSWALK_UNKNOWN"],
    [await open(url, give({ ok: true, content: { skip: "no" } })), "MES_MAPPING_INVALID"],
    [
      await open(url, give({ ok: true, content: { ...body().content, path: "http://elsewhere" } })),
      "MES_MAPPING_INVALID",
    ],
    [
      await open(url, give({ ok: true, content: { ...body().content, method: "DELETE" } })),
      "MES_MAPPING_INVALID",
    ],
  ];
  for (const [session, code] of cases)
    expect(await session.apply(effect(), signal())).toMatchObject({ class: "reject", code });
  expect(seen).toEqual([]);
});

test("S6 says which field of the message that was taken is another", async () => {
  const { url } = await startPlant();
  await (await open(url)).apply(effect(), signal());
  const probe = async (changes: object) => (await open(url, give(body(changes)))).probe!(effect(), signal());
  expect((await probe({})).class).toBe("applied");
  expect(await probe({ text: "rattles" })).toMatchObject({
    class: "different",
    difference: '/text is "leaks", wanted "rattles"',
    evidence: { message: "1" },
  });
  expect(await probe({ lot: "L-1" })).toMatchObject({ difference: '/lot is missing, wanted "L-1"' });
});

test("compares numbers by their value, and lists by their items", async () => {
  const url = await startStranger((_, response) => {
    const content = '{"externalReference":"MESREST000000001","amount":12.50,"items":[{"n":1},{"n":2}]}';
    response.end(`{"messages":[{"id":7,"content":${content}}]}`);
  });
  const probe = async (held: object) =>
    (await open(url, give({ ok: true, content: { ...body().content, body: held } }))).probe!(
      effect(),
      signal(),
    );
  expect((await probe({ amount: 12.5, items: [{ n: 1 }, { n: 2 }] })).class).toBe("applied");
  expect(await probe({ amount: 12.5, items: [{ n: 1 }] })).toMatchObject({
    difference: "/items/1 is an object, wanted missing",
  });
  expect(await probe({ amount: 12.51, items: [] })).toMatchObject({
    difference: "/amount is 12.5, wanted 12.51",
  });
});

test("calls a reference on two messages different", async () => {
  const stage = await startPlant();
  await stage.admin("PATCH", "settings", { uniqueReference: false });
  const session = await open(stage.url);
  await session.apply(effect(), signal());
  await session.apply(effect(), signal());
  expect(await session.probe!(effect(), signal())).toMatchObject({
    class: "different",
    difference: "the reference is on 2 messages",
  });
});

test("cannot compare while the mapping fails, and says why", async () => {
  const { url } = await startPlant();
  await (await open(url)).apply(effect(), signal());
  const broken = await open(url, give({ ok: false, code: "CROSSWALK_UNKNOWN", message: "no row for unit" }));
  expect(await broken.probe!(effect(), signal())).toEqual({ class: "retry", why: "no row for unit" });
});

test("sends once and follows nowhere", async () => {
  const seen: string[] = [];
  const url = await startStranger((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.writeHead(307, { location: "/elsewhere" }).end();
  });
  const session = await open(url);
  expect(await session.apply(effect(), signal())).toMatchObject({ class: "unknown", status: "307" });
  expect(seen).toEqual(["POST /prefix/api/v2/quality-notifications"]);
});

test("believes HMAC signatures in the headers a vendor uses, while they are fresh", async () => {
  const signature = {
    kind: "hmac-sha256" as const,
    header: "X-Bde-Signature",
    timestampHeader: "x-bde-timestamp",
  };
  const session = await open("http://127.0.0.1:1", undefined, {
    webhookSecret: "a-secret-of-the-plant",
    signature,
  });
  const raw = Buffer.from('{"art":"A-ANN"}');
  const at = String(Math.floor(Date.now() / 1000));
  const sign = (time: string, secret = "a-secret-of-the-plant") =>
    createHmac("sha256", secret).update(`${time}.`).update(raw).digest("hex");
  const verify = (time: string, given: string) =>
    session.verify!("webhook", { "x-bde-timestamp": time, "x-bde-signature": given }, raw);
  expect(verify(at, `sha256=${sign(at)}`)).toBe(true);
  expect(verify(at, sign(at))).toBe(true);
  expect(verify(at, sign(at, "another-secret-of-it"))).toBe(false);
  const old = String(Number(at) - 600);
  expect(verify(old, sign(old))).toBe(false);
  const without = await open("http://127.0.0.1:1", undefined, { signature });
  expect(without.verify!("webhook", { "x-bde-timestamp": at, "x-bde-signature": sign(at) }, raw)).toBe(false);
});

test("passes reports on with the plant's own digits", async () => {
  const url = await startStranger((_, response) =>
    response.end('{"changes":[{"sequence":1,"id":"a","amount":1234567890123456.250000}],"head":1}'),
  );
  const page = await (await open(url)).read!("changes", undefined, signal());
  const [message] = (page as Extract<typeof page, { class: "page" }>).messages;
  expect(Buffer.from(message!.raw).toString()).toBe(
    '{"sequence":1,"id":"a","amount":1234567890123456.250000}',
  );
});

test("identifies a downtime by its work centre, everything else by its order", async () => {
  const session = await open("http://127.0.0.1:1");
  const identify = (report: object) =>
    session.identify("webhook", {
      contentType: "application/json",
      raw: Buffer.from(JSON.stringify(report)),
    });
  const head = { id: "r-1", version: 7 };
  expect(identify({ ...head, workOrder: { number: "WO-1" }, data: { station: "WC-1" } })).toEqual({
    id: "r-1",
    objectKey: "workOrder/WO-1",
    version: "7",
  });
  expect(identify({ ...head, data: { station: "WC-1", runningOrder: "WO-1" } })?.objectKey).toBe(
    "workCenter/WC-1",
  );
  expect(identify(head)).toBeUndefined();
});

test("tells no secret in any failure", async () => {
  const stage = await startPlant();
  await stage.admin("PATCH", "settings", { clientSecret: "another-secret" });
  const told = [
    await (await open(stage.url)).apply(effect(), signal()),
    await (await open("http://127.0.0.1:1")).apply(effect(), signal()),
    await (await open(await startStranger((_, response) => response.destroy()))).apply(effect(), signal()),
  ];
  expect(told.map((answer) => answer.class)).toEqual(["auth", "retry", "unknown"]);
  expect(JSON.stringify(told)).not.toMatch(/lyon-plant-secret|a-token-value/);
});
