import { describe, expect, test } from "vitest";
import { createCrosswalk } from "../crosswalk/crosswalk.ts";
import { compileMapping } from "./compile.ts";
import type { MappingContext } from "./functions.ts";
import { parseNativeJson } from "./native-json.ts";

const row = { preferred: false };
const tables = {
  crosswalk: createCrosswalk([
    { system: "mes", kind: "item", native: "1000234", canonical: "PUMP-200", ...row },
    { system: "mes", kind: "unit", native: "ST", canonical: "C62", ...row },
  ]),
  zones: { lyon: "Europe/Paris", austin: "America/Chicago" },
};

async function map(source: string, input: unknown = {}, context: Partial<MappingContext> = {}) {
  const compiled = compileMapping({ file: "mappings/mes/x.jsonata", source }, tables);
  if (!compiled.ok) return compiled.problem;
  const result = await compiled.mapping.map(input, {
    system: "mes",
    direction: "in",
    plant: "lyon",
    ...context,
  });
  return result.ok ? { data: JSON.parse(result.text) as unknown, notes: result.notes } : result.problem;
}

describe("the added functions", () => {
  test.each([
    ['$crosswalk("item", "1000234")', "PUMP-200"],
    ['$quantity("12.50", "ST")', { value: "12.50", unit: "C62", sourceUnit: "ST" }],
    ['$quantity(12.5, "KGM")', { value: "12.5", unit: "KGM" }],
    ['$convert($quantity("2.5", "TNE"), "KGM")', { value: "2500", unit: "KGM" }],
    ['$money("1999.00", "EUR")', { amount: "1999.00", currency: "EUR" }],
    ['$decimal("1.234,50", ",")', "1234.50"],
    ['$plus("0.1", "0.2")', "0.3"],
    ['$times("1.10", 3)', "3.3"],
    ['{ "a": $crosswalk("item", missing), "b": $quantity(missing, "ST"), "c": $localTime(missing) }', {}],
    ['$replace("a1b22", /[0-9]+/, "-")', "a-b-"],
    ['$match("x=1;y=2", /([a-z])=([0-9])/).groups[0]', ["x", "y"]],
    ['$split("a, b;c", /[,;]\\s*/)', ["a", "b", "c"]],
  ])("%s", async (source, data) => {
    expect(await map(source)).toEqual({ data, notes: [] });
  });

  test("the crosswalk goes the other way for messages that go out", async () => {
    expect(await map('$crosswalk("item", "PUMP-200")', {}, { direction: "out" })).toMatchObject({
      data: "1000234",
    });
  });

  test("a function that does not exist is named, and one without its $ is guessed", async () => {
    expect(await map('{\n  "a": $quantitty("1", "ST") }')).toMatchObject({
      message: expect.stringContaining("x.jsonata:2:8: there is no function $quantitty;"),
    });
    expect(await map('quantity("1", "ST")')).toMatchObject({
      message: expect.stringContaining("Did you mean $quantity?"),
    });
  });

  test("a message becomes the same event whenever it is mapped", async () => {
    for (const name of ["$now()", "$millis()", "$random()", '$eval("1")'])
      expect(await map(name)).toMatchObject({
        code: "FUNCTION_ARGUMENT",
        message: expect.stringContaining("switched off"),
      });
  });
});

describe("local time", () => {
  test.each([
    ['$localTime("2026-03-01T10:00:00")', "2026-03-01T10:00:00+01:00"],
    ['$localTime("2026-07-01 10:00:00.250")', "2026-07-01T10:00:00.25+02:00"],
    ['$localTime("2026-07-01 10:00", "austin")', "2026-07-01T10:00:00-05:00"],
    ['$localTime("01.07.2026 10:00", "lyon", "DD.MM.YYYY HH:mm")', "2026-07-01T10:00:00+02:00"],
    ['$localTime("20260701100000", "lyon", "YYYYMMDDHHmmss")', "2026-07-01T10:00:00+02:00"],
    ['$localTime("2026-07-01T10:00:00Z")', "2026-07-01T10:00:00Z"],
    ['$plantTime("2026-03-01T09:00:00Z")', "2026-03-01T10:00:00"],
    ['$plantTime("2026-07-01T10:00:00.5+02:00", "austin", "DD.MM.YYYY HH:mm")', "01.07.2026 03:00"],
    ['$plantTime("2026-10-25T01:30:00Z", "lyon", "YYYYMMDDHHmmss")', "20261025023000"],
  ])("%s is %s", async (source, data) => {
    expect(await map(source)).toEqual({ data, notes: [] });
  });

  test("tells apart the hour that comes twice, and reports the one that never came", async () => {
    expect(await map('$localTime("2026-10-25T02:30:00")')).toEqual({
      data: "2026-10-25T02:30:00+02:00",
      notes: [
        {
          kind: "ambiguous",
          text: "2026-10-25T02:30:00",
          zone: "Europe/Paris",
          taken: "2026-10-25T02:30:00+02:00",
          other: "2026-10-25T02:30:00+01:00",
        },
      ],
    });
    expect(await map('$localTime("2026-03-29T02:30:00")')).toMatchObject({
      data: "2026-03-29T03:30:00+02:00",
      notes: [{ kind: "skipped", text: "2026-03-29T02:30:00" }],
    });
  });

  test.each(['"2026-02-30T10:00:00"', '"10:00"', '"2026-01-01T25:00:00"'])("%s is refused", async (text) => {
    expect(await map(`$localTime(${text})`)).toMatchObject({ code: "LOCAL_TIME_INVALID" });
    expect(await map(`$plantTime(${text})`)).toMatchObject({ code: "LOCAL_TIME_INVALID" });
  });
});

describe("a mapping error", () => {
  const source = '{\n  "item": $crosswalk("item",\n    order.material),\n  "n": 1\n}';

  test("names file, line, column, the message's field, the value and the message", async () => {
    const input = { order: { number: 7, material: "4711" } };
    expect(await map(source, input, { messageId: "IDOC-9" })).toEqual({
      code: "CROSSWALK_UNKNOWN",
      message:
        'mappings/mes/x.jsonata:2:11: no crosswalk row for system mes, kind item, native value "4711" (message field /order/material)',
      file: "mappings/mes/x.jsonata",
      line: 2,
      column: 11,
      field: "/order/material",
      value: '"4711"',
      messageId: "IDOC-9",
      missing: { kind: "item", native: "4711" },
    });
  });

  test("of JSONata itself has a place too", async () => {
    expect(await map('{\n  "a": 1,\n  "b" 2\n}')).toMatchObject({
      code: "MAPPING_SYNTAX",
      line: 3,
      column: 7,
    });
    expect(await map('{\n "a": total + "x" }', { total: 3 })).toMatchObject({
      code: "MAPPING_FAILED",
      line: 2,
      value: '"x"',
    });
    expect(await map('span = "none" ? $error("its span is no duration")', { span: "none" })).toMatchObject({
      code: "MAPPING_REFUSED",
      line: 1,
      message: expect.stringContaining("its span is no duration"),
    });
    expect(await map("nothing.here")).toMatchObject({
      code: "MAPPING_FAILED",
      message: expect.stringContaining("gave nothing"),
    });
  });

  test("shows no value of a field that looks like a secret, and shortens long ones", async () => {
    const secret = await map("$decimal(auth.apiKey)", { auth: { apiKey: "hunter2" } });
    expect(secret).toMatchObject({ field: "/auth/apiKey" });
    expect(JSON.stringify(secret)).not.toContain("hunter2");
    const long = await map("$decimal(text)", { text: "x".repeat(5000) });
    expect(JSON.stringify(long).length).toBeLessThan(600);
  });
});

test("numbers of a product's JSON reach the mapping unrounded", async () => {
  const native = parseNativeJson(
    '{"id":12345678901234567891,"qty":12.50,"tiny":1.0000000000000000001,"big":1e400}',
  );
  expect(native).toEqual({
    id: "12345678901234567891",
    qty: 12.5,
    tiny: "1.0000000000000000001",
    big: "1e400",
  });
  expect(() => parseNativeJson("[".repeat(70) + "]".repeat(70))).toThrow("more than 64 levels");
});
