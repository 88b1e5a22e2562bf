import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { loadContracts } from "../contract/registry.ts";
import { samplesFile } from "../contract/samples.ts";
import { loadProcesses } from "../process/load.ts";
import type { ViewDefinition } from "./contract.ts";
import { digestTables, resetView } from "./queries.ts";
import { findViews } from "./scan.ts";
import { type Follower, openFollower, type TestEvent } from "./testing/follower.ts";

const HOME = join(import.meta.dirname, "../..");
const views = [...(await findViews()).values()];
const definitions = await loadProcesses([join(HOME, "processes")]);

/** Fields that name what an event is about, the most telling first, with the kind of object they name. */
const SUBJECTS = [
  ["hold", "qualityHold"],
  ["inspection", "inspection"],
  ["workOrder", "workOrder"],
  ["productionOrder", "productionOrder"],
  ["salesOrder", "salesOrder"],
  ["item", "item"],
  ["customer", "customer"],
] as const;

/** Every sample of every event, told by who may tell it, twice over: everything that a view can meet at least once. */
function everything(): TestEvent[] {
  const events = loadContracts([join(HOME, "contracts")]).contracts.filter(({ kind }) => kind === "event");
  const once = events.flatMap((contract) => {
    const { valid } = JSON.parse(readFileSync(samplesFile(contract), "utf8")) as {
      valid: Record<string, string>[];
    };
    return valid.map((data): TestEvent => {
      const named = SUBJECTS.find(([field]) => typeof data[field] === "string");
      const owners = (contract.schema as { "x-owner"?: string[] })["x-owner"] ?? [];
      const system = owners.find((owner) => owner !== "interlock");
      return {
        name: contract.name,
        data,
        subject: named ? `${named[1]}/${data[named[0]]}` : "test/1",
        ...(system !== undefined && { system }),
        plant: "lyon",
      };
    });
  });
  return [...once, ...once.toReversed()];
}

let follower: Follower;
let events: TestEvent[];
beforeAll(async () => {
  follower = await openFollower(views, definitions);
  events = everything();
  // Links are learned as events are routed: each batch of the router a part of them.
  for (let n = 0; n < events.length; n += 20) {
    await follower.append(events.slice(n, n + 20));
    await follower.follow();
  }
});
afterAll(() => follower.database.drop());

test("every view takes in every sample of every event", async () => {
  const { rows } = await follower.database.pool.query(
    "select title, detail from cases where kind like 'VIEW%'",
  );
  expect(rows).toEqual([]);
});

test.each(views)(
  "the view $name reads events that there are, and owns its tables alone",
  (view: ViewDefinition) => {
    const names = new Set(events.map(({ name }) => name));
    expect(view.events.filter((name) => !names.has(name))).toEqual([]);
    expect(view.events).toHaveLength(new Set(view.events).size);
  },
);

test.each(views)(
  "the view $name holds the same bytes filled anew, wherever batches begin and end",
  async (view) => {
    const { pool } = follower.database;
    const before = await digestTables(pool, view.tables);
    for (const limit of [7, 500]) {
      await resetView(pool, view);
      await follower.follow(limit);
      expect(await digestTables(pool, view.tables)).toEqual(before);
    }
  },
);
