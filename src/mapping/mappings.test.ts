import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Mappings, openMappings } from "./mappings.ts";

/** Each of these would end or block a hub that ran it itself. */
const HOSTILE: Record<string, [source: string, code: RegExp]> = {
  "recursion without end": ["($f := function($x) { $f($x) }; $f(1))", /TIME/],
  "recursion that grows": ["($f := function($x) { $f($append($x, $x)) }; $f([1, 2, 3]))", /SIZE|TIME/],
  "deep recursion": ["($f := function($x) { 1 + $f($x) }; $f(1))", /SIZE/],
  "a range of a thousand million": ["[1..1000000000]", /SIZE/],
  "padding to gigabytes": ['$pad("", 100000000, "xyz")', /SIZE|TIME/],
  "doubling a text": [
    '($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $uppercase($d("abcdefgh", 25)))',
    /SIZE|TIME/,
  ],
  "a regular expression for backtrackers": [
    '$contains($pad("", 300, "a") & "!", /^(a+)+$/) ? $f() : $f()',
    /FAILED/,
  ],
  // which limit it meets first depends on how fast the machine is
  "one step that takes minutes": ["$distinct([1..100000])", /TIME|SIZE/],
  "a result too large": ['$pad("", 300000, "x")', /SIZE/],
};

const context = { system: "portal", direction: "in" as const };
let mappings: Mappings;

beforeAll(async () => {
  const sources = Object.entries(HOSTILE).map(([file, [source]]) => ({ file, source }));
  mappings = await openMappings({
    mappings: [...sources, { file: "good", source: '{ "n": n }' }, { file: "bad", source: "{" }],
    crosswalk: [],
    zones: {},
    limits: { timeMs: 1000, memoryMb: 48 },
  });
});
afterAll(() => mappings.close());

test("says at once which mappings are no JSONata", () => {
  expect(mappings.problems).toMatchObject([{ file: "bad", code: "MAPPING_SYNTAX" }]);
});

test("maps many messages, each to its own result", async () => {
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, n) => mappings.map("good", { n }, context)),
  );
  expect(results.map((result) => result.ok && result.text)).toEqual(
    Array.from({ length: 100 }, (_, n) => JSON.stringify({ n })),
  );
  expect(await mappings.map("none", {}, context)).toMatchObject({ problem: { code: "MAPPING_UNKNOWN" } });
});

describe("a hostile mapping", { timeout: 180_000 }, () => {
  test.each(Object.keys(HOSTILE))("%s costs its own message and nobody else's", async (file) => {
    // The neighbours share the batch that the hostile message ends.
    const [before, hostile, after] = await Promise.all([
      mappings.map("good", { n: 1 }, context),
      mappings.map(file, {}, { ...context, messageId: "M-1" }),
      mappings.map("good", { n: 2 }, context),
    ]);
    expect([before, after]).toEqual([
      { ok: true, text: '{"n":1}', notes: [] },
      { ok: true, text: '{"n":2}', notes: [] },
    ]);
    expect(hostile).toMatchObject({
      ok: false,
      problem: { file, messageId: "M-1", code: expect.stringMatching(HOSTILE[file]![1]) },
    });
  });
});

test("closing answers what was under way", async () => {
  const closing = await openMappings({ mappings: [{ file: "good", source: "n" }], crosswalk: [], zones: {} });
  const asked = closing.map("good", { n: 1 }, context);
  closing.close();
  expect(await asked).toMatchObject({ ok: false, problem: { code: "MAPPING_UNAVAILABLE" } });
});
