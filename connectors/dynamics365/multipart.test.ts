import { expect, test } from "vitest";
import { parseExact } from "./exact-json.ts";
import { printChangeset, readChangeset } from "./multipart.ts";

test("prints the writes of a changeset with their digits, and nothing that could be taken for a boundary", () => {
  const text = printChangeset(
    [
      {
        method: "POST",
        path: "/data/SalesOrderLines",
        body: { OrderedSalesQuantity: "5.000", SalesOrderNumber: "10", Note: "a\r\n--changeset_interlock--" },
      },
      { method: "PATCH", path: "/data/SalesOrderLines(x)", etag: 'W/"J"', body: { SalesPrice: "0.10" } },
    ],
    "/erp",
  );
  expect(text.match(/^--changeset_interlock(--)?$/gm)).toHaveLength(3);
  expect(text).toContain("POST /erp/data/SalesOrderLines?cross-company=true HTTP/1.1");
  expect(text).toContain(
    '{"OrderedSalesQuantity":5.000,"SalesOrderNumber":"10","Note":"a\\r\\n--changeset_interlock--"}',
  );
  expect(text).toContain('If-Match: W/"J"\r\n\r\n{"SalesPrice":0.10}');
});

test("reads the answer of each part, or the one answer of a refused changeset", () => {
  const part = (status: string, body: string) =>
    `Content-Type: application/http\r\n\r\nHTTP/1.1 ${status}\r\nContent-Type: application/json\r\n\r\n${body}`;
  const inner = `--c\r\n${part("201 Created", '{"a":1}')}\r\n--c\r\n${part("204 No Content", "")}\r\n--c--`;
  const done = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${inner}\r\n--b--\r\n`;
  expect(readChangeset(done, "multipart/mixed; boundary=b")).toEqual([
    { status: 201, body: parseExact('{"a":1}') },
    { status: 204, body: undefined },
  ]);
  const refused = `--b\r\n${part("400 Error", '{"error":{}}')}\r\n--b--\r\n`;
  expect(readChangeset(refused, "multipart/mixed; boundary=b")).toEqual([
    { status: 400, body: { error: {} } },
  ]);
});

test("an answer that is no batch answers nothing", () => {
  expect(readChangeset("<html>", "text/html")).toBeUndefined();
  expect(readChangeset("--b--", "multipart/mixed; boundary=b")).toBeUndefined();
});
