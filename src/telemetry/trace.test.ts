import { expect, test } from "vitest";

import { childTraceparent, formatTraceparent, parseTraceparent } from "./trace.ts";

const PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("a child keeps the trace and its flags and gets a span of its own", () => {
  const child = parseTraceparent(childTraceparent(PARENT))!;
  expect(child).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", traceFlags: 1 });
  expect(child.spanId).not.toBe("b7ad6b7169203331");
});

test("reads a later version by the fields it knows", () => {
  expect(formatTraceparent(parseTraceparent(`01${PARENT.slice(2)}-more`)!)).toBe(PARENT);
});

test.each([
  undefined,
  "",
  `ff${PARENT.slice(2)}`,
  `${PARENT}-more`,
  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
  PARENT.toUpperCase(),
])("begins a new trace after %s", (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
  expect(parseTraceparent(childTraceparent(text))).toBeDefined();
});
