import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schedule } from "./schedule/action.ts";
import { EXAMPLES } from "./schedule/example.ts";
import { World } from "./schedule/world.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test.each(Object.entries(EXAMPLES))("%s", async (_, actions) => {
  await expect(world.play(actions)).resolves.toBeUndefined();
});

test("whatever the schedule of crashes, pauses, restores, lost answers and duplicates: each effect once, in order, and rest at the end", async () => {
  await fc.assert(
    fc.asyncProperty(schedule, (actions) => world.play(actions)),
    { seed: 20260301, numRuns: 30, endOnFailure: true },
  );
  expect(await world.verify()).toBeGreaterThan(0);
});
