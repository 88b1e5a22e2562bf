import { afterEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../db/testing/database.ts";
import { Stage, TOKEN } from "../../hub/testing/stage.ts";
import { selectDiskUse } from "./queries.ts";
import { rebuildViews } from "./rebuild.ts";
import { timeQueries } from "./time-queries.ts";

let database: TestDatabase | undefined;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  await database?.drop();
});

test("a hub at rest answers everything its API describes, and fills its read models again with the same bytes", async () => {
  const { signal } = new AbortController();
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
  const hub = await stage.startHub();
  await stage.order("some", 20);
  await stage.untilAtRest(database.pool);

  const { answered, refused } = await timeQueries({ url: hub.ready["url"]!, token: TOKEN }, signal);
  // What is asked for by a name that was only seen somewhere may be refused; nothing may fail.
  expect(refused.filter((each) => !each.startsWith("4"))).toEqual([]);
  const asked = answered.map(({ path }) => path);
  expect(asked).toEqual(
    expect.arrayContaining(["/v1/events", "/v1/events?limit=200", "/v1/cases?state=open", "/v1/systems"]),
  );

  expect(await rebuildViews(database.pool, signal)).toMatchObject({ differences: [] });
  const { events, bytes, largest } = await selectDiskUse(database.pool);
  expect(events).toBeGreaterThan(20);
  expect(largest.reduce((sum, each) => sum + each.bytes, 0)).toBeLessThan(bytes);
});
