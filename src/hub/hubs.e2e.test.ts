import { afterEach, expect, test } from "vitest";
import { query } from "../db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Stage, until } from "./testing/stage.ts";

let database: TestDatabase | undefined;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  await database?.drop();
});

const OWNERS = {
  name: "hubs.owners",
  text: `select l.hub_id as hub, count(*) as names from leases l
    where not starts_with(l.name, 'hub:') and l.expires_at > clock_timestamp() group by l.hub_id`,
};

const ALL = {
  name: "hubs.all",
  text: `select count(*) as all from leases where not starts_with(name, 'hub:')`,
};

/** How many names each hub works on now. */
async function owners(): Promise<Map<string, number>> {
  const rows = await query<{ hub: string; names: number }>(database!.pool, OWNERS);
  return new Map(rows.map(({ hub, names }) => [hub, names]));
}

test("of three hubs one is killed and one sleeps past its lease: the third does all the work, and the sleeper doubles nothing", async () => {
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
  const [dead, sleeper, third] = [await stage.startHub(), await stage.startHub(), await stage.startHub()];
  const ids = [dead, sleeper, third].map((hub) => hub.ready["id"]!);
  await until(
    async () => [...(await owners()).keys()].toSorted().join() === ids.toSorted().join(),
    () => "the three hubs do not share the work",
  );
  // Of every name there is a row; who owns how many may just be changing.
  const [{ all }] = (await query<{ all: number }>(database.pool, ALL)) as [{ all: number }];
  const sending = stage.order("load", 60);
  await until(
    async () => stage!.accepted.size >= 10,
    () => `nothing is accepted\n${stage!.said()}`,
  );
  sleeper.process.kill("SIGSTOP");
  await dead.kill();
  await until(
    async () => (await owners()).get(ids[2]!) === all,
    () => `the third hub does not take over\n${stage!.said()}`,
  );
  sleeper.process.kill("SIGCONT");
  await sending;
  await stage.untilAtRest(database.pool);
  expect(await stage.differences()).toEqual([]);
});
