import { describe, expect, test } from "vitest";
import { type Candidate, readRequest } from "./canonical.ts";

const STRUCTURED = { "content-type": "application/cloudevents+json; charset=utf-8" };
const BATCH = { "content-type": "application/cloudevents-batch+json" };

function read(headers: Record<string, string>, text: string | Buffer) {
  const request = readRequest(headers, Buffer.from(text));
  if (request.kind === "refused") return request.refusal;
  if (request.kind === "batch") return request.reads;
  return request.read.ok ? request.read.candidate : request.read.refusal;
}

describe("what is stored is the text that was sent", () => {
  const data = '{ "n" : "1.50",  "text":"\\u00e9" }';

  test("in a structured event", () => {
    const candidate = read(STRUCTURED, `{"specversion":"1.0", "data" :${data} , "id":"1"}`) as Candidate;
    expect(candidate.text).toBe(data);
    expect(candidate.attributes).toEqual({ specversion: "1.0", id: "1" });
  });

  test("in a binary event, whose attributes are percent-encoded headers", () => {
    const headers = {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "a%20%C3%A9",
      "ce-plant": '"lyon"',
    };
    const candidate = read(headers, `${data}\n`) as Candidate;
    expect(candidate.text).toBe(data);
    expect(candidate.attributes).toEqual({ specversion: "1.0", id: "a é", plant: "lyon" });
  });
});

test("a bad item of a batch is refused by itself, with its place", () => {
  const request = readRequest(
    BATCH,
    Buffer.from('[{"id":"1","data":{}}, {"id":"2","data":{"n":1.5}}, {"id":}, {"id":"4"}]'),
  );
  const said =
    request.kind === "batch" &&
    request.reads.map((read) => (read.ok ? "read" : [read.refusal.code, read.refusal.pointer]));
  expect(said).toEqual([
    "read",
    ["JSON_NUMBER", "/data/n"],
    ["JSON_SYNTAX", "/id"],
    ["EVENT_ENVELOPE", "/data"],
  ]);
});

test.each<[Record<string, string>, string | Buffer, number, string]>([
  [STRUCTURED, "[1]", 422, "EVENT_ENVELOPE"],
  [STRUCTURED, '{"id":"1"', 400, "JSON_SYNTAX"],
  [STRUCTURED, '{"id":"1","data":{"n":12345678901234567890}}', 422, "JSON_NUMBER"],
  [STRUCTURED, '{"id":"1","data_base64":"AAAA"}', 422, "EVENT_ENVELOPE"],
  [STRUCTURED, Buffer.from([0x22, 0xff, 0x22]), 400, "EVENT_NOT_UTF8"],
  [
    { ...STRUCTURED, "content-type": "application/json", "ce-specversion": "1.0", "ce-id": "%zz" },
    "{}",
    422,
    "EVENT_ENVELOPE",
  ],
])("%j %s is refused with %i", (headers, text, status, code) => {
  expect(read(headers, text)).toMatchObject({ status, code });
});

test.each([
  [{ "content-type": "application/json" }, "{}", 415, "MEDIA_TYPE_UNSUPPORTED"],
  [{}, "{}", 415, "MEDIA_TYPE_UNSUPPORTED"],
  [BATCH, "{}", 400, "BATCH_INVALID"],
  [BATCH, "[]", 422, "BATCH_INVALID"],
])("a request %j %s is refused as a whole", (headers, text, status, code) => {
  expect(read(headers, text)).toMatchObject({ status, code });
});

test("what is too much is refused: a long event, a long batch", () => {
  expect(read(STRUCTURED, `{"data":"${"x".repeat(1_048_576)}"}`)).toMatchObject({
    status: 413,
    code: "JSON_TOO_LARGE",
  });
  const items = Array.from({ length: 1_001 }, () => "1").join(",");
  expect(read(BATCH, `[${items}]`)).toMatchObject({ status: 422, code: "BATCH_INVALID" });
});
