import { afterEach, expect, test } from "vitest";
import { between, untilBlocked } from "../db/testing/interleave.ts";
import { partitionLease, partitionOf } from "../route/partition.ts";
import type { LedgerEvent } from "../event/envelope.ts";
import { defineProcess, endsOf, ignoring, type ProcessDefinition } from "./contract.ts";
import { migrateStep, resumeStep } from "./run.ts";
import { asDefinition, openLine } from "./testing/line.ts";

type Line = Awaited<ReturnType<typeof openLine>>;
type Order = { seen: string[] };

const byOrder = (event: LedgerEvent) => [{ key: (event.data as { order: string }).order }];
const orderOf = (event: LedgerEvent) => (event.data as { order: string }).order;
const CREATE = endsOf("create", { withdrawn: true });

/** Remembers what it saw; opens on Opened, waits for it with Noted, breaks on Broke until it is told not to. */
function notes(more: Partial<ProcessDefinition<Order, "new" | "open">> = {}): ProcessDefinition {
  const see = (state: Order, what: string): Order => ({ seen: [...state.seen, what] });
  return asDefinition(
    defineProcess<Order, "new" | "open">({
      name: "notes",
      version: 1,
      purpose: "Remembers.",
      subjectKind: "order",
      initialPhase: "new",
      finalPhases: [],
      initialState: () => ({ seen: [] }),
      events: { Opened: byOrder, Noted: byOrder, Broke: byOrder, Dropped: byOrder, HoldPlaced: () => [] },
      effects: { create: { withdrawn: true } },
      timers: ["late"],
      facts: {
        HoldPlaced: (event) => [
          { kind: "hold", key: "C-1", value: (event.data as { value: unknown }).value },
        ],
      },
      factsFor: () => [{ kind: "hold", key: "C-1" }],
      phases: {
        new: {
          Opened: {
            handle: ({ state, event, facts }) => ({
              phase: "open",
              state: see(state, `opened, hold ${String(facts("hold", "C-1"))}`),
              effects: [
                {
                  name: "create",
                  target: "erp",
                  type: "CreateSalesOrder",
                  payload: { salesOrder: orderOf(event) },
                },
              ],
              timers: [{ name: "late", afterMs: 3_600_000, watches: ["erp/orders"] }],
              derive: [{ name: "OrderAtRisk", data: { salesOrder: orderOf(event), because: "test" } }],
            }),
            to: ["open"],
          },
          Noted: { deferMs: 1_000, because: "not open yet" },
          ...ignoring("not open", "Broke", "Dropped", "HoldPlaced", "TimerFired:late", ...CREATE),
        },
        open: {
          Noted: {
            handle: ({ state, event }) => ({
              phase: "open",
              state: see(state, (event.data as { what: string }).what),
            }),
            to: ["open"],
          },
          Broke: {
            handle: ({ state }) => {
              if (!broken.fixed) throw new Error("the handler is broken");
              return { phase: "open", state: see(state, "mended") };
            },
            to: ["open"],
          },
          Dropped: { handle: ({ state }) => ({ phase: "open", state, withdraw: ["create"] }), to: ["open"] },
          HoldPlaced: {
            handle: ({ state, facts }) => ({
              phase: "open",
              state: see(state, `hold ${String(facts("hold", "C-1"))}`),
            }),
            to: ["open"],
          },
          "TimerFired:late": {
            handle: ({ state }) => ({ phase: "open", state: see(state, "late") }),
            to: ["open"],
          },
          "EffectWithdrawn:create": {
            handle: ({ state }) => ({ phase: "open", state: see(state, "withdrawn") }),
            to: ["open"],
          },
          "EffectWithdrawalRefused:create": {
            handle: ({ state }) => ({ phase: "open", state: see(state, "too late") }),
            to: ["open"],
          },
          ...ignoring("remembered already", "Opened", ...endsOf("create")),
        },
      },
      ...more,
    }),
  );
}

const broken = { fixed: false };
const lines: Line[] = [];

async function open(
  definitions: readonly ProcessDefinition[],
  options: Parameters<typeof openLine>[1] = {},
): Promise<Line> {
  const line = await openLine(definitions, options);
  lines.push(line);
  return line;
}

afterEach(async () => {
  broken.fixed = false;
  await Promise.all(lines.splice(0).map((line) => line.close()));
});

async function seen(line: Line, key: string): Promise<string[] | undefined> {
  const [row] = await line.rows("select state from instances where process = 'notes' and key = $1", [key]);
  return row && (JSON.parse(row["state"] as string) as Order).seen;
}

const lockOf = (key: string) => `select from leases where name = '${leaseOf(key)}' for update`;
const leaseOf = (key: string) => partitionLease(partitionOf("notes", key));

test("decides and records in one transaction", async () => {
  const line = await open([notes()]);
  const seq = await line.tell("Opened", { order: "1" });
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined"]);
  expect(await line.rows("select lane, cause_seq, name, probe_first from effects")).toEqual([
    { lane: "salesOrder/1", cause_seq: seq, name: "create", probe_first: false },
  ]);
  expect(await line.rows("select state from lanes")).toEqual([{ state: "ready" }]);
  expect(await line.rows("select due_at, streams from timers")).toEqual([
    { due_at: "2026-03-02T09:00:00Z", streams: ["erp/orders"] },
  ]);
  expect(await line.rows("select type, cause_seq from events where seq > $1", [seq])).toEqual([
    { type: "interlock.OrderAtRisk.v1", cause_seq: seq },
  ]);
  expect((await line.decide()).consumed).toBe(0);
});

test("D1 a hub that lost its lease writes nothing, and the successor decides once", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.route();
  const late = between(line.pool, lockOf("1"), line.decide, async (holder) => {
    await holder.query("update leases set hub_id = 'two', fence = 2 where name = $1", [leaseOf("1")]);
  });
  await expect(late).rejects.toMatchObject({ code: "IL001" });
  expect(await line.rows("select from instances union all select from effects")).toEqual([]);
  const partition = partitionOf("notes", "1");
  const successor = { hub: { id: "two" }, leases: [{ name: leaseOf("1"), partition, fence: 2 }] };
  expect((await line.decide(successor)).consumed).toBe(1);
  expect(await line.rows("select reference from effects")).toHaveLength(1);
});

test("D5 an instance that moved between read and commit is read again", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.settle();
  await line.tell("Noted", { order: "1", what: "note" });
  await line.route();
  await between(line.pool, lockOf("1"), line.decide, async (holder) => {
    await holder.query(`update instances set version = version + 1, state = '{"seen":["moved"]}'`);
  });
  expect(await seen(line, "1")).toEqual(["moved", "note"]);
});

test("a fact that changed between read and commit is read again", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.route();
  await between(line.pool, lockOf("1"), line.decide, async (holder) => {
    await holder.query("insert into facts (kind, key, value, seq) values ('hold', 'C-1', 'true', 7)");
  });
  expect(await seen(line, "1")).toEqual(["opened, hold true"]);
});

test("R2 a fact that changes while a decision that used it commits wakes that instance", async () => {
  const line = await open([notes()]);
  await line.tell("HoldPlaced", { value: false });
  await line.settle();
  await line.tell("Opened", { order: "1" });
  await line.route();
  await line.tell("HoldPlaced", { value: true });
  // the decision stops at the ledger's head, with its use of the fact locked and not committed; the router waits for it
  let routing: Promise<unknown> | undefined;
  await between(line.pool, "select from ledger_head for update", line.decide, async () => {
    routing = line.route();
    await untilBlocked(line.pool, 2);
  });
  await routing;
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold false", "hold true"]);
});

test("a changed fact wakes the instances that rely on it", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.tell("Opened", { order: "2" });
  await line.settle();
  await line.tell("HoldPlaced", { value: 1 });
  await line.settle();
  expect([await seen(line, "1"), await seen(line, "2")]).toEqual(
    Array.from({ length: 2 }, () => ["opened, hold undefined", "hold 1"]),
  );
});

test("D2 a throw holds that instance only, keeps what comes for it, and goes on in order once released", async () => {
  const line = await open([notes()]);
  for (const order of ["1", "2"]) await line.tell("Opened", { order });
  await line.tell("Broke", { order: "1" });
  for (const order of ["1", "2"]) await line.tell("Noted", { order, what: "after" });
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined"]);
  expect(await seen(line, "2")).toEqual(["opened, hold undefined", "after"]);
  expect(await line.rows("select key, held from instances where held is not null")).toEqual([
    { key: "1", held: "Broke in open: the handler is broken" },
  ]);
  expect(
    await line.rows("select c.kind, c.owner, m.ref from cases c join case_members m on m.case_id = c.id"),
  ).toEqual([{ kind: "PROCESS_HELD", owner: "it", ref: "notes/1#PROCESS_HELD" }]);

  // released too early, it is held again, with a case
  await line.tellInstance("InstanceReleased", "notes", "1");
  await line.settle();
  expect(await line.rows("select state from cases order by id")).toEqual([
    { state: "closed" },
    { state: "open" },
  ]);

  broken.fixed = true;
  // two people release it at once
  for (let i = 0; i < 2; i++) await line.tellInstance("InstanceReleased", "notes", "1");
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined", "mended", "after"]);
  expect(await line.rows("select from deferred")).toEqual([]);
  expect(await line.rows("select from cases where state = 'open'")).toEqual([]);
});

test("what the database refuses holds its instance only, wherever it stands in the batch", async () => {
  const line = await open([notes()]);
  for (const order of ["1", "2", "poison", "3"]) await line.tell("Opened", { order });
  await line.tell("Noted", { order: "poison", what: "after" });
  await line.settle();
  for (const order of ["1", "2", "3"]) expect(await seen(line, order)).toEqual(["opened, hold undefined"]);
  expect(await line.rows("select key, phase, state from instances where held is not null")).toEqual([
    { key: "poison", phase: "new", state: "null" },
  ]);
  expect(await line.rows("select n from deferred where key = 'poison'")).toHaveLength(2);
});

test("D3 deferred events are drained in order before the next delivery", async () => {
  const line = await open([notes()]);
  await line.tell("Noted", { order: "1", what: "first" });
  await line.settle();
  await line.tell("Noted", { order: "1", what: "second" });
  await line.settle();
  expect(await line.rows("select from instances")).toEqual([]);
  expect(await line.rows("select from deferred")).toHaveLength(2);
  await line.tell("Opened", { order: "1" });
  await line.tell("Noted", { order: "1", what: "third" });
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined", "first", "second", "third"]);
  expect(await line.rows("select from deferred")).toEqual([]);
});

test("a withdrawal is answered: in time while unsent, too late once it may have been sent", async () => {
  const line = await open([notes()]);
  for (const order of ["1", "2"]) await line.tell("Opened", { order });
  await line.settle();
  await line.rows("update lanes set state = 'unknown', sends = 1, attempt = 1 where lane = 'salesOrder/2'");
  for (const order of ["1", "2"]) await line.tell("Dropped", { order });
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined", "withdrawn"]);
  expect(await seen(line, "2")).toEqual(["opened, hold undefined", "too late"]);
  expect(await line.rows("select kind from outcomes")).toEqual([{ kind: "withdrawn" }]);
});

test("an effect of an idle lane may start already sending, with all its sender needs", async () => {
  const line = await open([notes()], { claimable: true });
  await line.tell("Opened", { order: "1" });
  await line.route();
  const { claimed, stirred } = await line.decide({
    claims: [{ system: "erp", fence: 1, deadlineMs: 5_000, timeoutMs: 5_000 }],
  });
  expect(claimed).toMatchObject([
    { lane: "salesOrder/1", type: "CreateSalesOrder.v1", payload: '{"salesOrder":"1"}' },
  ]);
  expect(await line.rows("select state, head = $1 as ours from lanes", [claimed[0]!.reference])).toEqual([
    { state: "sending", ours: true },
  ]);
  expect([...stirred]).toEqual([]);
});

test("of what nobody claimed, and of what was withdrawn, the senders are told", async () => {
  const line = await open([notes()]);
  const decide = async (name: string) => {
    await line.tell(name, { order: "1" });
    await line.route();
    return [...(await line.decide()).stirred];
  };
  expect(await decide("Opened")).toEqual(["erp"]);
  expect(await decide("Noted")).toEqual([]);
  expect(await decide("Dropped")).toEqual(["erp"]);
});

test("in recovery, and for what began before it, effects are probed before they are sent", async () => {
  const line = await open([notes()], { claimable: true });
  const claims = [{ system: "erp", fence: 1, deadlineMs: 5_000, timeoutMs: 5_000 }];
  await line.rows("insert into recoveries (began_at, reason) values ('2026-03-02T12:00:00Z', 'restored')");
  await line.tell("Opened", { order: "1" }, { time: "2026-03-02T13:00:00Z" });
  await line.route();
  expect((await line.decide({ claims })).claimed).toEqual([]);
  await line.rows("update recoveries set ended_at = now(), ended_by = 'test'");
  await line.tell("Opened", { order: "2" }, { time: "2026-03-02T11:00:00Z" });
  await line.tell("Opened", { order: "3" }, { time: "2026-03-02T13:00:00Z" });
  await line.route();
  await line.decide({ claims });
  expect(await line.rows("select key, probe_first from effects order by key")).toEqual([
    { key: "1", probe_first: true },
    { key: "2", probe_first: true },
    { key: "3", probe_first: false },
  ]);
});

test("the same decision after a restore names its effects and events the same", async () => {
  const named = async (before: boolean) => {
    const line = await open([notes()], { ledgerId: "restored" });
    // what else the ledger holds, and so every position, may differ
    if (before) await line.tell("Noted", { order: "9", what: "x" }, { id: "other" });
    await line.tell("Opened", { order: "1" }, { id: "opened" });
    await line.settle();
    return [
      await line.rows("select reference from effects"),
      await line.rows("select id from events where type = 'interlock.OrderAtRisk.v1'"),
    ];
  };
  const [first, second] = [await named(false), await named(true)];
  expect(first).toEqual(second);
  expect(first[0]).toEqual([{ reference: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{16}$/) }]);
});

test("a hub with an older definition leaves newer instances alone", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.settle();
  await line.rows("update instances set definition_version = 2");
  await line.tell("Noted", { order: "1", what: "note" });
  await line.route();
  await expect(line.decide()).rejects.toMatchObject({ code: "PROCESS_VERSION_NEWER" });
  expect(await seen(line, "1")).toEqual(["opened, hold undefined"]);
  expect(await line.rows("select from leases where checkpoint > 1 and name = $1", [leaseOf("1")])).toEqual(
    [],
  );
});

test("instances of an older definition are migrated step by step, and what they kept moves", async () => {
  const line = await open([notes()]);
  await line.tell("Noted", { order: "1", what: "kept" });
  await line.tell("Opened", { order: "2" });
  await line.settle();
  await line.rows(`insert into instances (process, key, partition, definition_version, phase, state, began_at, correlation, last_n)
    values ('notes', '1', ${partitionOf("notes", "1")}, 1, 'new', '{"seen":[]}', now(), 'order/1', 1)`);
  const third = notes({
    version: 3,
    migrate: (from, _phase, state) => ({
      phase: "open",
      state: { seen: [...(state as Order).seen, `from ${from}`] },
    }),
  });
  const options = {
    ...line.decideOptions,
    definitions: new Map([["notes", third]]),
    process: "notes",
    limit: 1,
  };
  const first = await migrateStep({ ...options, after: "" });
  expect(first).toEqual({ migrated: 1, after: "1" });
  expect(await migrateStep({ ...options, after: first.after! })).toEqual({ migrated: 1, after: "2" });
  expect(await migrateStep({ ...options, after: "2" })).toEqual({ migrated: 0, after: undefined });
  expect(await seen(line, "1")).toEqual(["from 1", "from 2", "kept"]);
  expect(await seen(line, "2")).toEqual(["opened, hold undefined", "from 1", "from 2"]);
});

test("an event for a process that is gone is kept until it is back", async () => {
  const line = await open([notes()]);
  await line.tell("Opened", { order: "1" });
  await line.route();
  await line.decide({ definitions: new Map() });
  expect(await line.rows("select kind from cases")).toEqual([{ kind: "PROCESS_UNKNOWN" }]);
  await line.tell("Noted", { order: "1", what: "note" });
  await line.settle();
  expect(await seen(line, "1")).toEqual(["opened, hold undefined", "note"]);
});

test("what was kept for a process that was gone is decided on when it is back, though nothing more comes", async () => {
  const line = await open([notes()]);
  for (const order of ["1", "2", "3"]) await line.tell("Opened", { order });
  await line.route();
  await line.decide({ definitions: new Map() });
  const resumed = { ...line.decideOptions, process: "notes", limit: 1 };
  let steps = 0;
  for (let after: string | undefined = ""; after !== undefined; steps++)
    ({ after } = await resumeStep({ ...resumed, after }));
  expect(steps).toBe(4);
  for (const order of ["1", "2", "3"]) expect(await seen(line, order)).toEqual(["opened, hold undefined"]);
  expect(await line.rows("select from deferred")).toEqual([]);
});

test("large events are decided on in batches that fit into memory, none left out", async () => {
  const line = await open([notes()]);
  for (const order of ["A", "B", "C"]) await line.tell("Opened", { order });
  await line.route();
  await line.rows(
    "update events set body = json_build_object('order', body::json ->> 'order', 'more', repeat('x', 9000000))",
  );
  for (const key of ["A", "B", "C"]) {
    expect(await line.decide()).toMatchObject({ consumed: 1 });
    expect(await line.rows("select from instances where key = $1", [key])).toHaveLength(1);
  }
});
