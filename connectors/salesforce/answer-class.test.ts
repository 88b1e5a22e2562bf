import { expect, test } from "vitest";
import { failureOfError, failureOfResponse, harmlessFailureOf } from "./answer-class.ts";

const KEYS = ["Interlock_Ref__c"];

function classOf(status: number, errorCode?: string, fields?: string[]) {
  const body = errorCode === undefined ? undefined : [{ errorCode, message: "why", fields }];
  return failureOfResponse({ status, body, retryAfterMs: undefined }, KEYS)?.class;
}

test.each([
  [200, undefined, undefined],
  [201, undefined, undefined],
  [204, undefined, undefined],
  [300, undefined, "reject"],
  [302, undefined, "unknown"],
  [400, "REQUIRED_FIELD_MISSING", "reject"],
  [400, "UNABLE_TO_LOCK_ROW", "retry"],
  [400, "DUPLICATES_DETECTED", "reject"],
  [401, "INVALID_SESSION_ID", "auth"],
  [403, "REQUEST_LIMIT_EXCEEDED", "retry"],
  [403, "API_DISABLED_FOR_ORG", "auth"],
  [403, "INSUFFICIENT_ACCESS_OR_READONLY", "reject"],
  [403, undefined, "auth"],
  [404, "NOT_FOUND", "reject"],
  // Without the product's own code it comes from something in between, which may have passed the write on.
  [404, undefined, "unknown"],
  [408, "TIMEOUT", "unknown"],
  [429, undefined, "retry"],
  [500, "UNKNOWN_EXCEPTION", "unknown"],
  [502, undefined, "unknown"],
  [503, "SERVER_UNAVAILABLE", "retry"],
  [503, undefined, "unknown"],
])("takes %i %s for %s", (status, code, expected) => {
  expect(classOf(status, code)).toBe(expected);
});

test("takes a duplicate of our reference for what may be our own write, and of any other field for a refusal", () => {
  expect(classOf(400, "DUPLICATE_VALUE", ["Interlock_Ref__c"])).toBe("unknown");
  expect(classOf(400, "DUPLICATE_VALUE", ["Asset_Key__c"])).toBe("reject");
  expect(classOf(400, "DUPLICATE_VALUE")).toBe("reject");
});

test("takes a failed look for something to ask again, and a field it may not see for missing rights", () => {
  const failure = (errorCode: string, status = 400) =>
    failureOfResponse({ status, body: [{ errorCode, message: "why" }], retryAfterMs: 5000 }, [])!;
  expect(harmlessFailureOf(failure("UNKNOWN_EXCEPTION", 500), "a query")).toMatchObject({
    class: "retry",
    why: "a query: why",
  });
  expect(harmlessFailureOf(failure("INVALID_QUERY_LOCATOR"), "a query").class).toBe("retry");
  expect(harmlessFailureOf(failure("INVALID_FIELD"), "a query").class).toBe("auth");
  expect(harmlessFailureOf(failure("SERVER_UNAVAILABLE", 503), "a query")).toMatchObject({
    class: "retry",
    retryAfterMs: 5000,
  });
});

test("takes a failed call for unknown once it was on a socket, and for unsent before", () => {
  const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
  expect(failureOfError(reset, true)).toEqual({ class: "unknown", why: "no answer: read ECONNRESET" });
  const refused = Object.assign(new AggregateError([]), { code: "ECONNREFUSED" });
  expect(failureOfError(refused, false)).toEqual({ class: "retry", why: "not sent: ECONNREFUSED" });
});
