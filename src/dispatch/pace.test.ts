import { expect, test } from "vitest";

import { createBreaker } from "./breaker.ts";
import { createRate } from "./rate.ts";

function handClock() {
  let at = 0;
  return { wall: () => at, monotonic: () => at, pass: (ms: number) => void (at += ms) };
}

test("a rate gives so many calls a second and no more", () => {
  const clock = handClock();
  const rate = createRate(10, clock);
  expect(rate.free()).toBe(10);
  rate.take(10);
  expect([rate.free(), rate.waitMs()]).toEqual([0, 100]);
  clock.pass(250);
  expect(rate.free()).toBe(2);
  clock.pass(60_000);
  expect(rate.free()).toBe(10);
});

test("a breaker opens after failures in a row, tries one call, and pauses longer each time", () => {
  const clock = handClock();
  const breaker = createBreaker({ failures: 3, firstPauseMs: 1_000, longestPauseMs: 1_500 }, clock);
  breaker.record(false);
  breaker.record(false);
  breaker.record(true);
  breaker.record(false);
  breaker.record(false);
  expect(breaker.allows()).toBe(Infinity);
  breaker.record(false);
  expect([breaker.allows(), breaker.waitMs()]).toEqual([0, 1_000]);
  breaker.record(false);
  clock.pass(1_000);
  expect(breaker.allows()).toBe(1);
  breaker.record(false);
  expect([breaker.allows(), breaker.waitMs()]).toEqual([0, 1_500]);
  clock.pass(1_500);
  breaker.record(true);
  expect(breaker.allows()).toBe(Infinity);
});
