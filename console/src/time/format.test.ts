import { expect, test } from "vitest";

import { writeSpan } from "./format.ts";

test("a span never says sixty of a part", () => {
  expect(writeSpan(59_900)).toBe("59 s");
  expect(writeSpan(3_599_900)).toBe("59 min");
  expect(writeSpan(4 * 3_600_000 - 500)).toBe("3 h 59 min");
  expect(writeSpan(4 * 3_600_000)).toBe("4 h");
});
