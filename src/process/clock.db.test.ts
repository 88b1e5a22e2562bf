import { afterEach, expect, test } from "vitest";
import { between } from "../db/testing/interleave.ts";
import type { LedgerEvent } from "../event/envelope.ts";
import { findLateTimers, passTime } from "./clock.ts";
import { defineProcess, ignoring } from "./contract.ts";
import { asDefinition, openLine } from "./testing/line.ts";

type State = { seen: string[] };

const byOrder = (event: LedgerEvent) => [{ key: (event.data as { order: string }).order }];
const viaLot = (event: LedgerEvent) => [
  { via: { kind: "lot", id: (event.data as { lot: string }).lot }, waitMs: 1 },
];

/** Expects an answer within an hour of the order, and looks at the ERP's and the plant's streams for it. */
const answers = asDefinition(
  defineProcess<State, "new" | "asked">({
    name: "answers",
    version: 1,
    purpose: "Waits for answers.",
    subjectKind: "order",
    initialPhase: "new",
    finalPhases: [],
    initialState: () => ({ seen: [] }),
    events: { Asked: byOrder, Answered: byOrder, Measured: viaLot, Linked: () => [] },
    effects: {},
    timers: ["silence"],
    links: {
      Linked: () => [{ child: { kind: "lot", id: "L1" }, parent: { kind: "order", id: "1" } }],
    },
    phases: {
      new: {
        Asked: {
          handle: ({ state }) => ({
            phase: "asked",
            state,
            timers: [{ name: "silence", afterMs: 3_600_000, watches: ["erp/orders", "mes/reports"] }],
          }),
          to: ["asked"],
        },
        Answered: { deferMs: 1, because: "not asked yet" },
        ...ignoring("not asked yet", "Measured", "Linked", "TimerFired:silence"),
      },
      asked: {
        Asked: {
          handle: ({ state }) => ({
            phase: "asked",
            state,
            timers: [{ name: "silence", afterMs: 3_600_000 }],
          }),
          to: ["asked"],
        },
        "TimerFired:silence": {
          handle: ({ state, event }) => ({
            phase: "asked",
            state: { seen: [...state.seen, `silence at ${event.time}`] },
          }),
          to: ["asked"],
        },
        Answered: {
          handle: ({ state }) => ({
            phase: "asked",
            state: { seen: [...state.seen, "answered"] },
            clearTimers: ["silence"],
          }),
          to: ["asked"],
        },
        Measured: {
          handle: ({ state }) => ({ phase: "asked", state: { seen: [...state.seen, "measured"] } }),
          to: ["asked"],
        },
        ...ignoring("a relation", "Linked"),
      },
    },
  }),
);

let line: Awaited<ReturnType<typeof openLine>>;
afterEach(() => line.close());

const options = () => ({ pool: line.pool, limit: 100, surroundings: { caseDueAt: () => undefined } });

async function seen(): Promise<string[]> {
  const [row] = await line.rows("select state from instances");
  return (JSON.parse(row!["state"] as string) as State).seen;
}

async function readUpTo(stream: string, time: string): Promise<void> {
  await line.rows(
    `insert into cursors (system, stream, caught_up_to) values (split_part($1, '/', 1), split_part($1, '/', 2), $2)
     on conflict (system, stream) do update set caught_up_to = excluded.caught_up_to`,
    [stream, time],
  );
}

test("D4 an absence timer fires only when the streams it watches were read up to its due time", async () => {
  line = await openLine([answers]);
  await line.tell("Asked", { order: "1" }, { time: "2026-03-02T08:00:00Z" });
  await line.settle();

  // the hub was down: the time has come, but what the streams would have said is not known
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  await readUpTo("erp/orders", "2026-03-02T10:00:00Z");
  await readUpTo("mes/reports", "2026-03-02T08:59:59Z");
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  expect(await findLateTimers(line.pool)).toMatchObject([
    { key: "1", name: "silence", why: "waits until mes/reports was read up to 2026-03-02T09:00:00.000000Z" },
  ]);

  await readUpTo("mes/reports", "2026-03-02T09:00:00Z");
  expect(await passTime(options())).toEqual({ told: 1, more: false });
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  await line.settle();
  expect(await seen()).toEqual(["silence at 2026-03-02T09:00:00.000000Z"]);
  expect(await line.rows("select from timers")).toEqual([]);
});

test("an answer that polls brought first silences the timer", async () => {
  line = await openLine([answers]);
  await line.tell("Asked", { order: "1" });
  await line.tell("Answered", { order: "1" }, { time: "2026-03-02T08:30:00Z" });
  await line.settle();
  for (const stream of ["erp/orders", "mes/reports"]) await readUpTo(stream, "2026-03-02T10:00:00Z");
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  expect(await seen()).toEqual(["answered"]);
});

test("a timer that was set again while it fired does not fire for what it was set before", async () => {
  line = await openLine([answers]);
  await line.tell("Asked", { order: "1" }, { time: "2026-03-02T06:00:00Z" });
  await line.settle();
  for (const stream of ["erp/orders", "mes/reports"]) await readUpTo(stream, "2026-03-02T10:00:00Z");
  // asked again in the ledger before the timer, decided on after it fired
  await line.tell("Asked", { order: "1" }, { time: "2026-03-02T07:00:00Z" });
  await passTime(options());
  await line.settle();
  expect(await seen()).toEqual([]);
  await passTime(options());
  await line.settle();
  expect(await seen()).toEqual(["silence at 2026-03-02T08:00:00.000000Z"]);
});

test("a timer set by a source whose clock is ahead counts from when its event was recorded", async () => {
  line = await openLine([answers]);
  await line.tell("Asked", { order: "1" }, { time: "2099-03-02T08:00:00Z" });
  await line.settle();
  const due = "select t.due_at - e.recorded_at = interval '1 hour' as counted from timers t, events e";
  expect(await line.rows(due)).toEqual([{ counted: true }]);
});

test("a deferred event whose deadline passed becomes a case, which closes when it is decided on", async () => {
  line = await openLine([answers]);
  await line.tell("Answered", { order: "1" });
  await line.settle();
  await expect.poll(async () => (await passTime(options())).told, { timeout: 60_000 }).toBe(1);
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  const open = "select kind from cases where state = 'open'";
  expect(await line.rows(open)).toEqual([{ kind: "DEFERRAL_EXPIRED" }]);
  await line.tell("Asked", { order: "1" });
  await line.settle();
  expect(await seen()).toEqual(["answered"]);
  expect(await line.rows(open)).toEqual([]);
});

test("a deferral that expires while its event is being decided on leaves no case behind", async () => {
  line = await openLine([answers]);
  await line.tell("Answered", { order: "1" });
  await line.settle();
  await line.tell("Asked", { order: "1" });
  await line.route();
  const leases = "select from leases where starts_with(name, 'process:') for update";
  await between(line.pool, leases, line.decide, async () => {
    await expect.poll(async () => (await passTime(options())).told, { timeout: 60_000 }).toBe(1);
  });
  await line.settle();
  expect(await seen()).toEqual(["answered"]);
  expect(await line.rows("select from cases where state = 'open'")).toEqual([]);
});

test("a link that comes closes the case of what waited for it, and no other case of the same event", async () => {
  const boxed = asDefinition({
    ...answers,
    name: "boxed",
    events: { ...answers.events, Measured: () => [{ via: { kind: "box", id: "B1" }, waitMs: 1 }] },
    links: {},
  });
  line = await openLine([answers, boxed]);
  await line.tell("Asked", { order: "1" });
  await line.tell("Measured", { lot: "L1" });
  await line.settle();
  const expired = async () => {
    await passTime(options());
    return (await line.rows("select from cases")).length;
  };
  await expect.poll(expired, { timeout: 60_000 }).toBe(2);
  await line.tell("Linked", {});
  await line.settle();
  const open = await line.rows("select fingerprint from cases where state = 'open'");
  expect(open).toEqual([{ fingerprint: expect.stringMatching(/^WAIT_EXPIRED:boxed:/) as string }]);
});

test("an event that waited too long for a link becomes a case, and a late link still delivers it", async () => {
  line = await openLine([answers]);
  await line.tell("Asked", { order: "1" });
  await line.tell("Measured", { lot: "L1" });
  await line.settle();
  await expect.poll(async () => (await passTime(options())).told, { timeout: 60_000 }).toBe(1);
  expect(await passTime(options())).toEqual({ told: 0, more: false });
  const open = "select kind from cases where state = 'open'";
  expect(await line.rows(open)).toEqual([{ kind: "WAIT_EXPIRED" }]);
  await line.tell("Linked", {});
  await line.settle();
  expect(await seen()).toEqual(["measured"]);
  expect(await line.rows(open)).toEqual([]);
});
