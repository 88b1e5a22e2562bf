import type { Answer, Headers, Request } from "../answer.ts";
import { refuse } from "../refusal.ts";

export type Part = { headers: Headers; request: Request };
/** What a batch is made of: requests that stand alone, and changesets. */
export type Item = { changeset: boolean; parts: Part[] };

const OPERATIONS_LIMIT = 1000;

export function parseBatch(body: string, contentType: string): Item[] {
  let operations = 0;
  const items = splitParts(body, boundaryOf(contentType)).map((text): Item => {
    const { headers, rest } = splitHeaders(text);
    const type = headers["content-type"] ?? "";
    const texts = type.startsWith("multipart/mixed") ? splitParts(rest, boundaryOf(type)) : [text];
    const changeset = type.startsWith("multipart/mixed");
    operations += texts.length;
    if (operations > OPERATIONS_LIMIT)
      refuse("BatchTooLarge", `The batch has more than ${OPERATIONS_LIMIT} operations`);
    return { changeset, parts: texts.map(parsePart) };
  });
  if (items.length === 0) refuse("InvalidBatch", "The batch has no parts");
  return items;
}

/** Answers in the order of the items; those of a changeset together in one part, or one answer for all of it. */
export function printBatch(
  answers: readonly (Answer[] | Answer)[],
  ids: readonly (readonly string[])[],
): Answer {
  const boundary = "batchresponse_1f0f5a0c";
  const parts = answers.map((answer, item) => {
    if (!Array.isArray(answer)) return printPart(answer, ids[item]?.[0] ?? "");
    const inner = `changesetresponse_${item}`;
    const texts =
      answers.length === 0 ? [] : answer.map((each, index) => printPart(each, ids[item]?.[index] ?? ""));
    return `Content-Type: multipart/mixed; boundary=${inner}\r\n\r\n${joinParts(texts, inner)}`;
  });
  return {
    status: 200,
    headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
    body: joinParts(parts, boundary),
  };
}

function parsePart(text: string): Part {
  const { headers, rest } = splitHeaders(text);
  if (!(headers["content-type"] ?? "").startsWith("application/http"))
    refuse("InvalidBatch", "A part of the batch is not application/http");
  const [line = "", ...others] = rest.split("\r\n");
  const [, method, target] = /^(GET|POST|PATCH|PUT|DELETE) (\S+) HTTP\/1\.1$/.exec(line.trim()) ?? [];
  if (method === undefined || target === undefined)
    return refuse("InvalidBatch", `'${line.slice(0, 80)}' is not a request line`);
  const inner = splitHeaders(others.join("\r\n"));
  const [path = "", query] = target.replace(/^https?:\/\/[^/]+/, "").split("?", 2);
  return {
    headers,
    request: {
      method,
      path: path.startsWith("/") ? path : `/data/${path}`,
      query: new URLSearchParams(query),
      headers: inner.headers,
      body: inner.rest.trim(),
    },
  };
}

function printPart({ status, headers, body }: Answer, id: string): string {
  const lines = [
    "Content-Type: application/http",
    "Content-Transfer-Encoding: binary",
    ...(id === "" ? [] : [`Content-ID: ${id}`]),
    "",
    `HTTP/1.1 ${status} ${status < 300 ? "OK" : "Error"}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    body,
  ];
  return lines.join("\r\n");
}

function joinParts(parts: readonly string[], boundary: string): string {
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
}

function splitParts(text: string, boundary: string): string[] {
  const pieces = text.replaceAll(/\r?\n/g, "\r\n").split(`--${boundary}`);
  if (pieces.length < 3 || !(pieces.at(-1) ?? "").startsWith("--"))
    refuse("InvalidBatch", "The batch is not closed by its boundary");
  return pieces.slice(1, -1).map((piece) => piece.replace(/^[ \t]*\r\n/, "").replace(/\r\n$/, ""));
}

function splitHeaders(text: string): { headers: Headers; rest: string } {
  const normal = text.replaceAll(/\r?\n/g, "\r\n").replace(/^(\r\n)+/, "");
  const end = normal.indexOf("\r\n\r\n");
  const head = end < 0 ? normal : normal.slice(0, end);
  const headers = Object.fromEntries(
    head
      .split("\r\n")
      .map((line) => [
        line.slice(0, line.indexOf(":")).trim().toLowerCase(),
        line.slice(line.indexOf(":") + 1).trim(),
      ]),
  );
  return { headers, rest: end < 0 ? "" : normal.slice(end + 4) };
}

function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /boundary=(?:"([^"]{1,70})"|([^\s;]{1,70}))/.exec(contentType) ?? [];
  return quoted ?? bare ?? refuse("InvalidBatch", "The Content-Type has no boundary");
}
