import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ContractRegistry, loadContracts } from "./registry.ts";
import { contractFindings } from "./schema-rules.ts";

const OURS = join(import.meta.dirname, "../../contracts");
const order = {
  salesOrder: "SO-1",
  customer: "C-1",
  contact: { name: "Erika", email: "erika@example.com" },
  lines: [{ line: 1, item: "PUMP-200", quantity: { value: "2", unit: "C62" } }],
};

let theirs: string;
let registry: ContractRegistry;

function write(path: string, schema: object) {
  const file = join(theirs, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(schema));
}

beforeAll(() => {
  theirs = mkdtempSync(join(tmpdir(), "contracts-"));
  registry = loadContracts([OURS]);
});
afterAll(() => rmSync(theirs, { recursive: true }));

describe("the registry", () => {
  test("knows a contract by kind, name and version, and by type", () => {
    const contract = registry.get("event", "OrderRequested", 1);
    expect(contract?.type).toBe("interlock.OrderRequested.v1");
    expect(registry.byType("effect", "CreateSalesOrder.v1")?.name).toBe("CreateSalesOrder");
    expect(registry.validate("event", "OrderRequested", 1, order)).toEqual({ ok: true });
  });

  test("points to each field that is wrong, with its value", () => {
    const line = { line: 0, item: "PUMP 200", quantity: { value: "1,5", unit: "pcs" } };
    const verdict = registry.validate("event", "OrderRequested", 1, {
      customer: "C-1",
      lines: [line],
      rush: true,
    });
    expect(verdict.ok ? [] : verdict.problems).toEqual(
      expect.arrayContaining([
        { pointer: "/salesOrder", message: "is required and missing" },
        { pointer: "/rush", message: expect.stringMatching(/^is not a known field; known are salesOrder, /) },
        { pointer: "/lines/0/line", message: "must be >= 1", value: "0" },
        {
          pointer: "/lines/0/quantity/unit",
          message: expect.stringContaining("Recommendation 20"),
          value: '"pcs"',
        },
        {
          pointer: "/lines/0/quantity/value",
          message: expect.stringContaining("decimal text"),
          value: '"1,5"',
        },
      ]),
    );
  });

  test("never repeats personal data, finds where it is, and shortens what is long", () => {
    const verdict = registry.validate("event", "OrderRequested", 1, {
      ...order,
      customer: "x".repeat(500),
      contact: { email: "erika at example" },
    });
    expect(JSON.stringify(verdict)).not.toContain("erika");
    expect(JSON.stringify(verdict).length).toBeLessThan(600);
    expect(registry.get("event", "OrderRequested", 1)!.personal(order)).toEqual([
      "/contact/name",
      "/contact/email",
    ]);
  });

  test("says that a contract does not exist instead of throwing", () => {
    expect(registry.validate("event", "OrderRequestd", 1, order)).toEqual({
      ok: false,
      problems: [{ pointer: "", message: "there is no event contract OrderRequestd version 1" }],
    });
  });

  test("adds a project's own contracts, which may use the shared parts, and replaces none", () => {
    write("events/PumpTested/1.json", {
      title: "PumpTested",
      "x-owner": ["mes"],
      description: "A pump passed its test.",
      type: "object",
      properties: { pump: { $ref: "../../id.json" } },
      additionalProperties: false,
    });
    const both = loadContracts([OURS, theirs]);
    expect(both.validate("event", "PumpTested", 1, { pump: "P-1" })).toEqual({ ok: true });
    expect(both.validate("event", "PumpTested", 1, { pump: "P 1" }).ok).toBe(false);
    write("events/OrderRequested/1.json", { title: "OrderRequested", type: "object" });
    expect(() => loadContracts([OURS, theirs])).toThrow("this contract already exists in");
    rmSync(join(theirs, "events/OrderRequested"), { recursive: true });
  });

  test("cannot be hung by a pattern", () => {
    write("events/Hostile/1.json", {
      title: "Hostile",
      "x-owner": ["mes"],
      description: "A pattern that backtracks for years.",
      type: "object",
      properties: { text: { type: "string", description: "x", maxLength: 100, pattern: "^(a+)+$" } },
      additionalProperties: false,
    });
    expect(
      loadContracts([OURS, theirs]).validate("event", "Hostile", 1, { text: `${"a".repeat(60)}!` }).ok,
    ).toBe(false);
  });
});

test("the rules find floats, missing limits and misspelt keywords", () => {
  write("events/Careless/1.json", {
    title: "Careless",
    "x-owner": ["erp"],
    description: "x",
    type: "object",
    properties: { price: { type: "number" }, note: { type: "string", description: "x", "x-persnal": true } },
  });
  expect(contractFindings(loadContracts([OURS, theirs])).map((f) => f.replace(/^.*Careless/, ""))).toEqual([
    expect.stringContaining("x-persnal"),
    "/1.json: the root: an object says additionalProperties: false",
    "/1.json: /price: description is missing",
    "/1.json: /price: no floats: use quantity.json, money.json or an integer",
    "/1.json: /note: a string needs maxLength",
  ]);
  rmSync(join(theirs, "events/Careless"), { recursive: true });
});
