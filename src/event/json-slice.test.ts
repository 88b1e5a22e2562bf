import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendPointer, valueAt } from "../contract/pointer.ts";
import { itemSlices, sliceAt } from "./json-slice.ts";

function cut(text: string, pointer: string): string | undefined {
  const slice = sliceAt(text, pointer);
  return slice && text.slice(...slice);
}

test("a value is cut out exactly as it was written", () => {
  const text = ' { "a" : 1 , "data" :  { "x":"\\u00e9", "n" : 12 } ,"z":[1, "b,]}" , {"k\\"":null}]}';
  expect(cut(text, "/data")).toBe('{ "x":"\\u00e9", "n" : 12 }');
  expect(cut(text, "/data/n")).toBe("12");
  expect(cut(text, "/z/1")).toBe('"b,]}"');
  expect(cut(text, '/z/2/k"')).toBe("null");
  expect(cut(text, "/z/3")).toBeUndefined();
  expect(cut(text, "/none")).toBeUndefined();
  expect(cut(text, "/a/deeper")).toBeUndefined();
});

test("every pointer of any document leads to the text of its value", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.nat(3), (compact, blanks) => {
      const document: unknown = JSON.parse(compact);
      const text = JSON.stringify(document, undefined, blanks);
      for (const pointer of pointersOf(document)) {
        expect(JSON.parse(cut(text, pointer)!)).toEqual(valueAt(document, pointer));
      }
    }),
  );
});

function pointersOf(value: unknown, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [at];
  const children = Object.keys(value).flatMap((key) =>
    pointersOf((value as Record<string, unknown>)[key], appendPointer(at, key)),
  );
  return [at, ...children];
}

describe("the items of a batch", () => {
  const items = (text: string) => itemSlices(text)?.map((slice) => text.slice(...slice).trim());

  test("are told apart, also when one of them is nonsense", () => {
    expect(items('[ {"a":"],["} , 1.5 ,{"b":[1,2]}, {oops} ]')).toEqual([
      '{"a":"],["}',
      "1.5",
      '{"b":[1,2]}',
      "{oops}",
    ]);
    expect(items(" [ ] ")).toEqual([]);
    expect(items("[1,]")).toEqual(["1", ""]);
  });

  test.each(["", "{}", "[1", '["open]', "[1]]", "[1] 2"])("%s is no array", (text) => {
    expect(itemSlices(text)).toBeUndefined();
  });
});
