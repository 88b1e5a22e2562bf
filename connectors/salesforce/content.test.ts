import { expect, test } from "vitest";
import { contentOf, differenceOf, pathsOf } from "./content.ts";
import { parseExact } from "./exact-json.ts";

const held = (json: string) => parseExact(json) as Record<string, unknown>;

test("compares by what the org makes of a value", () => {
  const row = held('{"A":2.50,"B":"text","C":null,"P":{"K":"C-100"},"N":9007199254740993.0}');
  const wanted = { A: "2.500", B: " text ", C: "", P: { K: "C-100" }, N: "9007199254740993" };
  expect(differenceOf(wanted, row)).toBeUndefined();
  expect(differenceOf({ A: 2.5 }, row)).toBeUndefined();
  expect(differenceOf({ N: "9007199254740992" }, row)).toBe(
    "N is 9007199254740993.0, wanted 9007199254740992",
  );
  expect(differenceOf({ B: null }, row)).toBe("B is text, wanted empty");
  expect(differenceOf({ P: { K: "C-200" } }, row)).toBe("P.K is C-100, wanted C-200");
  expect(differenceOf({ P: { K: "C-200" } }, held('{"P":null}'))).toBe("P.K is empty, wanted C-200");
});

test("does not take a text that looks like a number for another text of the same number", () => {
  expect(differenceOf({ A: "010" }, held('{"A":"10"}'))).toBe("A is 10, wanted 010");
});

test("selects parents through their relation", () => {
  expect(pathsOf({ Name: "x", Account: { ERP_Customer_Number__c: "C-100" } })).toEqual([
    "Name",
    "Account.ERP_Customer_Number__c",
  ]);
});

test("refuses an effect that no mapping puts in the org's words", async () => {
  const mapped = (content: unknown) =>
    contentOf(async () => ({ ok: true, content }), "UpdateOrderStatus.v1", {});
  expect(await mapped({ Name: "x" })).toEqual({ ok: true, content: { Name: "x" } });
  for (const content of [undefined, null, "x", []])
    expect(await mapped(content)).toMatchObject({
      ok: false,
      rejected: { code: "SALESFORCE_CONTENT_INVALID" },
    });
  expect(await contentOf(undefined, "UpdateOrderStatus.v1", {})).toMatchObject({ ok: false });
  const failing = async () => ({ ok: false, code: "CROSSWALK_UNKNOWN", message: "no row" }) as const;
  expect(await contentOf(failing, "UpdateOrderStatus.v1", {})).toMatchObject({
    rejected: { class: "reject", code: "CROSSWALK_UNKNOWN", reason: "no row" },
  });
});
