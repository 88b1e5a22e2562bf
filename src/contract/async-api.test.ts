import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";

import { asyncApi } from "./async-api.ts";
import { FORMATS } from "./formats.ts";
import { valueAt } from "./pointer.ts";
import { loadContracts } from "./registry.ts";

const HOME = join(import.meta.dirname, "../..");
const SPECIFICATION = join(HOME, "../shared/data/specs/asyncapi-3.0.0.json");
const contracts = loadContracts([join(HOME, "contracts")]);
const document = asyncApi(contracts, "1.2.3") as {
  components: { messages: object };
  channels: Record<string, { messages: object }>;
};

test("is AsyncAPI 3.0 by the specification's own schema", (context) => {
  if (!existsSync(SPECIFICATION))
    return context.skip("the specification's schema is not beside this checkout");
  // It brings the schema of schemas along.
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats.default(ajv);
  const accepts = ajv.compile(JSON.parse(readFileSync(SPECIFICATION, "utf8")) as object);
  expect(accepts(document) ? [] : accepts.errors).toEqual([]);
  expect(accepts({ ...document, operations: { tell: { action: "shout" } } })).toBe(false);
});

test("every reference leads to something, and every event can be followed", () => {
  const missing: string[] = [];
  const visit = (node: unknown) => {
    for (const [key, value] of Object.entries((node as object | null) ?? {})) {
      if (key === "$ref" && valueAt(document, String(value).slice(1)) === undefined)
        missing.push(String(value));
      if (typeof value === "object") visit(value);
    }
  };
  visit(document);
  expect(missing).toEqual([]);
  const events = contracts.contracts.filter(({ kind }) => kind === "event").map(({ type }) => type);
  expect(Object.keys(document.channels["ledger"]!.messages)).toEqual(events);
});

test("what only the engine tells cannot be sent", () => {
  const { messages } = document.channels["events"]!;
  expect(messages).toHaveProperty(["interlock.OrderRequested.v1"]);
  expect(messages).not.toHaveProperty(["interlock.EffectApplied.v1"]);
});

test("an event's data is the contract's schema, and accepts its sample", () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv, { mode: "fast" });
  for (const format of Object.keys(FORMATS)) ajv.addFormat(format, true);
  ajv.addSchema(document, "asyncapi");
  const accepts = ajv.compile({
    $ref: "asyncapi#/components/schemas/events.OrderRequested.1",
  });
  const samples = JSON.parse(
    readFileSync(join(HOME, "contracts/events/OrderRequested/1.samples.json"), "utf8"),
  ) as { valid: unknown[] };
  expect(accepts(samples.valid[0]) ? [] : accepts.errors).toEqual([]);
  expect(accepts({})).toBe(false);
});
