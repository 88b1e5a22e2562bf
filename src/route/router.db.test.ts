import { afterEach, expect, test } from "vitest";
import type { Pool } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { between } from "../db/testing/interleave.ts";
import { eventType, type LedgerEvent, type ObjectRef, sourceOf, subjectOf } from "../event/envelope.ts";
import { appendEvents, ensureSource, selectEventsAfter } from "../ledger/queries.ts";
import { Recent } from "../ledger/recent.ts";
import { appendRow } from "../ledger/row.ts";
import { loadGraph } from "./graph.ts";
import { partitionOf } from "./partition.ts";
import type { Position } from "./queries.ts";
import { type Routable, type RouteOptions, routeStep } from "./router.ts";

const databases: TestDatabase[] = [];
afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

const ref = (text: string): ObjectRef => ({ kind: text.split("/")[0]!, id: text.split("/")[1]! });
type Data = { about?: string; child?: string; parent?: string };

/** Orders hear of what is about them or about what serves them. */
const orders: Routable = {
  name: "orders",
  subjectKind: "order",
  events: {
    Seen: (event: LedgerEvent) => [{ via: ref((event.data as Data).about!), waitMs: 60_000 }],
    Made: (event: LedgerEvent) => [
      { via: ref((event.data as Data).about!), waitMs: 60_000, unless: "stock" },
    ],
    Passing: (event: LedgerEvent) => [{ via: ref((event.data as Data).about!), waitMs: 0 }],
    Hurried: (event: LedgerEvent) => [{ via: ref((event.data as Data).about!), waitMs: Number.NaN }],
    Poison: () => [],
    // about an order itself and about two objects that may turn out to serve it
    Shared: () => [
      { key: "A" },
      { via: ref("workOrder/W1"), waitMs: 60_000 },
      { via: ref("productionOrder/P1"), waitMs: 60_000 },
    ],
    Broken: () => {
      throw new Error("no idea whom this concerns");
    },
  },
  links: {
    Linked: (event: LedgerEvent) => {
      const { child, parent } = event.data as Data;
      return [{ child: ref(child!), parent: ref(parent!), quantity: "5" }];
    },
    // no text column takes a NUL
    Poison: () => [{ child: ref("workOrder/W8"), parent: ref("order/A"), quantity: "\0" }],
  },
};

/** As if this hub had appended all that follows. */
async function recentOf(pool: Pool, seq: number): Promise<Recent> {
  const recent = new Recent();
  recent.add(await selectEventsAfter(pool, seq, 100));
  return recent;
}

async function open() {
  const database = await createTestDatabase();
  databases.push(database);
  const { pool } = database;
  await pool.query(
    "insert into leases (name, hub_id, fence, expires_at) values ('router', 'one', 1, now() + interval '1 hour')",
  );
  const sourceId = (await ensureSource(pool, sourceOf("mes")))!;
  let told = 0;
  return {
    pool,
    async tell(name: string, data: Data): Promise<number> {
      const row = appendRow(
        {
          sourceId,
          source: sourceOf("mes"),
          id: `told-${++told}`,
          type: eventType(name),
          subject: "test/1",
          time: "2026-03-02T08:00:00Z",
          body: JSON.stringify(data),
        },
        0,
      );
      return (await appendEvents(pool, JSON.stringify([row])))[0]!.seq;
    },
    route: (hub = "one", fence = 1, limit = 500, position?: Position, more: Partial<RouteOptions> = {}) =>
      routeStep({
        pool,
        hub: { id: hub },
        fence,
        definitions: new Map([["orders", orders]]),
        leaseMs: 60_000,
        limit,
        ...(position && { position }),
        ...more,
      }),
    /** The events each order got, by position, in the order of delivery. */
    async delivered(): Promise<Record<string, number[]>> {
      const { rows } = await pool.query<{ key: string; seq: number }>(
        "select key, seq from deliveries order by n",
      );
      const found: Record<string, number[]> = {};
      for (const { key, seq } of rows) (found[key] ??= []).push(seq);
      return found;
    },
    rows: async (sql: string): Promise<Record<string, unknown>[]> =>
      (await pool.query<Record<string, unknown>>(sql)).rows,
  };
}

test("an event reaches every order above its object, through the whole graph", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "productionOrder/P1" });
  await line.tell("Linked", { child: "productionOrder/P1", parent: "order/A" });
  await line.tell("Linked", { child: "productionOrder/P1", parent: "order/B" });
  // a cycle is walked once
  await line.tell("Linked", { child: "productionOrder/P1", parent: "workOrder/W1" });
  await line.route();
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  expect(await line.route()).toMatchObject({ routed: 1, more: false, position: { noted: seen, read: seen } });
  expect(await line.delivered()).toEqual({ A: [seen], B: [seen] });
  const [row] = await line.rows("select partition from deliveries where key = 'A'");
  expect(row).toEqual({ partition: partitionOf("orders", "A") });
  const graph = await loadGraph(line.pool, [], [ref("order/A")]);
  expect(graph.down(ref("order/A")).map(subjectOf)).toEqual([
    "order/A",
    "productionOrder/P1",
    "workOrder/W1",
  ]);
  expect(await line.rows("select distinct quantity from links")).toEqual([{ quantity: "5" }]);
});

test.each([500, 1])(
  "a link releases what waited anywhere below it, oldest first (%i events a step)",
  async (limit) => {
    const line = await open();
    const first = await line.tell("Seen", { about: "workOrder/W1" });
    const second = await line.tell("Seen", { about: "productionOrder/P1" });
    await line.tell("Linked", { child: "productionOrder/P1", parent: "order/A" });
    await line.tell("Linked", { child: "workOrder/W1", parent: "productionOrder/P1" });
    const third = await line.tell("Seen", { about: "workOrder/W1" });
    const lost = await line.tell("Seen", { about: "workOrder/W9" });
    while ((await line.route("one", 1, limit)).more);
    expect(Object.keys(await line.delivered())).toEqual(["A"]);
    expect((await line.delivered())["A"]!.toSorted()).toEqual([first, second, third]);
    expect((await line.delivered())["A"]!.at(-1)).toBe(third);
    expect(await line.rows("select seq, to_kind from waiting")).toEqual([{ seq: lost, to_kind: "order" }]);
  },
);

test("an event that does not wait for a link concerns whom it reaches now, and else nobody", async () => {
  const line = await open();
  await line.tell("Passing", { about: "workOrder/W1" });
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const passing = await line.tell("Passing", { about: "workOrder/W1" });
  await line.route();
  expect(await line.delivered()).toEqual({ A: [passing] });
  expect(await line.rows("select from waiting")).toEqual([]);
});

test("an event about what is known to be for nobody does not wait, until somebody is linked to it", async () => {
  const line = await open();
  await line.tell("Linked", { child: "productionOrder/P1", parent: "stock/lyon" });
  await line.tell("Linked", { child: "workOrder/W1", parent: "productionOrder/P1" });
  await line.tell("Made", { about: "workOrder/W1" });
  const unknown = await line.tell("Made", { about: "workOrder/W2" });
  await line.tell("Linked", { child: "productionOrder/P1", parent: "order/A" });
  const made = await line.tell("Made", { about: "workOrder/W1" });
  await line.route();
  expect(await line.delivered()).toEqual({ A: [made] });
  expect(await line.rows("select seq from waiting")).toEqual([{ seq: unknown }]);
});

test("two links of one batch that only together reach an order release what waited", async () => {
  const line = await open();
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  await line.route();
  await line.tell("Linked", { child: "workOrder/W1", parent: "productionOrder/P1" });
  await line.tell("Linked", { child: "productionOrder/P1", parent: "order/A" });
  await line.route();
  expect(await line.delivered()).toEqual({ A: [seen] });
  expect(await line.rows("select from waiting")).toEqual([]);
});

test("R1 there is one router: what a former one looked up before the link came is not written", async () => {
  const line = await open();
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  // the former owner has read the event and found no link; right before it writes, it is replaced
  const former = between(line.pool, "select from leases for update", line.route, async (holder) => {
    await holder.query("update leases set hub_id = 'two', fence = 2");
  });
  await expect(former).rejects.toMatchObject({ code: "IL001" });
  // its successor learns the link and routes the same event
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  await line.route("two", 2);
  expect(await line.delivered()).toEqual({ A: [seen] });
  expect(await line.rows("select from waiting")).toEqual([]);
});

test("an event is routed once: the checkpoint and the deliveries are one commit", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  await line.route();
  expect(await line.route()).toMatchObject({ routed: 0, more: false, position: { noted: seen, read: seen } });
  expect(await line.delivered()).toEqual({ A: [seen] });
  expect(await line.rows("select checkpoint, position from leases")).toEqual([
    { checkpoint: seen, position: 1 },
  ]);
});

test("positions that concern nobody are noted once nothing more comes, or with the next that matters", async () => {
  const line = await open();
  const noted = async () => (await line.rows("select checkpoint from leases"))[0]!["checkpoint"];
  const nobodys = await line.tell("Nobodys", {});
  const first = { noted: 0, read: nobodys };
  expect(await line.route("one", 1, 500, { noted: 0, read: 0 })).toMatchObject({
    routed: 1,
    more: false,
    position: first,
  });
  expect(await noted()).toBe(0);
  const second = { noted: nobodys, read: nobodys };
  expect(await line.route("one", 1, 500, first)).toMatchObject({ routed: 0, more: false, position: second });
  expect(await noted()).toBe(nobodys);
  const another = await line.tell("Nobodys", {});
  const linked = await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const third = await line.route("one", 1, 1, second);
  expect(third).toMatchObject({ routed: 1, more: true, position: { noted: another, read: another } });
  const fourth = { noted: linked, read: linked };
  expect(await line.route("one", 1, 500, third.position)).toMatchObject({
    routed: 1,
    more: false,
    position: fourth,
  });
  expect(await noted()).toBe(linked);
  // a ledger that was put back behind what was read is read from its own checkpoint
  const anew = await line.tell("Nobodys", {});
  expect(await line.route("one", 1, 500, { noted: linked, read: anew + 1_000 })).toMatchObject({
    routed: 1,
    more: false,
    position: { noted: linked, read: anew },
  });
});

test("what a crash of the database took back is routed again, however far it had been read", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position: before } = await line.route();
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  const { position } = await line.route("one", 1, 500, before);
  expect(await line.delivered()).toEqual({ A: [seen] });
  // The ledger was on disk and the routing was not.
  await line.rows("delete from deliveries");
  await line.rows(`update leases set checkpoint = ${before.noted}, position = 0 where name = 'router'`);
  const after = await line.tell("Nobodys", {});
  expect(await line.route("one", 1, 500, position)).toMatchObject({
    position: { noted: after, read: after },
  });
  expect(await line.delivered()).toEqual({ A: [seen] });
});

test("what this hub appended is routed without being read", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position } = await line.route();
  const seen = await line.tell("Seen", { about: "workOrder/W1" });
  const nobodys = await line.tell("Nobodys", {});
  const recent = await recentOf(line.pool, position.read);
  // what it has in mind, and not what there is
  const kept = await line.rows(`select count(*)::integer as n from events`);
  await line.rows(`create table elsewhere as select * from events where seq > ${position.read}`);
  await line.rows(`delete from events where seq > ${position.read}`);
  expect(await line.route("one", 1, 500, position, { recent })).toMatchObject({
    routed: 2,
    more: false,
    position: { noted: nobodys, read: nobodys },
  });
  await line.rows("insert into events select * from elsewhere");
  expect(await line.rows(`select count(*)::integer as n from events`)).toEqual(kept);
  expect(await line.delivered()).toEqual({ A: [seen] });
});

test("what somebody else appended is read, though some of it is in mind", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position } = await line.route();
  const own = await line.tell("Seen", { about: "workOrder/W1" });
  const recent = await recentOf(line.pool, position.read);
  const others = await line.tell("Seen", { about: "workOrder/W1" });
  expect(await line.route("one", 1, 500, position, { recent, look: true })).toMatchObject({
    routed: 2,
    position: { read: others },
  });
  expect(await line.delivered()).toEqual({ A: [own, others] });
});

test("R3 what is in mind is not routed behind what a crash of the database took back", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position: before } = await line.route();
  const first = await line.tell("Seen", { about: "workOrder/W1" });
  const { position } = await line.route("one", 1, 500, before);
  await line.rows("delete from deliveries");
  await line.rows(`update leases set checkpoint = ${before.noted}, position = 0 where name = 'router'`);
  const second = await line.tell("Seen", { about: "workOrder/W1" });
  const recent = await recentOf(line.pool, position.read);
  const step = await line.route("one", 1, 500, position, { recent });
  expect(step).toMatchObject({ routed: 0, more: true, position: { noted: 0, read: 0 } });
  expect(await line.delivered()).toEqual({});
  await line.route("one", 1, 500, step.position, { recent });
  expect(await line.delivered()).toEqual({ A: [first, second] });
});

test("R4 nothing is routed that a failover to an older state has taken from the ledger", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position } = await line.route();
  const lost = await line.tell("Seen", { about: "workOrder/W1" });
  const recent = await recentOf(line.pool, position.read);
  await line.rows(`delete from events where seq = ${lost}`);
  await line.rows(`update ledger_head set seq = ${lost - 1}`);
  const step = await line.route("one", 1, 500, position, { recent });
  expect(step).toMatchObject({ routed: 0, more: true, position: { noted: 0, read: 0 } });
  expect(await line.route("one", 1, 500, step.position, { recent })).toMatchObject({
    routed: 0,
    more: false,
    position: { noted: position.noted, read: position.read },
  });
  expect(await line.delivered()).toEqual({});
  const another = await line.tell("Seen", { about: "workOrder/W1" });
  expect(another).toBe(lost);
  await line.route("one", 1, 500, position, { recent });
  expect(await line.delivered()).toEqual({ A: [another] });
});

test("an event that its process cannot place becomes a case, and the next go on", async () => {
  const line = await open();
  const broken = await line.tell("Broken", {});
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  await line.route();
  expect(
    await line.rows("select c.kind, c.owner, m.ref from cases c join case_members m on m.case_id = c.id"),
  ).toEqual([{ kind: "ROUTE_FAILED", owner: "it", ref: String(broken) }]);
  expect(await line.rows("select from links")).toHaveLength(1);
});

test.each([500, 1])(
  "one event of which a process says what no table takes becomes a case, and all others are routed (%i a step)",
  async (limit) => {
    const line = await open();
    await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
    await line.tell("Poison", {});
    const early = await line.tell("Hurried", { about: "workOrder/W9" });
    const seen = await line.tell("Seen", { about: "workOrder/W1" });
    while ((await line.route("one", 1, limit)).more);
    expect(await line.delivered()).toEqual({ A: [seen] });
    expect(
      await line.rows(
        "select c.kind, m.ref from cases c join case_members m on m.case_id = c.id order by m.ref",
      ),
    ).toEqual([
      { kind: "ROUTE_FAILED", ref: String(early - 1) },
      { kind: "ROUTE_FAILED", ref: String(early) },
    ]);
  },
);

test.each([500, 1])(
  "an event is handed to an instance once, however many ways lead there (%i a step)",
  async (limit) => {
    const line = await open();
    const shared = await line.tell("Shared", {});
    await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
    await line.tell("Linked", { child: "workOrder/W1", parent: "order/B" });
    await line.tell("Linked", { child: "productionOrder/P1", parent: "order/A" });
    const drained = async () => {
      while ((await line.route("one", 1, limit)).more);
    };
    await drained();
    expect(await line.rows("select from waiting")).toEqual([]);
    const again = await line.tell("Shared", {});
    await drained();
    // the link to B came after the first had found its way
    expect(await line.delivered()).toEqual({ A: [shared, again], B: [again] });
  },
);

test("after a crash of the database what is handed out anew is told of, though it gets the same place", async () => {
  const line = await open();
  await line.tell("Linked", { child: "workOrder/W1", parent: "order/A" });
  const { position: before } = await line.route();
  await line.tell("Seen", { about: "workOrder/W1" });
  const { position } = await line.route("one", 1, 500, before);
  await line.rows("delete from deliveries");
  await line.rows(`update leases set checkpoint = ${before.noted}, position = 0 where name = 'router'`);
  const step = await line.route("one", 1, 500, position);
  expect(step).toMatchObject({ handedOut: true, position: { n: position.n } });
});
