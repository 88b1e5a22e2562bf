import { expect, test } from "vitest";
import { Bell } from "./bell.ts";

const NEVER_MS = 600_000;

test("a ring wakes everyone who waits", async () => {
  const bell = new Bell();
  const waits = [bell.wait(NEVER_MS), bell.wait(NEVER_MS)];
  bell.ring();
  await expect(Promise.all(waits)).resolves.toHaveLength(2);
});

test("it tells rings apart whose news is in mind", () => {
  const bell = new Bell();
  bell.ring(true);
  expect([bell.rings, bell.unknown]).toEqual([1, 0]);
  bell.ring();
  expect([bell.rings, bell.unknown]).toEqual([2, 1]);
});

test("a ring between the look and the wait is not missed", async () => {
  const bell = new Bell();
  const seen = bell.rings;
  bell.ring();
  await bell.wait(NEVER_MS, undefined, seen);
  expect(bell.rings).toBe(1);
});

test("an abort ends the wait, also one that came before", async () => {
  const bell = new Bell();
  const stopping = new AbortController();
  const wait = bell.wait(NEVER_MS, stopping.signal);
  stopping.abort();
  await expect(wait).resolves.toBeUndefined();
  await expect(bell.wait(NEVER_MS, stopping.signal)).resolves.toBeUndefined();
});
