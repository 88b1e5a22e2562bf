import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { openPool, query, transaction, type Pool } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { isLeaseLost, openLeases, type Lease, type LeaseOptions, type Leases } from "./leases.ts";

/** Looks happen when the test says so, leases run out when the test says so. */
const NEVER_MS = 3_600_000;
/** Far above what a loaded machine needs: only a test that hangs meets it. */
const SOON = { timeout: 60_000 };
const NAMES = ["router", "process:00", "process:01", "process:02", "process:03"];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ max: 10 });
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query("truncate leases"));

interface Hub extends Leases {
  readonly began: Lease[];
  readonly ended: string[];
}

async function hub(name: string, options: Partial<LeaseOptions> = {}): Promise<Hub> {
  const began: Lease[] = [];
  const ended: string[] = [];
  const leases = await openLeases({
    pool: database.pool,
    hub: name,
    revision: 1,
    names: NAMES,
    leaseMs: NEVER_MS,
    everyMs: NEVER_MS,
    begin: async (lease) => {
      began.push(lease);
      return { stop: async (how) => void ended.push(`${lease.name} ${how}`) };
    },
    failed: (error) => {
      throw error;
    },
    ...options,
  });
  return { ...leases, began, ended };
}

async function expire(...names: string[]): Promise<void> {
  await database.pool.query("update leases set expires_at = clock_timestamp() where name = any ($1)", [
    names,
  ]);
}

function hold(pool: Pool, name: string, lease: Pick<Lease, "name" | "fence">): Promise<unknown> {
  const leases = JSON.stringify([{ name: lease.name, fence: lease.fence }]);
  return query(pool, { name: "hold", text: "select hold_leases($1, $2, 60000)" }, [name, leases]);
}

test("a second hub gets about its share, and each name has one owner", async () => {
  const one = await hub("one");
  expect(one.held()).toHaveLength(NAMES.length);
  const two = await hub("two");
  expect(two.held()).toEqual([]);
  await one.look();
  await expect.poll(() => one.ended, SOON).toEqual(["process:02 released", "process:03 released"]);
  // The names are free a moment after their work has ended.
  const look = async () => {
    await two.look();
    return two.held();
  };
  await expect.poll(look, SOON).toEqual(["process:02", "process:03"]);
  await two.close();
  await one.look();
  expect([...one.held()].toSorted()).toEqual([...NAMES].toSorted());
  await one.close();
});

test("D1 a hub that slept past its lease writes nothing once another has taken over", async () => {
  const sleeper = await hub("sleeper");
  const lease = sleeper.began.find(({ name }) => name === "router")!;
  await hold(database.pool, "sleeper", lease);
  await expire("hub:sleeper", ...NAMES);
  const successor = await hub("successor");
  await expect.poll(() => successor.began.map(({ name }) => name), SOON).toContain("router");
  expect(successor.began.find(({ name }) => name === "router")!.fence).toBe(lease.fence + 1);
  await expect(hold(database.pool, "sleeper", lease)).rejects.toSatisfy(isLeaseLost);
  // And when it looks, it drops its work.
  await sleeper.look();
  await expect.poll(() => sleeper.ended, SOON).toContain("router lost");
  await successor.close();
  await sleeper.close();
});

test("S15 the sessions of a dead hub are ended before its work begins anew", async () => {
  await database.pool.query(
    "insert into leases (name, hub_id, fence, expires_at) values ('router', 'dead', 7, '-infinity')",
  );
  const pool = openPool({ url: database.url, application: "interlock:dead:work", max: 2 });
  const checked = Promise.withResolvers<void>();
  const commit = Promise.withResolvers<void>();
  // Its client died between the lease check and the commit; the server still holds the transaction.
  const late = transaction(pool, async (client) => {
    await client.query('select hold_leases(\'dead\', \'[{"name":"router","fence":7}]\', 60000)');
    checked.resolve();
    await commit.promise;
  });
  const outcome = late.then(
    () => "committed",
    () => "ended",
  );
  await checked.promise;
  const successor = await hub("successor", { names: ["router"] });
  await successor.look();
  await expect.poll(() => successor.began, SOON).toMatchObject([{ name: "router", fence: 8 }]);
  commit.resolve();
  expect(await outcome).toBe("ended");
  await pool.end();
  await successor.close();
});

test("a hub with an older revision does not take what a newer one has worked on", async () => {
  const newer = await hub("newer", { revision: 2 });
  await newer.close();
  const told: unknown[] = [];
  const older = await hub("older", { revision: 1, failed: (error) => void told.push(error) });
  expect(older.held()).toEqual([]);
  // It says so, once: whoever removed a process would otherwise see a hub that does nothing.
  await older.look();
  expect(told).toMatchObject([{ code: "LEASE_REVISION_OLDER" }]);
  await older.close();
});

test("a hub knows how many live on its database, those of other versions too", async () => {
  const living: number[] = [];
  const newer = await hub("newer", { revision: 2, living: (hubs) => void living.push(hubs) });
  const older = await hub("older", { revision: 1, failed: () => undefined });
  await newer.look();
  await older.close();
  await newer.look();
  expect(living).toEqual([1, 2, 1]);
  await newer.close();
});

test("a newer hub gives up nothing to one of an older revision, which could not take it", async () => {
  const older = await hub("older", { revision: 1 });
  await expire(...NAMES);
  const newer = await hub("newer", { revision: 2 });
  await newer.look();
  expect([...newer.held()].toSorted()).toEqual([...NAMES].toSorted());
  expect(newer.ended).toEqual([]);
  await newer.close();
  await older.close();
});

test("renewal waits neither for work that begins nor for a transaction that holds the lease's row", async () => {
  const begun = Promise.withResolvers<{ stop: () => Promise<void> }>();
  const busy = await hub("busy", { names: ["router"], begin: () => begun.promise });
  const client = await database.pool.connect();
  await client.query("begin");
  await client.query("select 1 from leases where name = 'router' for update");
  await expire("hub:busy");
  await busy.look();
  await client.query("rollback");
  client.release();
  expect(busy.held()).toEqual(["router"]);
  const [own] = await query(database.pool, {
    name: "own",
    text: "select expires_at > clock_timestamp() + interval '1 minute' as renewed from leases where name = 'hub:busy'",
  });
  expect(own).toEqual({ renewed: true });
  begun.resolve({ stop: async () => {} });
  await busy.close();
});

test("work that finds its lease lost is ended, and begun again under a new fence", async () => {
  let tell = (): void => {};
  const ended: string[] = [];
  const fences: number[] = [];
  const one = await hub("one", {
    names: ["system:erp"],
    begin: async ({ fence }, lost) => {
      tell = lost;
      fences.push(fence);
      return { stop: async (how) => void ended.push(how) };
    },
  });
  await expect.poll(() => fences, SOON).toEqual([1]);
  tell();
  await expect.poll(() => ended, SOON).toEqual(["lost"]);
  await expire("system:erp");
  await one.look();
  await expect.poll(() => fences, SOON).toEqual([1, 2]);
  await one.close();
});
