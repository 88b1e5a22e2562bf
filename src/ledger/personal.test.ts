import { expect, test } from "vitest";
import { commitment, rejoin, separate } from "./personal.ts";

const BODY = '{"a":{"name" : "Erika","tags":[ "x", {"deep":1} ]},"b":"kept"}';

function valuesOf(personal: ReturnType<typeof separate>["personal"]): Record<string, string> {
  return Object.fromEntries(personal.map(({ pointer, value }) => [pointer, value]));
}

test("only the personal values leave the text, and come back where they were", () => {
  const { body, personal } = separate(BODY, ["/a/tags", "/a/name"]);
  expect(body.replaceAll(/[0-9a-f]{64}/g, "#")).toBe(
    '{"a":{"name" : {"$personal":"#"},"tags":{"$personal":"#"}},"b":"kept"}',
  );
  expect(rejoin(JSON.parse(body), valuesOf(personal))).toEqual(JSON.parse(BODY));
});

test("the row commits to each value with a salt of its own", () => {
  const two = [separate(BODY, ["/a/name"]), separate(BODY, ["/a/name"])];
  for (const { body, personal } of two) {
    const [{ salt, value } = { salt: "", value: "" }] = personal;
    expect(body).toContain(commitment(salt, value));
  }
  expect(two[0]!.body).not.toBe(two[1]!.body);
});

test("a value inside another is taken with the outer one, the whole included", () => {
  expect(
    separate(BODY, ["/a/tags/1/deep", "/a", "/a/name", "/a"]).personal.map(({ pointer }) => pointer),
  ).toEqual(["/a"]);
  const whole = separate(BODY, [""]);
  expect(whole.personal.map(({ value }) => value)).toEqual([BODY]);
  expect(rejoin(JSON.parse(whole.body), valuesOf(whole.personal))).toEqual(JSON.parse(BODY));
});

test("a redacted value is read as null", () => {
  const { body } = separate(BODY, ["/a/name"]);
  expect(rejoin(JSON.parse(body), { "/a/name": null })).toMatchObject({ a: { name: null }, b: "kept" });
});
