import { afterAll, beforeAll, expect, test } from "vitest";

import type { Session } from "../../connector/contract.ts";
import { AUTHORIZED, openTestApi, type TestApi } from "../testing/app.ts";

/** Signs by repeating the body; names its messages by their first word. */
const signed: Session = {
  verify: (_stream, headers, raw) => headers["x-signature"] === Buffer.from(raw).toString("utf8"),
  identify: (_stream, { raw }) => {
    const [id] = Buffer.from(raw).toString("utf8").split(" ");
    return id ? { id, objectKey: `salesOrder/${id}` } : undefined;
  },
  translate: () => Promise.resolve({ ok: true, skip: "of no interest" }),
  apply: () => Promise.resolve({ class: "reject", reason: "takes nothing" }),
  close: () => Promise.resolve(),
};
const { verify: _, ...unsigned } = signed;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    pushedStream: (system, stream) => (system === "works" ? { signed, unsigned }[stream] : undefined),
  });
});
afterAll(() => api.close());

async function push(stream: string, payload: string, headers: Record<string, string> = {}) {
  const answer = await api.app.inject({
    method: "POST",
    url: `/v1/systems/works/inbound/${stream}`,
    headers: { "content-type": "text/plain", ...headers },
    payload,
  });
  return { status: answer.statusCode, json: answer.json() as Record<string, unknown> };
}

test("a message is kept exactly as it was sent; the same again is a duplicate", async () => {
  const signature = { "x-signature": "M-1 größer" };
  expect(await push("signed", "M-1 größer", signature)).toEqual({ status: 202, json: { status: "kept" } });
  expect(await push("signed", "M-1 größer", signature)).toEqual({
    status: 202,
    json: { status: "duplicate" },
  });
  const { json } = await api.get("/v1/inbound?system=works&object=salesOrder/M-1");
  const [message] = json["items"] as { id: number }[];
  expect(message).toMatchObject({ stream: "signed", nativeId: "M-1", state: "kept", problem: null });
  const { json: whole } = await api.get(`/v1/inbound/${message!.id}`);
  expect(Buffer.from(whole["raw"] as string, "base64").toString("utf8")).toBe("M-1 größer");
});

test("where the connector knows how its product signs, the signature is the credential", async () => {
  expect(await push("signed", "M-2", { "x-signature": "forged" })).toMatchObject({
    status: 401,
    json: { code: "SIGNATURE_INVALID" },
  });
  expect(await push("signed", "M-2", AUTHORIZED)).toMatchObject({
    status: 401,
    json: { code: "SIGNATURE_INVALID" },
  });
});

test("elsewhere the token is, and an outsider does not learn which streams there are", async () => {
  expect(await push("unsigned", "M-3")).toMatchObject({ status: 401, json: { code: "TOKEN_MISSING" } });
  expect(await push("unsigned", "M-3", AUTHORIZED)).toMatchObject({ status: 202 });
  expect(await push("unknown", "M-3")).toMatchObject({ status: 401, json: { code: "TOKEN_MISSING" } });
  expect(await push("unknown", "M-3", AUTHORIZED)).toMatchObject({
    status: 404,
    json: { code: "STREAM_UNKNOWN" },
  });
});

test("only what waits for a person is tried again", async () => {
  await push("unsigned", "M-4", AUTHORIZED);
  const { json } = await api.get("/v1/inbound?object=salesOrder/M-4");
  const { id } = (json["items"] as { id: number }[])[0]!;
  const readmit = async (number: number) => {
    const payload = { reason: "mapping corrected", actor: "erika" };
    const url = `/v1/inbound/${number}/readmit`;
    return (await api.app.inject({ method: "POST", url, headers: AUTHORIZED, payload })).json() as unknown;
  };
  expect(await readmit(id)).toMatchObject({ status: 409, code: "CASE_MOVED" });
  expect(await readmit(999)).toMatchObject({ status: 404, code: "OBJECT_UNKNOWN" });
});
