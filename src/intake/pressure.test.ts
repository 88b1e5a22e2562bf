import { expect, test } from "vitest";
import { Pressure } from "./pressure.ts";

test("refuses by bytes before anything is read, and takes again when they have left", () => {
  const pressure = new Pressure({ maxBytes: 100 });
  const first = pressure.enter(60)!;
  expect(pressure.enter(41)).toBeUndefined();
  const second = pressure.enter(40)!;
  expect(pressure.bytes).toBe(100);
  second.leave();
  second.leave();
  expect(pressure.bytes).toBe(60);
  first.leave();
  expect(pressure.enter(1_000)).toBeDefined();
});

test("refuses while the oldest waits too long, whatever came and went since", () => {
  let now = 0;
  const pressure = new Pressure({ maxWaitMs: 2_000, now: () => now });
  const oldest = pressure.enter(1)!;
  now = 1_999;
  pressure.enter(1)!.leave();
  now = 2_001;
  expect(pressure.enter(1)).toBeUndefined();
  oldest.leave();
  expect(pressure.enter(1)).toBeDefined();
});
