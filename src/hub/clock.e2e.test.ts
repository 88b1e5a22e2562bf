import { afterEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { Stage, until } from "./testing/stage.ts";

let database: TestDatabase | undefined;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  await database?.drop();
});

test("S3 the wall clock of a hub's host is set forward and back while effects are under way: nothing doubles, nothing is stuck", async () => {
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
  await stage.admin(stage.erp, "POST", "faults", [
    { kind: "answer-lost", probability: 0.1 },
    { kind: "outage", probability: 0.1 },
  ]);
  const [first, second] = [await stage.startHub(), await stage.startHub()];
  const sending = stage.order("load", 60);
  const accepted = (count: number) =>
    until(
      async () => stage!.accepted.size >= count,
      () => `fewer than ${count} orders are accepted\n${stage!.said()}`,
    );
  await accepted(10);
  first.process.kill("SIGUSR2");
  await accepted(20);
  second.process.kill("SIGHUP");
  await accepted(30);
  // Ten minutes before what it showed first, and before everything that it has claimed.
  first.process.kill("SIGHUP");
  first.process.kill("SIGHUP");
  await accepted(40);
  second.process.kill("SIGUSR2");
  await sending;
  await stage.admin(stage.erp, "DELETE", "faults");
  await stage.untilAtRest(database.pool);
  expect(await stage.differences()).toEqual([]);
});
