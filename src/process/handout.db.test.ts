import { afterEach, expect, test } from "vitest";
import type { LedgerEvent } from "../event/envelope.ts";
import { partitionLease, partitionOf } from "../route/partition.ts";
import type { Position } from "../route/queries.ts";
import { defineProcess, ignoring } from "./contract.ts";
import { decideHandout, type DecideOptions, type DecideResult } from "./run.ts";
import { asDefinition, openLine } from "./testing/line.ts";

interface Seen {
  readonly seen: readonly string[];
}

const byOrder = (event: LedgerEvent) => [{ key: (event.data as { order: string }).order }];

/** Remembers what it was told; an order named poison asks for what no column takes. */
const notes = asDefinition(
  defineProcess<Seen, "open">({
    name: "notes",
    version: 1,
    purpose: "Remembers.",
    subjectKind: "order",
    initialPhase: "open",
    finalPhases: [],
    initialState: () => ({ seen: [] }),
    events: { Noted: byOrder, Asked: byOrder, HoldPlaced: () => [] },
    effects: { create: {} },
    timers: [],
    facts: { HoldPlaced: () => [{ kind: "hold", key: "C-1", value: true }] },
    phases: {
      open: {
        Noted: {
          handle: ({ state, event }) => ({
            phase: "open",
            state: { seen: [...state.seen, (event.data as { what: string }).what] },
          }),
          to: ["open"],
        },
        Asked: {
          handle: ({ state, event }) => ({
            phase: "open",
            state,
            effects: [
              {
                name: "create",
                target: "erp",
                type: "CreateSalesOrder",
                payload: { salesOrder: (event.data as { order: string }).order },
              },
            ],
          }),
          to: ["open"],
        },
        ...ignoring("not its own", "EffectApplied:create", "EffectRejected:create", "EffectCancelled:create"),
      },
    },
  }),
);

const lines: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
});

/** A line whose router has handed out something, so that it knows the place of the last delivery. */
async function open(options: Parameters<typeof openLine>[1] = {}) {
  const line = await openLine([notes], options);
  lines.push(line);
  let position: Position = { noted: 0, read: 0 };
  const all = {
    ...line,
    note: (order: string, what: string) => line.tell("Noted", { order, what }),
    /** Hands out and decides at once, where that can be. @returns what was decided in the same transaction */
    async handOut(more: Partial<DecideOptions> = {}): Promise<DecideResult | undefined> {
      let decided: DecideResult | undefined;
      const step = await line.route({
        position,
        decide: async (handout) => {
          decided = await decideHandout({ ...line.decideOptions, ...more }, handout);
          return decided !== undefined;
        },
      });
      ({ position } = step);
      return decided;
    },
    /** Hands out, and decides on nothing. */
    async handOutOnly(): Promise<void> {
      ({ position } = await line.route({ position }));
    },
    async seen(order: string): Promise<readonly string[] | undefined> {
      const [row] = await line.rows("select state from instances where key = $1", [order]);
      return row && (JSON.parse(row["state"] as string) as Seen).seen;
    },
    position: () => position,
  };
  await all.note("first", "first");
  await all.handOutOnly();
  await line.decide();
  return all;
}

const leaseOf = (order: string) => partitionLease(partitionOf("notes", order));

test("what is handed out is decided on in the same transaction, as if it had been read", async () => {
  const line = await open({ claimable: true });
  await line.note("A", "one");
  await line.tell("Asked", { order: "B" });
  await line.note("A", "two");
  const claims = [{ system: "erp", fence: 1, deadlineMs: 5_000, timeoutMs: 5_000 }];
  const decided = await line.handOut({ claims });
  expect(decided).toMatchObject({ consumed: 3, claimed: [{ system: "erp", key: "B" }] });
  expect(await line.seen("A")).toEqual(["one", "two"]);
  expect((await line.decide()).consumed).toBe(0);
  const [behind] = await line.rows(`select count(*) as n from deliveries d
    join leases l on l.name = 'process:' || lpad(d.partition::text, 2, '0') where d.n > l.checkpoint`);
  expect(behind).toEqual({ n: 0 });
  await line.note("A", "three");
  expect(await line.handOut()).toMatchObject({ consumed: 1 });
  expect(await line.seen("A")).toEqual(["one", "two", "three"]);
});

test("partitions of another hub get theirs undecided", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.note("B", "one");
  expect(leaseOf("A")).not.toBe(leaseOf("B"));
  const leases = line.decideOptions.leases.filter(({ name }) => name === leaseOf("A"));
  expect(await line.handOut({ leases })).toMatchObject({ consumed: 1 });
  expect([await line.seen("A"), await line.seen("B")]).toEqual([["one"], undefined]);
  expect((await line.decide()).consumed).toBe(1);
  expect(await line.seen("B")).toEqual(["one"]);
});

test("D6 nothing is decided as it is handed out while something handed out before is not decided on", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.handOutOnly();
  await line.note("A", "two");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.seen("A")).toBeUndefined();
  expect((await line.decide()).consumed).toBe(2);
  expect(await line.seen("A")).toEqual(["one", "two"]);
});

test("R3 what the router hands out gets no place that a crash of the database took back", async () => {
  const line = await open();
  const before = line.position();
  await line.note("A", "one");
  await line.handOut();
  // What a crash leaves of a commit that did not wait for the disk: nothing.
  await line.rows("delete from deliveries where key = 'A'");
  await line.rows("delete from instances where key = 'A'");
  await line.rows("update leases set checkpoint = $1, position = $2 where name = 'router'", [
    before.noted,
    before.n,
  ]);
  await line.rows("update leases set checkpoint = 0 where name = $1", [leaseOf("A")]);
  await line.note("A", "two");
  expect(await line.handOut()).toBeUndefined();
  expect(line.position()).toEqual({ noted: 0, read: 0 });
  await line.handOut();
  await line.decide();
  expect(await line.seen("A")).toEqual(["one", "two"]);
  const places = await line.rows("select n from deliveries order by n");
  expect(places.map(({ n }) => n)).toEqual([1, 2, 3]);
});

test("a place that is not the database's is refused before anything is decided", async () => {
  const line = await open();
  await line.rows("update leases set position = position + 5 where name = 'router'");
  await line.note("A", "one");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.rows("select n from deliveries where key = 'A'")).toEqual([]);
  expect(line.position()).toEqual({ noted: 0, read: 0 });
  await line.handOut();
  expect(await line.rows("select n from deliveries where key = 'A'")).toEqual([{ n: 7 }]);
});

test("what the database refuses is handed out by itself, and holds only its own instance", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.tell("Asked", { order: "poison" });
  expect(await line.handOut()).toBeUndefined();
  expect((await line.rows("select key from deliveries where n > 1 order by n")).length).toBe(2);
  while ((await line.decide()).more);
  await line.decide();
  expect(await line.seen("A")).toEqual(["one"]);
  expect(await line.rows("select key from instances where held is not null")).toEqual([{ key: "poison" }]);
});

test("where a lease is lost, nothing is decided and the rest goes on", async () => {
  const line = await open();
  await line.rows("update leases set hub_id = 'other', fence = 2 where name = $1", [leaseOf("A")]);
  await line.note("A", "one");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.seen("A")).toBeUndefined();
  expect(await line.rows("select key from deliveries where n > 1")).toEqual([{ key: "A" }]);
});

test("what teaches a fact is handed out by itself: whom it wakes only the database knows", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.tell("HoldPlaced", {});
  expect(await line.handOut()).toBeUndefined();
  expect((await line.decide()).consumed).toBe(1);
});

test("a timer that fired is decided on by itself: whether it is still set is read with it", async () => {
  const line = await open();
  await line.tellInstance("TimerFired", "notes", "first", { name: "late" });
  expect(await line.handOut()).toBeUndefined();
  expect((await line.decide()).consumed).toBe(1);
});
