import { expect, test } from "vitest";

import { share } from "./share.ts";

const names = ["router", "process:00", "process:01", "process:02", "process:03"];
const free = (list: readonly string[], freeMs: number | null = 0) => list.map((name) => ({ name, freeMs }));

test("a single hub takes everything", () => {
  expect(share(names, 1, new Set(), free(names), 15_000)).toEqual({ giveUp: [], take: names });
});

test("a second hub gets its share from the first, and takes no more than that", () => {
  expect(share(names, 2, new Set(names), [], 15_000)).toEqual({
    giveUp: ["process:02", "process:03"],
    take: [],
  });
  expect(share(names, 2, new Set(), free(["process:02", "process:03"]), 15_000).take).toEqual([
    "process:02",
    "process:03",
  ]);
  expect(share(names, 2, new Set(["process:02", "process:03"]), free(["process:01"]), 15_000).take).toEqual(
    [],
  );
});

test("what stays free for a whole lease goes to whoever sees it", () => {
  const held = new Set(["process:02", "process:03"]);
  expect(share(names, 2, held, free(["process:01"], 15_001), 15_000).take).toEqual(["process:01"]);
});
