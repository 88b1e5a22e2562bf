import { afterEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../db/testing/database.ts";
import { readCrashPoint } from "./crash-point.ts";
import { Stage } from "./testing/stage.ts";

let database: TestDatabase | undefined;
let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  await database?.drop();
  stage = database = undefined;
});

/** One of each transaction, and the worst moment of a call. All others: `npm run prove -- --only crash`. */
const POINTS = [
  "append:during@3",
  "route:during",
  "decide:during",
  "route-and-decide:during@2",
  "send:after@3",
  "settle:during@2",
];

test("hubs that die one after the other, each in the middle of something else, leave every order in the ERP once", async () => {
  database = await createTestDatabase();
  stage = await Stage.open({ databaseUrl: database.url });
  const sending: Promise<void>[] = [];
  for (const crashAt of POINTS) {
    // What the one before had accepted, or was sending, is for this one.
    const hub = await stage.startHub({ crashAt });
    sending.push(stage.order(crashAt.replaceAll(/\W/g, "-"), 4));
    expect([crashAt, await hub.ended]).toEqual([crashAt, "SIGKILL"]);
  }
  await stage.startHub();
  await Promise.all(sending);
  await stage.untilAtRest(database.pool);
  expect(await stage.differences()).toEqual([]);
});

test("a crash point that does not exist is an error, not a proof of nothing", () => {
  expect(() => readCrashPoint("decide:whenever")).toThrow("is no crash point");
  expect(readCrashPoint("")).toBeUndefined();
});
