import { expect, test } from "vitest";

import { crockford80, replacementReference } from "./reference.ts";

test("80 bits become 16 characters without I, L, O and U", () => {
  expect(crockford80(new Uint8Array(10))).toBe("0000000000000000");
  expect(crockford80(new Uint8Array(32).fill(255))).toBe("ZZZZZZZZZZZZZZZZ");
  expect(crockford80(Uint8Array.from([8, 0, 0, 0, 0, 0, 0, 0, 0, 1]))).toBe("1000000000000001");
});

test("corrected content has a reference of its own, the same for the same correction", () => {
  const reference = replacementReference("0123456789ABCDEF", "aa");
  expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  expect(replacementReference("0123456789ABCDEF", "aa")).toBe(reference);
  expect(replacementReference("0123456789ABCDEF", "bb")).not.toBe(reference);
  expect(replacementReference(reference, "aa")).not.toBe(reference);
});
