import { afterEach, expect, test } from "vitest";

import { query } from "../db/pool.ts";
import type { ViewDefinition } from "./contract.ts";
import { enterViews, followStep } from "./follow.ts";
import { resetView, selectViewStates } from "./queries.ts";
import { type Follower, openFollower } from "./testing/follower.ts";

let follower: Follower;
afterEach(() => follower.database.drop());

/** Counts what it sees by subject; an event with `broken` cannot be taken in. */
function counting(name: string, own: Partial<ViewDefinition> = {}): ViewDefinition {
  return {
    name,
    version: 1,
    tables: [`seen_${name}`],
    events: ["Seen"],
    async apply({ events }, on) {
      for (const { data } of events)
        if ((data as { broken?: true }).broken) throw new TypeError("this one is broken");
      await query(
        on,
        {
          name: `test.${name}`,
          text: `insert into seen_${name} as s (subject, times, last)
            select subject, count(*), max(seq) from unnest($1::text[], $2::bigint[]) as e (subject, seq) group by subject
            on conflict (subject) do update set times = s.times + excluded.times, last = excluded.last`,
        },
        [events.map(({ subject }) => subject), events.map(({ seq }) => seq)],
      );
    },
    ...own,
  };
}

async function open(...views: ViewDefinition[]): Promise<Follower> {
  follower = await openFollower(views);
  for (const { tables } of views)
    for (const table of tables)
      await follower.database.pool.query(
        `create table ${table} (subject text primary key, times integer not null, last bigint not null)`,
      );
  return follower;
}

const states = () => selectViewStates(follower.database.pool);
const seen = (name: string, n: number) =>
  Array.from({ length: n }, (_, i) => ({ name, subject: `test/${i % 7}` }));

test("takes in what concerns a view, in its order, and stands where the router stands", async () => {
  const { append, follow, database } = await open(counting("a"), counting("b", { events: ["Never"] }));
  await append([...seen("Seen", 20), ...seen("Other", 5)]);
  await follow(4);
  expect(await states()).toMatchObject([
    { name: "a", checkpoint: 25, lag: 0 },
    { name: "b", checkpoint: 25, lag: 0 },
  ]);
  await append(seen("Seen", 1));
  await database.pool.query("update leases set checkpoint = 25 where name = 'router'");
  await follow();
  expect(await states()).toMatchObject([
    { checkpoint: 25, lag: 1 },
    { checkpoint: 25, lag: 1 },
  ]);
  const { rows } = await database.pool.query("select sum(times)::int as times from seen_a");
  expect(rows).toEqual([{ times: 20 }]);
});

test("the same bytes stand there when a view is filled anew, however the batches fall", async () => {
  const { append, follow, digests, database } = await open(counting("a"));
  await append(seen("Seen", 30));
  await follow(3);
  const before = await digests();
  expect(before).toMatchObject([{ name: "seen_a", held: 7 }]);
  await resetView(database.pool, counting("a"));
  expect(await states()).toMatchObject([{ checkpoint: 0, rebuildingTo: 30, lag: 30 }]);
  await follow();
  expect(await digests()).toEqual(before);
  expect(await states()).toMatchObject([{ checkpoint: 30, rebuildingTo: null }]);
});

test("a newer version fills a view anew; one that a newer hub has filled is left alone", async () => {
  const { append, follow, database } = await open(counting("a"));
  await append(seen("Seen", 3));
  await follow();
  const newer = new Map([["a", counting("a", { version: 2, events: [] })]]);
  await enterViews(database.pool, newer);
  expect(await states()).toMatchObject([{ version: 2, checkpoint: 0 }]);
  await follow();
  expect(await states()).toMatchObject([{ version: 2, checkpoint: 0 }]);
});

test("leaves out the event that cannot be taken in, with a case that ends when the view is filled anew", async () => {
  const { append, follow, database } = await open(counting("a"), counting("b", { events: ["Other"] }));
  await append([...seen("Seen", 5), { name: "Seen", body: '{"broken":true}' }, ...seen("Seen", 5)]);
  await follow();
  const { rows } = await database.pool.query("select sum(times)::int as times from seen_a");
  expect(rows).toEqual([{ times: 10 }]);
  expect(await states()).toMatchObject([{ checkpoint: 11, stoppedFor: null }, { checkpoint: 11 }]);
  const cases = "select kind, owner, state, detail::json->>'happened' as happened from cases";
  expect((await database.pool.query(cases)).rows).toEqual([
    {
      kind: "VIEW_EVENT_REFUSED",
      owner: "it",
      state: "open",
      happened: "Event 6 could not be taken in: this one is broken",
    },
  ]);
  await resetView(database.pool, counting("a"));
  expect((await database.pool.query(cases)).rows).toMatchObject([{ state: "closed" }]);
});

test("a view that is wrong itself stops with a case, and the others go on", async () => {
  const broken = counting("a", { tables: ["seen_a"] });
  const { append, follow, database } = await open(broken, counting("b"));
  await follow();
  await database.pool.query("drop table seen_a");
  await append(seen("Seen", 5));
  await follow();
  expect(await states()).toMatchObject([
    { name: "a", checkpoint: 0, stoppedFor: expect.stringContaining("seen_a") as string },
    { name: "b", checkpoint: 5, stoppedFor: null },
  ]);
  const { rows } = await database.pool.query("select kind from cases");
  expect(rows).toEqual([{ kind: "VIEW_STOPPED" }]);
});

test("a view that leaves out too much stops, with what it could take in", async () => {
  const { append, follow } = await open(counting("a"));
  await append([
    ...seen("Seen", 2),
    ...Array.from({ length: 40 }, () => ({ name: "Seen", body: '{"broken":true}' })),
  ]);
  await follow();
  expect(await states()).toMatchObject([
    { checkpoint: 22, stoppedFor: expect.stringContaining("broken") as string },
  ]);
});

test("whoever lost the lease writes nothing", async () => {
  const { append, follow, database } = await open(counting("a"));
  await follow();
  await append(seen("Seen", 2));
  await database.pool.query("update leases set fence = 2 where name = 'views'");
  const options = { pool: database.pool, hub: "one", fence: 1, leaseMs: 60_000 };
  await expect(followStep({ ...options, views: new Map([["a", counting("a")]]) })).rejects.toMatchObject({
    code: "IL001",
  });
  expect(await states()).toMatchObject([{ checkpoint: 0 }]);
});
