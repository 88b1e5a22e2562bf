import { expect, test } from "vitest";
import { parseSubject } from "./envelope.ts";

test("a subject is a kind in lower camel case and any id", () => {
  expect(parseSubject("salesOrder/SO-1001")).toEqual({ kind: "salesOrder", id: "SO-1001" });
  expect(parseSubject("lot/2026/03")).toEqual({ kind: "lot", id: "2026/03" });
  for (const none of ["", "/", "salesOrder", "salesOrder/", "/SO-1", "../../etc/passwd", "Sales Order/1"])
    expect(parseSubject(none)).toBeUndefined();
});
