import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { contractDifference } from "./difference.ts";
import { loadContracts } from "./registry.ts";

const folder = mkdtempSync(join(tmpdir(), "difference-"));
afterAll(() => rmSync(folder, { recursive: true }));

let n = 0;
/** The difference between two schemas' properties, as two versions of one event. */
function difference(older: object, newer: object) {
  const home = join(folder, String(n++));
  const write = (path: string, schema: object) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), JSON.stringify(schema));
  };
  const event = (given: object) => ({
    title: "Told",
    description: "x",
    type: "object",
    additionalProperties: false,
    ...given,
  });
  write("events/Told/1.json", event(older));
  write("events/Told/2.json", event(newer));
  write("amount.json", {
    description: "How much.",
    type: "object",
    properties: { value: { type: "string", maxLength: 40 } },
    required: ["value"],
  });
  const { library, get } = loadContracts([home]);
  return contractDifference(get("event", "Told", 1)!, get("event", "Told", 2)!, library);
}

const AMOUNT = { $ref: "../../amount.json" };
const TEXT = { type: "string", maxLength: 10 };

test("an optional field more keeps older documents valid", () => {
  expect(
    difference({ properties: { a: TEXT } }, { properties: { a: TEXT, b: { ...AMOUNT, description: "n" } } }),
  ).toEqual({
    compatibility: "backward",
    changes: [{ pointer: "/b", reach: "wider", message: "is new, and may be left out" }],
  });
});

test("a field more that is required breaks both sides", () => {
  expect(
    difference({ properties: { a: TEXT } }, { properties: { a: TEXT, b: TEXT }, required: ["b"] }),
  ).toMatchObject({
    compatibility: "breaking",
    changes: [{ pointer: "/b", message: "is new, and required" }],
  });
});

test("a narrower limit, a word less and a field that must be there are for older readers only", () => {
  const { compatibility, changes } = difference(
    { properties: { a: TEXT, kind: { enum: ["x", "y"] } } },
    { properties: { a: { ...TEXT, maxLength: 5 }, kind: { enum: ["x"] } }, required: ["a"] },
  );
  expect(compatibility).toBe("forward");
  expect(changes).toEqual([
    { pointer: "/a", reach: "narrower", message: "is required now" },
    { pointer: "/a", reach: "narrower", message: "maxLength is 5, was 10" },
    { pointer: "/kind", reach: "narrower", message: "y may not be said any more" },
  ]);
});

test("what a shared part says counts where it is used, and lines of a list are compared", () => {
  const lines = (items: object) => ({ properties: { lines: { type: "array", maxItems: 9, items } } });
  expect(
    difference(lines({ type: "object", properties: { much: AMOUNT } }), {
      ...lines({
        type: "object",
        properties: {
          much: { type: "object", properties: { value: { type: "string" } }, required: ["value"] },
        },
      }),
    }).changes,
  ).toEqual([
    expect.objectContaining({ pointer: "/lines/*/much", reach: "words" }),
    { pointer: "/lines/*/much/value", reach: "wider", message: "maxLength is not set, was 40" },
  ]);
});

test("other words alone change nothing", () => {
  expect(
    difference({ description: "Old words.", properties: {} }, { description: "New words.", properties: {} }),
  ).toMatchObject({ compatibility: "same", changes: [{ reach: "words" }] });
});
