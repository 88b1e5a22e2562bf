import { expect, test } from "vitest";

import { Latency } from "./latency.ts";

test("tells how long most calls took, of the last quarter of an hour only", () => {
  let at = 0;
  const latency = new Latency({ monotonic: () => at, wall: () => 0 });
  expect(latency.read()).toBeUndefined();
  latency.record(90_000);
  at = 16 * 60_000;
  for (let ms = 1; ms <= 100; ms++) latency.record(ms);
  expect(latency.read()).toEqual({ calls: 100, p50: 50, p95: 95, p99: 99 });
});

test("keeps the newest when there are many", () => {
  const latency = new Latency({ monotonic: () => 0, wall: () => 0 });
  for (let i = 0; i < 3_000; i++) latency.record(1);
  for (let i = 0; i < 2_048; i++) latency.record(7);
  expect(latency.read()).toEqual({ calls: 2_048, p50: 7, p95: 7, p99: 7 });
});
