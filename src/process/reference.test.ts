import { expect, test } from "vitest";
import { effectReference, type Origin } from "./reference.ts";

const origin: Origin = {
  ledgerId: "ledger",
  process: "quote-to-order",
  key: "SO-1",
  source: "/systems/crm",
  id: "requested-1",
};
const create = { system: "erp", lane: "salesOrder/SO-1", type: "CreateSalesOrder.v1" };

test("the same intent has the same reference, whoever decides it and whatever else is decided with it", () => {
  expect(effectReference(origin, create, 0)).toBe(effectReference({ ...origin }, { ...create }, 0));
  expect(effectReference(origin, create, 0)).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
});

test.each([
  ["another system", { ...create, system: "crm" }, 0],
  ["another object there", { ...create, lane: "salesOrder/SO-2" }, 0],
  ["another change", { ...create, type: "CancelSalesOrder.v1" }, 0],
  ["a second one of the same", create, 1],
])("%s is another intent", (_what, to, nth) => {
  expect(effectReference(origin, to, nth)).not.toBe(effectReference(origin, create, 0));
});
