import { expect, test } from "vitest";
import { Company } from "./gather.ts";

/** A gatherer that always has to wait, and who is there when it has. */
function gathering(arrive: () => void) {
  const gather = {
    waits: 0,
    turn: () => {
      gather.waits += 1;
      arrive();
      return Promise.resolve(true);
    },
  };
  return gather;
}

test("who sends one thing after the other hardly ever waits", async () => {
  const gather = gathering(() => {});
  const company = new Company(gather);
  for (let n = 0; n < 1_000; n++) await company.wait(() => 1);
  expect(gather.waits).toBeGreaterThan(10);
  expect(gather.waits).toBeLessThan(25);
});

test("what finds company waits each time, and again when there is some again", async () => {
  let present = 1;
  let others = 0;
  const gather = gathering(() => (present += others));
  const company = new Company(gather);
  const wait = async (times: number) => {
    const before = gather.waits;
    for (let n = 0; n < times; n++) {
      present = 1;
      await company.wait(() => present);
    }
    return gather.waits - before;
  };
  others = 1;
  expect(await wait(50)).toBe(50);
  others = 0;
  expect(await wait(200)).toBeLessThan(12);
  others = 1;
  expect(await wait(200)).toBeGreaterThan(100);
});

test("enough need no company", async () => {
  const gather = gathering(() => {});
  const company = new Company(gather);
  for (let n = 0; n < 50; n++) await company.wait(() => 16);
  expect(gather.waits).toBe(0);
});
