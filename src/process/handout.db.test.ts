import { afterEach, expect, test } from "vitest";
import { between } from "../db/testing/interleave.ts";
import type { LedgerEvent } from "../event/envelope.ts";
import { Recent } from "../ledger/recent.ts";
import { partitionLease, partitionOf } from "../route/partition.ts";
import { type Position, selectNextEvents } from "../route/queries.ts";
import type { RouteOptions } from "../route/router.ts";
import { defineProcess, endsOf, ignoring } from "./contract.ts";
import { decideHandout, type DecideOptions, type DecideResult } from "./run.ts";
import { asDefinition, openLine } from "./testing/line.ts";

interface Seen {
  readonly seen: readonly string[];
}

const orderOf = (event: LedgerEvent) => (event.data as { order: string }).order;
const byOrder = (event: LedgerEvent) => [{ key: orderOf(event) }];
const isChecked = ({ type }: LedgerEvent) => type.includes("Checked");

/** Remembers what it was told once it is open; an order named poison asks for what no column takes. */
const notes = asDefinition(
  defineProcess<Seen, "new" | "open">({
    name: "notes",
    version: 1,
    purpose: "Remembers.",
    subjectKind: "order",
    initialPhase: "new",
    finalPhases: [],
    initialState: () => ({ seen: [] }),
    events: { Opened: byOrder, Noted: byOrder, Asked: byOrder, Checked: byOrder, HoldPlaced: () => [] },
    effects: { create: {} },
    timers: [],
    facts: { HoldPlaced: () => [{ kind: "hold", key: "C-1", value: true }] },
    factsFor: (_state, event) => (isChecked(event) ? [{ kind: "hold", key: "C-1" }] : []),
    phases: {
      new: {
        Opened: { handle: ({ state }) => ({ phase: "open", state }), to: ["open"] },
        Noted: { deferMs: 60_000, because: "not open yet" },
        ...ignoring("not open", "Asked", "Checked", "HoldPlaced", ...endsOf("create")),
      },
      open: {
        Noted: {
          handle: ({ state, event }) => ({
            phase: "open",
            state: { seen: [...state.seen, (event.data as { what: string }).what] },
          }),
          to: ["open"],
        },
        Checked: {
          handle: ({ state, facts }) => ({
            phase: "open",
            state: { seen: [...state.seen, `hold ${String(facts("hold", "C-1"))}`] },
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
                payload: { salesOrder: orderOf(event) },
              },
            ],
          }),
          to: ["open"],
        },
        ...ignoring("not its own", "Opened", "HoldPlaced", ...endsOf("create")),
      },
    },
  }),
);

const CLAIMS = [{ system: "erp", fence: 1, deadlineMs: 5_000, timeoutMs: 5_000 }];
const lines: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(lines.splice(0).map((line) => line.close()));
});

/** A line whose router has handed out something, so that it knows the place of the last delivery: three orders are open. */
async function open(options: Parameters<typeof openLine>[1] = {}) {
  const line = await openLine([notes], options);
  lines.push(line);
  let position: Position = { noted: 0, read: 0 };
  const all = {
    ...line,
    open: (order: string) => line.tell("Opened", { order }),
    note: (order: string, what: string) => line.tell("Noted", { order, what }),
    /** Hands out and decides at once, where that can be. @returns what was decided in the same transaction */
    async handOut(
      more: Partial<DecideOptions> = {},
      routing: Partial<RouteOptions> = {},
    ): Promise<DecideResult | undefined> {
      let decided: DecideResult | undefined;
      const step = await line.route({
        position,
        ...routing,
        decide: async (handout) => {
          decided = await decideHandout({ ...line.decideOptions, ...more }, handout);
          return decided !== undefined;
        },
      });
      ({ position } = step);
      expect(step.handedOut).toBe(decided === undefined && step.routed > 0);
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
  for (const order of ["A", "B", "poison"]) await all.open(order);
  await all.handOutOnly();
  await line.decide();
  return all;
}

const leaseOf = (order: string) => partitionLease(partitionOf("notes", order));
const lockOf = (order: string) => `select from leases where name = '${leaseOf(order)}' for update`;

test("what is handed out is decided on in the same transaction, as if it had been read", async () => {
  const line = await open({ claimable: true });
  await line.note("A", "one");
  await line.tell("Asked", { order: "B" });
  await line.note("A", "two");
  expect(await line.handOut({ claims: CLAIMS })).toMatchObject({
    consumed: 3,
    claimed: [{ system: "erp", key: "B" }],
  });
  expect(await line.seen("A")).toEqual(["one", "two"]);
  const left = `select from deliveries d
    join leases l on l.name = 'process:' || lpad(d.partition::text, 2, '0') where d.n > l.checkpoint`;
  expect(await line.rows(left)).toEqual([]);
  await line.note("A", "three");
  expect(await line.handOut()).toMatchObject({ consumed: 1 });
  expect(await line.seen("A")).toEqual(["one", "two", "three"]);
});

test("what it keeps is drained in order when the phase changes", async () => {
  const line = await open();
  await line.note("C", "kept");
  expect(await line.handOut()).toMatchObject({ consumed: 1 });
  expect(await line.rows("select key, n from deferred")).toEqual([{ key: "C", n: 4 }]);
  await line.open("C");
  await line.note("C", "after");
  expect(await line.handOut()).toMatchObject({ consumed: 2 });
  expect(await line.seen("C")).toEqual(["kept", "after"]);
  expect(await line.rows("select from deferred")).toEqual([]);
});

test("only what claims an effect waits for the disk", async () => {
  const line = await open({ claimable: true });
  // at the commit, when everything has set what it wants
  await line.pool.query(`create table committed (key text, mode text);
    create function note_commit() returns trigger language plpgsql as $$ begin
      insert into committed values (new.key, current_setting('synchronous_commit')); return null; end $$;
    create constraint trigger note after update on instances deferrable initially deferred
      for each row execute function note_commit()`);
  await line.tell("Asked", { order: "B" });
  expect(await line.handOut({ claims: CLAIMS })).toMatchObject({ consumed: 1, claimed: [{ key: "B" }] });
  await line.note("A", "one");
  expect(await line.handOut({ claims: CLAIMS })).toMatchObject({ consumed: 1, claimed: [] });
  expect(await line.rows("select key, mode from committed")).toEqual([
    { key: "B", mode: "on" },
    { key: "A", mode: "off" },
  ]);
});

test("partitions of another hub get theirs undecided", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.note("B", "one");
  expect(leaseOf("A")).not.toBe(leaseOf("B"));
  const leases = line.decideOptions.leases.filter(({ name }) => name === leaseOf("A"));
  expect(await line.handOut({ leases })).toMatchObject({ consumed: 1 });
  expect([await line.seen("A"), await line.seen("B")]).toEqual([["one"], []]);
  expect((await line.decide()).consumed).toBe(1);
  expect(await line.seen("B")).toEqual(["one"]);
});

test("D6 nothing is decided as it is handed out while something handed out before is not decided on", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.handOutOnly();
  await line.note("A", "two");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.seen("A")).toEqual([]);
  expect((await line.decide()).consumed).toBe(2);
  expect(await line.seen("A")).toEqual(["one", "two"]);
});

test("D7 what an own decision with a lost answer commits meanwhile is not decided around", async () => {
  const line = await open();
  await line.open("C");
  // It kept an event without changing the instance: only where its partition stands tells of it.
  const decided = await between(line.pool, lockOf("C"), line.handOut, async (holder) => {
    await holder.query("update leases set checkpoint = 4 where name = $1", [leaseOf("C")]);
    await holder.query("insert into deferred (process, key, n, seq) values ('notes', 'C', 4, 1)");
  });
  expect(decided).toBeUndefined();
  expect(await line.rows("select from instances where key = 'C'")).toEqual([]);
});

test("an instance that moved between read and commit is read again", async () => {
  const line = await open();
  await line.note("A", "one");
  await between(line.pool, lockOf("A"), line.handOut, async (holder) => {
    await holder.query(
      `update instances set version = version + 1, state = '{"seen":["moved"]}' where key = 'A'`,
    );
  });
  expect(await line.seen("A")).toEqual(["moved", "one"]);
});

test("a fact that changed between read and commit is read again", async () => {
  const line = await open();
  await line.tell("Checked", { order: "A" });
  await between(line.pool, lockOf("A"), line.handOut, async (holder) => {
    await holder.query("insert into facts (kind, key, value, seq) values ('hold', 'C-1', 'true', 7)");
  });
  expect(await line.seen("A")).toEqual(["hold true"]);
});

test("R3 what is in mind is not decided on behind what a crash of the database took back", async () => {
  const line = await open();
  const before = line.position();
  await line.note("A", "one");
  expect(await line.handOut()).toMatchObject({ consumed: 1 });
  // What a crash leaves of a commit that did not wait for the disk: nothing.
  await line.rows("delete from deliveries where n > $1", [before.n]);
  await line.rows(`update instances set state = '{"seen":[]}', version = version - 1 where key = 'A'`);
  await line.rows("update leases set checkpoint = $1, position = $2 where name = 'router'", [
    before.noted,
    before.n,
  ]);
  await line.rows("update leases set checkpoint = 3 where name = $1", [leaseOf("A")]);
  const { read } = line.position();
  await line.note("A", "two");
  const recent = new Recent();
  const known = await selectNextEvents(line.pool, 500, ["Noted"], { noted: before.noted, read });
  recent.add(known.rows.filter(({ seq }) => seq > read));
  expect(recent.after(read, 500)).toHaveLength(1);
  expect(await line.handOut({}, { recent })).toBeUndefined();
  expect(line.position()).toEqual({ noted: 0, read: 0 });
  await line.handOut({}, { recent });
  await line.decide();
  expect(await line.seen("A")).toEqual(["one", "two"]);
});

test("a place that is not the database's is refused before anything is decided", async () => {
  const line = await open();
  await line.rows("update leases set position = position + 5 where name = 'router'");
  await line.note("A", "one");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.rows("select from deliveries where n > 3")).toEqual([]);
  expect(line.position()).toEqual({ noted: 0, read: 0 });
  await line.handOut();
  expect(await line.rows("select n, key from deliveries where n > 3")).toEqual([{ n: 9, key: "A" }]);
});

test("what the database refuses is handed out by itself, and holds only its own instance", async () => {
  const line = await open();
  await line.note("A", "one");
  await line.tell("Asked", { order: "poison" });
  expect(await line.handOut()).toBeUndefined();
  while ((await line.decide()).more);
  expect(await line.seen("A")).toEqual(["one"]);
  expect(await line.rows("select key from instances where held is not null")).toEqual([{ key: "poison" }]);
});

test("where a lease is lost, nothing is decided and routing goes on", async () => {
  const line = await open();
  await line.rows("update leases set hub_id = 'other', fence = 2 where name = $1", [leaseOf("A")]);
  await line.note("A", "one");
  expect(await line.handOut()).toBeUndefined();
  expect(await line.seen("A")).toEqual([]);
  expect(await line.rows("select key from deliveries where n > 3")).toEqual([{ key: "A" }]);
});

test("whatever is wrong with deciding, routing goes on, and deciding says it", async () => {
  const line = await open();
  const surroundings = {
    ...line.decideOptions.surroundings,
    caseDueAt: () => {
      throw new RangeError("no such day");
    },
  };
  const definitions = new Map();
  await line.note("A", "one");
  expect(await line.handOut({ surroundings, definitions })).toBeUndefined();
  expect(await line.rows("select key from deliveries where n > 3")).toEqual([{ key: "A" }]);
  await expect(line.decide({ surroundings, definitions })).rejects.toThrow("no such day");
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
  await line.tellInstance("TimerFired", "notes", "A", { name: "late" });
  expect(await line.handOut()).toBeUndefined();
  expect((await line.decide()).consumed).toBe(1);
});
