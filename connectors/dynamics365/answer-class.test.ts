import { expect, test } from "vitest";
import { failureOfError, failureOfResponse, reasonOf } from "./answer-class.ts";

const refusal = (type: string) => ({
  error: {
    code: "",
    message: "An error has occurred.",
    innererror: { message: "why", type: `Odata.${type}` },
  },
});

test.each<[number, unknown, string | undefined]>([
  [200, undefined, undefined],
  [204, undefined, undefined],
  [200, { Success: true }, undefined],
  // The customer's own service says no with a 200.
  [200, { Success: false, ErrorCode: "CreditHold", ErrorMessage: "on hold" }, "reject"],
  [200, { Success: false, ErrorCode: "AlreadyExists", ErrorMessage: "exists" }, "unknown"],
  [400, refusal("ItemBlocked"), "reject"],
  [400, { Message: "Company zzzz does not exist" }, "reject"],
  [400, refusal("AlreadyExists"), "unknown"],
  // Without the product's form it comes from something in between, which may have passed the write on.
  [400, undefined, "unknown"],
  [401, undefined, "auth"],
  [403, refusal("Forbidden"), "auth"],
  [404, refusal("NoSuchResource"), "reject"],
  [408, refusal("Timeout"), "unknown"],
  // The record was changed in between: nothing was written.
  [412, refusal("PreconditionFailed"), "retry"],
  [429, { Message: "Number of requests exeeded the limit" }, "retry"],
  [500, refusal("UpdateConflictException"), "unknown"],
  [503, undefined, "unknown"],
])("takes %i %j for %s", (status, body, expected) => {
  expect(failureOfResponse({ status, body, retryAfterMs: undefined })?.class).toBe(expected);
});

test("waits as long as the service protection says, half a minute where it does not", () => {
  const throttled = { status: 429, body: { Message: "too many" } };
  expect(failureOfResponse({ ...throttled, retryAfterMs: 7_000 })).toMatchObject({ retryAfterMs: 7_000 });
  expect(failureOfResponse({ ...throttled, retryAfterMs: undefined })).toMatchObject({
    retryAfterMs: 30_000,
  });
});

test("finds the business reason behind the Infolog", () => {
  const text =
    "Write failed for table row of type 'SalesOrderHeaderV3Entity'. Infolog: Warning: Item PUMP-0 does not exist; Error: validateWrite failed on field 'ItemNumber'.";
  expect(reasonOf(text)).toBe("Item PUMP-0 does not exist");
  expect(reasonOf("Resource not found")).toBe("Resource not found");
});

test("says what a cancellation would have cost", () => {
  const body = { Success: false, ErrorCode: "PointOfNoReturn", ErrorMessage: "too late", CostSoFar: "310" };
  expect(failureOfResponse({ status: 200, body, retryAfterMs: undefined })).toMatchObject({
    code: "PointOfNoReturn",
    reason: "too late; cost so far 310",
  });
});

test("takes a failed call for unknown once it was on a socket, and for unsent before", () => {
  expect(failureOfError(new Error("read ECONNRESET"), true).class).toBe("unknown");
  expect(failureOfError(new Error("connect ECONNREFUSED"), false).class).toBe("retry");
});
