import { expect, test } from "vitest";
import { failureOfError, failureOfResponse } from "./answer-class.ts";

test.each([
  [200, undefined, undefined],
  [207, undefined, undefined],
  [302, undefined, "unknown"],
  [401, "invalid-token", "auth"],
  [403, "forbidden", "auth"],
  // Without the product's own code it comes from something in between, which may have passed the write on.
  [404, undefined, "unknown"],
  [404, "unknown-order", "reject"],
  [408, "timeout", "unknown"],
  [409, "order-ended", "reject"],
  [409, "duplicate-reference", "unknown"],
  [413, "too-large", "reject"],
  [422, "unknown-item", "reject"],
  [429, "too-many-requests", "retry"],
  [429, undefined, "retry"],
  [500, "internal-error", "unknown"],
  [502, undefined, "unknown"],
  [503, "maintenance", "retry"],
  [503, undefined, "unknown"],
])("takes %i %s for %s", (status, code, expected) => {
  const body = code === undefined ? "<html>" : { code, message: "why" };
  expect(failureOfResponse({ status, body, retryAfterMs: undefined })?.class).toBe(expected);
});

test("takes a failed call for unknown once it was on a socket, and for unsent before", () => {
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
  expect(failureOfError(reset, true)).toEqual({ class: "unknown", why: "no answer: read ECONNRESET" });
  const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(failureOfError(refused, false)).toEqual({ class: "retry", why: "not sent: ECONNREFUSED" });
});
