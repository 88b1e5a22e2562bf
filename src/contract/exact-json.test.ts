import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExactJson } from "./exact-json-reader.ts";
import { ExactJsonError, parseExactJson } from "./exact-json.ts";

function refusal(text: string) {
  try {
    parseExactJson(text);
  } catch (error) {
    if (error instanceof ExactJsonError) return { code: error.code, pointer: error.pointer };
    throw error;
  }
  return "accepted";
}

describe("JSON text", () => {
  test("that survives is read", () => {
    const text =
      '{"a":[1,-2,9007199254740991,null,true,"é\\n\\"q\\"\\\\","😀"],"b":{"constructor":"x"},"":0}';
    expect(JSON.stringify(parseExactJson(text))).toBe(text);
    expect(parseExactJson(' {"u":"\\u00e9\\ud83d\\ude00"} ')).toEqual({ u: "é😀" });
    expect(parseExactJson('{"text":"1.5 e10 : { ["}')).toEqual({ text: "1.5 e10 : { [" });
    expect(parseExactJson('"at the end \\\\"')).toBe("at the end \\");
  });

  test.each([
    ['{"a":{"b":[1,1.5]}}', "JSON_NUMBER", "/a/b/1"],
    ['{"a":1e3}', "JSON_NUMBER", "/a"],
    ['{"a":1E3}', "JSON_NUMBER", "/a"],
    ['{"a":-0}', "JSON_NUMBER", "/a"],
    ['{"a":9007199254740993}', "JSON_NUMBER", "/a"],
    ["12345678901234567891", "JSON_NUMBER", ""],
    ['{"a/b":{"c~d":"x\\u0000"}}', "JSON_TEXT", "/a~1b/c~0d"],
    ['["\\ud800"]', "JSON_TEXT", "/0"],
    [`["${"\ud800"}"]`, "JSON_TEXT", "/0"],
    ['{"a":1,"b":2,"a":1}', "JSON_DUPLICATE_KEY", "/a"],
    ['{"a":1,"\\u0061":2}', "JSON_DUPLICATE_KEY", "/a"],
    ['{"x":{"__proto__":{"admin":true}}}', "JSON_KEY", "/x/__proto__"],
    ['{"\\u005f_proto__":1}', "JSON_KEY", "/__proto__"],
    ["[".repeat(65) + "]".repeat(65), "JSON_DEPTH", "/0".repeat(64)],
    ["[".repeat(200_000), "JSON_DEPTH", "/0".repeat(64)],
    ['{"a":}', "JSON_SYNTAX", "/a"],
    ["{'a':1}", "JSON_SYNTAX", ""],
    ["[1,]", "JSON_SYNTAX", "/1"],
    ["[01]", "JSON_SYNTAX", ""],
    ['["a\tb"]', "JSON_SYNTAX", "/0"],
    ["1 2", "JSON_SYNTAX", ""],
    ["", "JSON_SYNTAX", ""],
    ['"open', "JSON_SYNTAX", ""],
    [`"${"x".repeat(1_048_576)}"`, "JSON_TOO_LARGE", ""],
  ])("%.60s is refused with its place", (text, code, pointer) => {
    expect(refusal(text)).toEqual({ code, pointer });
  });

  test("the message names line and column", () => {
    expect(() => parseExactJson('{\n  "a": 1,\n  "b": 0.5\n}')).toThrow(
      "/b: the number 0.5 is not an integer within 2^53: send it as a decimal string (line 3, column 8)",
    );
  });

  test("the quick way agrees with the strict reader on mutated documents", () => {
    const documents = fc
      .json({ maxDepth: 4 })
      .chain((text) =>
        fc
          .array(
            fc.tuple(
              fc.nat(text.length),
              fc.constantFrom("", '"', "\\", ",", ":", "{", "]", "0", "1e", ".5", "\\u0061"),
            ),
            { maxLength: 2 },
          )
          .map((cuts) => cuts.reduce((t, [at, put]) => t.slice(0, at) + put + t.slice(at), text)),
      );
    fc.assert(
      fc.property(documents, (text) => {
        let strict: unknown;
        try {
          strict = JSON.stringify(readExactJson(text, 64));
        } catch (error) {
          expect(error).toBeInstanceOf(ExactJsonError);
          expect(() => parseExactJson(text)).toThrow(ExactJsonError);
          return;
        }
        expect(JSON.stringify(parseExactJson(text))).toBe(strict);
      }),
      { numRuns: 2_000 },
    );
  });
});
