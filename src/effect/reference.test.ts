import { expect, test } from "vitest";

import { effectReference, replacementReference } from "./reference.ts";

const decided = {
  ledgerId: "one",
  process: "order-confirmation",
  key: "SO-1",
  name: "create",
  cause: { source: "/systems/crm", id: "41" },
};

test("the same decision names the same effect, and nothing else does", () => {
  const reference = effectReference(decided);
  expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  expect(effectReference({ ...decided })).toBe(reference);
  const others = [
    { ...decided, ledgerId: "two" },
    { ...decided, key: "SO-2" },
    { ...decided, name: "confirm" },
    { ...decided, cause: { source: "/systems/crm", id: "42" } },
  ].map(effectReference);
  expect(new Set([reference, ...others]).size).toBe(5);
});

test("all 80 bits count: ten thousand references differ in every place", () => {
  const references = Array.from({ length: 10_000 }, (_, i) =>
    effectReference({ ...decided, key: `SO-${i}` }),
  );
  expect(new Set(references).size).toBe(10_000);
  for (let place = 0; place < 16; place++) {
    expect(new Set(references.map((each) => each[place])).size).toBe(32);
  }
});

test("corrected content has a reference of its own, the same for the same correction", () => {
  expect(replacementReference("0123456789ABCDEF", "aa")).toBe(replacementReference("0123456789ABCDEF", "aa"));
  expect(replacementReference("0123456789ABCDEF", "aa")).not.toBe(
    replacementReference("0123456789ABCDEF", "bb"),
  );
});
