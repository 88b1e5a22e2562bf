import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Rest } from "./rest.ts";
import type { Stage } from "./stage.ts";

const BEGAN = Date.parse("2031-05-05T04:00:00Z");
const after = (ms: number) => new Date(BEGAN + ms).toISOString();

let metrics: string;
let isRead: boolean;
let cursor: { stream: string; position: string; caughtUpTo: string | null; heartbeatAt: string };
let paused: string | null;

beforeEach(() => {
  vi.useFakeTimers({ now: BEGAN, toFake: ["Date"] });
  metrics = 'interlock_route_lag 0\ninterlock_lane_count{system="erp",state="parked"} 1';
  cursor = { stream: "events", position: "7", caughtUpTo: null, heartbeatAt: after(0) };
  paused = null;
  isRead = true;
});
afterEach(() => void vi.useRealTimers());

/** A hub that answers what the test has set. */
function open(): Rest {
  const answers: Readonly<Record<string, () => unknown>> = {
    "/metrics": () => metrics,
    "/v1/systems": () => ({ items: [{ system: "erp", paused, cursors: isRead ? [cursor] : [] }] }),
    "/v1/systems/erp": () => ({
      system: "erp",
      streams: [
        { stream: "events", kind: "poll" },
        { stream: "webhook", kind: "webhook" },
      ],
    }),
    "/v1/events?order=newest-first&limit=1": () => ({ items: [{ seq: 3 }] }),
  };
  const api = async (path: string) => ({ status: 200, body: answers[path]!() });
  return new Rest({ scene: { systems: { erp: { product: "reference" } } }, api } as unknown as Stage);
}

/** The hub looks at the system; then we look at the hub. */
async function lookAt(ms: number, rest: Rest, read: Partial<typeof cursor> = {}) {
  vi.setSystemTime(BEGAN + ms);
  cursor = { ...cursor, heartbeatAt: after(ms), ...read };
  return rest.look();
}

test("is at rest when a look that began afterwards has found nothing", async () => {
  const rest = open();
  expect(await lookAt(0, rest)).toMatchObject({ atRest: false, busy: undefined });
  expect(await lookAt(200, rest)).toMatchObject({ atRest: false });
  expect(await lookAt(300, rest)).toMatchObject({ atRest: true });
});

test("is not at rest before a stream was read at all", async () => {
  const rest = open();
  isRead = false;
  await lookAt(0, rest);
  expect(await lookAt(1_000, rest)).toMatchObject({ atRest: false, busy: undefined });
  isRead = true;
  await lookAt(2_000, rest);
  expect(await lookAt(3_000, rest)).toMatchObject({ atRest: true });
});

test("is not at rest while a stream brings what concerns nobody", async () => {
  const rest = open();
  await lookAt(0, rest);
  expect(await lookAt(1_000, rest, { position: "207" })).toMatchObject({ atRest: false });
  expect(await lookAt(2_000, rest, { position: "407" })).toMatchObject({ atRest: false });
  expect(await lookAt(3_000, rest)).toMatchObject({ atRest: true });
});

test("a position that goes on with the clock is at its end when all until then was read", async () => {
  const rest = open();
  await lookAt(0, rest, { position: "a", caughtUpTo: after(-60_000) });
  expect(await lookAt(3_000, rest, { position: "b", caughtUpTo: after(-57_000) })).toMatchObject({
    atRest: false,
  });
  expect(await lookAt(6_000, rest, { position: "c", caughtUpTo: after(-54_000) })).toMatchObject({
    atRest: true,
  });
});

test("says what is in hand, and begins anew when that is done", async () => {
  const rest = open();
  await lookAt(0, rest);
  metrics = 'interlock_route_lag 2\ninterlock_lane_count{system="erp",state="unknown"} 1';
  expect(await lookAt(1_000, rest)).toMatchObject({
    atRest: false,
    busy: "2 events to decide on, 1 objects with calls to make, 1 of these to be looked for before anything is sent again",
    lanes: { ready: 0, unknown: 1 },
  });
  metrics = "interlock_route_lag 0";
  expect(await lookAt(2_000, rest)).toMatchObject({ atRest: false, busy: undefined });
  rest.disturb();
  expect(await lookAt(3_000, rest)).toMatchObject({ atRest: false });
  paused = "it was restored";
  const { atRest, paused: systems } = await lookAt(4_000, rest);
  expect(atRest).toBe(true);
  expect([...systems]).toEqual([["erp", "it was restored"]]);
});
