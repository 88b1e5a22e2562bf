import { expect, test } from "vitest";
import { settle } from "./cursor.ts";

test("what is young is kept in mind, what is older is behind us for good", () => {
  const seen = [
    [40, 400],
    [10, 100],
    [30, 290],
    [20, 200],
  ] as const;
  expect(settle(seen, 5, 250_000)).toEqual({
    after: 20,
    seen: [
      [30, 290],
      [40, 400],
    ],
  });
  expect(settle(seen, 5, 50_000)).toMatchObject({ after: 5 });
  expect(settle([], 5, 50_000)).toEqual({ after: 5, seen: [] });
});

test("a number that an older moment follows is not behind us before that one is", () => {
  const seen = [
    [10, 300],
    [20, 100],
  ] as const;
  expect(settle(seen, 5, 200_000)).toMatchObject({ after: 5, seen });
});

test("a flood is kept in mind up to a limit, the newest of it", () => {
  const seen = Array.from({ length: 3_000 }, (_, n) => [n + 1, 1_000] as const);
  const settled = settle(seen, 0, 0);
  expect(settled.after).toBe(1_000);
  expect(settled.seen).toHaveLength(2_000);
});

test("within a sweep nothing is behind us that it has not come to again", () => {
  const seen = [
    [10, 100],
    [20, 100],
    [30, 100],
  ] as const;
  expect(settle(seen, 5, 200_000, 20)).toEqual({ after: 20, seen: [[30, 100]] });
  expect(settle(seen, 5, 200_000, 9)).toEqual({ after: 5, seen });
  expect(settle(seen, 5, 200_000)).toEqual({ after: 30, seen: [] });
});
