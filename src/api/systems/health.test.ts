import { expect, test } from "vitest";

import { healthOf, type Signs } from "./health.ts";

const WELL: Signs = {
  paused: null,
  silentSince: null,
  parkedLanes: 0,
  unknownLanes: 0,
  quarantined: 0,
  pulse: { breaker: "closed", quietMs: 0, callsUnderWay: 3, concurrency: 32 },
};

test("tells the worst first", () => {
  expect(healthOf(WELL)).toEqual({ health: "healthy", why: null });
  expect(healthOf({ ...WELL, parkedLanes: 2, quarantined: 1, unknownLanes: 1 })).toEqual({
    health: "attention",
    why: "2 parked effects, 1 effect whose outcome is not known, 1 quarantined message",
  });
  const open = {
    ...WELL,
    parkedLanes: 2,
    pulse: { ...WELL.pulse!, breaker: "open" as const, quietMs: 7_600 },
  };
  expect(healthOf(open)).toEqual({ health: "failing", why: "does not answer; asked again in 8 s" });
  const silent = { ...open, silentSince: "2026-03-02T08:00:00Z" };
  expect(healthOf(silent).health).toBe("silent");
  expect(healthOf({ ...silent, paused: "maintenance" })).toEqual({ health: "paused", why: "maintenance" });
});
