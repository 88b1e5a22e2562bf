import { expect, test } from "vitest";
import { Lookout } from "./lookout.ts";

test("looks often until it is known that there is no other hub, and again when one comes", () => {
  const lookout = new Lookout();
  const unknown = lookout.everyMs;
  lookout.tell(1);
  const alone = lookout.everyMs;
  lookout.tell(2);
  expect(alone).toBeGreaterThan(unknown);
  expect(lookout.everyMs).toBe(unknown);
});
